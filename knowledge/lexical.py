"""Likeness by letters: words and pieces of words, so that compounds, typos and product names find their article."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.text import words

type Scores = NDArray[np.float32]
type Pieces = sparse.csr_array

BUCKETS = 1 << 20
"""Pieces are hashed into this many columns: no vocabulary to keep, so an edit never touches other articles."""

_LENGTHS = (3, 4, 5)
_WORD_WEIGHT = 1.5


def count_pieces(texts: Sequence[str]) -> Pieces:
    """One row a text: how often each piece occurs, damped (1 + ln n); whole words count half as much again."""
    rows = [_weigh(text) for text in texts]
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int32)
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int32, count=int(starts[-1]))
    weights = np.fromiter((weight for row in rows for weight in row.values()), dtype=np.float32, count=int(starts[-1]))
    return sparse.csr_array((weights, columns, starts), shape=(len(rows), BUCKETS))


def _weigh(text: str) -> dict[int, float]:
    found = words(text)
    weighed = {_bucket(piece): 1 + math.log(count) for piece, count in Counter(_pieces(found)).items()}
    return weighed | {_bucket("=" + word): _WORD_WEIGHT for word in found}


def _pieces(found: Sequence[str]) -> list[str]:
    padded = [f" {word} " for word in found]
    return [
        word[start : start + length]
        for word in padded
        for length in _LENGTHS
        for start in range(len(word) - length + 1)
    ]


def _bucket(piece: str) -> int:
    return crc32(piece.encode()) % BUCKETS


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalIndex:
    """Phrasings by their pieces. `rarity` is the inverse document frequency, `by_piece` has one row a piece."""

    rarity: Scores
    by_piece: sparse.csr_array

    def compare(self, pieces: Pieces) -> Scores:
        """Cosine of each row of `pieces` with each phrasing; shape (rows, phrasings)."""
        weighted = _unit(_times(pieces, self.rarity))
        return cast(Scores, (weighted @ self.by_piece).toarray().astype(np.float32, copy=False))


def build_lexical(pieces: Pieces) -> LexicalIndex:
    """Weigh pieces by how rare they are among these phrasings and turn the table around for quick look-ups."""
    holders = np.bincount(pieces.indices, minlength=BUCKETS)
    rarity = np.log((1 + pieces.shape[0]) / (1 + holders)).astype(np.float32) + 1
    return LexicalIndex(rarity=rarity, by_piece=_unit(_times(pieces, rarity)).T.tocsr())


def _times(pieces: Pieces, rarity: Scores) -> Pieces:
    return sparse.csr_array((pieces.data * rarity[pieces.indices], pieces.indices, pieces.indptr), shape=pieces.shape)


def _unit(pieces: Pieces) -> Pieces:
    lengths = np.diff(pieces.indptr)
    squares = np.add.reduceat(np.append(pieces.data**2, 0), pieces.indptr[:-1]) * (lengths > 0)
    norms = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    return sparse.csr_array(
        (pieces.data / np.repeat(norms, lengths), pieces.indices, pieces.indptr), shape=pieces.shape
    )
