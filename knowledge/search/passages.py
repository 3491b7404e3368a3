"""An answer taken apart into passages: what can be found, and said, by itself. Pure.

A passage is a sentence of prose, an item of a list or a row of a table, as customers read it. What stands above it (a
heading, the line that announces a list) is kept beside it, since "as a PDF" alone says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.sentence_ends import split_sentences

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_CELLS = " · "
_MAX_WHOLE_ITEM = 240
"""Characters of an item of a list that stay together, however many sentences they are."""
_MAX_HEADING = 80
"""Characters of a line in bold that stands alone, and so is read as a heading, and of a question that is answered."""
_LABEL = re.compile(r"([^\n.!?:]{2,60}):\s")


class PassageKind(StrEnum):
    """What a passage is in its answer."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of an answer that can be read by itself."""

    text: str
    """As customers read it, without Markdown's signs; the cells of a row with the headings of their columns."""
    heading: str
    """The heading that it stands under in the answer, or empty."""
    lead: str
    """What announces it: the line before its list or table, or the item that its list stands in; or empty."""
    kind: PassageKind
    number: int
    """Its place among the passages of the answer, from 0."""
    lines: tuple[int, int]
    """The lines of the answer's Markdown that its block takes: the first, and the one behind the last, from 0."""

    def in_context(self, title: str) -> str:
        """Title, heading, what announces it and its words, one after the other: what is embedded."""
        above = [part for part in (title, self.heading, self.lead) if part]
        return " ".join([*(part if part.endswith(("?", ":", ".", "!")) else f"{part}." for part in above), self.text])


def split_passages(answer: str) -> tuple[Passage, ...]:
    """The passages of an answer in Markdown, in order; none where it has no words."""
    blocks = SyntaxTreeNode(_markdown.parse(answer)).children
    read = (passage for passage in _read_blocks(blocks, _Surroundings()) if any(map(str.isalnum, passage.text)))
    return tuple(replace(passage, number=number) for number, passage in enumerate(read))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What stands above a block, and whether the block is part of a list's item."""

    heading: str = ""
    lead: str = ""
    in_item: bool = False


def _read_blocks(blocks: Sequence[SyntaxTreeNode], around: _Surroundings) -> Iterator[Passage]:
    announced = around
    for block, following in zip_longest(blocks, blocks[1:]):
        match block.type:
            case "heading" | "paragraph" if (title := _heading_of(block)) and not around.in_item:
                around = announced = replace(around, heading=title)
                if following is None or _heading_of(following):
                    yield _passage(title, replace(around, heading=""), block)
            case "paragraph":
                parts = _read_paragraph(block, around)
                last = parts[-1][1] if parts and _announces(parts[-1][1], following, around) else ""
                announced = replace(around, lead=last or around.lead)
                for lead, text in parts[:-1] if last.endswith((":", "?")) else parts:
                    yield _passage(text, replace(around, lead=lead or around.lead), block)
            case "bullet_list" | "ordered_list":
                for item in block.children:
                    yield from _read_blocks(item.children, replace(announced, in_item=True))
            case "table":
                yield from _read_table(block, announced)
            case "blockquote":
                yield from _read_blocks(block.children, around)
            case "fence" | "code_block":
                yield _passage(block.content.strip(), around, block)
            case _:
                pass


def _heading_of(block: SyntaxTreeNode) -> str:
    """Its words if it is a heading, or a short line in bold that stands alone; else nothing."""
    if block.type == "heading":
        return _shown(block)
    if block.type == "paragraph":
        parts = [part for part in block.children[0].children if part.content.strip() or part.type != "text"]
        shown = _shown(block)
        if len(parts) == 1 and parts[0].type == "strong" and len(shown) <= _MAX_HEADING:
            return shown
    return ""


def _read_paragraph(block: SyntaxTreeNode, around: _Surroundings) -> list[tuple[str, str]]:
    """Each part with what it goes on from."""
    shown = _shown(block)
    if around.in_item and len(shown) <= _MAX_WHOLE_ITEM:
        return [("", shown)]
    return [part for line in _prose(block) for part in _read_line(line)]


def _announces(text: str, following: SyntaxTreeNode | None, around: _Surroundings) -> bool:
    """Whether the last part of a paragraph is about the list or table behind it."""
    is_followed = following is not None and following.type in ("bullet_list", "ordered_list", "table")
    return is_followed and (around.in_item or text.endswith((":", "?")))


def _read_line(line: str) -> Iterator[tuple[str, str]]:
    """Each sentence behind what it goes on from: "Bay full?" or "By post:" at the beginning of its line.

    A question stays with its answer, the sentence behind it.
    """
    label = _LABEL.match(line)
    lead, asked = (label[1] if label else ""), ""
    for number, sentence in enumerate(split_sentences(line)):
        if sentence.endswith("?") and len(sentence) <= _MAX_HEADING and not asked:
            lead, asked = "", sentence
        else:
            yield (lead if number else ""), f"{asked} {sentence}".strip()
            lead, asked = asked or lead, ""
    if asked:
        yield lead, asked


def _read_table(table: SyntaxTreeNode, around: _Surroundings) -> Iterator[Passage]:
    columns, *rows = [[_shown(cell) for cell in row.children] for part in table.children for row in part.children]
    lines = [row for part in table.children for row in part.children]
    for row, line in zip(rows or [columns], lines[1:] or lines, strict=True):
        named = zip(columns if rows else [""] * len(row), row, strict=True)
        text = _CELLS.join(_named(column, cell) for column, cell in named if cell)
        yield _passage(text, around, line, PassageKind.ROW)


def _named(column: str, cell: str) -> str:
    return f"{column} {cell}" if column.endswith(("?", ":")) else f"{column}: {cell}" if column else cell


def _passage(
    text: str, around: _Surroundings, block: SyntaxTreeNode, kind: PassageKind = PassageKind.SENTENCE
) -> Passage:
    return Passage(
        text=text,
        heading=around.heading,
        lead=around.lead,
        kind=PassageKind.ITEM if around.in_item and kind is PassageKind.SENTENCE else kind,
        number=0,
        lines=block.map or (0, 0),
    )


def _prose(block: SyntaxTreeNode) -> list[str]:
    """The lines of a paragraph. One that goes on in small letters is no new line."""
    lines: list[str] = []
    for line in _shown(block).split("\n"):
        if lines and line[:1].islower():
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def _shown(node: SyntaxTreeNode) -> str:
    """The words as customers read them, in lines."""
    return "\n".join(line for each in _written(node).split("\n") if (line := " ".join(each.split())))


def _written(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.children:
        return "".join(map(_written, node.children))
    return node.content
