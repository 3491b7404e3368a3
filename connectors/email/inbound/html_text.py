"""The words of an HTML mail: no markup survives, what was quoted stands behind `>` as in a plain text."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

#: Longest HTML that is read; longer ones are newsletters or history.
MAX_HTML = 1_000_000
MAX_OPEN = 400  # elements that are open at once: parsers take very long for more
MAX_DEPTH = 50  # of quotes: deeper ones count as this deep

_UNSEEN = {"script", "style", "title", "template", "object", "select", "textarea", "noscript", "iframe"}
_BLOCKS = {"div", "section", "article", "header", "footer", "table", "tr", "center", "address", "pre", "dt", "dd"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "hr"}
_INLINE = {"a", "span", "font", "b", "i", "u", "s", "strong", "em", "td", "th", "li", "blockquote", "br", "img"}
_FACTS = {"class", "style", "hidden", "type", "cite", "alt", "width"}
_SELF_CLOSING = {
    "p",
    "li",
    "dt",
    "dd",
    "td",
    "th",
    "tr",
    "tbody",
    "thead",
    "tfoot",
    "option",
    "col",
    "meta",
    "link",
} | {"br", "img", "hr", "input", "area", "base", "embed", "source", "wbr"}
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_TAG = re.compile(r"<[^<>]{0,2000}>?")
_VOID = {"br", "img", "hr"}
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)
_QUOTING_CLASSES = {"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)\S{1,2000}", re.I)


def html_to_text(html: str) -> str:
    """The words that somebody sees who opens `html`, in lines.

    The sanitiser's parser closes what was left open first: Python's own takes very long for some broken markup.
    """
    if _is_too_deep(html[:MAX_HTML]):
        return " ".join(unescape(_TAG.sub(" ", html[:MAX_HTML])).split())
    kept = _BLOCKS | _PARAGRAPHS | _INLINE
    facts = {"*": _FACTS, "a": {"href"}}
    reader = _TextReader()
    reader.feed(nh3.clean(html[:MAX_HTML], tags=kept, attributes=facts, clean_content_tags=_UNSEEN, link_rel=None))
    reader.close()
    return reader.text()


def _is_too_deep(html: str) -> bool:
    """Whether more elements are open at once than in anybody's mail; those that needn't be closed don't count."""
    depth = 0
    for slash, tag in _NESTING.findall(html):
        if tag.lower() not in _SELF_CLOSING:
            depth = max(0, depth + (-1 if slash else 1))
            if depth > MAX_OPEN:
                return True
    return False


class _TextReader(HTMLParser):
    """Reads tag by tag: however deep or broken the markup is, it takes one pass and no stack of calls."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._open: list[tuple[str, bool, bool]] = []  # tag, hidden, quoting
        self._hidden = 0
        self._quotes = 0
        self._links: list[tuple[str, int]] = []
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag does, and remember what hides or quotes."""
        facts = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
        elif tag == "img":
            self._add_picture(facts)
        if tag in _VOID:
            self._begin_block(tag)
            return
        hidden = "hidden" in facts or _HIDDEN.search(facts.get("style", "")) is not None
        quoting = _is_quoting(tag, facts)
        self._begin_block(tag)
        if quoting and not self._hidden:
            self._end_line()
        self._open.append((tag, hidden, quoting))
        self._hidden += hidden
        self._quotes += quoting
        self._pre += tag == "pre"
        if tag == "a":
            self._links.append((facts.get("href", ""), len(self._line)))

    def handle_endtag(self, tag: str) -> None:
        """End what the tag began; one that was never begun counts for nothing."""
        at = next(
            (i for i in range(len(self._open) - 1, max(-1, len(self._open) - 100), -1) if self._open[i][0] == tag), -1
        )
        if at < 0:
            return
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        for other, hidden, quoting in reversed(self._open[at:]):
            if quoting:
                self._end_line()
            self._hidden -= hidden
            self._quotes -= quoting
            self._pre -= other == "pre"
        del self._open[at:]
        self._end_block(tag)

    def handle_data(self, data: str) -> None:
        """Add words; blanks count as one, but for preformatted text."""
        if self._hidden:
            return
        if self._pre:
            first, *more = data.replace("\r\n", "\n").split("\n")
            self._line += first
            for line in more:
                self._end_line(keep=True)
                self._line = line
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip(" ") if not self._line or self._line.endswith(" ") else words

    def text(self) -> str:
        """The lines, with at most one empty one between two."""
        self._end_line()
        lines: list[str] = []
        for line in self._lines:
            if line.strip("> ") or (lines and lines[-1].strip("> ")):
                lines.append(line.rstrip())
        return "\n".join(lines).replace("\xa0", " ").strip()

    def _begin_block(self, tag: str) -> None:
        if self._hidden:
            return
        if tag in _BLOCKS or tag == "blockquote":
            self._end_line()
        elif tag in _PARAGRAPHS:
            self._end_line()
            self._blank()
        elif tag == "li":
            self._end_line()
            self._line = "- "
        elif tag in {"td", "th"} and self._line.strip():
            self._line = self._line.rstrip() + " "

    def _end_block(self, tag: str) -> None:
        if self._hidden:
            return
        if tag in _BLOCKS or tag in {"li", "blockquote"}:
            self._end_line()
        elif tag in _PARAGRAPHS:
            self._end_line()
            self._blank()
        elif tag in {"td", "th"} and self._line.strip():
            self._line = self._line.rstrip() + " "

    def _end_link(self, href: str, start: int) -> None:
        shown = self._line[start:].strip() if start <= len(self._line) else ""
        bare = href.strip().removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        is_told = bare in shown or shown.rstrip("/") in bare
        if not self._hidden and shown and not is_told and _SAFE_LINK.fullmatch(href.strip()):
            self._line = f"{self._line.rstrip()} ({bare})"

    def _add_picture(self, facts: dict[str, str]) -> None:
        alt = " ".join(facts.get("alt", "").split())
        if alt and not self._hidden and facts.get("width") != "1" and len(alt) <= 200:
            self._line += alt

    def _break(self) -> None:
        if not self._hidden:
            self._end_line(keep=True)

    def _blank(self) -> None:
        self._lines.append("> " * min(self._quotes, MAX_DEPTH))

    def _end_line(self, *, keep: bool = False) -> None:
        if self._line.strip() or keep:
            self._lines.append("> " * min(self._quotes, MAX_DEPTH) + self._line.rstrip())
        self._line = ""


def _is_quoting(tag: str, facts: dict[str, str]) -> bool:
    if tag != "blockquote":
        return False
    classes = set(facts.get("class", "").lower().split())
    return (
        facts.get("type", "").lower() == "cite"
        or bool(classes & _QUOTING_CLASSES)
        or "cite" in facts
        or not facts.get("style")
    )
