"""What a file is, by its content: neither its name nor what its sender says of it counts."""

import io
import zipfile
import zlib
from pathlib import Path

from store.errors import Invalid

#: What is read of a file to tell what it is.
HEAD_BYTES = 8_192
ANYTHING = "application/octet-stream"
#: Bytes of a package's table of contents: some 40,000 parts. Each costs ten times as much memory once it is read.
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
MAX_KIND_LENGTH = 100  # bytes
#: Pictures that a browser may show.
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
#: What is made anew from its pixels; HEIC becomes a JPEG.
MADE_ANEW = PICTURES | {"image/heic"}
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OFFICE_PARTS = {
    "word/": f"{_OPEN_XML}.wordprocessingml.document",
    "xl/": f"{_OPEN_XML}.spreadsheetml.sheet",
    "ppt/": f"{_OPEN_XML}.presentationml.presentation",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OLD_OFFICE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_OLD_OFFICE_START = bytes.fromhex("d0cf11e0a1b11ae1")
_DOCUMENTS = frozenset({"application/pdf", "application/rtf", "text/plain", "text/csv", "image/heic"})
_OFFICE = frozenset({*_OFFICE_PARTS.values(), *_OLD_OFFICE.values()})
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<iframe", b"<?php")


class UnwantedKind(Invalid):
    """A file of a kind that isn't taken from strangers, such as a program, a web page or an archive."""

    code = "file_kind"


def recognize(path: Path, name: str) -> str:
    """The media type of the file at `path`; `name` tells apart only what is the same to a program, such as a table."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    import filetype  # a hundredth of a second, for who has files

    ending = Path(name).suffix.lower()
    if head.startswith(_OLD_OFFICE_START):
        return _OLD_OFFICE.get(ending, ANYTHING)
    found = filetype.guess_mime(head)
    if head.startswith(b"PK\x03\x04"):
        return _recognize_package(path)
    if found:
        return str(found)
    if not _is_text(head):
        return ANYTHING
    return "text/csv" if ending in {".csv", ".tsv"} else "text/plain"


def is_wanted(media_type: str) -> bool:
    """Whether this kind is taken from a browser: pictures, PDF, documents of offices, plain text and tables."""
    return media_type in PICTURES | _DOCUMENTS | _OFFICE or media_type.startswith(_OPEN_DOCUMENT)


def _recognize_package(path: Path) -> str:
    """An office document is a zip file whose parts say what it is; nothing is unpacked but one short line."""
    try:
        with _BoundedFile(path) as file, zipfile.ZipFile(file) as package:
            names = package.namelist()
            if "mimetype" in names:
                return _open_document_kind(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        return "application/zip"
    is_office = "[Content_Types].xml" in names
    parts = (kind for start, kind in _OFFICE_PARTS.items() if any(name.startswith(start) for name in names))
    return next(parts, "application/zip") if is_office else "application/zip"


def _open_document_kind(package: zipfile.ZipFile) -> str:
    """What the beginning of the part `mimetype` says: all of it may unpack to more than there is memory."""
    part = package.getinfo("mimetype")
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others unpack without a limit
        return "application/zip"
    with package.open(part) as file:
        kind = file.read(MAX_KIND_LENGTH).decode("ascii", "replace").strip()
    return kind if kind.startswith(_OPEN_DOCUMENT) else "application/zip"


class _BoundedFile(io.FileIO):
    """A file of which at most `MAX_DIRECTORY_BYTES` are read at once; `zipfile` reads a table of contents whole."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("The table of contents is too long.")
        return super().read(size) or b""


def _is_text(head: bytes) -> bool:
    """Whether it is words for people: no page of the web, no drawing and no program that a browser would run."""
    if b"\x00" in head or any(mark in head.lower() for mark in _MARKUP):
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return control == 0
