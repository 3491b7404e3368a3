"""Whether a message asks for something that is looked up: by its meaning, beside what the articles answer. Pure.

"Where is my order?" is asked of the shop's system, "how do I cancel my order?" of an article, though both are about an
order: the nearest example sentence decides. Values in the message say nothing of its meaning and are taken out before.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actions.lookups.field_values import find_values, without_values
from helpdesk.lookups.definition import LookupDefinition
from knowledge.search.embedder import Vectors, e5_alone
from knowledge.search.pipeline import SearchResult
from knowledge.search.ranking import SearchOutcome

SURE = 0.75
"""Cosine to the nearest example from which a message may be meant so."""
SURE_WITH_A_VALUE = 0.6
"""The same where it names an order number: then it hardly is about anything else."""
NEAR = 0.85
"""The same by e5 alone, whose cosines are all high: below it, no message is meant."""
ALIKE = 0.98
"""The same from which a message is one of the examples in other letters: then no article comes before it."""
MARGIN = 0.02
"""By so much may an article's phrasing be nearer: where both are near, it is one's own order that is asked about."""
ANSWERED = 0.8
"""Confidence of the search from which another article answers, however near an example is."""
NEAR_BY_ARTICLES = 0.1
"""Confidence from which an article of its speaks for a look-up, where an order number is named and nothing answers."""
LOOKED_INTO = 3
"""Articles of a search that are looked at for that."""
MAX_WORDS_BESIDE_A_VALUE = 2
"""Words beside a value that say nothing: "und 88318?", "nein, 88318"."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecognisableLookup:
    """A look-up that is on, with the vectors of its example sentences; shape (sentences, dimensions)."""

    definition: LookupDefinition
    vectors: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """A message as one look-up reads it: without its values, and whether it names one that is needed."""

    meaning: str
    has_value: bool


def read_for(definition: LookupDefinition, text: str) -> ReadMessage:
    """The message without the values of the look-up's fields."""
    found = find_values(definition.lookup.asked, text)
    needed = {one.name for one in definition.lookup.needed}
    return ReadMessage(meaning=without_values(text, found), has_value=bool(needed & found.keys()))


def is_bare_value(read: ReadMessage) -> bool:
    """Whether a message says hardly anything beside a value that is needed."""
    return read.has_value and len(_WORD.findall(read.meaning)) <= MAX_WORDS_BESIDE_A_VALUE


def is_meant(
    vector: Vectors, examples: Vectors, others: Iterable[NDArray[np.floating]], *, has_value: bool = False
) -> bool:
    """Whether a message (one vector) is nearer to the examples than to the phrasings of the articles found for it."""
    near = nearest(vector, examples)
    enough = SURE_WITH_A_VALUE if has_value else SURE
    return near >= enough and near >= max((nearest(vector, rows) for rows in others), default=0.0) - MARGIN


def is_about_a_value(lookup: RecognisableLookup, vector: Vectors, found: SearchResult) -> bool:
    """Whether a message that names an order number is meant so: no article answers it, and it is near enough.

    That is by its meaning, or as one of the articles in whose place the look-up is offered is among the likeliest.
    """
    if found.outcome is SearchOutcome.ANSWER:
        return False
    likely = {one.article for one in found.candidates[:LOOKED_INTO] if one.confidence >= NEAR_BY_ARTICLES}
    is_likely = not likely.isdisjoint(lookup.definition.lookup.articles)
    return is_likely or nearest(vector, lookup.vectors) >= SURE_WITH_A_VALUE


def is_near(embedding: Vectors, examples: Vectors) -> bool:
    """Whether a message can be meant, by e5 alone: `embedding` is what the search made of it."""
    return nearest(embedding, e5_alone(examples)) >= NEAR


def is_example(embedding: Vectors, examples: Vectors) -> bool:
    """Whether a message is one of the examples, but for capitals and signs; by e5 alone as `is_near`."""
    return nearest(embedding, e5_alone(examples)) >= ALIKE


def nearest(vector: Vectors, rows: NDArray[np.floating]) -> float:
    """The cosine to the nearest row; 0 without any."""
    if not len(rows):
        return 0.0
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
    return float(np.max(rows.astype(np.float32) @ vector / np.maximum(lengths, np.float32(1e-9))))


def takes_the_place(definition: LookupDefinition, found: SearchResult) -> bool:
    """Whether what the articles would answer, or ask back with, is an article in whose place the look-up is offered."""
    best = next(iter(found.candidates), None)
    return best is not None and found.outcome is not SearchOutcome.NONE and best.article in definition.lookup.articles


def is_answered(definition: LookupDefinition, found: SearchResult) -> bool:
    """Whether another article surely answers."""
    best = next(iter(found.candidates), None)
    is_sure = best is not None and found.outcome is SearchOutcome.ANSWER and best.confidence >= ANSWERED
    return is_sure and best is not None and best.article not in definition.lookup.articles
