"""An embedder for tests that need no understanding: letters counted into a vector, the same for the same text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import (
    DIMENSIONS,
    E5_DIMENSIONS,
    ENGLISH_DIMENSIONS,
    USE_DIMENSIONS,
    Vectors,
    side_by_side,
)

__all__ = ["DIMENSIONS", "LetterCounts"]


class LetterCounts:
    """Keeps the contract of `knowledge.search.embedder.Embedder` in microseconds."""

    name = "letter-counts"

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 1280): both models for all languages count the same letters, and nothing is English."""
        return np.stack([_count(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same as for queries."""
        return self.embed_queries(texts)


def _count(text: str) -> NDArray[np.float32]:
    vector = np.zeros(E5_DIMENSIONS, np.float32)
    padded = f" {text.lower()} "
    for start in range(len(padded) - 2):
        vector[
            sum(ord(letter) * 31**place for place, letter in enumerate(padded[start : start + 3])) % E5_DIMENSIONS
        ] += 1
    found = (vector / max(float(np.linalg.norm(vector)), 1e-9))[None]
    again = np.pad(found, ((0, 0), (0, USE_DIMENSIONS - E5_DIMENSIONS)))
    together: Vectors = side_by_side(found, again, np.zeros((1, ENGLISH_DIMENSIONS), np.float32))[0]
    return together
