"""A release: what it needs, the same bytes each time, and an archive that runs."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from release import archive, git, version
from release.errors import ReleaseError

ROOT = Path(__file__).resolve().parents[2]
CHANGES = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A lamp.\n"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository with one commit, whose changelog has nothing but *Unreleased*."""
    for name, value in {"NAME": "Anna", "EMAIL": "anna@example.org", "DATE": "2026-01-31T10:00:00Z"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    root = tmp_path / "clone"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "staffel"\nversion = "0.1.0"\n', encoding="utf-8")
    (root / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    git.output(root, "init", "--quiet")
    commit(root)
    return root


def commit(root: Path) -> None:
    git.output(root, "add", "--all")
    git.output(root, "commit", "--quiet", "--no-verify", "-m", "Change something")


def test_nothing_is_released_that_the_changelog_does_not_name(clone: Path) -> None:
    with pytest.raises(ReleaseError, match=r"says nothing of 0\.1\.0: make version VERSION=0\.1\.0"):
        archive.checked_version(clone)


def test_nothing_is_released_that_is_not_committed(clone: Path) -> None:
    (clone / "new.txt").write_text("new", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"Commit first(.|\n)*new\.txt"):
        archive.checked_version(clone)


def test_a_version_takes_what_was_unreleased_and_leaves_room_for_the_next(clone: Path) -> None:
    version.begin(clone, "0.2.0", day="2026-02-01")
    commit(clone)

    assert archive.checked_version(clone) == "0.2.0"
    changes = (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changes == "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-01)\n\n### Added\n\n- A lamp.\n"
    with pytest.raises(ReleaseError, match=r"nothing of 0\.3\.0"):
        version.begin(clone, "0.3.0", day="2026-02-02")
    assert archive.checked_version(clone) == "0.2.0"


@pytest.mark.parametrize("name", ["", "1.2", "v1.2.3", "1.2.3; rm", "1.2.3\n"])
def test_what_is_no_version_is_refused(clone: Path, name: str) -> None:
    with pytest.raises(ReleaseError, match="is no version"):
        version.begin(clone, name, day="2026-02-01")


def test_a_tag_says_what_has_changed_and_stays_where_it_is(clone: Path) -> None:
    version.begin(clone, "0.2.0", day="2026-02-01")
    commit(clone)
    archive.tag(clone, "0.2.0")
    archive.tag(clone, "0.2.0")

    assert git.commit_of(clone, "v0.2.0") == git.commit_of(clone, "HEAD")
    assert "### Added\n\n- A lamp." in git.line(clone, "tag", "-l", "--format=%(contents)", "v0.2.0")
    (clone / "late.txt").write_text("late", encoding="utf-8")
    commit(clone)
    with pytest.raises(ReleaseError, match="another commit's tag"):
        archive.checked_version(clone)


def test_the_archive_is_the_same_whenever_and_by_whomever_it_is_made(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    made = archive.write_archive(ROOT, "0.0.0", first)
    masked = os.umask(0o077)
    try:
        again = archive.write_archive(ROOT, "0.0.0", second)
    finally:
        os.umask(masked)

    assert made.read_bytes() == again.read_bytes()
    archive.write_checksums([made], first)
    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=first, capture_output=True, text=True, check=True
    )
    assert checked.stdout == "staffel-0.0.0.tar.gz: OK\n"


def test_the_archive_holds_what_is_committed_and_runs(tmp_path: Path) -> None:
    made = archive.write_archive(ROOT, "0.0.0", tmp_path)
    with tarfile.open(made) as tar:
        tar.extractall(tmp_path, filter="data")
    unpacked = tmp_path / "staffel-0.0.0"
    lend_environment(unpacked)

    files = {str(file.relative_to(unpacked)) for file in unpacked.rglob("*") if file.is_file()}
    committed = set(git.output(ROOT, "ls-tree", "-r", "-z", "--name-only", "HEAD").decode().strip("\0").split("\0"))
    assert files - {".venv/bin/python", ".venv/staffel-helpdesk"} == committed
    shown = subprocess.run([unpacked / "staffel", "--version"], capture_output=True, text=True, check=True, cwd="/")
    said = version.version_in((unpacked / "pyproject.toml").read_text(encoding="utf-8"))
    assert (shown.stdout, shown.stderr) == (f"Staffel {said}\n", "")


def lend_environment(unpacked: Path) -> None:
    """An environment that counts as installed, whose Python is that of these tests."""
    python = unpacked / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    cksum = shutil.which("cksum")
    assert cksum
    stamp = subprocess.run([cksum], input=(unpacked / "requirements.txt").read_bytes(), capture_output=True, check=True)
    (python.parents[1] / "staffel-helpdesk").write_bytes(stamp.stdout)
