"""Finds the wish: whether the line is one, and which of its words say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from helpdesk.handoff.wish.classifier import classifier
from helpdesk.handoff.wish.clauses import LineClause, clauses_of
from helpdesk.handoff.wish.denial import MAX_LETTERS, without_denials
from helpdesk.handoff.wish.patterns import COMMAND

ASK_PERSON = "ask_person"
"""The bot's name for the intent."""
ABOUT_HOURS = frozenset({"opening_hours", "presence"})
"""Intents that the bot answers with when somebody is there: a wish beside them has to be said in words."""
MAX_QUOTE_LETTERS = 200
MANY_CLAUSES = 5
FEW_WORDS = 3  # before or after the wish that are quoted with it rather than cut off from their clause


class WishKind(StrEnum):
    """How a person is asked for."""

    PERSON = "person"
    CALLBACK = "callback"
    NO_BOT = "no_bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`text` are the exact words of the line that say it."""

    kind: WishKind
    text: str


_CALLS = frozenset({"CALLBACK", "PHONE", "CALL", "RING"})


def find_wish(
    text: str, language: str | None = None, *, intent: str | None = None, meaning: Sequence[float] | None = None
) -> Wish | None:
    """The wish for a person in a line of the contact, or none.

    Both languages are looked for whatever `language` says: customers mix them. `meaning`, the unit vector of the line,
    lets the classifier judge by more than the words; `intent`, what the bot took the line for, decides where it finds
    none. Nobody who says no to a person is given one.
    """
    said, text = text[:MAX_LETTERS], without_denials(text[:MAX_LETTERS])
    denied = said != text
    meaning = None if intent in ABOUT_HOURS else meaning
    if command := COMMAND.match(text):
        return Wish(kind=WishKind.PERSON, text=command.group().strip())
    clauses = _clauses(text)
    willing = [clause for clause in clauses if not clause.is_denial]
    if willing and (_is_wish(clauses, meaning) or _is_said_beside_a_matter(clauses, willing)):
        return _most_telling(willing, text)
    if intent == ASK_PERSON and text.strip() and willing == list(clauses) and not denied:
        return Wish(kind=WishKind.PERSON, text=text.strip()[:MAX_QUOTE_LETTERS])
    return None


def _is_wish(clauses: Sequence[LineClause], meaning: Sequence[float] | None) -> bool:
    """Whether the whole line is one; of many clauses, two side by side have to say it.

    Each clause adds its little signs, a courtesy or an "ich", and a long polite story comes to enough of them.
    """
    is_placed = len(clauses) < MANY_CLAUSES or any(classifier().is_wish(pair) for pair in pairwise(clauses))
    return is_placed and classifier().is_wish(clauses, meaning)


def _is_said_beside_a_matter(clauses: Sequence[LineClause], willing: Sequence[LineClause]) -> bool:
    """Whether the words of one clause of several are a wish: the meaning of the line is that of its matter, too."""
    return len(clauses) > 1 and any(classifier().is_wish((clause,)) for clause in willing)


@lru_cache(maxsize=4096)
def _clauses(text: str) -> Sequence[LineClause]:
    return tuple(clauses_of(text))


def _most_telling(clauses: Sequence[LineClause], text: str) -> Wish:
    """The words that weigh most, since the classifier only knows that the wish is somewhere in the line."""
    (_, first, end), clause = max(
        ((classifier().words.evidence(each), each) for each in clauses), key=lambda pair: pair[0]
    )
    first = 0 if first <= FEW_WORDS else first
    end = len(clause.tokens) if len(clause.tokens) - end <= FEW_WORDS else end
    quoted = clause.tokens[first:end]
    names = {token.name for token in quoted}
    kind = WishKind.CALLBACK if names & _CALLS else WishKind.NO_BOT if "BOT" in names else WishKind.PERSON
    return Wish(kind=kind, text=text[quoted[0].start : quoted[-1].end][:MAX_QUOTE_LETTERS])
