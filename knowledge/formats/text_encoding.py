"""Text of unknown encoding: as Excel, Notepad, old Macs and databases write it."""

import codecs
from functools import partial

from knowledge.formats.problems import FileRefusal, ProblemKind

#: Longest first: the mark of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What programs of western Europe write where they don't write Unicode; the others are looked at for other letters.
_WESTERN = ("cp1252", "mac_roman", "cp850")
_OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "shift_jis", "gb18030", "big5", "euc_kr"]
_LOOKED_AT = 200_000
#: Letters and signs of western European prose beyond ASCII, as good signs of a right guess.
_LIKELY = frozenset("äöüÄÖÜßéèêëàâçîïôùûñáíóúåøæ–—„“”‚‘’»«…€§°©®™½²³·• \xad")
_MAX_CONTROLS = 0.005


def decode_text(raw: bytes) -> str:
    """The text of a file, line ends as they are. Raises `FileRefusal` for what is no text."""
    text = _decode(raw)
    controls = sum(text.count(chr(code)) for code in (*range(9), *range(14, 32)) if code != 27)
    if controls > max(2, len(text) * _MAX_CONTROLS):
        raise FileRefusal(ProblemKind.NOT_TEXT)
    return text.removeprefix("\ufeff")


def _decode(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    wide = _wide_encoding(raw)
    if wide:
        return raw.decode(wide, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(raw) or _decode_by_letters(raw)


def _wide_encoding(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: every other byte, or three of four, are zero in our writing."""
    start = raw[:4096]
    if start.count(0) < len(start) / 4:
        return None
    if start.count(0) > len(start) * 0.6:
        return "utf-32-le" if start[:1] != b"\x00" else "utf-32-be"
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _mostly_utf8(raw: bytes) -> str | None:
    """UTF-8 in which something was cut in the middle: the rest is right, and mustn't become gibberish."""
    text = raw.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    right = sum(map(text.count, "äöüÄÖÜßéèàçñ–„“”’€"))
    return text if right > 3 * wrong else None


def _decode_by_letters(raw: bytes) -> str:
    start = raw[:_LOOKED_AT]
    best = max(_WESTERN, key=partial(_likeness, start))
    if _likeness(start, best) < 0.7:
        best = _guess(start) or best
    return raw.decode(best, errors="replace")


def _likeness(raw: bytes, encoding: str) -> float:
    """The share of characters beyond ASCII that stand in western prose, small letters within words above all."""
    text = raw.decode(encoding, errors="replace")
    special = [character for character in text if character > "\x7f"]
    return sum(character in _LIKELY for character in special) / max(len(special), 1)


def _guess(raw: bytes) -> str | None:
    from charset_normalizer import from_bytes  # a tenth of a second to load, for few files

    found = from_bytes(raw, cp_isolation=[*_OTHERS, *_WESTERN]).best()
    return found.encoding if found else None
