"""Finds the wish, clause by clause, and tells it from questions about people, from stories, and from its opposite."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import batched

from helpdesk.handoff.wish import grammar
from helpdesk.handoff.wish.words import Token, tokens_of

ASK_PERSON = "ask_person"
"""The bot's name for the intent."""
LONGEST_QUOTE = 200
MOST_LETTERS = 4000  # of a line that are read; nobody hides a wish behind more
MOST_WORDS = 60  # of a clause; a longer one has lost its full stops, and is taken in pieces


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
class _Clause:
    """`names` are the classes of the words, each followed by a space. `ends_with_comma`: more is to follow."""

    tokens: Sequence[Token]
    names: str
    ends_with_comma: bool


_WISHES = (
    (WishKind.NO_BOT, grammar.NO_BOT),
    (WishKind.CALLBACK, grammar.CALLBACK),
    (WishKind.PERSON, grammar.PERSON),
)
_COMMAND = re.compile(
    r"^\s*/(?:mensch|person|human|agent|mitarbeiter|support|handoff|operator|rückruf|callback)\b", re.IGNORECASE
)
_SEAM = re.compile(
    r"[.!?;:\n…]+(?=\s|$)|[!?…\n]+|,(?!\s*(?:mit |with )?(?:der|die|das|dem|den|dass|who|whom|that)\b)|\s[–-]+\s"
    r"|\b(?:sondern|aber|but|weil|because|denn|trotzdem)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def find_wish(text: str, language: str | None = None, *, intent: str | None = None) -> Wish | None:
    """The wish for a person in a line of the contact, or none.

    The patterns of both languages are tried whatever `language` says: customers mix them. `intent`, what the bot took
    the line for, decides where the words say neither yes nor no.
    """
    text = text[:MOST_LETTERS]
    if command := _COMMAND.match(text):
        return Wish(kind=WishKind.PERSON, text=command.group().strip())
    denied = False
    clauses = list(_clauses(text))
    for clause in clauses:
        if _denies(clause):
            denied = True
        elif not _exclaims(clause, clauses) and (found := _wish_in(clause, text)):
            return found
    if intent == ASK_PERSON and not denied and text.strip():
        return Wish(kind=WishKind.PERSON, text=text.strip()[:LONGEST_QUOTE])
    return None


def _clauses(text: str) -> Iterator[_Clause]:
    start = 0
    for end, seam in [*((match.end(), match.group()) for match in _SEAM.finditer(text)), (len(text), "")]:
        for tokens in batched(tokens_of(text[start:end], start), MOST_WORDS):
            names = "".join(f"{token.name} " for token in tokens)
            yield _Clause(tokens=tokens, names=names, ends_with_comma=seam == ",")
        start = end


def _denies(clause: _Clause) -> bool:
    if grammar.DENYING.search(clause.names):
        return True
    return bool(grammar.NEGATED_PERSON.search(clause.names)) and not grammar.WHY_NOT.search(clause.names)


def _exclaims(clause: _Clause, clauses: Sequence[_Clause]) -> bool:
    """German "Mensch, …" and "Oh Mensch" call nobody."""
    found = grammar.EXCLAIMING.search(clause.names)
    if not found or "PLEASE PERSON" in clause.names:
        return False
    has_more = clause is not clauses[-1] and clause.ends_with_comma
    return has_more or not clause.names.strip().endswith("PERSON") or clause.names.startswith(("oh ", "ach ", "och "))


def _wish_in(clause: _Clause, text: str) -> Wish | None:
    for kind, pattern in _WISHES:
        if found := pattern.search(clause.names):
            first = clause.names.count(" ", 0, found.start())
            last = max(first, clause.names.count(" ", 0, found.end()) - 1)
            return Wish(kind=kind, text=text[clause.tokens[first].start : clause.tokens[last].end])
    return None
