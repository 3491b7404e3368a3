"""HTML of strangers parsed in a time that grows with its length: Python's parser looks for the end of each mark."""

import re

from bs4 import BeautifulSoup

#: Marks that are opened and not closed before the next one; a page has some, a hostile one nothing else.
MAX_OPEN_MARKS = 500

_PROGRAM = re.compile(r"<(script|style|svg)(?=[\s>])", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}\\s*>", re.IGNORECASE) for name in ("script", "style", "svg")}
_PICTURE_DATA = re.compile(r"data:[\w/+.;=-]{0,80},[A-Za-z0-9+/=%]{20,}")
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


def without_programs(text: str) -> str:
    """A page without the scripts, styles, drawings and pictures in it; what declares data stays."""
    pieces: list[str] = []
    place = 0
    while begin := _PROGRAM.search(text, place):
        pieces.append(text[place : begin.start()])
        end = _ENDS[begin[1].lower()].search(text, begin.end())
        stop = end.end() if end else len(text)
        if "ld+json" in text[begin.start() : begin.start() + 300].lower():
            pieces.append(text[begin.start() : stop])
        place = stop
    return _PICTURE_DATA.sub("data:,", "".join([*pieces, text[place:]]))


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
