"""What is made of a sender's name for a file (fault F95)."""

import pytest

from helpdesk.files.names import MAX_NAME_LENGTH, clean_name, name_of_kind


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("rechnung.pdf", "rechnung.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        ("C:\\Windows\\system32\\evil.exe", "evil.exe"),
        ("..", "file"),
        ("", "file"),
        ("  . ", "file"),
        ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie x.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("LPT1.pdf", "_LPT1.pdf"),
        ("contract.pdf", "contract.pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("\u2066hidden\u2069.png", "hidden.png"),
        ('a<b>:"c|d?*.txt', "abcd.txt"),
        ("Müllers Größe.jpeg", "Müllers Größe.jpeg"),
        ("\ud800.txt", "txt"),
    ],
)
def test_f95_a_name_is_shown_and_never_a_path(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_f95_a_long_name_keeps_its_ending() -> None:
    shown = clean_name("x" * 300 + ".pdf")
    assert len(shown) == MAX_NAME_LENGTH
    assert shown.endswith("x.pdf")
    assert len(clean_name("y" * 300)) == MAX_NAME_LENGTH


def test_f95_a_cleaned_name_stays_as_it_is() -> None:
    for name in ("../a", "CON", "x" * 300 + ".pdf", "a. "):
        assert clean_name(clean_name(name)) == clean_name(name)


@pytest.mark.parametrize(
    ("name", "shown"), [("IMG_1.HEIC", "IMG_1.jpg"), ("Foto", "Foto.jpg"), (f"{'x' * 115}.heic", f"{'x' * 115}.jpg")]
)
def test_a_picture_that_became_another_kind_is_called_so(name: str, shown: str) -> None:
    assert name_of_kind(name, "image/jpeg") == shown
