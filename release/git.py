"""What git says of the tree that a release is made from."""

import subprocess
from pathlib import Path

from release.errors import ReleaseError


def output(root: Path, *arguments: str) -> bytes:
    """What a git command writes. Raises `ReleaseError` with git's own words."""
    ran = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    if ran.returncode:
        raise ReleaseError(f"git {arguments[0]}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout


def line(root: Path, *arguments: str) -> str:
    """Its output as one stripped text."""
    return output(root, *arguments).decode().strip()


def commit_of(root: Path, name: str) -> str | None:
    """The commit that a tag or branch stands for, or None where there is none of that name."""
    try:
        return line(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except ReleaseError:
        return None
