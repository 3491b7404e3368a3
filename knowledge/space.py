"""The space that meanings are compared in: e5's, evened out.

e5 puts all texts into a narrow cone (cosines of 0.7 to 1), whose few long axes drown what tells two questions apart.
Shrunk whitening (Ledoit and Wolf's idea with a fixed share) shortens those axes: see docs/decisions/0005.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import DIMENSIONS, Vectors

_SHRINKAGE = 10.0
_FEWEST_TEXTS = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """A shift and a stretch, fitted to the phrasings of one knowledge base."""

    centre: NDArray[np.float32]
    stretch: NDArray[np.float32]

    def place(self, vectors: Vectors) -> Vectors:
        """Unit vectors in this space; an all-zero vector (nothing embedded yet) stays zero."""
        moved = (vectors - self.centre) @ self.stretch
        moved[~vectors.any(axis=1)] = 0
        return cast(Vectors, moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))


def plain_space() -> Space:
    """The space before there is enough text to fit one: e5's own."""
    return Space(centre=np.zeros(DIMENSIONS, np.float32), stretch=np.eye(DIMENSIONS, dtype=np.float32))


def fit_space(vectors: Vectors) -> Space:
    """The space of these texts. `_SHRINKAGE` times the mean variance is added to each axis before it is evened out."""
    vectors = vectors[vectors.any(axis=1)]
    if len(vectors) < _FEWEST_TEXTS:
        return plain_space()
    centre = vectors.mean(axis=0)
    moved = vectors - centre
    variances, axes = np.linalg.eigh(moved.T @ moved / len(moved))
    stretch = (axes / np.sqrt(variances + _SHRINKAGE * variances.mean())) @ axes.T
    return Space(centre=centre, stretch=stretch.astype(np.float32))
