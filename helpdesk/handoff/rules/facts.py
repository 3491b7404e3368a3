"""Details that contradict each other: two numbers or dates for what should have one."""

import re
from collections.abc import Sequence
from functools import lru_cache

from helpdesk.handoff.dialogue import DialogueLine

_NEAR = 12  # lines; what was said longer ago may be about something else
_LABELS = {
    "order": r"(?:bestell|auftrags|order)\w*",
    "invoice": r"(?:rechnung|invoice|bill)\w*",
    "customer": r"(?:kunden|customer)\w*",
}
_NUMBER = re.compile(
    "|".join(rf"(?P<{name}>\b{label}\W+(?:\w+\W+){{0,2}}?#?(?=\w*\d)[\w-]{{4,}})" for name, label in _LABELS.items()),
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?=\w*\d)[\w-]{4,}$")
_MONTH = r"(?:jan|feb|mär|march|apr|mai|may|juni?|june|juli?|july|aug|sep|okt|oct|nov|dez|dec)\w*|(?:\d{1,2}\.)"
_DATE = re.compile(rf"\b(?:\d{{1,2}}\.?\s?(?:{_MONTH})|(?:{_MONTH})\s\d{{1,2}}\b)", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:was|welche\w*|which|what)\b[^.!?]{0,30}\b(?:stimmt|richtig|gilt|korrekt|right|true|correct|valid)\b[^.!?]*\?",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:andere\w*|zweite\w*|auch|außerdem|other|another|second|also|both|beide\w*)\b", re.IGNORECASE)


def contradictions(lines: Sequence[DialogueLine]) -> frozenset[str]:
    """What has two values in the newest lines: "order", "date", …; "which" where the contact asks which one holds.

    A line that speaks of another one, or of both, contradicts nothing.
    """
    last = lines[-1]
    if _OTHER.search(last.text):
        return frozenset()
    mine = facts_of(last.text)
    found = {"which"} if _WHICH.search(last.text) else set()
    for line in lines[-_NEAR:-1]:
        theirs = facts_of(line.text)
        found |= {name for name in mine if name in theirs and not mine[name] & theirs[name]}
    return frozenset(found)


@lru_cache(maxsize=4096)
def facts_of(text: str) -> dict[str, frozenset[str]]:
    """The numbers and dates of a line, by what they are of."""
    found: dict[str, set[str]] = {}
    for match in _NUMBER.finditer(text):
        value = _VALUE.search(match.group())
        if match.lastgroup and value:
            found.setdefault(match.lastgroup, set()).add(value.group().lower())
    dates = {" ".join(match.group().lower().split()) for match in _DATE.finditer(text)}
    return {name: frozenset(values) for name, values in found.items()} | ({"date": frozenset(dates)} if dates else {})
