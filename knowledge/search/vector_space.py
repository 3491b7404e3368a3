"""The space that meanings are compared in: that of each model, evened out, side by side.

e5 puts all texts into a narrow cone (cosines of 0.7 to 1), whose few long axes drown what tells two questions apart.
What the phrasings of one article differ in says nothing about which article is meant, so those axes are shortened most
(whitening by the spread within the articles, shrunk; as in linear discriminant analysis): see docs/decisions/0005.
Each model is evened out for itself, keeps the directions in which most is told, and counts alike; a spread common to
all was no better where phrasings are many, and worse where they are few. Where everything is English, the English model
counts as much as both others together.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import DIMENSIONS, E5_DIMENSIONS, SHARED_DIMENSIONS, Vectors

_SHRINKAGE = 3.0
_MIN_TEXTS = 50
_WORTH_OF_THE_WHOLE = 300
"""The spread of all texts counts as much as the differences of so many phrasings within their articles."""
_DIRECTIONS = 256
"""Of each model: a third fewer numbers to compare, and no worse where there are few phrasings."""
_SHARED = (slice(0, E5_DIMENSIONS), slice(E5_DIMENSIONS, SHARED_DIMENSIONS))
_ENGLISH = slice(SHARED_DIMENSIONS, DIMENSIONS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VectorSpace:
    """A shift and a stretch, fitted to the phrasings of one knowledge base."""

    centre: NDArray[np.float32]
    stretch: NDArray[np.float32]
    """Shape (1280, directions that are compared)."""
    shared: int
    """So many of the directions, the first, are those of all languages; the others are of English."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing has been fitted yet: cosines are e5's own then."""
        return bool(self.stretch.shape[1] == E5_DIMENSIONS)

    def place(self, vectors: Vectors) -> Vectors:
        """Unit vectors in this space; an all-zero vector (nothing embedded yet) stays zero."""
        moved = cast(Vectors, (vectors - self.centre) @ self.stretch)
        moved[~vectors[:, _ENGLISH].any(axis=1), self.shared :] = 0
        return _unit(moved, vectors)

    def place_shared(self, vectors: Vectors) -> Vectors:
        """The same by what all languages share, so that a German and an English text are compared fairly."""
        return _unit(cast(Vectors, (vectors - self.centre) @ self.stretch[:, : self.shared]), vectors)


def plain_space() -> VectorSpace:
    """The space before there is enough text to fit one: e5's own."""
    return VectorSpace(
        centre=np.zeros(DIMENSIONS, np.float32),
        stretch=np.eye(DIMENSIONS, E5_DIMENSIONS, dtype=np.float32),
        shared=E5_DIMENSIONS,
    )


def fit_space(vectors: Vectors, owners: NDArray[np.intp] | None = None) -> VectorSpace:
    """The space of these texts; `owners` says which article each belongs to, where that is known.

    `_SHRINKAGE` times the mean variance is added to each axis before it is evened out.
    """
    there = vectors.any(axis=1)
    vectors = vectors[there]
    if len(vectors) < _MIN_TEXTS:
        return plain_space()
    from scipy.linalg import block_diag  # half a second of start, for learning alone

    known = None if owners is None else owners[there]
    centre = np.zeros(DIMENSIONS, np.float32)
    stretches = [_fit_part(vectors, part, known, centre) for part in _SHARED]
    shared = sum(stretch.shape[1] for stretch in stretches)
    english = vectors[:, _ENGLISH].any(axis=1)
    if english.sum() >= _MIN_TEXTS:
        fitted = _fit_part(vectors[english], _ENGLISH, None if known is None else known[english], centre)
        stretches.append(fitted * np.sqrt(1 + max(2 * english.mean() - 1, 0)))
    else:
        stretches.append(np.zeros((DIMENSIONS - SHARED_DIMENSIONS, 0), np.float32))
    return VectorSpace(centre=centre, stretch=block_diag(*stretches).astype(np.float32), shared=shared)


def _fit_part(vectors: Vectors, part: slice, owners: NDArray[np.intp] | None, centre: NDArray[np.float32]) -> Vectors:
    """The stretch of one model's dimensions, whose middle is written into `centre`."""
    centre[part] = vectors[:, part].mean(axis=0)
    known = None if owners is None else np.unique(owners, return_inverse=True)[1]
    return _fit_model(vectors[:, part] - centre[part], known)


def _fit_model(moved: Vectors, owners: NDArray[np.intp] | None) -> Vectors:
    """The stretch into the longest directions, after which the vectors are as long, on average, as another model's."""
    whole = cast(Vectors, moved.T @ moved / len(moved))
    spread = whole if owners is None else _blend(whole, moved, owners)
    variances, axes = np.linalg.eigh(spread)
    evened = (axes / np.sqrt(variances + _SHRINKAGE * variances.mean())) @ axes.T
    _, directions = np.linalg.eigh(evened.T @ whole @ evened)
    stretch = evened @ directions[:, -_DIRECTIONS:]
    length = np.sqrt(((moved @ stretch) ** 2).sum(axis=1).mean())
    return cast(Vectors, stretch / max(float(length), 1e-9))


def _unit(moved: Vectors, vectors: Vectors) -> Vectors:
    moved[~vectors.any(axis=1)] = 0
    return cast(Vectors, moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))


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
