"""Which articles have the words of a question in their text: how much of what is rare in it they cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
from scipy import sparse

from knowledge.search.language import telling_words
from knowledge.search.lexical import BUCKETS, PieceRarity, Pieces, Scores, count_words, multiply, rarity_of

_ENOUGH = 1.0
"""How often a piece has to stand in a text of mean length to count half of what it can count at most (BM25's k)."""
_LENGTH_COUNTS = 0.5
"""How much longer texts are held to have everything more often (BM25's b)."""
_MANY = 8


def count_asked(texts: Sequence[str]) -> Pieces:
    """The pieces of questions as they are looked for in texts: without everyday words."""
    return count_words([telling_words(text) for text in texts])


@dataclass(frozen=True, kw_only=True, eq=False)
class TextIndex:
    """Texts by their pieces. `rarity` is the inverse document frequency, `weighed` has one row a text."""

    rarity: PieceRarity
    weighed: Pieces

    def cover(self, asked: Pieces) -> Scores:
        """From 0 to 1, how much of each row of `asked` stands in each text; shape (rows, texts)."""
        weights = asked.data * self.rarity.of(asked.indices)
        weighed = sparse.csr_array((weights, asked.indices, asked.indptr), shape=asked.shape)
        whole = np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel() if asked.nnz else np.zeros(asked.shape[0])
        if asked.shape[0] > _MANY:
            covered = (weighed @ self.weighed.T.tocsr()).toarray()
        else:
            rows = [slice(start, end) for start, end in pairwise(asked.indptr.tolist())]
            covered = np.stack([multiply(self.weighed, asked.indices[row], weights[row]) for row in rows])
        return cast(Scores, (covered / np.maximum(whole, 1e-6)[:, None]).astype(np.float32))


def build_text_index(pieces: Pieces, rarity: PieceRarity | None = None) -> TextIndex:
    """Weigh pieces by how rare they are among these texts, or as `rarity` says about a larger set."""
    if rarity is None:
        rarity = rarity_of(np.bincount(pieces.indices, minlength=BUCKETS), pieces.shape[0])
    lengths = np.diff(pieces.indptr)
    relative = lengths / max(float(lengths.mean()), 1.0) if len(lengths) else lengths
    damping = _ENOUGH * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * relative)
    counted = pieces.data / (pieces.data + np.repeat(damping, lengths)) * rarity.of(pieces.indices)
    weighed = sparse.csr_array((counted.astype(np.float32), pieces.indices, pieces.indptr), shape=pieces.shape)
    return TextIndex(rarity=rarity, weighed=weighed)
