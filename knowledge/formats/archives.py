"""Folders and ZIP archives of articles, with limits that a hostile one runs into early (fault F96)."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from store.errors import Invalid

MAX_UNPACKED = 50 * 1024 * 1024
MAX_FILES = 1000
MAX_RATIO = 100
KNOWN = (".jsonl", ".json", ".csv", ".md", ".markdown", ".html", ".htm")

_MAGIC = b"PK\x03\x04"
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\x28\xb5\x2f\xfd")
_CHUNK = 64 * 1024
_SMALL = 64 * 1024  # bytes for which a ratio says nothing: a short file of one letter packs well


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """One file of an archive or folder."""

    name: str
    content: bytes


def is_archive(start: bytes) -> bool:
    """Whether a file that begins like this is a ZIP archive. Raises `Invalid` for other kinds of archives."""
    if start.startswith(_MAGIC):
        return True
    if start.startswith(_PACKED):
        raise Invalid("Of packed files only ZIP archives are read. Unpack this one first.")
    return False


def unpack(file: BinaryIO) -> Iterator[ArchiveFile]:
    """The files of an archive in order of their names. Nothing is written to disk. Raises `Invalid`."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not _is_passed_over(entry)]
            _check(entries)
            left = MAX_UNPACKED
            for entry in sorted(entries, key=lambda entry: entry.filename):
                content = _read(archive, entry, left)
                left -= len(content)
                yield ArchiveFile(name=entry.filename, content=content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Invalid(f"The archive is damaged or of a kind that isn't read ({type(error).__name__}).") from None


def read_folder(folder: Path) -> Iterator[ArchiveFile]:
    """The files of a folder and of those in it, in order of their names. Links aren't followed. Raises `Invalid`."""
    left, count = MAX_UNPACKED, 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise Invalid(f'"{path.name[:60]}" is a link; links aren\'t followed.')
        if path.suffix.lower() not in KNOWN or not path.is_file():
            continue
        count, left = count + 1, left - path.stat().st_size
        if count > MAX_FILES or left < 0:
            raise Invalid(_too_much())
        yield ArchiveFile(name=str(path.relative_to(folder)), content=path.read_bytes())


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Invalid(_too_much())
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name, path = entry.filename, PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable():
        raise Invalid(f'"{name[:60]!a}": a file in an archive must stay inside of it.')
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid(f'"{name[:60]}" is a link; links aren\'t followed.')
    if entry.flag_bits & 1:
        raise Invalid(f'"{name[:60]}" is encrypted.')
    if path.suffix.lower() not in KNOWN:
        raise Invalid(f'"{name[:60]}": of the files in an archive, {", ".join(KNOWN)} are read.')
    _check_ratio(entry)


def _check_ratio(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Invalid(f'"{entry.filename[:60]}" is packed more than {MAX_RATIO} to 1. Unpack it first.')


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What an entry really holds, whatever its head says."""
    pieces: list[bytes] = []
    with archive.open(entry) as source:
        while piece := source.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise Invalid(_too_much())
            pieces.append(piece)
    content = b"".join(pieces)
    if content.startswith(_PACKED):
        raise Invalid(f'"{entry.filename[:60]}" is an archive inside of an archive.')
    return content


def _is_passed_over(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() or entry.filename.startswith("__MACOSX/") or entry.filename.endswith(".DS_Store")


def _too_much() -> str:
    return f"At most {MAX_FILES:,} files with {MAX_UNPACKED // 2**20} MB in all are read from an archive or folder."
