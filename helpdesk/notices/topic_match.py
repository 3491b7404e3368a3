"""Whether a message is about what a notice concerns: by the article that answers it, its words, its meaning. Pure.

Nothing is embedded here: what the search made of the message is compared with what the notice's words were embedded to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpdesk.notices.notice_store import NoticeView
from knowledge.normalization import words
from knowledge.search.embedder import Vectors
from knowledge.search.pipeline import SearchResult
from knowledge.search.ranking import SearchOutcome

SURE = 0.35
"""Confidence of the best article from which its category counts, where the search asks back."""
NEAR = 0.9
"""Cosine by e5, whose cosines are all high, from which a message means one of a notice's words or sentences."""
NEAR_IN_CATEGORY = 0.83
"""The same where the nearest article is of its category, though nothing answers: disturbances are what no article says.

Both were set on `tests/data/notices`; `tests/integration/test_notice_topics.py` says how often they are right.
"""
MIN_PART = 5
"""Letters of a word from which it is found inside another: "Zahlung" in "Kartenzahlung"."""
MIN_BEGINNING = 4
"""The same at the beginning of another: "Login" in "Logins"."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchableNotice:
    """A notice that is told, with the e5 vectors of its words and sentences; shape (phrases, dimensions)."""

    view: NoticeView
    vectors: Vectors


def is_concerned(
    notice: MatchableNotice, text: str, found: SearchResult | None, categories: Mapping[str, str | None]
) -> bool:
    """Whether `text` is about what the notice concerns. `found` is the search's, `categories` are by article."""
    wanted = notice.view.notice
    if names_one(text, wanted.words):
        return True
    if found is None:
        return False
    best = next(iter(found.candidates), None)
    if best is None or categories.get(best.article) not in wanted.categories:
        return nearness(found.embedding, notice.vectors) >= NEAR
    is_sure = found.outcome is SearchOutcome.ANSWER or best.confidence >= SURE
    return is_sure or nearness(found.embedding, notice.vectors) >= NEAR_IN_CATEGORY


def names_one(text: str, wanted: Sequence[str]) -> bool:
    """Whether a text has all the words of one of `wanted`, in any form that begins like it or holds it."""
    spoken = set(words(text))
    return any(bool(parts) and all(_is_spoken(part, spoken) for part in parts) for parts in map(words, wanted))


def _is_spoken(part: str, spoken: Collection[str]) -> bool:
    if len(part) >= MIN_PART:
        return any(part in word for word in spoken)
    if len(part) >= MIN_BEGINNING:
        return any(word.startswith(part) for word in spoken)
    return part in spoken


def nearness(embedding: Vectors, rows: Vectors) -> float:
    """The cosine to the nearest row; 0 without any, and for a message that was not embedded."""
    if not len(rows):
        return 0.0
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(embedding)
    return float(np.max(rows @ embedding / np.maximum(lengths, np.float32(1e-9))))
