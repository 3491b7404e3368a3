"""A line as its clauses, each as the classes of its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from helpdesk.handoff.wish import grammar
from helpdesk.handoff.wish.words import Token, tokens_of

MOST_WORDS = 60  # of a clause; a longer one has lost its full stops, and is taken in pieces
_SEAM = re.compile(
    r"[.!?;:\n…]+(?=\s|$)|[!?…\n]+|,(?!\s*(?:mit |with )?(?:der|die|das|dem|den|dass|who|whom|that)\b)|\s[–-]+\s"
    r"|\b(?:sondern|aber|but|weil|because|denn|trotzdem)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """`names` are the classes of the words, each followed by a space. `ends_with_comma`: more is to follow."""

    tokens: Sequence[Token]
    names: str
    ends_with_comma: bool


def clauses_of(text: str) -> Iterator[Clause]:
    """The clauses in order, each with at least one word."""
    start = 0
    for end, seam in [*((match.end(), match.group()) for match in _SEAM.finditer(text)), (len(text), "")]:
        for tokens in batched(tokens_of(text[start:end], start), MOST_WORDS):
            names = "".join(f"{token.name} " for token in tokens)
            yield Clause(tokens=tokens, names=names, ends_with_comma=seam == ",")
        start = end


def denies(clause: Clause) -> bool:
    """Whether it asks about people, tells a story of them, or says the opposite of a wish."""
    if grammar.DENYING.search(clause.names):
        return True
    return bool(grammar.NEGATED_PERSON.search(clause.names)) and not grammar.WHY_NOT.search(clause.names)
