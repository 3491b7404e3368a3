"""The files of one revision of this repository, read from git and parsed. Nothing of what is measured is imported."""

import ast
import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

#: The packages that make up the product, in the old layout or the new one.
PRODUCT = ("helpdesk", "knowledge", "connectors", "actions", "bot", "bot_protocol", "identifiers", "store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The files of a revision or of the working tree: path from the root, with `/`, to text."""

    label: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Module:
    """One Python file with its dotted name; a package has the name of its folder."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether this is the `__init__.py` of a folder."""
        return self.path.endswith("/__init__.py")


def load_revision(root: Path, revision: str) -> Snapshot:
    """The files of a commit, whatever the working tree holds. Raises `ValueError` when there is no such commit."""
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", check=False)
    commit = found.decode().strip()
    if not commit:
        raise ValueError(f"There is no revision {revision!r} in this repository; `git log --oneline` lists them.")
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", commit))) as archive:
        read = ((member.name, archive.extractfile(member)) for member in archive if member.isfile())
        files = {name: held.read().decode(errors="replace") for name, held in read if held}
    return Snapshot(label=commit[:7], files=files)


def load_working_tree(root: Path) -> Snapshot:
    """The files as they lie there, new ones included, ignored ones and links not."""
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode().split("\0")
    paths = sorted({path for path in listed if path and (root / path).is_file() and not (root / path).is_symlink()})
    return Snapshot(
        label="working tree", files={path: (root / path).read_bytes().decode(errors="replace") for path in paths}
    )


def parse_modules(snapshot: Snapshot, *packages: str) -> tuple[Module, ...]:
    """The Python files of these top-level folders, in the order of their paths."""
    return tuple(_parse(snapshot, packages))


def _parse(snapshot: Snapshot, packages: tuple[str, ...]) -> Iterator[Module]:
    for path, text in sorted(snapshot.files.items()):
        if path.endswith(".py") and path.partition("/")[0] in packages:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield Module(name=name, path=path, text=text, tree=ast.parse(text, f"{snapshot.label}:{path}"))


def _git(root: Path, *arguments: str, check: bool = True) -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], check=check, stdout=subprocess.PIPE).stdout
