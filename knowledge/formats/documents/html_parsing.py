"""HTML of strangers parsed in a time that grows with its length: Python's parser looks for the end of each mark."""

import re

from bs4 import BeautifulSoup

#: Marks that are opened and not closed before the next one; a page has some, a hostile one nothing else.
MAX_OPEN_MARKS = 500

_OPEN = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_DECLARATION = re.compile(r"<[!?](?!doctype)", re.IGNORECASE)


def parse_html(text: str) -> BeautifulSoup:
    """The document, without its comments."""
    without = cut_between(text, "<!--", "-->")
    if sum(1 for _ in _DECLARATION.finditer(without)) > MAX_OPEN_MARKS:
        without = _DECLARATION.sub("&lt;", without)
    if sum(1 for _ in _OPEN.finditer(without)) > MAX_OPEN_MARKS:
        without = _OPEN.sub("&lt;", without)
    return BeautifulSoup(without, "html.parser")


def cut_between(text: str, begin: str, end: str) -> str:
    """The text without what stands between two marks, and without what follows one that is never closed."""
    pieces: list[str] = []
    place = 0
    while (start := text.find(begin, place)) >= 0:
        pieces.append(text[place:start])
        closed = text.find(end, start + len(begin))
        if closed < 0:
            return "".join(pieces)
        place = closed + len(end)
    return "".join([*pieces, text[place:]])
