"""The first words of a long answer, with the rest behind "more": both sanitised, neither cut inside its markup."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from store.markdown import render

_SEAMS = re.compile(r"</?p>|<br\s*/?>|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedAnswer:
    """Safe HTML. `fold` is how many of its outermost elements come before the fold; `None`: there is no fold."""

    html: str
    fold: int | None = None


@lru_cache(maxsize=1024)
def render_folded(text: str, lead: int | None, short: int | None = None, label: str = "") -> FoldedAnswer:
    """Safe HTML of Markdown `text` whose first `lead` characters are to be read first.

    The last `short` of them, the sentence that answers, stand in a quotation headed by `label`. Where the fold turns
    out to lie inside a list, a table, a link or bold words, nothing is folded.
    """
    whole = render(text)
    if lead is None or lead <= 0 or not text[:lead].strip() or not text[lead:].strip():
        return FoldedAnswer(html=_marked(text, short, label) if short and lead is None else whole)
    first, rest = render(text[:lead].strip()), render(text[lead:].strip())
    if _SEAMS.sub("", first + rest) != _SEAMS.sub("", whole):
        return FoldedAnswer(html=whole)
    shown = _marked(text[:lead].strip(), short, label) if short else first
    return FoldedAnswer(html=shown + rest, fold=count_outermost(shown))


def _marked(shown: str, short: int, label: str) -> str:
    """What is shown, its last `short` characters in a quotation."""
    at = len(shown) - short
    before, answer = render(shown[:at].strip()), render(shown[at:].strip())
    return f"{before}<blockquote><p><strong>{escape(label)}</strong></p>{answer}</blockquote>"


def count_outermost(html: str) -> int:
    """How many elements of `html` stand in no other."""
    from bs4 import BeautifulSoup  # a tenth of a second of start, for long answers alone

    return len(BeautifulSoup(html, "html.parser").find_all(True, recursive=False))
