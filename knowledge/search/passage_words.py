"""The passages of one article by their words and pieces of words, beside a question's."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.search.lexical import Scores, count_pieces, find_rarity


class PassageWords:
    """A few texts whose pieces are told apart by how rare they are among these texts alone.

    Its columns are the pieces that occur: a table of all that there might be takes four megabytes an article.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counted = count_pieces(texts)
        self._columns, places, holders = np.unique(counted.indices, return_inverse=True, return_counts=True)
        self._rarity = find_rarity(holders, len(texts))
        self._unseen = float(find_rarity(np.zeros(1, np.intp), len(texts))[0])
        weighed = counted.data * self._rarity[places]
        shape = (len(texts), len(self._columns))
        table = sparse.csr_array((weighed, places.astype(np.int32), counted.indptr), shape=shape)
        lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).reshape(-1))
        self._table = table
        self._lengths: NDArray[np.float32] = np.maximum(lengths, 1e-6)

    def compare(self, question: str) -> Scores:
        """The cosine of `question` with each text."""
        counted = count_pieces([question])
        places = np.searchsorted(self._columns, counted.indices)
        places[places == len(self._columns)] = 0
        known = self._columns[places] == counted.indices if len(self._columns) else np.zeros(0, bool)
        weights = counted.data * np.where(known, self._rarity[places], self._unseen)
        asked = np.zeros(len(self._columns), np.float32)
        asked[places[known]] = weights[known]
        length = max(float(np.linalg.norm(weights)), 1e-6)
        return cast(Scores, (self._table @ asked) / (self._lengths * length))
