"""Articles that say nearly the same, and phrasings that two articles claim. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.normalization import same_words
from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.similarity_thresholds import similarity_thresholds

MAX_ARTICLES = 5_000
"""Articles up to which all pairs are compared: 25 million cosines, a second."""

_AT_ONCE = 500
_MAX_PAIRS = 100
_MAX_CLASHES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasingClash:
    """Two phrasings of different articles that say the same; `same` when they do so in the same words."""

    mine: str
    theirs: str
    alike: float
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourArticle:
    """Another article that is close: `alike` from -1 to 1, `near` when both articles say nearly the same."""

    article: str
    alike: float
    near: bool
    clashes: tuple[PhrasingClash, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two articles that say nearly the same."""

    first: str
    second: str
    alike: float


def find_neighbours(snapshot: Snapshot, key: str, phrasings: Sequence[str], vectors: Vectors) -> list[NeighbourArticle]:
    """The published articles other than `key` that are too close to a draft with these phrasings, closest first.

    `vectors` are the phrasings' embeddings. Same words come before a likeness in meaning.
    """
    if not phrasings or not snapshot.entries:
        return []
    placed = snapshot.space.place(vectors)
    alike = snapshot.centres @ _middle(placed)
    clashes = _clashes(snapshot, key, phrasings, placed)
    enough = similarity_thresholds(snapshot.space).articles
    close = {entry.key for entry, likeness in zip(snapshot.entries, alike, strict=True) if likeness >= enough}
    columns = {entry.key: column for column, entry in enumerate(snapshot.entries)}
    found = [
        NeighbourArticle(
            article=other,
            alike=round(float(alike[columns[other]]), 3),
            near=other in close,
            clashes=tuple(clashes.get(other, ())[:_MAX_CLASHES]),
        )
        for other in (close | set(clashes)) - {key}
    ]
    return sorted(found, key=lambda one: (-sum(clash.same for clash in one.clashes), -one.alike, one.article))


def find_pairs(snapshot: Snapshot) -> list[DuplicatePair]:
    """All pairs of published articles that say nearly the same, the closest first; at most a hundred.

    Raises `ValueError` above `MAX_ARTICLES`.
    """
    count = len(snapshot.entries)
    if count > MAX_ARTICLES:
        raise ValueError(f"expected at most {MAX_ARTICLES} articles, got {count}")
    pairs = [
        DuplicatePair(first=snapshot.keys[row], second=snapshot.keys[column], alike=round(likeness, 3))
        for start in range(0, count, _AT_ONCE)
        for row, column, likeness in _above(snapshot, start)
    ]
    return sorted(pairs, key=lambda pair: (-pair.alike, pair.first))[:_MAX_PAIRS]


def _above(snapshot: Snapshot, start: int) -> Iterable[tuple[int, int, float]]:
    alike = snapshot.centres[start : start + _AT_ONCE] @ snapshot.centres.T
    rows, columns = np.nonzero(alike >= similarity_thresholds(snapshot.space).articles)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if column > start + row:
            yield start + row, column, float(alike[row, column])


def _middle(placed: Vectors) -> Vectors:
    total: Vectors = placed.sum(axis=0)
    return total / max(float(np.linalg.norm(total)), 1e-6)


def _clashes(snapshot: Snapshot, key: str, phrasings: Sequence[str], placed: Vectors) -> dict[str, list[PhrasingClash]]:
    found: dict[str, list[PhrasingClash]] = {}
    enough = similarity_thresholds(snapshot.space).phrasings
    alike = placed @ snapshot.placed.T
    alike[:, snapshot.owners == _column(snapshot, key)] = -1
    for row, phrasing in enumerate(phrasings):
        words = same_words(phrasing)
        for column in snapshot.same.get(words, ()) if words else ():
            entry = snapshot.entries[column]
            if entry.key != key:
                theirs = _in_these_words(entry, words)
                found.setdefault(entry.key, []).append(
                    PhrasingClash(mine=phrasing, theirs=theirs, alike=1.0, same=True)
                )
        nearest = int(alike[row].argmax())
        entry = snapshot.entries[int(snapshot.owners[nearest])]
        likeness, theirs = float(alike[row, nearest]), snapshot_phrasing(snapshot, nearest)
        if likeness >= enough and same_words(theirs) != words:
            clash = PhrasingClash(mine=phrasing, theirs=theirs, alike=round(likeness, 3), same=False)
            found.setdefault(entry.key, []).append(clash)
    return {other: sorted(clashes, key=lambda clash: (-clash.same, -clash.alike)) for other, clashes in found.items()}


def _column(snapshot: Snapshot, key: str) -> int:
    return snapshot.keys.index(key) if key in snapshot.by_key else -1


def _in_these_words(entry: IndexEntry, words: str) -> str:
    return next((text for text in entry.phrasings if same_words(text) == words), entry.phrasings[0])


def snapshot_phrasing(snapshot: Snapshot, row: int) -> str:
    """The phrasing of one row of the snapshot's tables."""
    column = int(snapshot.owners[row])
    return snapshot.entries[column].phrasings[row - int(snapshot.starts[column])]
