"""Tells the matter of a line from the wish for a person, or the insult, that stands beside it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from helpdesk.handoff.mood.features import STRONG
from helpdesk.handoff.mood.wording import read
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.wish.classifier import classifier
from helpdesk.handoff.wish.clauses import LineClause, clauses_of
from helpdesk.handoff.wish.words import Token

_JOINS = re.compile(r"^(?:[\s,;:.!?–—-]+|(?:und|and|aber|but|denn|weil|because|da|since|sondern)\b)+", re.IGNORECASE)
_LOOSE_ENDS = re.compile(r"(?:[\s,;:–—-]+|\b(?:und|and|aber|but|denn|also|so|weil|because))+$", re.IGNORECASE)
_RELATIVE = (
    r"sich|mir|mich|uns|mein\w*|das|es|weiß|hilft|helfen|kann|können|auch|nicht|wirklich|was|davon|dafür|da|hier|für|mit|"
    r"schon|noch|zuständig|die|der|ich|wir|man|jetzt|mal"
)
_PART = re.compile(rf"(?:[^,]|,(?!\s+(?:der|die|das|den|dem)\s+(?!(?:{_RELATIVE})\b)\w+\s+\w))+,?", re.IGNORECASE)
_STRETCH = re.compile(r"[^\s,;:!][^,;:!]*[,;:!]*")
_OF_THE_WISH = vocabulary.word_set(
    """
    klären kläre abklären besprechen bespreche bereden liebsten lieb reicht verlange problem problems thema thema: frage
    fragen anliegen discuss sort prefer rather matter issue question about contact kontakt schnell schnellstmöglich
    möglich possible urgent dringend heute today übrigens ansonsten menschlich menschliche menschlicher gerne statt
    stattdessen möglichkeit gibt there chance any ends mate bitte: kontaktieren erreichen reach put through
    """
)


@lru_cache(maxsize=4096)
def without_wish(sentence: str) -> str:
    """The stretch of a sentence beside the clauses that only ask for a person or insult; the whole without such.

    It is a slice of the sentence, empty where that is all that is said. A wish that says what it is about ("someone
    to help me with my invoice") stays.
    """
    sentence = _without_wishing_parts(_without_insults(sentence))
    clauses = tuple(clauses_of(sentence))
    telling = [clause for clause in clauses if not _only_wishes(clause)]
    if len(telling) == len(clauses):
        return sentence
    if not any(_left_words(clause.tokens) for clause in telling):
        return ""
    return _between(sentence, clauses, telling)


def _without_wishing_parts(sentence: str) -> str:
    """Without a first or last part that only wishes, where a comma parts main clauses: "…, die Schublade klemmt"."""
    parts = [(each.start(), each.end()) for each in _PART.finditer(sentence)]
    telling = [part for part in parts if not all(map(_only_wishes, clauses_of(sentence[slice(*part)])))]
    if len(telling) in {0, len(parts)}:
        return sentence
    kept = sentence[telling[0][0] : telling[-1][1]]
    return _LOOSE_ENDS.sub("", _JOINS.sub("", kept) if telling[0][0] else kept)


def _between(sentence: str, clauses: Sequence[LineClause], telling: Sequence[LineClause]) -> str:
    """From the first clause that tells something to the last, with the marks around them."""
    first, last = clauses.index(telling[0]), clauses.index(telling[-1])
    start = 0 if first == 0 else clauses[first - 1].tokens[-1].end
    end = len(sentence) if last == len(clauses) - 1 else clauses[last + 1].tokens[0].start
    kept = sentence[start:end]
    return _LOOSE_ENDS.sub("", _JOINS.sub("", kept) if start else kept)


def _only_wishes(clause: LineClause) -> bool:
    """Whether it asks for a person and says nothing of what for."""
    return not _left_words(clause.tokens) and (clause.is_denial or classifier().is_wish((clause,)))


def _without_insults(sentence: str) -> str:
    """From the first stretch between commas that insults nobody to the last; a sentence without insults is itself."""
    if not _insults(sentence):
        return sentence
    stretches = [(each.start(), each.end()) for each in _STRETCH.finditer(sentence)]
    polite = [(start, end) for start, end in stretches if not _insults(sentence[start:end])]
    return sentence[polite[0][0] : polite[-1][1]].strip(" ,;:") if polite else ""


def _insults(text: str) -> bool:
    found = read(text).counts
    return any(found[category] for category in STRONG)


def _left_words(tokens: Sequence[Token]) -> list[str]:
    """The words of content that no wish is made of."""
    known = vocabulary.FUNCTION_WORDS | vocabulary.COURTESY | vocabulary.PERSON_WISH | _OF_THE_WISH
    return [token.word for token in tokens if token.name == token.word and token.word not in known]
