"""What a file is, by its content."""

import tracemalloc
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from helpdesk.files.kinds import ANYTHING, is_wanted, recognize
from tests.sample_files import (
    PAGE,
    PDF,
    PROGRAM,
    SVG,
    crowded_package,
    moving_picture,
    office_document,
    package,
    package_bomb,
    photo,
    picture,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def kind(folder: Path, content: bytes, name: str = "file") -> str:
    path = folder / "upload"
    path.write_bytes(content)
    return recognize(path, name)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (picture(), "evil.html", "image/png"),
        (photo(), "photo", "image/jpeg"),
        (picture("WEBP"), "photo.png", "image/webp"),
        (moving_picture(), "a.gif", "image/gif"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", "image/heic"),
        (PDF, "picture.png", "application/pdf"),
        (office_document(), "letter", WORD),
        (package(mimetype=ODT.encode(), content=b"<a/>"), "letter.odt", ODT),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old.DOC", "application/msword"),
        ("Größe;Preis\n4;5\n".encode(), "table.csv", "text/csv"),
        ("Größe;Preis\n4;5\n".encode("cp1252"), "table.txt", "text/plain"),
        (b"{\\rtf1 hi}", "letter.rtf", "application/rtf"),
    ],
)
def test_a_kind_is_told_by_the_content(tmp_path: Path, content: bytes, name: str, expected: str) -> None:
    assert kind(tmp_path, content, name) == expected
    assert is_wanted(expected)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "drawing.png"),
        (PAGE, "notes.txt"),
        (b"\n\n  <svg onload=alert(1)>", "a.csv"),
        (PROGRAM, "photo.jpg"),
        (b"\x7fELF" + bytes(100), "notes.txt"),
        (package(a=b"hi"), "letter.docx"),
        (package(word__document=b"<a/>"), "letter.docx"),
        (package(mimetype=b"text/html"), "letter.odt"),
        (b"PK\x03\x04 broken", "letter.docx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "setup.msi"),
        (b"\0\1\2\3", "notes.txt"),
        (b"ID3\x04" + bytes(100), "song.txt"),
    ],
)
def test_f93_what_could_be_run_or_hides_what_it_holds_is_not_taken(tmp_path: Path, content: bytes, name: str) -> None:
    assert not is_wanted(kind(tmp_path, content, name))


def test_what_nobody_knows_has_no_kind(tmp_path: Path) -> None:
    assert kind(tmp_path, b"\0\1\2\3") == ANYTHING


@pytest.mark.parametrize(
    "make",
    [package_bomb, partial(package_bomb, zipfile.ZIP_BZIP2), partial(package_bomb, zipfile.ZIP_LZMA), crowded_package],
    ids=["deflate", "bzip2", "lzma", "crowded"],
)
def test_f96_a_package_costs_little_memory_to_recognize(tmp_path: Path, make: Callable[[], bytes]) -> None:
    content = make()
    tracemalloc.start()
    try:
        assert not is_wanted(kind(tmp_path, content, "letter.odt"))
        assert tracemalloc.get_traced_memory()[1] < len(content) + 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_package_that_breaks_off_is_no_document(tmp_path: Path) -> None:
    content = bytearray(package(mimetype=ODT.encode() * 2))
    content[38 + 2 : 38 + 6] = b"\xff\xff\xff\xff"
    assert kind(tmp_path, bytes(content), "letter.odt") == "application/zip"
