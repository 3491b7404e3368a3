"""Our Markdown as Telegram shows it: text and entities, so that nothing in a text can break its parsing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from connectors.telegram.styled_text import StyledText, TextMark

WIDEST_TABLE = 34
"""Signs that a phone shows side by side in a fixed width; a wider table is written row by row."""

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_STYLES = {"strong": "bold", "em": "italic", "s": "strikethrough"}
_BULLETS = ("• ", "◦ ", "▪ ")


def to_styled(text: str) -> StyledText:
    """Markdown as text with marks. Raw HTML in it is shown as text; links that aren't safe become plain words."""
    writer = _EntityWriter()
    for token in _markdown.parse(text):
        writer.block(token)
    return writer.styled()


def quoted(styled: StyledText) -> StyledText:
    """The same behind a fold: what stands before it is read first, the rest opens at a touch."""
    if not styled.text:
        return styled
    inner = tuple(mark for mark in styled.marks if mark.kind != "blockquote")
    return StyledText(
        text=styled.text, marks=(TextMark(start=0, end=len(styled.text), kind="expandable_blockquote"), *inner)
    )


@dataclass(slots=True)
class _List:
    """A list being written: the number of its next item, `None` for bullets."""

    number: int | None


@dataclass(slots=True)
class _Table:
    """A table being read."""

    rows: list[list[StyledText]] = field(default_factory=list)


class _EntityWriter:
    """Writes block after block."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[TextMark] = []
        self._open: list[tuple[str, int, str | None]] = []
        self._lists: list[_List] = []
        self._item_begins = False
        self._quotes: list[int] = []
        self._table: _Table | None = None

    def styled(self) -> StyledText:
        marks = sorted(self.marks, key=lambda mark: (mark.start, -mark.end))
        whole = StyledText(text=self.text, marks=tuple(marks))
        return whole.cut(0, len(self.text))

    def block(self, token: Token) -> None:
        """Take up the next block token."""
        match token.type:
            case "paragraph_open":
                self._begin_block(tight=token.hidden)
            case "heading_open":
                self._begin_block()
                self._open.append(("bold", len(self.text), None))
            case "heading_close":
                self._close("bold")
            case "bullet_list_open" | "ordered_list_open":
                self._begin_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item()
            case "blockquote_open":
                self._begin_block()
                self._quotes.append(len(self.text))
            case "blockquote_close":
                self._end_quote()
            case "fence" | "code_block":
                self._code_block(token)
            case "hr":
                self._begin_block()
                self.text += "———"
            case "inline":
                self._inline(token)
            case _:
                self._table_token(token)

    def _begin_block(self, *, tight: bool = False) -> None:
        """Blocks stand apart; the first of a list's item follows its bullet."""
        if self._item_begins:
            self._item_begins = False
        elif self.text:
            self.text = self.text.rstrip("\n") + ("\n" if tight else "\n\n")
        if self._quotes and self._quotes[-1] > len(self.text):
            self._quotes[-1] = len(self.text)

    def _begin_list(self, token: Token) -> None:
        if self.text and not self._item_begins:
            self.text = self.text.rstrip("\n") + ("\n" if self._lists else "\n\n")
        first = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None
        self._lists.append(_List(number=first))

    def _begin_item(self) -> None:
        here = self._lists[-1]
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"
        depth = len(self._lists) - 1
        bullet = f"{here.number}. " if here.number is not None else _BULLETS[min(depth, len(_BULLETS) - 1)]
        here.number = None if here.number is None else here.number + 1
        self.text += "   " * depth + bullet
        self._item_begins = True

    def _end_quote(self) -> None:
        start = self._quotes.pop()
        self.text = self.text.rstrip("\n")
        if not self._quotes and start < len(self.text):  # quotes can't stand inside quotes
            self.marks.append(TextMark(start=start, end=len(self.text), kind="blockquote"))

    def _code_block(self, token: Token) -> None:
        self._begin_block()
        code = token.content.rstrip("\n")
        language = token.info.split()[0] if token.info.strip() else None
        if code:
            start = len(self.text)
            self.text += code
            self.marks.append(TextMark(start=start, end=len(self.text), kind="pre", language=language))

    def _inline(self, token: Token) -> None:
        children = token.children or []
        if self._table is not None:
            self._table.rows[-1].append(_inline_styled(children))
            return
        self._append(_inline_styled(children))

    def _append(self, styled: StyledText) -> None:
        by = len(self.text)
        self.text += styled.text
        moved = (
            TextMark(start=mark.start + by, end=mark.end + by, kind=mark.kind, url=mark.url, language=mark.language)
            for mark in styled.marks
        )
        self.marks += moved

    def _close(self, kind: str) -> None:
        _, start, url = self._open.pop()
        if start < len(self.text):
            self.marks.append(TextMark(start=start, end=len(self.text), kind=kind, url=url))

    def _table_token(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self._table = _Table()
            case "tr_open" if self._table is not None:
                self._table.rows.append([])
            case "table_close" if self._table is not None:
                rows, self._table = self._table.rows, None
                self._begin_block()
                self._append(_table(rows))
            case _:
                pass


def _inline_styled(tokens: Sequence[Token]) -> StyledText:
    text, marks = "", []
    opened: list[tuple[int, str]] = []
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        if edge == "open":
            opened.append((len(text), str(token.attrs.get("href", ""))))
        elif edge == "close":
            start, url = opened.pop()
            if name == "link":
                added, found = _link(text[start:], start, url)
                text += added
                marks += found
            elif start < len(text):
                marks.append(TextMark(start=start, end=len(text), kind=_STYLES[name]))
        elif token.type == "code_inline":
            marks.append(TextMark(start=len(text), end=len(text) + len(token.content), kind="code"))
            text += token.content
        elif token.type == "image":
            text += token.content or str(token.attrs.get("src", ""))
        else:
            text += "\n" if token.type in ("softbreak", "hardbreak") else token.content
    return StyledText(text=text, marks=tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def _link(shown: str, start: int, url: str) -> tuple[str, list[TextMark]]:
    """Web addresses open at a touch. Telegram links mail addresses and phone numbers itself where they are written."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc and shown:
        return "", [TextMark(start=start, end=start + len(shown), kind="text_link", url=url)]
    if parts.scheme in ("mailto", "tel"):
        address = url.partition(":")[2].partition("?")[0]
        return ("", []) if address in shown else (f" ({address})", [])
    return "", []


def _table(rows: list[list[StyledText]]) -> StyledText:
    columns = max(len(row) for row in rows)
    widths = [max(len(row[at].text) if at < len(row) else 0 for row in rows) for at in range(columns)]
    if sum(widths) + 2 * (columns - 1) <= WIDEST_TABLE and not any(row[0].text.count("\n") for row in rows if row):
        return _aligned(rows, widths)
    return _row_by_row(rows)


def _aligned(rows: list[list[StyledText]], widths: list[int]) -> StyledText:
    lines = [
        "  ".join(cell.text.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    ]
    text = "\n".join([lines[0], "─" * len(max(lines, key=len)), *lines[1:]])
    return StyledText(text=text, marks=(TextMark(start=0, end=len(text), kind="pre"),))


def _row_by_row(rows: list[list[StyledText]]) -> StyledText:
    """Each row under its first cell, every further cell with the heading of its column."""
    headings, *body = rows
    whole = StyledText()
    for row in body or [headings]:
        whole += StyledText(text="\n" if whole.text else "")
        for line in _lines(headings if body else [], row):
            whole += line
    return whole


def _lines(headings: Sequence[StyledText], row: Sequence[StyledText]) -> Iterable[StyledText]:
    first, *rest = row
    bold = TextMark(start=0, end=len(first.text), kind="bold")
    yield StyledText(text="• ") + StyledText(text=first.text, marks=(bold,) if first.text else ())
    for at, cell in enumerate(rest, start=1):
        if cell.text:
            heading = headings[at].text if at < len(headings) else ""
            yield StyledText(text=f"\n   {heading}: " if heading else "\n   ") + cell
