"""The source archive: every file of one commit, the same bytes whenever and wherever it is made."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

from release import git
from release.errors import ReleaseError
from release.version import section_of, version_in


def checked_version(root: Path) -> str:
    """The version to be released from this tree.

    Raises `ReleaseError` where files are not committed, the changelog lacks it, or another commit has its tag.
    """
    changed = git.line(root, "status", "--porcelain")
    if changed:
        raise ReleaseError(f"Commit first, or put aside:\n{changed}")
    version = version_in(git.output(root, "show", "HEAD:pyproject.toml").decode())
    section_of(git.output(root, "show", "HEAD:CHANGELOG.md").decode(), version)
    tagged = git.commit_of(root, f"refs/tags/v{version}")
    if tagged not in (None, git.commit_of(root, "HEAD")):
        raise ReleaseError(f"v{version} is another commit's tag; the next version: make version VERSION=…")
    return version


def write_archive(root: Path, version: str, folder: Path) -> Path:
    """Writes `staffel-VERSION.tar.gz` of HEAD. Times are the commit's, rights those that git knows."""
    name = f"staffel-{version}"
    tar = git.output(root, "-c", "tar.umask=0022", "archive", "--format=tar", f"--prefix={name}/", "HEAD")
    path = folder / f"{name}.tar.gz"
    path.write_bytes(gzip.compress(tar, compresslevel=9, mtime=0))
    return path


def write_checksums(files: Sequence[Path], folder: Path) -> Path:
    """Writes `SHA256SUMS`, which `sha256sum --check` reads."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)]
    path = folder / "SHA256SUMS"
    path.write_text("".join(lines), encoding="ascii")
    return path


def tag(root: Path, version: str) -> None:
    """Makes the annotated tag `vVERSION`, with what the changelog says, unless it is there."""
    if git.commit_of(root, f"refs/tags/v{version}") is None:
        notes = section_of((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
        git.output(
            root, "tag", "--annotate", "--cleanup=whitespace", f"v{version}", "-m", f"Staffel {version}\n\n{notes}"
        )
