"""Candidates among very many articles: a quick look at all of them names the few that are worth a close one.

Meaning is compared in the few directions in which this knowledge base's phrasings differ most; words are looked up
in lists of phrasings and texts by piece, rare pieces first, until enough has been seen. Both are rough: `ranking` then
judges the candidates with everything it has. See docs/decisions/0005-finding-the-answer.md.
"""

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.lexical import BUCKETS, PieceRarity, Pieces, Scores, columns_of, rarity_of, unpack
from knowledge.search.spelling import by_folded_spelling
from knowledge.search.vector_space import VectorSpace

_DIRECTIONS = 96
_AT_ONCE = 4_096
_MAX_FOUND = 64
_MAX_NEW = 16
_ROWS_AN_ARTICLE = 6
_LOOKED_UP = 150_000
_COMMONEST = 1 / 8
_SAMPLED = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoarseIndex:
    """All articles at some moment, by rough meaning and by piece. It costs seconds, so it serves many snapshots."""

    entries: Mapping[str, IndexEntry]
    keys: tuple[str, ...]
    owners: NDArray[np.int32]
    """The number, in `keys`, of the article of each row of words: a phrasing, or the text in one language."""
    rough_owners: NDArray[np.int32]
    """The same for each row of `rough`."""
    space: VectorSpace
    directions: Scores
    """Shape (dimensions, directions): from `space` to what is compared."""
    rough: Scores
    """Phrasings and passages; shape (rows, directions)."""
    rarity: PieceRarity
    text_rarity: PieceRarity
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    """The rows of piece p are `rows[starts[p]:starts[p + 1]]`; the commonest pieces have none."""
    norms: Scores
    """The length of each row's weighed pieces."""
    umlauts: dict[str, str]
    """The words that customers may spell out, by their folded spelling."""

    def find(self, pieces: Pieces, placed: Vectors) -> set[str]:
        """The keys of at most 64 articles near in meaning and 64 with the same rare pieces."""
        found = self._by_words(pieces)
        if placed.any():
            found |= self._by_meaning(placed)
        return found

    def _by_meaning(self, placed: Vectors) -> set[str]:
        return self._best(self.rough @ (placed[0] @ self.directions), self.rough_owners)

    def _by_words(self, pieces: Pieces) -> set[str]:
        asked, weights = pieces.indices, pieces.data * self.rarity.of(pieces.indices) ** 2
        lengths = self.starts[asked + 1] - self.starts[asked]
        order = np.argsort(np.where(lengths, lengths, len(self.norms)), kind="stable")
        order = order[np.cumsum(lengths[order]) <= _LOOKED_UP]
        hits = [self.rows[self.starts[piece] : self.starts[piece + 1]] for piece in asked[order].tolist()]
        if not sum(map(len, hits)):
            return set()
        votes = np.bincount(
            np.concatenate(hits), weights=np.repeat(weights[order], lengths[order]), minlength=len(self.norms)
        )
        return self._best(votes.astype(np.float32) / self.norms, self.owners)

    def _best(self, scores: Scores, owners: NDArray[np.int32]) -> set[str]:
        """The articles of the best rows; 64 when there are as many whose rows score above zero."""
        rows = _highest(scores, _MAX_FOUND * _ROWS_AN_ARTICLE)
        found = owners[rows[scores[rows] > 0]].tolist()
        return {self.keys[owner] for owner in list(dict.fromkeys(found))[:_MAX_FOUND]}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoarseFinder:
    """A base and what has changed since: small enough to be compared in full.

    An article that has changed may be named by its old words in the base; what it is judged by is new. One that is
    gone is not in the snapshot, and so is nowhere.
    """

    base: CoarseIndex
    newer: Snapshot

    @property
    def umlauts(self) -> Mapping[str, str]:
        """The words that customers may spell out, by their folded spelling."""
        return ChainMap(dict(self.newer.umlauts), self.base.umlauts)

    def find(self, pieces: Pieces, vector: Vectors) -> Collection[str]:
        """The keys of what may answer a text of these `pieces` (one row) and this `vector`, good and bad mixed."""
        placed = self.base.space.place(vector.reshape(1, -1))
        return self.base.find(pieces, placed) | self._find_new(pieces, placed)

    def _find_new(self, pieces: Pieces, placed: Vectors) -> set[str]:
        if not self.newer.entries:
            return set()
        by_words = np.maximum.reduceat(self.newer.lexical.compare(pieces)[0], self.newer.starts)
        by_words += np.maximum.reduceat(self.newer.text_index.cover(pieces)[0], self.newer.text_starts)
        by_meaning = np.maximum.reduceat(self.newer.placed @ placed[0], self.newer.starts)
        np.maximum.at(by_meaning, self.newer.passage_owners, self.newer.placed_passages @ placed[0])
        best = np.concatenate([np.argsort(-scores, kind="stable")[:_MAX_NEW] for scores in (by_words, by_meaning)])
        return {self.newer.keys[column] for column in best.tolist()}


def build_base(entries: Mapping[str, IndexEntry], space: VectorSpace) -> CoarseIndex:
    """Look at every article once: some 10 µs a phrasing."""
    each = tuple(entries.values())
    directions = _find_directions(space)
    packed = [part for entry in each for part in (entry.pieces, entry.text.pieces)]
    lengths = [part for entry in each for part in (entry.lengths, entry.text.lengths)]
    rows = sum(map(len, lengths))
    columns = columns_of(np.concatenate(packed))
    holders = np.bincount(columns, minlength=BUCKETS).astype(np.int32)
    rarity = rarity_of(holders, rows)
    told = np.bincount(columns_of(np.concatenate(packed[1::2])), minlength=BUCKETS)
    starts, by_piece = _turn(columns, np.concatenate(lengths), holders)
    counts = np.array([[len(entry.phrasings), len(entry.text.lengths), len(entry.text.passages)] for entry in each])
    numbers = np.arange(len(each), dtype=np.int32)
    return CoarseIndex(
        entries=dict(entries),
        keys=tuple(entries),
        owners=np.repeat(numbers, counts[:, :2].sum(axis=1)),
        rough_owners=np.concatenate([np.repeat(numbers, counts[:, 0]), np.repeat(numbers, counts[:, 2])]),
        space=space,
        directions=directions,
        rough=_look_roughly(each, space, directions),
        rarity=rarity,
        text_rarity=rarity_of(told, sum(map(len, lengths[1::2]))),
        starts=starts,
        rows=by_piece,
        norms=_measure(each, rarity),
        umlauts=by_folded_spelling(word for entry in each for word in entry.umlauts),
    )


def _find_directions(space: VectorSpace) -> Scores:
    """Where phrasings differ most, the space was stretched least."""
    _, _, axes = np.linalg.svd(space.stretch.astype(np.float64), full_matrices=False)
    return cast(Scores, np.ascontiguousarray(axes[::-1][:_DIRECTIONS].T, np.float32))


def _look_roughly(entries: Sequence[IndexEntry], space: VectorSpace, directions: Scores) -> Scores:
    """All phrasings, then all passages."""
    rough = [np.empty((0, directions.shape[1]), np.float32)]
    for some in batched(entries, _AT_ONCE):
        rough.append(space.place(np.concatenate([e.vectors for e in some]).astype(np.float32)) @ directions)
    for some in batched(entries, _AT_ONCE):
        vectors = np.concatenate([e.text.vectors for e in some]).astype(np.float32)
        rough.append(space.place_passages(vectors) @ directions)
    return np.concatenate(rough)


def _turn(
    columns: NDArray[np.int32], lengths: NDArray[np.uint16], holders: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """From pieces by row to rows by piece, without the commonest pieces, which tell nothing."""
    telling = holders <= max(len(lengths) * _COMMONEST, _SAMPLED)
    kept = telling[columns]
    counts = np.zeros(len(lengths), np.int64)
    filled = np.flatnonzero(lengths)
    begins = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[filled]
    counts[filled] = np.add.reduceat(kept, begins, dtype=np.int64) if len(filled) else 0
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    columns = columns[kept]
    table = sparse.csr_array((np.ones(len(columns), np.int8), columns, starts), shape=(len(lengths), BUCKETS))
    turned = table.tocsc()
    return turned.indptr.astype(np.int64), turned.indices.astype(np.int32)


def _measure(entries: Sequence[IndexEntry], rarity: PieceRarity) -> Scores:
    norms: list[NDArray[Any]] = [np.empty(0, np.float32)]
    for some in batched(entries, _AT_ONCE):
        packed = np.concatenate([part for e in some for part in (e.pieces, e.text.pieces)])
        pieces = unpack(packed, np.concatenate([part for e in some for part in (e.lengths, e.text.lengths)]))
        squares = sparse.csr_array(
            ((pieces.data * rarity.of(pieces.indices)) ** 2, pieces.indices, pieces.indptr), shape=pieces.shape
        )
        norms.append(np.sqrt(squares.sum(axis=1)))
    return cast(Scores, np.maximum(np.concatenate(norms), 1e-6).astype(np.float32))


def _highest(scores: Scores, most: int) -> NDArray[np.intp]:
    """The rows with the highest scores, best first. A sample tells roughly where they begin, so few are sorted."""
    above = np.arange(len(scores))
    if len(scores) > 8 * most:
        sample = scores[::_SAMPLED]
        expected = min(3 * most // _SAMPLED + 4, len(sample))
        above = np.flatnonzero(scores >= np.partition(sample, -expected)[-expected])
        if len(above) < most:
            above = np.argpartition(scores, -most)[-most:]
    order = np.argsort(-scores[above], kind="stable")[:most]
    return above[order]
