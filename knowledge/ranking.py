"""Which articles answer a question, and how sure that is. Pure arithmetic; every threshold stands here.

Why these steps and figures: docs/decisions/0005-finding-the-answer.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import Vectors
from knowledge.index import Snapshot
from knowledge.lexical import count_pieces
from knowledge.text import same_words

type Scores = NDArray[np.float32]

ANSWER_FROM = 0.5
"""Confidence from which the bot simply answers."""
CLARIFY_FROM = 0.2
"""Confidence from which the bot asks which of a few articles is meant; below it says that it doesn't know."""
MOST_CHOICES = 4
"""Articles offered at once when the bot has to ask."""

_MEANING_WIDTH = 0.05
_WORDS_WIDTH = 0.1
_MEANING_SHARE = 0.3
_HEAD_SHARE = 0.55
_WORDS_SHARE = 0.15
_FLOOR = 1e-4
_SAME_WORDS_CONFIDENCE = 0.97


class Outcome(StrEnum):
    """What the bot can do with what was found."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An article by its key, and the probability that it is the right one."""

    article: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best articles first."""

    outcome: Outcome
    candidates: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the confidence of the first place is read from."""

    share: float
    """The first article's share of the pooled probability."""
    margin: float
    """How far the second is behind, as a difference of log-shares."""
    meaning: float
    """Cosine of the question to the nearest phrasing, in e5's own space."""
    words: float
    """Cosine of the words to the nearest phrasing of the first article."""
    articles: int
    """How many articles there are to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """A logistic regression over `Signs`."""

    constant: float
    share: float
    margin: float
    meaning: float
    words: float
    articles: float


CALIBRATED = Coefficients(constant=-10.0, share=2.5, margin=0.35, meaning=8.5, words=2.0, articles=0.0)


def rank(snapshot: Snapshot, texts: list[str], vectors: Vectors, limit: int = 10) -> list[Ranking]:
    """A ranking for each text; `vectors` are their embeddings (all zeros: judged by words alone)."""
    if not snapshot.entries:
        return [Ranking(outcome=Outcome.NONE, candidates=()) for _ in texts]
    words = snapshot.lexical.compare(count_pieces(texts))
    shares = pool(snapshot, words, vectors)
    nearest_meaning = (vectors @ snapshot.vectors.T).max(axis=1)
    nearest_words = _best(words, snapshot.starts)
    return [
        _decide(snapshot, shares[row], float(nearest_meaning[row]), nearest_words[row], _same(snapshot, text), limit)
        for row, text in enumerate(texts)
    ]


def pool(snapshot: Snapshot, words: Scores, vectors: Vectors) -> Scores:
    """Each article's share of the probability, from words, meaning and head together; rows sum to 1.

    A weighted geometric mean: an article has to convince all three. Where one of them hasn't seen an article yet, the
    next best stands in for it, so that a new article is found at once.
    """
    by_words = _near(words, snapshot.starts, _WORDS_WIDTH)
    placed = snapshot.space.place(vectors)
    by_meaning = _stand_in(
        _near(placed @ snapshot.placed.T, snapshot.starts, _MEANING_WIDTH), by_words, snapshot.embedded
    )
    by_meaning[~vectors.any(axis=1)] = by_words[~vectors.any(axis=1)]
    by_head = _stand_in(_judge(snapshot, placed), by_meaning, snapshot.learnt >= 0)
    by_head[~vectors.any(axis=1)] = by_words[~vectors.any(axis=1)]
    logs = (
        _MEANING_SHARE * np.log(by_meaning + _FLOOR)
        + _HEAD_SHARE * np.log(by_head + _FLOOR)
        + _WORDS_SHARE * np.log(by_words + _FLOOR)
    )
    return _normalised(np.exp(logs - logs.max(axis=1, keepdims=True)))


def confidence(signs: Signs, coefficients: Coefficients = CALIBRATED) -> float:
    """The probability that the first place is right."""
    odds = (
        coefficients.constant
        + coefficients.share * signs.share
        + coefficients.margin * signs.margin
        + coefficients.meaning * signs.meaning
        + coefficients.words * signs.words
        + coefficients.articles * float(np.log(signs.articles))
    )
    return float(1 / (1 + np.exp(-odds)))


def _decide(
    snapshot: Snapshot, shares: Scores, meaning: float, words: Scores, same: tuple[int, ...], limit: int
) -> Ranking:
    order = np.argsort(-shares, kind="stable")
    if same:
        order = np.concatenate([[column for column in order if column in same], [c for c in order if c not in same]])
    first = int(order[0])
    sure = confidence(read_signs(shares, order, meaning, words))
    if len(same) == 1:
        sure = max(sure, _SAME_WORDS_CONFIDENCE)
    candidates = tuple(
        Ranked(article=snapshot.keys[column], confidence=_share_out(sure, shares, first, column))
        for column in order[:limit].tolist()
    )
    return Ranking(outcome=_outcome(candidates), candidates=candidates)


def read_signs(shares: Scores, order: NDArray[np.intp], meaning: float, words: Scores) -> Signs:
    """The signs of one question, given its articles in order."""
    first = shares[order[0]]
    second = shares[order[1]] if len(order) > 1 else _FLOOR
    return Signs(
        share=float(first),
        margin=float(np.clip(np.log(first + _FLOOR) - np.log(second + _FLOOR), 0, 5)),
        meaning=meaning,
        words=float(words[order[0]]),
        articles=len(shares),
    )


def _share_out(sure: float, shares: Scores, first: int, column: int) -> float:
    """The rest of the probability goes to the others by their shares, and none gets more than the first."""
    if column == first:
        return round(sure, 4)
    rest = max(float(1 - shares[first]), 1e-9)
    return round(min(sure, (1 - sure) * float(shares[column]) / rest), 4)


def _outcome(candidates: tuple[Ranked, ...]) -> Outcome:
    sure = candidates[0].confidence
    if sure >= ANSWER_FROM:
        return Outcome.ANSWER
    return Outcome.CLARIFY if sure >= CLARIFY_FROM else Outcome.NONE


def _same(snapshot: Snapshot, text: str) -> tuple[int, ...]:
    return snapshot.same.get(same_words(text), ())


def _best(scores: Scores, starts: NDArray[np.intp]) -> Scores:
    return cast(Scores, np.maximum.reduceat(scores, starts, axis=1))


def _near(scores: Scores, starts: NDArray[np.intp], width: float) -> Scores:
    """Every phrasing votes for its article, with a weight that falls off by e for each `width` of likeness lost."""
    votes = np.exp((scores - scores.max(axis=1, keepdims=True)) / width)
    return _normalised(np.add.reduceat(votes, starts, axis=1))


def _judge(snapshot: Snapshot, placed: Vectors) -> Scores:
    judged = np.zeros((len(placed), len(snapshot.keys)), np.float32)
    if snapshot.head is not None:
        known = snapshot.learnt >= 0
        judged[:, known] = np.exp(snapshot.head.judge(placed)[:, snapshot.learnt[known]])
    return judged


def _stand_in(judged: Scores, substitute: Scores, known: NDArray[np.bool_]) -> Scores:
    """`judged`, with the articles that aren't known there taken from `substitute`; the others share what is left."""
    if known.all():
        return _normalised(judged)
    filled = substitute.copy()
    left = substitute[:, known].sum(axis=1, keepdims=True)
    filled[:, known] = _normalised(judged[:, known]) * left
    return filled


def _normalised(shares: Scores) -> Scores:
    return cast(Scores, shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))
