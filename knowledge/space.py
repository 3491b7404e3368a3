"""The space that meanings are compared in: that of each model, evened out, side by side.

e5 puts all texts into a narrow cone (cosines of 0.7 to 1), whose few long axes drown what tells two questions apart.
What the phrasings of one article differ in says nothing about which article is meant, so those axes are shortened most
(whitening by the spread within the articles, shrunk; as in linear discriminant analysis): see docs/decisions/0005.
Each model is evened out for itself and counts for half; a spread common to both was no better where phrasings are many,
and worse where they are few.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from knowledge.embedder import DIMENSIONS, E5_DIMENSIONS, Vectors

_SHRINKAGE = 3.0
_FEWEST_TEXTS = 50
_WORTH_OF_THE_WHOLE = 300
"""The spread of all texts counts as much as the differences of so many phrasings within their articles."""
_MODELS = (slice(0, E5_DIMENSIONS), slice(E5_DIMENSIONS, DIMENSIONS))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """A shift and a stretch, fitted to the phrasings of one knowledge base."""

    centre: NDArray[np.float32]
    stretch: NDArray[np.float32]
    """Shape (896, directions that are compared)."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing has been fitted yet: cosines are e5's own then."""
        return bool(self.stretch.shape[1] == E5_DIMENSIONS)

    def place(self, vectors: Vectors) -> Vectors:
        """Unit vectors in this space; an all-zero vector (nothing embedded yet) stays zero."""
        moved = (vectors - self.centre) @ self.stretch
        moved[~vectors.any(axis=1)] = 0
        return cast(Vectors, moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))


def plain_space() -> Space:
    """The space before there is enough text to fit one: e5's own."""
    return Space(centre=np.zeros(DIMENSIONS, np.float32), stretch=np.eye(DIMENSIONS, E5_DIMENSIONS, dtype=np.float32))


def fit_space(vectors: Vectors, owners: NDArray[np.intp] | None = None) -> Space:
    """The space of these texts; `owners` says which article each belongs to, where that is known.

    `_SHRINKAGE` times the mean variance is added to each axis before it is evened out.
    """
    there = vectors.any(axis=1)
    vectors = vectors[there]
    if len(vectors) < _FEWEST_TEXTS:
        return plain_space()
    centre = vectors.mean(axis=0)
    known = None if owners is None else np.unique(owners[there], return_inverse=True)[1]
    stretches = [_fit_model(vectors[:, part] - centre[part], known) for part in _MODELS]
    return Space(centre=centre, stretch=block_diag(*stretches).astype(np.float32))


def _fit_model(moved: Vectors, owners: NDArray[np.intp] | None) -> Vectors:
    """The stretch of one model's dimensions, after which its vectors are as long, on average, as the other's."""
    whole = cast(Vectors, moved.T @ moved / len(moved))
    spread = whole if owners is None else _blend(whole, moved, owners)
    variances, axes = np.linalg.eigh(spread)
    stretch = (axes / np.sqrt(variances + _SHRINKAGE * variances.mean())) @ axes.T
    length = np.sqrt(((moved @ stretch) ** 2).sum(axis=1).mean())
    return cast(Vectors, stretch / max(float(length), 1e-9))


def _blend(whole: Vectors, moved: Vectors, owners: NDArray[np.intp]) -> Vectors:
    """The spread within the articles, completed by the whole's where there are few phrasings to tell it."""
    counts = np.bincount(owners)
    sums = np.zeros((len(counts), moved.shape[1]), np.float32)
    np.add.at(sums, owners, moved)
    apart = moved - (sums / counts[:, None])[owners]
    known = len(moved) - len(counts)
    if not known or not apart.any():
        return whole
    within = apart.T @ apart / known
    sized = whole * (np.trace(within) / np.trace(whole))
    return cast(Vectors, (known * within + _WORTH_OF_THE_WHOLE * sized) / (known + _WORTH_OF_THE_WHOLE))
