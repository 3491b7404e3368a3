"""What stands in braces in a canned reply, and what becomes of it. Pure.

A variable without a value becomes a gap, ⟨name⟩, which nobody can send by mistake: the desk refuses an answer that
has one. Nobody types these brackets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from store.errors import Invalid

VARIABLES = frozenset({"name", "first_name", "agent", "company", "number"})
"""The customer's name and its first word, the agent's name, the company's, the number that the customer gave last."""

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_GAP = re.compile(r"⟨[^⟨⟩\n]{1,40}⟩")


class GapLeft(Invalid):
    """An answer that still has something to be filled in."""

    code = "reply_gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledText:
    """A text with its values; `gaps` are the variables that have none, in their order."""

    text: str
    gaps: tuple[str, ...] = ()


def variables_in(text: str) -> frozenset[str]:
    """The names that stand in braces."""
    return frozenset(_VARIABLE.findall(text))


def fill_text(text: str, values: Mapping[str, str], names: Mapping[str, str]) -> FilledText:
    """The text for one conversation. `names` is what a gap is called, in the agent's language, by variable."""
    gaps = [name for name in dict.fromkeys(_VARIABLE.findall(text)) if not values.get(name)]
    filled = _VARIABLE.sub(lambda found: values.get(found[1]) or f"⟨{names.get(found[1], found[1])}⟩", text)
    return FilledText(text=filled, gaps=tuple(gaps))


def put_variables(text: str, values: Mapping[str, str]) -> str:
    """The other way round: an answer that was written for somebody, with variables where their values stand.

    A value of one or two characters is left alone: it stands in too many words. Longer values go first.
    """
    told = sorted(((value, name) for name, value in values.items() if len(value) > 2), key=lambda one: -len(one[0]))
    for value, name in told:
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"{{{name}}}", text)
    return text


def refuse_gaps(text: str) -> None:
    """Raises `GapLeft` when something in the text is still to be filled in."""
    if found := _GAP.search(text):
        raise GapLeft("Something is still to be filled in.", gap=found[0])
