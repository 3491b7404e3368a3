"""Our Markdown as Slack's mrkdwn: pieces that each fit a section, with nothing in them that could ping anybody.

https://docs.slack.dev/messaging/formatting-message-text: only & < > are escaped, which also defuses <!channel>.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

import regex  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_LENGTH = 3000  # characters of a section, escapes included

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_SCHEMES = ("http", "https", "mailto")
_BULLETS = ("• ", "◦ ", "▪ ")
_INDENT = "    "
_MARKS = {"strong": "*", "em": "_", "s": "~"}
_ATOM = regex.compile(r"<[^<>]*>|&(?:amp|lt|gt);|\X")
_BARE = regex.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}]")
_FENCE = "```"


def escape(text: str) -> str:
    """`text` as Slack shows it letter by letter."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, words: str) -> str:
    """A link, or only its words when its address isn't one that may be followed."""
    if urlsplit(url).scheme.lower() not in _SCHEMES:
        return escape(words)
    safe = quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")
    shown = escape(words).replace("\n", " ") or escape(safe)
    return f"<{escape(safe)}|{shown}>"


def to_pieces(text: str, *, longest: int = MAX_LENGTH) -> list[str]:
    """Markdown as mrkdwn, piece by piece: each at most `longest` characters, cut where a reader would pause."""
    packed: list[str] = []
    for block in _blocks(_markdown.parse(text), longest):
        if packed and len(packed[-1]) + 2 + len(block) <= longest:
            packed[-1] += "\n\n" + block
        else:
            packed.append(block)
    return packed


def to_plain(text: str) -> str:
    """Markdown as words alone, escaped: what notifications show and screen readers say."""
    return "\n\n".join(_written(tokens, marked=False) for tokens in _outermost(_markdown.parse(text)))


def _blocks(tokens: Sequence[Token], longest: int) -> Iterable[str]:
    for block in _outermost(tokens):
        written = _written(block)
        if len(written) <= longest:
            yield from (written,) if written else ()
        elif block[0].type in ("fence", "code_block"):
            inner = longest - 2 * len(_FENCE) - 2
            yield from (f"{_FENCE}\n{piece}\n{_FENCE}" for piece in cut(_code(block[0]), inner))
        else:  # without marks: one that is open at a cut would be shown as a sign
            yield from cut(_written(block, marked=False), longest)


def _outermost(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    """The tokens of one outermost block after the other."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def cut(text: str, longest: int) -> list[str]:
    """mrkdwn in pieces: at line ends, sentence ends or spaces, never inside a link, an escape or a sign."""
    pieces: list[str] = []
    rest = text
    while len(rest) > longest:
        at = _place(rest, longest)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _place(text: str, longest: int) -> int:
    """Where to cut: after at most `longest` characters, and more than half of them if that allows a good place."""
    end, ends = 0, {"\n": 0, ".": 0, " ": 0}
    for atom in _ATOM.finditer(text):
        if atom.end() > longest:
            break
        end = atom.end()
        here = atom.group()
        if here == "\n":
            ends["\n"] = end
        elif here == " ":
            ends["." if text[end - 2 : end - 1] in ".!?…" else " "] = end
    good = (ends["\n"], ends["."], ends[" "])
    return next((place for place in good if place > longest // 2), 0) or end or longest


def _written(tokens: Sequence[Token], *, marked: bool = True) -> str:
    writer = _MrkdwnWriter(marked=marked)
    for token in tokens:
        writer.take(token)
    return writer.text.strip("\n")


def _code(token: Token) -> str:
    """Code can't be left in the middle by its own signs."""
    return escape(token.content.rstrip("\n")).replace(_FENCE, "``\u200b`")


class _MrkdwnWriter:
    """Writes block after block into `text`."""

    def __init__(self, *, marked: bool) -> None:
        self.text = ""
        self._marked = marked
        self._lists: list[int | None] = []
        self._quotes = 0
        self._bullet = ""
        self._bold = False
        self._in_table = False
        self._cells: list[str] = []
        self._head: list[str] = []

    def take(self, token: Token) -> None:
        """Take up the next token of a block."""
        match token.type:
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item()
            case "heading_open" | "heading_close":
                self._bold = token.nesting > 0
            case "table_open" | "table_close":
                self._in_table = token.nesting > 0
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "fence" | "code_block":
                self._line(f"{_FENCE}\n{_code(token)}\n{_FENCE}" if self._marked else _code(token))
            case "hr":
                self._line("———")
            case "inline":
                self._inline(token)
            case "tr_close":
                self._row()
            case "thead_close":
                self._head, self._cells = self._cells, []
            case _:
                pass

    def _begin_item(self) -> None:
        number = self._lists[-1]
        depth = len(self._lists) - 1
        if number is None:
            self._bullet = _INDENT * depth + _BULLETS[depth % len(_BULLETS)]
        else:
            self._bullet = f"{_INDENT * depth}{number}. "
            self._lists[-1] = number + 1

    def _inline(self, token: Token) -> None:
        written = inline(token.children or (), marked=self._marked and not self._bold)
        if self._in_table:
            self._cells.append(written)
        elif self._bold and self._marked:
            self._line(f"*{written}*" if written else "")
        else:
            self._line(written)

    def _row(self) -> None:
        """A table as readable lines: each row says by name what stands in its columns."""
        if not self._head:
            return
        named = [f"{head}: {cell}" if head else cell for head, cell in zip(self._head, self._cells, strict=False)]
        self._line("• " + " · ".join(one for one in named if one.strip(": ")))
        self._cells = []

    def _line(self, written: str) -> None:
        bullet, self._bullet = self._bullet, ""
        indent = "" if bullet or not self._lists else _INDENT * len(self._lists)
        lines = (bullet or indent) + written
        if self._quotes and self._marked:
            lines = "\n".join(f"> {line}" for line in lines.split("\n"))
        self.text += lines + "\n"


def inline(tokens: Sequence[Token], *, marked: bool = True) -> str:
    """The inside of a paragraph."""
    text, links = "", list[tuple[str, int]]()
    for token in tokens:
        name, _, side = token.type.rpartition("_")
        if name in _MARKS and side in ("open", "close"):
            text += _MARKS[name] if marked else ""
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(text)))
        elif token.type == "link_close":
            url, start = links.pop()
            text = text[:start] + _linked(url, text[start:], marked=marked)
        else:
            text += _leaf(token, marked=marked, in_link=bool(links))
    return text


def _linked(url: str, shown: str, *, marked: bool) -> str:
    """`shown` is escaped already."""
    if not marked:
        return shown
    words = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return link(url, words)


def _leaf(token: Token, *, marked: bool, in_link: bool) -> str:
    match token.type:
        case "text":
            return _text(token.content) if marked and not in_link else escape(token.content)
        case "code_inline":
            return f"`{escape(token.content)}`" if marked and "`" not in token.content else escape(token.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return escape(token.content)
        case _:
            return escape(token.content)


def _text(text: str) -> str:
    """Plain words; an address in them can be followed. Slack itself is told to look for nothing in them."""
    written, at = "", 0
    for found in _BARE.finditer(text):
        written += escape(text[at : found.start()]) + link(found.group(), found.group())
        at = found.end()
    return written + escape(text[at:])
