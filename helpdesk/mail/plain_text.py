"""Markdown as the plain text of a mail: what a reader without HTML sees."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def to_plain_text(markdown: str) -> str:
    """The words, with list signs and the addresses of links; the marks of bold and headings are left out."""
    writer = _TextWriter()
    for token in _markdown.parse(markdown):
        writer.write(token)
    return "\n".join(line.rstrip() for line in "".join(writer.text).strip().splitlines())


class _TextWriter:
    """Writes token after token."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._numbers: list[int | None] = []
        self._link = ""
        self._quotes: list[int] = []

    def write(self, token: Token) -> None:
        if token.type == "inline":
            self._inline(token.children or [])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            self._numbers.append(int(start or 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            self._end("" if self._numbers else "\n")
        elif token.type == "list_item_open":
            self.text.append(f"{'  ' * (len(self._numbers) - 1)}{self._item_sign()} ")
        elif token.type in ("paragraph_close", "heading_close"):
            self._end("\n" if token.hidden or self._numbers else "\n\n")
        elif token.type in ("fence", "code_block"):
            self._end(f"{token.content}\n")
        elif token.type in ("th_close", "td_close"):
            self._end("  ")
        elif token.type in ("tr_close", "table_close"):
            self._end("\n")
        elif token.type == "blockquote_open":
            self._quotes.append(len(self.text))
        elif token.type == "blockquote_close":
            self._mark_quote(self._quotes.pop())
        elif token.type == "hr":
            self._end("—\n\n")

    def _mark_quote(self, began: int) -> None:
        """Mark what was written since as quoted, line by line."""
        lines = "".join(self.text[began:]).strip().split("\n")
        self.text[began:] = ["".join(f"> {line}\n" for line in lines), "\n"]

    def _item_sign(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "•"
        self._numbers[-1] = number + 1
        return f"{number}."

    def _inline(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type in ("text", "code_inline"):
                self.text.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                self.text.append("\n")
            elif token.type == "link_open":
                self._link = str(token.attrGet("href") or "")
                self._began = len(self.text)
            elif token.type == "link_close":
                label = "".join(self.text[self._began :])
                if self._link.removeprefix("mailto:") != label:
                    self.text.append(f" ({self._link})")

    def _end(self, sign: str) -> None:
        self.text.append(sign)
