"""Where a long answer is folded: its first sentences stand there, the rest waits behind "more". Pure."""

import re
from collections.abc import Iterator

SHORT = 320
"""Characters; an answer up to here is read at a glance and not folded."""
MAX_LEAD_LENGTH = 240
"""Characters; a first paragraph longer than this is folded at the end of a sentence."""
MIN_LEAD_LENGTH = 40
"""Characters; "Yes." alone would answer too little."""
MIN_REST_LENGTH = 80
"""Characters; less than this is not worth a click."""


def fold(answer: str) -> int | None:
    """How many characters of `answer` (Markdown) stand before the fold; `None` when it is short or in one piece.

    The fold is at the end of a paragraph or a sentence, never inside a list, a table, code, a link or an emphasis.
    """
    if len(answer) <= SHORT:
        return None
    lead = _end_of_lead(answer)
    if lead is None or len(answer) - lead < MIN_REST_LENGTH:
        return None
    return lead


def _end_of_lead(answer: str) -> int | None:
    """A heading, or a line that only announces what follows ("This is how:"), takes the next block along."""
    for start, end in _blocks(answer):
        block = answer[start:end]
        if _STRUCTURE.match(block):
            return end if start else None
        if len(block) > MAX_LEAD_LENGTH and (inside := _end_of_sentence(block)):
            return start + inside
        if not _HEADING.match(block) and not block.endswith(":") and end >= MIN_LEAD_LENGTH:
            return end
    return None


def _blocks(answer: str) -> Iterator[tuple[int, int]]:
    """Start and end of each block; a list or a table begins one without an empty line, and goes on over them."""
    start, end, structured, fenced, here = 0, 0, False, False, 0
    for line in answer.splitlines(keepends=True):
        begins, empty = bool(_STRUCTURE.match(line)), not line.strip()
        goes_on = fenced or (structured and (begins or line.startswith((" ", "\t"))))
        if end > start and not empty and not goes_on and (begins or _EMPTY_LINE.search(answer[end:here])):
            yield start, end
            start = here
        elif end <= start:
            start = here
        if not empty:
            structured, end = begins or goes_on, here + len(line.rstrip())
        fenced = fenced != bool(_FENCE.match(line))
        here += len(line)
    if end > start:
        yield start, end


def _end_of_sentence(paragraph: str) -> int | None:
    """The last end of a sentence that leaves the lead short enough."""
    ends = [match.end() for match in _END.finditer(paragraph) if _is_an_end(paragraph, match.end())]
    fitting = [end for end in ends if MIN_LEAD_LENGTH <= end <= MAX_LEAD_LENGTH]
    return fitting[-1] if fitting else next((end for end in ends if end >= MIN_LEAD_LENGTH), None)


def _is_an_end(paragraph: str, end: int) -> bool:
    before = paragraph[:end]
    balanced = all(before.count(a) == before.count(b) for a, b in ("[]", "()"))
    return (
        balanced and not any(before.count(mark) % 2 for mark in ("`", "**", "__")) and not _ABBREVIATED.search(before)
    )


_STRUCTURE = re.compile(r"[ \t]*(?:[-*+•]\s|\d+[.)]\s|\||```|~~~|>)|(?: {4}|\t)\S")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_END = re.compile(r"[.!?…]+[\"”“’»)*_]*(?=\s|$)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|ca|bzw|usw|inkl|zzgl|Nr|Tel|Str|St|evtl|ggf|max|min|e\.g|i\.e|approx|No)|"
    r"\b\d{1,2})\.$",
    re.IGNORECASE,
)
