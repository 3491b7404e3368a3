"""Likeness by letters: words and pieces of words, so that compounds, typos and product names find their article."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.normalization import words

type Scores = NDArray[np.float32]
type Pieces = sparse.csr_array
type Numbers = NDArray[np.integer[Any]]

BUCKETS = 1 << 20
"""Pieces are hashed into this many columns: no vocabulary to keep, so an edit never touches other articles."""

_LENGTHS = (3, 4, 5)
_WORD_WEIGHT = 1.5
_TEXTS_AT_ONCE = 10_000
_SPACE, _BREAK = ord(" "), ord("\n")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: neighbours fall far apart (Knuth's golden ratio)
_MAX_WORD_LENGTH = 512
_POWERS = np.cumprod(np.full(_MAX_WORD_LENGTH, _FACTOR, np.uint64))
_WEIGHT_STEPS = 256
_MANY = 8
_DENSE_FROM = 8
"""From which part of all buckets on a table of them all is kept: it is read in a fraction of the time."""
_scratch = threading.local()


def count_pieces(texts: Sequence[str]) -> Pieces:
    """One row a text: how often each piece occurs, damped (1 + ln n); whole words count half as much again."""
    return count_words([words(text) for text in texts])


def count_words(spelt: Sequence[Sequence[str]]) -> Pieces:
    """The same for texts whose words are known."""
    blocks = [_count(block) for block in batched(spelt, _TEXTS_AT_ONCE)]
    if len(blocks) == 1:
        return blocks[0]
    return sparse.vstack([sparse.csr_array((0, BUCKETS), dtype=np.float32), *blocks], format="csr")


def _count(spelt: Sequence[Sequence[str]]) -> Pieces:
    """All texts as one long line of letters, on which every step is one sweep."""
    line = "".join(f"\n {' '.join(found)} " for found in spelt)
    letters = np.frombuffer(line.encode("utf-32-le"), np.uint32).astype(np.uint64)
    rows = np.cumsum(letters == _BREAK, dtype=np.int64) - 1
    cells, counts = np.unique(np.concatenate(list(_pieces(letters, rows))), return_counts=True)
    whole = np.unique(_words(letters, rows))
    every = np.concatenate([cells, whole])
    weights = np.concatenate([1 + np.log(counts), np.full(len(whole), _WORD_WEIGHT)]).astype(np.float32)
    order = np.argsort(every, kind="stable")
    lengths = np.bincount(every // BUCKETS, minlength=len(spelt))
    return _table((every[order] % BUCKETS).astype(np.int32), weights[order], lengths)


def _pieces(letters: NDArray[np.uint64], rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The cell (row times `BUCKETS` plus bucket) of every piece: spaces stand at its ends only."""
    gaps = np.cumsum(np.concatenate([[0], letters <= _SPACE]))
    for length in _LENGTHS:
        starts = np.arange(max(len(letters) - length + 1, 0))
        inside = gaps[starts + length - 1] - gaps[starts + 1]
        starts = starts[(inside == 0) & (letters[starts] != _BREAK) & (letters[starts + length - 1] != _BREAK)]
        hashed = np.full(len(starts), length, np.uint64)
        for place in range(length):
            hashed = (hashed ^ letters[starts + place]) * _FACTOR
        yield rows[starts] * BUCKETS + _bucket(hashed)


def _words(letters: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cell of every word."""
    within = letters > _SPACE
    first = np.flatnonzero(within & ~np.concatenate([[False], within[:-1]]))
    here = np.arange(len(letters))
    begun = np.zeros(len(letters), np.intp)
    begun[first] = first
    place = np.minimum(here - np.maximum.accumulate(begun), _MAX_WORD_LENGTH - 1)
    hashed = np.add.reduceat(np.where(within, letters * _POWERS[place], 0), first) if len(first) else letters[:0]
    return rows[first] * BUCKETS + _bucket(hashed * _FACTOR)


def _bucket(hashed: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The highest bits, into which all others have been mixed."""
    return (((hashed ^ (hashed >> np.uint64(29))) * _FACTOR) >> np.uint64(44)).astype(np.int64)


def pack(pieces: Pieces) -> NDArray[np.uint32]:
    """Column and weight of each piece in four bytes: there are some ninety in a phrasing."""
    steps = np.minimum(np.rint(pieces.data * _WEIGHT_STEPS), 4095).astype(np.uint32)
    return cast(NDArray[np.uint32], steps << np.uint32(20) | pieces.indices.astype(np.uint32))


def unpack(packed: NDArray[np.uint32], lengths: Numbers) -> Pieces:
    """The table again; `lengths` says how many pieces each row has."""
    weights = (packed >> np.uint32(20)).astype(np.float32) / np.float32(_WEIGHT_STEPS)
    return _table(columns_of(packed), weights, lengths)


def columns_of(packed: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Only the columns of packed pieces."""
    return (packed & np.uint32(BUCKETS - 1)).astype(np.int32)


def find_rarity(holders: Numbers, rows: int) -> Scores:
    """The inverse document frequency of pieces that stand in so many (`holders`) of `rows` phrasings."""
    return np.log((1 + rows) / (1 + holders)).astype(np.float32) + np.float32(1)


@dataclass(frozen=True, kw_only=True, eq=False)
class PieceRarity:
    """The inverse document frequency of each piece: of a few thousand that occur, and one for all others."""

    buckets: NDArray[np.int32]
    """Of pieces that occur, ascending; empty where they are so many that `values` has one for every bucket."""
    values: Scores
    unseen: np.float32

    def of(self, buckets: NDArray[np.int32]) -> Scores:
        """For pieces by their bucket, in any order."""
        if not len(self.buckets):
            return self.values[buckets] if len(self.values) else np.full(len(buckets), self.unseen, np.float32)
        places = np.minimum(np.searchsorted(self.buckets, buckets), len(self.buckets) - 1)
        return np.where(self.buckets[places] == buckets, self.values[places], self.unseen)


def rarity_of(holders: Numbers, rows: int) -> PieceRarity:
    """Of pieces that stand in so many of `rows` phrasings; `holders` has a number for every bucket."""
    unseen = find_rarity(np.zeros(1, np.intp), rows)[0]
    buckets = np.flatnonzero(holders).astype(np.int32)
    if len(buckets) > BUCKETS // _DENSE_FROM:
        return PieceRarity(buckets=buckets[:0], values=find_rarity(holders, rows), unseen=unseen)
    return PieceRarity(buckets=buckets, values=find_rarity(holders[buckets], rows), unseen=unseen)


def weigh(pieces: Pieces, rarity: PieceRarity) -> Pieces:
    """Rows of length 1 in which rare pieces count more."""
    return _unit(_times(pieces, rarity))


@dataclass(frozen=True, kw_only=True, eq=False)
class LexicalIndex:
    """Phrasings by their pieces. `rarity` is the inverse document frequency, `weighed` has one row a phrasing."""

    rarity: PieceRarity
    weighed: Pieces

    def compare(self, pieces: Pieces) -> Scores:
        """Cosine of each row of `pieces` with each phrasing; shape (rows, phrasings)."""
        asked = weigh(pieces, self.rarity)
        if asked.shape[0] > _MANY:
            return cast(Scores, (asked @ self._by_piece).toarray())
        each = [self._compare_one(asked[[row]]) for row in range(asked.shape[0])]
        return np.stack(each) if each else np.empty((0, self.weighed.shape[0]), np.float32)

    @cached_property
    def _by_piece(self) -> Pieces:
        """Turned around: worth its making when many texts are compared."""
        return self.weighed.T.tocsr()

    def _compare_one(self, asked: Pieces) -> Scores:
        return multiply(self.weighed, asked.indices, asked.data)


def multiply(table: Pieces, buckets: NDArray[np.int32], weights: Scores) -> Scores:
    """The product of each row of `table` with one text, whose pieces have these weights; shape (rows,)."""
    spread = _empty_spread()
    np.add.at(spread, buckets, weights)
    try:
        return cast(Scores, table @ spread)
    finally:
        spread[buckets] = 0


def build_lexical(pieces: Pieces, rarity: PieceRarity | None = None) -> LexicalIndex:
    """Weigh pieces by how rare they are among these phrasings, or as `rarity` says about a larger set."""
    if rarity is None:
        rarity = rarity_of(np.bincount(pieces.indices, minlength=BUCKETS), pieces.shape[0])
    return LexicalIndex(rarity=rarity, weighed=weigh(pieces, rarity))


def _empty_spread() -> Scores:
    """One cell a bucket, all zero; every thread has its own, since making one takes longer than using it."""
    if not hasattr(_scratch, "spread"):
        _scratch.spread = np.zeros(BUCKETS, np.float32)
    return cast(Scores, _scratch.spread)


def _table(columns: NDArray[np.int32], weights: Scores, lengths: Numbers) -> Pieces:
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return sparse.csr_array((weights, columns, starts), shape=(len(lengths), BUCKETS))


def _times(pieces: Pieces, rarity: PieceRarity) -> Pieces:
    weights = pieces.data * rarity.of(pieces.indices)
    return sparse.csr_array((weights, pieces.indices, pieces.indptr), shape=pieces.shape)


def _unit(pieces: Pieces) -> Pieces:
    lengths = np.diff(pieces.indptr)
    squares = np.add.reduceat(np.append(pieces.data**2, 0), pieces.indptr[:-1]) * (lengths > 0)
    norms = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    return sparse.csr_array(
        (pieces.data / np.repeat(norms, lengths), pieces.indices, pieces.indptr), shape=pieces.shape
    )
