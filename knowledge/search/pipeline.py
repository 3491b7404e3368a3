"""One search: language, embedding, candidates, ranking. A plain function of a snapshot; run it in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge.search.embedder import (
    DIMENSIONS,
    E5_DIMENSIONS,
    SHARED_DIMENSIONS,
    USE_LANGUAGES,
    Embedder,
    Vectors,
    e5_alone,
)
from knowledge.search.index import Snapshot
from knowledge.search.language import detect
from knowledge.search.lexical import count_pieces
from knowledge.search.ranking import Ranking, SearchOutcome, rank
from knowledge.search.spelling import restore_umlauts
from knowledge.search.vector_space import VectorSpace

log = structlog.get_logger()

_DEFAULT_LANGUAGE = "de"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCandidate:
    """An article that may answer, by its question in the asker's language (or one that the article has)."""

    article: str
    confidence: float
    question: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchResult:
    """What is known about a message before the bot sees it. `language` is `None` when it could be any.

    `embedding` is e5's alone, which the bot is trained on.
    """

    language: str | None
    outcome: SearchOutcome
    candidates: tuple[SearchCandidate, ...]
    embedding: NDArray[np.float32]
    ms: float


def search_in(
    snapshot: Snapshot,
    embedder: Embedder,
    asked: Sequence[tuple[str, str | None]],
    *,
    certain: bool = False,
    written: str | None = None,
    limit: int = 10,
) -> list[SearchResult]:
    """What `snapshot` has for each text. Its language is the conversation's, or, when `certain`, the text's own.

    `written` is the language of the texts where it is another than those of the articles.
    """
    started = perf_counter()
    texts = [text for text, _ in asked]
    languages = [spoken if certain and spoken else detect(text, spoken).language for text, spoken in asked]
    vectors = embed_or_go_without(embedder, [restore_umlauts(text, snapshot.umlauts) for text in texts])
    if written:
        vectors = without_models_that_cannot_read(vectors, written, snapshot.space)
    rankings = rank_near(snapshot, texts, vectors, limit)
    ms = (perf_counter() - started) * 1000 / max(len(texts), 1)
    return [
        _found(snapshot, ranking, vector, language, spoken, ms)
        for ranking, vector, language, (_, spoken) in zip(rankings, vectors, languages, asked, strict=True)
    ]


def without_models_that_cannot_read(vectors: Vectors, written: str, space: VectorSpace) -> Vectors:
    """The embeddings as far as they come from models that know the language `written`; e5 knows them all.

    What a model says of a language that it hasn't learnt is noise, and as loud as the others: the middle of all texts
    stands in its place, which says nothing.
    """
    read = vectors.copy()
    read[:, SHARED_DIMENSIONS:] = 0
    if written not in USE_LANGUAGES:
        read[:, E5_DIMENSIONS:SHARED_DIMENSIONS] = space.centre[E5_DIMENSIONS:SHARED_DIMENSIONS]
    return read


def rank_near(snapshot: Snapshot, texts: list[str], vectors: Vectors, limit: int = 10) -> list[Ranking]:
    """A ranking for each text: among all articles, or, where there are very many, among its own candidates."""
    if snapshot.finder is None:
        return rank(snapshot, texts, vectors, limit)
    return [
        rank(snapshot.near(count_pieces([text]), vector), [text], vector[None], limit)[0]
        for text, vector in zip(texts, vectors, strict=True)
    ]


def embed_or_go_without(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """The embeddings; zeros, with which words alone are searched, when the embedder fails."""
    try:
        return embedder.embed_queries(texts)
    except Exception:
        log.exception("knowledge.embedder_failed", texts=len(texts))
        return np.zeros((len(texts), DIMENSIONS), np.float32)


def _found(
    snapshot: Snapshot, ranking: Ranking, vector: Vectors, language: str | None, spoken: str | None, ms: float
) -> SearchResult:
    shown_in = language or spoken or _DEFAULT_LANGUAGE
    candidates = tuple(
        SearchCandidate(
            article=ranked.article,
            confidence=ranked.confidence,
            question=snapshot.by_key[ranked.article].content.in_language(shown_in)[1].question,
        )
        for ranked in ranking.candidates
    )
    return SearchResult(
        language=language, outcome=ranking.outcome, candidates=candidates, embedding=e5_alone(vector), ms=round(ms, 2)
    )
