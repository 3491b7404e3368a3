"""Folders and ZIP archives of articles, with limits that a hostile one runs into early (fault F96)."""

import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from knowledge.formats.file_formats import ENDINGS
from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from store.errors import Invalid

MAX_UNPACKED = 50 * 1024 * 1024
MAX_FILES = 1000
MAX_RATIO = 100
MAX_DEPTH = 1
"""Archives in archives that are opened: Notion packs its export twice."""

PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".ico")

_DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError)
_PACKED = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\x28\xb5\x2f\xfd")
_CHUNK = 64 * 1024
_SMALL = 64 * 1024  # bytes for which a ratio says nothing: a short file of one letter packs well
_UTF8_NAMES = 0x800
#: What programs put beside the files; nobody would miss it.
_UNSEEN = ("__MACOSX/", ".git/", ".obsidian/", ".trash/")
_UNSEEN_ENDINGS = (".DS_Store", "Thumbs.db", "desktop.ini", ".css", ".js", ".woff", ".woff2", ".ttf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """One file of an archive or folder."""

    name: str
    content: bytes


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked."""

    bytes_left: int = MAX_UNPACKED
    files_left: int = MAX_FILES

    def take_files(self, count: int) -> None:
        self.files_left -= count
        if self.files_left < 0:
            raise Invalid(_too_much())

    def take_bytes(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise Invalid(_too_much())


def unpack(file: BinaryIO, problems: FileProblems) -> Iterator[ArchiveFile]:
    """The files of an archive that may hold articles, in order of their names; the others are named in `problems`.

    Nothing is written to disk. Raises `Invalid`.
    """
    yield from _unpack(file, problems, _Budget(), 0)


def read_folder(folder: Path, problems: FileProblems) -> Iterator[ArchiveFile]:
    """The files of a folder and of those in it, in order of their names. Links aren't followed. Raises `Invalid`."""
    budget = _Budget()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise Invalid(f'"{path.name[:60]}" is a link; links aren\'t followed.')
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or _is_unseen(name):
            continue
        budget.take_files(1)
        if _may_hold_articles(name, problems):
            budget.take_bytes(path.stat().st_size)
            yield ArchiveFile(name=name, content=path.read_bytes())


def _unpack(file: BinaryIO, problems: FileProblems, budget: _Budget, depth: int) -> Iterator[ArchiveFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [(name_of(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
            seen = sorted(((name, entry) for name, entry in entries if not _is_unseen(name)), key=lambda pair: pair[0])
            budget.take_files(len(seen))
            if sum(entry.file_size for name, entry in seen if name.lower().endswith(ENDINGS)) > MAX_UNPACKED:
                raise Invalid(_too_much())
            for name, entry in seen:
                _check_entry(name, entry)
                if _may_hold_articles(name, problems):
                    yield from _open(archive, entry, name, problems, budget, depth)
    except _DAMAGED as error:
        raise Invalid(f"The archive is damaged or of a kind that isn't read ({type(error).__name__}).") from None


def _open(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, problems: FileProblems, budget: _Budget, depth: int
) -> Iterator[ArchiveFile]:
    """The file, or the files of an archive in it."""
    problems.check_time()
    content = _read(archive, entry, name, budget)
    if not name.lower().endswith(".zip"):
        yield ArchiveFile(name=name, content=content)
    elif depth >= MAX_DEPTH:
        raise Invalid(f'"{name[:60]}" is an archive inside of an archive.')
    else:
        yield from _unpack(io.BytesIO(content), problems, budget, depth + 1)


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so, which comes out as code page 437."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(name)
    has_controls = any(ord(character) < 32 or ord(character) == 127 for character in name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or name[1:2] == ":" or has_controls:
        raise Invalid(f'"{name[:60]!a}": a file in an archive must stay inside of it.')
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid(f'"{name[:60]}" is a link; links aren\'t followed.')
    if entry.flag_bits & 1:
        raise Invalid(f'"{name[:60]}" is encrypted.')


def _may_hold_articles(name: str, problems: FileProblems) -> bool:
    """Whether a file is looked at; if not, it is named."""
    path = PurePosixPath(name)
    if path.suffix.lower() in ENDINGS:
        return True
    kind = ProblemKind.PICTURE if path.suffix.lower() in PICTURE_ENDINGS else ProblemKind.FILE_PASSED_OVER
    problems.note(kind, FilePlace(file=path.parent.as_posix().removeprefix(".")[-100:]), name=path.name[:100])
    return False


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, budget: _Budget) -> bytes:
    """What an entry really holds, whatever its head says."""
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Invalid(f'"{name[:60]}" is packed more than {MAX_RATIO} to 1. Unpack it first.')
    pieces: list[bytes] = []
    with archive.open(entry) as source:
        while piece := source.read(_CHUNK):
            budget.take_bytes(len(piece))
            pieces.append(piece)
    content = b"".join(pieces)
    if content.startswith(_PACKED):
        raise Invalid(f'"{name[:60]}" is an archive inside of an archive.')
    return content


def _is_unseen(name: str) -> bool:
    return name.startswith(_UNSEEN) or any(f"/{each}" in name for each in _UNSEEN) or name.endswith(_UNSEEN_ENDINGS)


def _too_much() -> str:
    return f"At most {MAX_FILES:,} files with {MAX_UNPACKED // 2**20} MB in all are read from an archive or folder."
