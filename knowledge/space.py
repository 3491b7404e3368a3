"""The space that meanings are compared in: e5's, evened out.

e5 puts all texts into a narrow cone (cosines of 0.7 to 1), whose few long axes drown what tells two questions apart.
What the phrasings of one article differ in says nothing about which article is meant, so those axes are shortened most
(whitening by the spread within the articles, shrunk; as in linear discriminant analysis): see docs/decisions/0005.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import DIMENSIONS, Vectors

_SHRINKAGE = 3.0
_FEWEST_TEXTS = 50
_WORTH_OF_THE_WHOLE = 300
"""The spread of all texts counts as much as the differences of so many phrasings within their articles."""


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


def fit_space(vectors: Vectors, owners: NDArray[np.intp] | None = None) -> Space:
    """The space of these texts; `owners` says which article each belongs to, where that is known.

    `_SHRINKAGE` times the mean variance is added to each axis before it is evened out.
    """
    there = vectors.any(axis=1)
    vectors = vectors[there]
    if len(vectors) < _FEWEST_TEXTS:
        return plain_space()
    centre = vectors.mean(axis=0)
    spread = _spread(vectors - centre)
    if owners is not None:
        spread = _blend(spread, vectors, owners[there])
    variances, axes = np.linalg.eigh(spread)
    stretch = (axes / np.sqrt(variances + _SHRINKAGE * variances.mean())) @ axes.T
    return Space(centre=centre, stretch=stretch.astype(np.float32))


def _blend(whole: Vectors, vectors: Vectors, owners: NDArray[np.intp]) -> Vectors:
    """The spread within the articles, completed by the whole's where there are few phrasings to tell it."""
    articles, owners = np.unique(owners, return_inverse=True)
    sums = np.zeros((len(articles), vectors.shape[1]), np.float32)
    np.add.at(sums, owners, vectors)
    apart = vectors - (sums / np.bincount(owners)[:, None])[owners]
    known = len(vectors) - len(articles)
    if not known or not apart.any():
        return whole
    within = apart.T @ apart / known
    sized = whole * (np.trace(within) / np.trace(whole))
    return cast(Vectors, (known * within + _WORTH_OF_THE_WHOLE * sized) / (known + _WORTH_OF_THE_WHOLE))


def _spread(moved: Vectors) -> Vectors:
    return cast(Vectors, moved.T @ moved / len(moved))
