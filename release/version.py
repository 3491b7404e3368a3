"""The version, which stands in pyproject.toml alone, and its section of the changelog."""

import re
import tomllib
from pathlib import Path

from release.errors import ReleaseError

VERSION = re.compile(r"\d+\.\d+\.\d+(?:rc\d+)?")
VERSION_LINE = re.compile(r'^version = "[^"]*"$', re.MULTILINE)
UNRELEASED = "## Unreleased"


def version_in(pyproject: str) -> str:
    """The version that a pyproject.toml says."""
    found: str = tomllib.loads(pyproject)["project"]["version"]
    return found


def section_of(changelog: str, version: str) -> str:
    """What the changelog says of a version, without its heading `## 1.2.3 (2026-01-31)`.

    Raises `ReleaseError` where it says nothing.
    """
    heading = re.compile(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    found = heading.search(changelog)
    if found is None or not found[1].strip():
        raise ReleaseError(f"CHANGELOG.md says nothing of {version}: make version VERSION={version}, and commit.")
    return found[1].strip()


def begin(root: Path, version: str, day: str) -> None:
    """Writes a new version into pyproject.toml, and gives it what the changelog has under *Unreleased*.

    Raises `ReleaseError` where that is nothing, or the version is none.
    """
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"'{version}' is no version; expected three numbers such as 1.4.0, or 1.4.0rc1.")
    pyproject, changelog = root / "pyproject.toml", root / "CHANGELOG.md"
    changes = _with_heading(changelog.read_text(encoding="utf-8"), f"## {version} ({day})")
    section_of(changes, version)
    pyproject.write_text(
        VERSION_LINE.sub(f'version = "{version}"', pyproject.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )
    changelog.write_text(changes, encoding="utf-8")


def _with_heading(changelog: str, heading: str) -> str:
    if changelog.count(f"{UNRELEASED}\n") != 1:
        raise ReleaseError(f"CHANGELOG.md needs the heading '{UNRELEASED}' exactly once.")
    return changelog.replace(f"{UNRELEASED}\n", f"{UNRELEASED}\n\n{heading}\n", 1)
