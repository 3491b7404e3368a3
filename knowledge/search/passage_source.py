"""A passage as Markdown again: as its article writes it, so that links and bold words stay, else as plain words."""

import re
from textwrap import dedent

from knowledge.search.passages import Passage, PassageKind, split_passages
from knowledge.sentence_ends import split_sentences

_MARKER = re.compile(r"[ \t]*(?:[-*+•]|\d+[.)])\s+")
_SIGNS = re.compile(r"[\\`*_\[\]<>#|~]")
_LIST_BEGIN = re.compile(r"(\d+)([.)])(?=\s)|([-+])(?=\s)")
_LEFT_OUT = "…"
_LEADS_ON = re.compile(r"^ {0,3}#{1,6}\s|^\s*(\*\*|__).+\1\s*$|:\s*$")
"""A heading, a line in bold, or one that announces what follows: without it they would stand above something else."""
_MAX_LEAD = 120
"""Characters of a line that announces a list and is said before an item of it."""


def passage_markdown(passage: Passage, answer: str) -> str:
    """The passage of `answer`; an item behind the line that announces its list ("These cannot be returned:")."""
    said = _as_written(passage, answer) or escape_markdown(passage.text)
    return f"{escape_markdown(passage.lead)} {said}" if _is_announced(passage) else said


def passage_words(passage: Passage) -> str:
    """The same as customers read it."""
    return f"{passage.lead} {passage.text}" if _is_announced(passage) else passage.text


def without_passage(passage: Passage, answer: str) -> str | None:
    """`answer` as it is read below the passage: once is enough. None where it can't be taken out, as a table's row.

    "…" stands in its place where something goes on from it: its paragraph, its list, or the heading above it.
    """
    first, last = passage.lines
    lines = answer.splitlines()
    left = _block_without("\n".join(lines[first:last]), _as_written(passage, answer))
    if left is None:
        return None
    above = next((line for line in reversed(lines[:first]) if line.strip()), "")
    if left.strip() == _LEFT_OUT and not _LEADS_ON.search(above):
        parts = ("\n".join(lines[:first]).rstrip(), "\n".join(lines[last:]).strip("\n"))
        return "\n\n".join(part for part in parts if part)
    return "\n".join((*lines[:first], left, *lines[last:])).strip("\n")


def _block_without(block: str, written: str | None) -> str | None:
    if written is None:
        return None
    found = re.search(r"\s+".join(map(re.escape, written.split())), block)
    return block[: found.start()] + _LEFT_OUT + block[found.end() :] if found else None


def _is_announced(passage: Passage) -> bool:
    return passage.kind is PassageKind.ITEM and passage.lead.endswith(":") and len(passage.lead) <= _MAX_LEAD


def is_step(passage: Passage, answer: str) -> bool:
    """Whether it stands in a numbered list: a step says little without the ones before it."""
    return bool(re.match(r"\s*\d+[.)]\s", "".join(answer.splitlines()[passage.lines[0] :][:1])))


def escape_markdown(text: str) -> str:
    """Plain words that mean nothing else in Markdown."""
    safe = _SIGNS.sub(r"\\\g<0>", text)
    begin = _LIST_BEGIN.match(safe)
    if begin is None:
        return safe
    return f"{begin[1]}\\{safe[begin.end(1) :]}" if begin[1] else f"\\{safe}"


def _as_written(passage: Passage, answer: str) -> str | None:
    """The stretch of the source that reads as the passage does; None where there is no such stretch, as for a row."""
    if passage.kind is PassageKind.ROW:
        return None
    first, last = passage.lines
    block = _MARKER.sub("", dedent("\n".join(answer.splitlines()[first:last])), count=1)
    joined = " ".join(block.split())
    candidates = (joined, *split_sentences(joined))
    return next((one for one in candidates if _read(one) == " ".join(passage.text.split())), None)


def _read(markdown: str) -> str:
    return " ".join(" ".join(one.text for one in split_passages(markdown)).split())
