"""What a cell of a spreadsheet may hold, so that nobody finds another text in it than we have.

Excel, LibreOffice and Numbers take a cell of a CSV that begins like a formula for one (OWASP, CSV injection), and
digits for a number or a date. Such a cell gets an apostrophe in front, as people type it there, and so does one that
has an apostrophe already; reading takes one away again. A cell of a workbook says itself that it is text.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import batched

#: UTF-16 units that are written into one cell; Excel allows 32,767 and cuts off the rest.
MAX_CELL_LENGTH = 32_000

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_NUMBER = re.compile(r"\d[\d.,:/eE -]*")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def neutralise(cell: str) -> str:
    """The cell as a spreadsheet may safely see it in a CSV."""
    return "'" + cell if _is_taken_otherwise(cell) else cell


def mark_as_text(cell: str) -> str:
    """The cell for a workbook: only what `restore` would take away has to be said twice."""
    return "'" + cell if restore(cell) != cell else cell


def restore(cell: str) -> str:
    """What was written before the apostrophe came."""
    return cell[1:] if cell.startswith("'") and _is_taken_otherwise(cell[1:]) else cell


def escape_for_workbook(text: str) -> str:
    """Characters that XML can't hold or doesn't keep, in the way of Office Open XML (ECMA-376, ST_Xstring)."""
    return _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape_from_workbook(text: str) -> str:
    """The text that `_x000D_` and the like stand for; Excel writes them too."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def write_lines(phrasings: Sequence[str]) -> str:
    """Texts one a line, as people write them into a cell; as a JSON list where a text has lines of its own."""
    written = "\n".join(phrasings)
    plain = all(text == text.strip() and text and not _BREAKS.search(text) for text in phrasings)
    return written if plain and not written.startswith("[") else json.dumps(list(phrasings), ensure_ascii=False)


def read_lines_of_cell(cell: str) -> list[str]:
    """The texts of such a cell. A list in JSON is one too; a cell that only looks like it is taken by its lines."""
    if cell.startswith("["):
        try:
            found = json.loads(cell)
        except (json.JSONDecodeError, RecursionError):
            found = None
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            return found
    return [text for line in cell.splitlines() if (text := line.strip())]


def cells_of_text(text: str) -> list[str]:
    """A text in as many pieces as it needs cells, at least one."""
    return list(_pieces(text, MAX_CELL_LENGTH - 1)) or [""]


def cells_of_lines(phrasings: Sequence[str]) -> list[str]:
    """The phrasings in as many cells as they need, at least one; each cell can be read for itself."""
    if _units(written := write_lines(phrasings)) < MAX_CELL_LENGTH or len(phrasings) < 2:
        return [written]
    half = len(phrasings) // 2
    return [cell for part in (phrasings[:half], phrasings[half:]) for cell in cells_of_lines(part)]


def _pieces(text: str, most: int) -> Iterator[str]:
    if _units(text) <= most:
        yield from [text] if text else []
        return
    for piece in batched(text, most // 2):
        yield "".join(piece)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_taken_otherwise(cell: str) -> bool:
    return cell.startswith(_DANGEROUS) or _NUMBER.fullmatch(cell) is not None
