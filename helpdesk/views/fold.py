"""The first words of a long answer, with the rest behind "more": both sanitised, neither cut inside its markup."""

import re
from dataclasses import dataclass
from functools import lru_cache

from store.markdown import render

_SEAMS = re.compile(r"</?p>|<br\s*/?>|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedAnswer:
    """Safe HTML. `fold` is how many of its outermost elements come before the fold; `None`: there is no fold."""

    html: str
    fold: int | None = None


@lru_cache(maxsize=1024)
def render_folded(text: str, lead: int | None) -> FoldedAnswer:
    """Safe HTML of Markdown `text` whose first `lead` characters are to be read first.

    Where that place turns out to lie inside a list, a table, a link or bold words, nothing is folded.
    """
    whole = render(text)
    if lead is None or lead <= 0 or not text[:lead].strip() or not text[lead:].strip():
        return FoldedAnswer(html=whole)
    first, rest = render(text[:lead].strip()), render(text[lead:].strip())
    if _SEAMS.sub("", first + rest) != _SEAMS.sub("", whole):
        return FoldedAnswer(html=whole)
    return FoldedAnswer(html=first + rest, fold=count_outermost(first))


def count_outermost(html: str) -> int:
    """How many elements of `html` stand in no other."""
    from bs4 import BeautifulSoup  # a tenth of a second of start, for long answers alone

    return len(BeautifulSoup(html, "html.parser").find_all(True, recursive=False))
