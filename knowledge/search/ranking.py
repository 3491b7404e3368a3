"""Which articles answer a question, and how sure that is. Pure arithmetic; every threshold stands here.

Why these steps and figures: docs/decisions/0005-finding-the-answer.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.normalization import same_words
from knowledge.search.calibration import CLEAR, ConfidenceSigns, TextSigns, chance_of_choices
from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot
from knowledge.search.lexical import count_pieces
from knowledge.search.text_index import count_asked
from knowledge.search.vector_space import place_background

type Scores = NDArray[np.float32]

ANSWER_FROM = 0.55
"""Confidence from which the bot simply answers."""
ANSWER_FROM_TEXT = 0.62
"""The same where only the text tells what articles are about: there an answer is the first wrong sooner."""
CLARIFY_FROM = 0.35
"""Confidence from which the bot asks which of a few articles is meant; below it says that it doesn't know."""
OFFER_FROM_TEXT = 0.34
"""The probability that the right article is among the first three from which they are offered where only the text tells
what articles are about: there it is among them much more often than it is the first."""
_CHOICES = 3
"""Of so many articles fewer are looked at: that the right one is among all there are says nothing."""

_MEANING_WIDTH = 0.05
_WORDS_WIDTH = 0.1
_MEANING_SHARE = 0.35
_HEAD_SHARE = 1.0
_WORDS_SHARE = 0.2
_HEAD_BESIDE_TEXT = 1.0
"""What the head's share loses, by the square of the texts' weight: it has learnt from the passages that vote, too."""
_TEXT_SHARE = 3.0
"""Of the texts where there are no phrasings; it falls with their weight beside them."""
_TEXT_ALONE = 1.0
"""What the texts' share gains, by the square of their weight."""
_COVERAGE_SHARE = 1.5
"""Of the words of the text, beside its meaning."""
_LITTLE_COVERAGE = 0.1
"""Of the text that has most of a question: what its words tell counts half then."""
_COVERAGE_WIDTH = 0.05
_FLOOR = 1e-4
_FLOOR_BESIDE_TEXT = 0.04
"""More, by the square of the texts' weight: no judge of the text alone is to rule out what others are sure of."""
_PLAIN_SHARE = 2.0
"""Of the plain cosine where there are no phrasings; it falls with the square of the texts' weight."""
_COMPARED_PLAINLY = 8
_MIN_SPREAD = 1e-3
_SAME_WORDS_CONFIDENCE = 0.97


class SearchOutcome(StrEnum):
    """What the bot can do with what was found."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedArticle:
    """An article by its key, and the probability that it is the right one."""

    article: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best articles first."""

    outcome: SearchOutcome
    candidates: tuple[RankedArticle, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreTable:
    """What is known of each question (rows) and article (columns)."""

    shares: Scores
    """The pooled probability; rows sum to 1."""
    nearness: Scores
    head: Scores
    """What the head says; that a message belongs to the background speaks against every article it knows."""
    text_nearness: Scores
    """Cosine to the nearest passage."""
    background_nearness: Scores
    """Cosine to the nearest sentence of the background; one a question."""


def rank(snapshot: Snapshot, texts: list[str], vectors: Vectors, limit: int = 10) -> list[Ranking]:
    """A ranking for each text; `vectors` are their embeddings (all zeros: judged by words alone)."""
    if not snapshot.entries:
        return [Ranking(outcome=SearchOutcome.NONE, candidates=()) for _ in texts]
    judgement = judge(snapshot, snapshot.lexical.compare(count_pieces(texts)), cover(snapshot, texts), vectors)
    return [_decide(snapshot, judgement, row, _same(snapshot, text), limit) for row, text in enumerate(texts)]


def cover(snapshot: Snapshot, texts: Sequence[str]) -> Scores:
    """How much of each text's rare words each article has in its answers, from 0 to 1."""
    if not snapshot.text_weights.any():
        return np.zeros((len(texts), len(snapshot.keys)), np.float32)
    return _best(snapshot.text_index.cover(count_asked(texts)), snapshot.text_starts)


def judge(snapshot: Snapshot, words: Scores, coverage: Scores, vectors: Vectors) -> ScoreTable:
    """Words, meaning and head taken together; `words` are the lexical likenesses to each phrasing.

    A weighted product: an article has to convince all judges. Phrasings and texts share what words and meaning count,
    by how many phrasings the articles have. Where a judge hasn't seen an article yet, the next best stands in for it,
    so that a new article is found at once.
    """
    blind = ~vectors.any(axis=1)
    placed = snapshot.space.place(vectors)
    meaning, nearness = _compare(snapshot, placed)
    by_words = _vote(words, snapshot.starts, _WORDS_WIDTH)
    by_meaning = _stand_in(_vote(meaning, snapshot.starts, _MEANING_WIDTH), by_words, snapshot.embedded)
    by_meaning[blind] = by_words[blind]
    by_text, text_nearness = _read_texts(snapshot, placed, coverage)
    by_both = _normalised((1 - snapshot.text_weights) * by_meaning + snapshot.text_weights * by_text)
    asked, foreign = _ask_head(snapshot, placed)
    by_head = _stand_in(asked, by_both, snapshot.learnt >= 0)
    by_head[blind] = by_both[blind]
    phrasings = _MEANING_SHARE * np.log(by_meaning + _FLOOR) + _WORDS_SHARE * np.log(by_words + _FLOOR)
    weight = float(snapshot.text_weights.mean())
    floor = _FLOOR + weight**2 * _FLOOR_BESIDE_TEXT
    text = np.log(by_text + floor) + _COVERAGE_SHARE * _beside_best(coverage)
    head = (_HEAD_SHARE - weight**2 * _HEAD_BESIDE_TEXT) * np.log(by_head + floor)
    logs = head + (1 - weight) * phrasings + weight * (_TEXT_SHARE + weight**2 * _TEXT_ALONE) * text
    seen = snapshot.embedded & ~blind[:, None]
    return ScoreTable(
        shares=_compare_plainly(snapshot, vectors, _normalised(np.exp(logs - logs.max(axis=1, keepdims=True))), weight),
        nearness=np.where(seen, _best(nearness, snapshot.starts), _best(words, snapshot.starts)),
        head=by_head * (1 - np.outer(foreign * ~blind, snapshot.learnt >= 0)),
        text_nearness=text_nearness,
        background_nearness=_background_nearness(snapshot, placed),
    )


def _compare_plainly(snapshot: Snapshot, vectors: Vectors, shares: Scores, weight: float) -> Scores:
    """The best few of each row weighed once more, by the cosine of the models as they are, as a standard score.

    Evening the space out loses some of what they know where only a few dozen passages tell how.
    """
    if not weight or len(snapshot.keys) < 2:
        return shares
    weighed = shares.copy()
    for row, order in enumerate(np.argsort(-shares, axis=1, kind="stable")[:, :_COMPARED_PLAINLY]):
        columns = order[snapshot.has_passages[order]]
        if len(columns) > 1:
            plain = np.array([_plain_likeness(snapshot, column, vectors[row]) for column in columns.tolist()])
            score = (plain - plain.mean()) / max(float(plain.std()), _MIN_SPREAD)
            weighed[row, columns] = (shares[row, columns] + _FLOOR) * np.exp(_PLAIN_SHARE * weight**2 * score)
    return _normalised(weighed)


def _plain_likeness(snapshot: Snapshot, column: int, vector: Vectors) -> float:
    """Product of a question's vector with that of the nearest passage, as the embedder made them."""
    return float((snapshot.entries[column].text.vectors.astype(np.float32) @ vector).max())


def _background_nearness(snapshot: Snapshot, placed: Vectors) -> Scores:
    if not snapshot.text_weights.any():
        return np.zeros(len(placed), np.float32)
    return cast(Scores, (placed @ place_background(snapshot.space).T).max(axis=1, initial=0))


def _read_texts(snapshot: Snapshot, placed: Vectors, coverage: Scores) -> tuple[Scores, Scores]:
    """What the passages say by meaning, or, until they are embedded, the texts by their words; and how near they are.

    Nothing is read where the phrasings decide.
    """
    shape = (len(placed), len(snapshot.keys))
    if not snapshot.text_weights.any():
        return np.full(shape, 1 / shape[1], np.float32), np.zeros(shape, np.float32)
    by_words = np.exp((coverage - coverage.max(axis=1, keepdims=True)) / _COVERAGE_WIDTH)
    by_words = _normalised(by_words)
    if not len(snapshot.passage_owners):
        return by_words, np.zeros(shape, np.float32)
    likeness = placed @ snapshot.placed_passages.T
    votes = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / _MEANING_WIDTH)
    starts = np.flatnonzero(np.diff(snapshot.passage_owners, prepend=-1))
    owners = snapshot.passage_owners[starts]
    by_meaning, nearness = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    by_meaning[:, owners] = np.add.reduceat(votes, starts, axis=1)
    nearness[:, owners] = _best(likeness, starts)
    by_text = _stand_in(_normalised(by_meaning), by_words, snapshot.has_passages)
    blind = ~placed.any(axis=1)
    by_text[blind] = by_words[blind]
    return by_text, nearness


def _beside_best(coverage: Scores) -> Scores:
    """Of a question's words that some text has, not of all: words that none has tell no articles apart."""
    return cast(Scores, coverage / (_LITTLE_COVERAGE + coverage.max(axis=1, keepdims=True)))


def read_signs(snapshot: Snapshot, judgement: ScoreTable, row: int, order: NDArray[np.intp]) -> ConfidenceSigns:
    """The signs of one question, given the articles from best to worst."""
    shares = judgement.shares[row]
    first = order[0]
    second = float(shares[order[1]]) if len(order) > 1 else 0.0
    return ConfidenceSigns(
        margin=min(math.log((float(shares[first]) + _FLOOR) / (second + _FLOOR)), CLEAR),
        nearness=float(judgement.nearness[row, first]),
        head=float(judgement.head[row, first]),
        text=float(snapshot.text_weights[first]),
        text_of_first=_text_signs(snapshot, judgement, row, order[:1]),
        text_of_choices=_text_signs(snapshot, judgement, row, order[: max(1, min(_CHOICES, len(order) - 1))]),
    )


def _text_signs(snapshot: Snapshot, judgement: ScoreTable, row: int, some: NDArray[np.intp]) -> TextSigns:
    nearest = float(judgement.text_nearness[row, some].max())
    return TextSigns(
        share=float(judgement.shares[row, some].sum()),
        nearness=snapshot.calibration.beyond_chance(nearest),
        background=float(judgement.background_nearness[row])
        if nearest > 0
        else 0.0,  # until there is what to weigh it with
        fewness=1 / len(snapshot.keys),
    )


def _decide(snapshot: Snapshot, judgement: ScoreTable, row: int, same: tuple[int, ...], limit: int) -> Ranking:
    shares = judgement.shares[row]
    order = np.argsort(-shares, kind="stable")
    if same:
        order = order[np.argsort(~np.isin(order, same), kind="stable")]
    signs = read_signs(snapshot, judgement, row, order)
    sure = snapshot.calibration.confidence(signs)
    if len(same) == 1:
        sure = max(sure, _SAME_WORDS_CONFIDENCE)
    first = int(order[0])
    candidates = tuple(
        RankedArticle(article=snapshot.keys[column], confidence=_share_out(sure, shares, first, column))
        for column in order[:limit].tolist()
    )
    return Ranking(outcome=_outcome(candidates[0].confidence, signs), candidates=candidates)


def _share_out(sure: float, shares: Scores, first: int, column: int) -> float:
    """The rest of the probability goes to the others by their shares, and none gets more than the first."""
    if column == first:
        return round(sure, 4)
    rest = max(float(1 - shares[first]), 1e-9)
    return round(min(sure, (1 - sure) * float(shares[column]) / rest), 4)


def _outcome(sure: float, signs: ConfidenceSigns) -> SearchOutcome:
    by_text = signs.text_alone
    if sure >= (1 - by_text) * ANSWER_FROM + by_text * ANSWER_FROM_TEXT:
        return SearchOutcome.ANSWER
    by_first, by_choices = sure - CLARIFY_FROM, chance_of_choices(signs) - OFFER_FROM_TEXT
    is_worth_offering = (1 - by_text) * by_first + by_text * by_choices >= 0
    return SearchOutcome.CLARIFY if is_worth_offering else SearchOutcome.NONE


def _same(snapshot: Snapshot, text: str) -> tuple[int, ...]:
    return snapshot.same.get(same_words(text), ())


def _compare(snapshot: Snapshot, placed: Vectors) -> tuple[Scores, Scores]:
    """The cosines to each phrasing: of all that both have, and of what all languages share.

    The second is as high for a German question as for an English one, so that one confidence does for both.
    """
    shared = snapshot.space.shared
    together = placed[:, :shared] @ snapshot.placed[:, :shared].T
    lengths = np.linalg.norm(placed[:, :shared], axis=1, keepdims=True)
    near = together / np.maximum(lengths, 1e-6) / np.maximum(snapshot.shared_lengths, 1e-6)
    return cast(Scores, together + placed[:, shared:] @ snapshot.placed[:, shared:].T), cast(Scores, near)


def _best(scores: Scores, starts: NDArray[np.intp]) -> Scores:
    return cast(Scores, np.maximum.reduceat(scores, starts, axis=1))


def _vote(scores: Scores, starts: NDArray[np.intp], width: float) -> Scores:
    """Every phrasing votes for its article, with a weight that falls off by e for each `width` of likeness lost."""
    votes = np.exp((scores - scores.max(axis=1, keepdims=True)) / width)
    return _normalised(np.add.reduceat(votes, starts, axis=1))


def _ask_head(snapshot: Snapshot, placed: Vectors) -> tuple[Scores, Scores]:
    """The probability of each article, and that of the background."""
    judged = np.zeros((len(placed), len(snapshot.keys)), np.float32)
    if snapshot.head is None:
        return judged, np.zeros(len(placed), np.float32)
    shares = np.exp(snapshot.head.judge(placed))
    known = snapshot.learnt >= 0
    judged[:, known] = shares[:, snapshot.learnt[known]]
    return judged, shares[:, len(snapshot.head.keys) :].sum(axis=1)


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
