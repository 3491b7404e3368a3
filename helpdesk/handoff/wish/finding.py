"""Finds the wish, clause by clause, and tells it from questions about people, from stories, and from its opposite."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from helpdesk.handoff.wish import grammar
from helpdesk.handoff.wish.clauses import Clause, clauses_of, denies
from helpdesk.handoff.wish.judging import signs_of, weights, words_of

ASK_PERSON = "ask_person"
"""The bot's name for the intent."""
LONGEST_QUOTE = 200
MOST_LETTERS = 4000  # of a line that are read; nobody hides a wish behind more


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the patterns say of a line: a wish, its opposite (`denied`), or nothing."""

    clauses: Sequence[Clause]
    wish: Wish | None
    denied: bool


_WISHES = (
    (WishKind.NO_BOT, grammar.NO_BOT),
    (WishKind.CALLBACK, grammar.CALLBACK),
    (WishKind.PERSON, grammar.PERSON),
)
_COMMAND = re.compile(
    r"^\s*/(?:mensch|person|human|agent|mitarbeiter|support|handoff|operator|rückruf|callback)\b", re.IGNORECASE
)
_CALLS = frozenset(
    {"CALLBACK", "PHONE", "anruf", "anrufen", "ruf", "ruft", "rufen", "telefonisch", "telefon", "call", "phone", "ring"}
)


def find_wish(
    text: str, language: str | None = None, *, intent: str | None = None, meaning: Sequence[float] | None = None
) -> Wish | None:
    """The wish for a person in a line of the contact, or none.

    The patterns of both languages are tried whatever `language` says: customers mix them. `meaning`, the unit vector of
    the line, lets the learnt judge add what no pattern knows and drop what only looks like a wish; `intent`, what the
    bot took the line for, decides where the words say neither yes nor no.
    """
    text = text[:MOST_LETTERS]
    if command := _COMMAND.match(text):
        return Wish(kind=WishKind.PERSON, text=command.group().strip())
    read = _read(text)
    if meaning and weights().can_read(meaning) and read.clauses and (read.wish is None or intent != ASK_PERSON):
        likely = weights().probability(signs_of(text, read.clauses), meaning)
        if read.wish:
            return read.wish if likely >= weights().vetoes else None
        if likely >= weights().adds and not read.denied:
            return _most_telling(read.clauses, text)
    if read.wish is None and intent == ASK_PERSON and not read.denied and text.strip():
        return Wish(kind=WishKind.PERSON, text=text.strip()[:LONGEST_QUOTE])
    return read.wish


@lru_cache(maxsize=4096)
def _read(text: str) -> _Read:
    denied = False
    clauses = tuple(clauses_of(text))
    for clause in clauses:
        if denies(clause):
            denied = True
        elif not _exclaims(clause, clauses) and (found := _wish_in(clause, text)):
            return _Read(clauses=clauses, wish=found, denied=denied)
    return _Read(clauses=clauses, wish=None, denied=denied)


def _exclaims(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """German "Mensch, …" and "Oh Mensch" call nobody."""
    found = grammar.EXCLAIMING.search(clause.names)
    if not found or "PLEASE PERSON" in clause.names:
        return False
    has_more = clause is not clauses[-1] and clause.ends_with_comma
    return has_more or not clause.names.strip().endswith("PERSON") or clause.names.startswith(("oh ", "ach ", "och "))


def _wish_in(clause: Clause, text: str) -> Wish | None:
    for kind, pattern in _WISHES:
        if found := pattern.search(clause.names):
            first = clause.names.count(" ", 0, found.start())
            last = max(first, clause.names.count(" ", 0, found.end()) - 1)
            return Wish(kind=kind, text=text[clause.tokens[first].start : clause.tokens[last].end])
    return None


def _most_telling(clauses: Sequence[Clause], text: str) -> Wish:
    """The clause whose words weigh most, since the judge only knows that the wish is somewhere in the line."""
    clause = max(clauses, key=lambda each: weights().sum_of(words_of(each)))
    names = frozenset(clause.names.split())
    kind = WishKind.CALLBACK if names & _CALLS else WishKind.NO_BOT if "BOT" in names else WishKind.PERSON
    return Wish(kind=kind, text=text[clause.tokens[0].start : clause.tokens[-1].end][:LONGEST_QUOTE])
