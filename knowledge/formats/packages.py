"""Office files are ZIP archives of XML: opened within limits, and never with a document type in them (fault F96)."""

import io
import re
import zipfile
from dataclasses import dataclass

from knowledge.formats.problems import FileRefusal, ProblemKind

MAX_PART = 30 * 1024 * 1024
MAX_UNPACKED_PACKAGE = 50 * 1024 * 1024
MAX_PARTS = 5_000

_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_ENDINGS = (".xml", ".rels", ".vml")
_DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePackage:
    """The parts of an office file that are text, and the names of all."""

    parts: dict[str, bytes]
    names: tuple[str, ...]

    def part(self, name: str) -> bytes:
        """A part; empty where there is none."""
        return self.parts.get(name, b"")

    @property
    def pictures(self) -> list[str]:
        """The names of pictures in it."""
        return [name.rsplit("/", 1)[-1] for name in self.names if "/media/" in name or name.startswith("Pictures/")]


def open_package(raw: bytes) -> OfficePackage:
    """The parts. Raises `Invalid` for what is damaged, too big, encrypted, or holds a document type."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            texts = [entry for entry in entries if entry.filename.lower().endswith(_XML_ENDINGS)]
            parts = {entry.filename: _read(archive, entry) for entry in texts}
    except _DAMAGED as error:
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None
    if any(_DOCUMENT_TYPE.search(content) for content in parts.values()):
        raise FileRefusal(ProblemKind.DOCUMENT_TYPE)
    return OfficePackage(parts=parts, names=tuple(entry.filename for entry in entries))


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_PACKAGE:
        raise FileRefusal(ProblemKind.UNPACKS_TOO_BIG, megabytes=f"{MAX_UNPACKED_PACKAGE // 2**20}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefusal(ProblemKind.PROTECTED)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What an entry really holds, whatever its head says."""
    with archive.open(entry) as source:
        content = source.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise FileRefusal(ProblemKind.UNPACKS_TOO_BIG, megabytes=f"{MAX_PART // 2**20}")
    return content
