"""A line as its clauses, each as the classes of its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from helpdesk.handoff.wish import patterns
from helpdesk.handoff.wish.words import Token, tokens_of

MAX_CLAUSE_WORDS = 60  # a longer one has lost its full stops, and is taken in pieces
MARKS = frozenset(",?!")  # that tell how a clause is meant
_SEAM = re.compile(
    r"[.!?;:\n…]+(?=\s|$)|[!?…\n]+|,(?!\s*(?:mit |with )?(?:der|die|das|dem|den|dass|who|whom|that)\b)|\s[–-]+\s"
    r"|\b(?:sondern|aber|but|weil|because|denn|trotzdem)\b|\b(?:und|and)(?=\s(?:ich|i|wir|we|bitte|please|will)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineClause:
    """`ending` is the mark that follows: "," or "?" or "!", else "$" as for a full stop."""

    tokens: Sequence[Token]
    ending: str

    @property
    def names(self) -> list[str]:
        """The classes of its words."""
        return [token.name for token in self.tokens]

    @property
    def is_denial(self) -> bool:
        """Whether it says that no person is wanted."""
        classes = self._classes
        return any(pattern.search(classes) for pattern in patterns.DENIALS) and not patterns.WHY_NOT.search(classes)

    @property
    def pattern_signs(self) -> Iterator[tuple[str, int, int]]:
        """The names of the signs that patterns find, each with its first word and the one after its last."""
        classes = self._classes
        for name, pattern in patterns.SIGNS.items():
            if found := pattern.search(classes):
                yield name, classes.count(" ", 0, found.start()), classes.count(" ", 0, found.end())

    @property
    def _classes(self) -> str:
        return "".join(f"{name} " for name in self.names)


def clauses_of(text: str) -> Iterator[LineClause]:
    """The clauses in order, each with at least one word."""
    text = patterns.EXCLAMATION.sub(lambda sigh: " " * len(sigh.group()), text)
    start = 0
    for end, seam in [*((match.end(), match.group()) for match in _SEAM.finditer(text)), (len(text), "")]:
        for tokens in batched(tokens_of(text[start:end], start), MAX_CLAUSE_WORDS):
            yield LineClause(tokens=tokens, ending=seam[0] if seam[:1] in MARKS else "$")
        start = end
