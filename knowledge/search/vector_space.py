"""The space that meanings are compared in: that of each model, evened out, side by side.

e5 puts all texts into a narrow cone (cosines of 0.7 to 1), whose few long axes drown what tells two questions apart.
What the phrasings of one article differ in says nothing about which article is meant, so those axes are shortened most
(whitening by the spread within the articles, shrunk; as in linear discriminant analysis): see docs/decisions/0005.
Each model is evened out for itself, keeps the directions in which most is told, and counts alike; a spread common to
all was no better where phrasings are many, and worse where they are few. Where everything is English, the English model
counts as much as both others together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.search.background import read_passage_centre, read_vectors
from knowledge.search.embedder import DIMENSIONS, E5_DIMENSIONS, SHARED_DIMENSIONS, Vectors

_SHRINKAGE = 3.0
_SHRINKAGE_BY_TEXT = 10.0
"""So much more where there are no phrasings: the passages of a young knowledge base tell the spread less surely."""
_ENOUGH_TEXTS = 50
"""Of fewer texts the background's sentences, and the middle of its passages, complete the space."""
_WORTH_OF_THE_WHOLE = 300
"""The spread of all texts counts as much as the differences of so many phrasings within their articles."""
_WORTH_OF_OTHERS = 150.0
"""Background sentences weigh as much as so many phrasings where the middle of questions is looked for."""
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
    passage_centre: NDArray[np.float32]
    """The middle of the passages, which are embedded in another form than questions and so lie elsewhere."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing has been fitted yet: cosines are e5's own then."""
        return bool(self.stretch.shape[1] == E5_DIMENSIONS)

    def place(self, vectors: Vectors) -> Vectors:
        """Unit vectors in this space; an all-zero vector (nothing embedded yet) stays zero."""
        return self._place(vectors, self.centre)

    def place_passages(self, vectors: Vectors) -> Vectors:
        """The same for passages of answers."""
        return self._place(vectors, self.passage_centre)

    def _place(self, vectors: Vectors, centre: NDArray[np.float32]) -> Vectors:
        moved = cast(Vectors, (vectors - centre) @ self.stretch)
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
        passage_centre=np.zeros(DIMENSIONS, np.float32),
    )


@lru_cache(maxsize=2)
def place_background(space: VectorSpace) -> Vectors:
    """The sentences of the background in this space, one row each."""
    return space.place(read_vectors())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpaceTexts:
    """Embeddings that a space is fitted to, and which article each belongs to, where that is known."""

    vectors: Vectors
    owners: NDArray[np.intp] | None = None

    def part(self, part: slice) -> "SpaceTexts":
        """One model's dimensions of the texts that have any."""
        there = self.vectors[:, part].any(axis=1)
        return SpaceTexts(vectors=self.vectors[there, part], owners=None if self.owners is None else self.owners[there])


NO_TEXTS = SpaceTexts(vectors=np.empty((0, DIMENSIONS), np.float32))


def fit_space(
    vectors: Vectors,
    owners: NDArray[np.intp] | None = None,
    passages: SpaceTexts = NO_TEXTS,
    *,
    text_weight: float = 0.0,
) -> VectorSpace:
    """The space of these texts; `owners` says which article each belongs to, where that is known.

    Passages of answers have a middle of their own. `_SHRINKAGE` times the mean variance, and more by the square of
    `text_weight` (0 to 1, how much texts count beside phrasings), is added to each axis before it is evened out.
    """
    asked = SpaceTexts(vectors=vectors, owners=owners)
    known = sum(int(each.vectors.any(axis=1).sum()) for each in (asked, passages))
    if not known:
        return plain_space()
    both = (asked if known >= _ENOUGH_TEXTS else _completed(asked), passages)
    from scipy.linalg import block_diag  # half a second of start, for learning alone

    centres = (np.zeros(DIMENSIONS, np.float32), np.zeros(DIMENSIONS, np.float32))
    shrinkage = _SHRINKAGE + _SHRINKAGE_BY_TEXT * text_weight**2
    stretches = [_fit_part(both, part, centres, shrinkage) for part in _SHARED]
    shared = sum(stretch.shape[1] for stretch in stretches)
    english = sum(int(each.vectors[:, _ENGLISH].any(axis=1).sum()) for each in both)
    share = english / max(sum(int(each.vectors.any(axis=1).sum()) for each in both), 1)
    if english >= _ENOUGH_TEXTS:
        stretches.append(_fit_part(both, _ENGLISH, centres, shrinkage) * np.sqrt(1 + max(2 * share - 1, 0)))
    else:
        stretches.append(np.zeros((DIMENSIONS - SHARED_DIMENSIONS, 0), np.float32))
    return VectorSpace(
        centre=centres[0],
        stretch=block_diag(*stretches).astype(np.float32),
        shared=shared,
        passage_centre=centres[1],
    )


def _fit_part(
    both: tuple[SpaceTexts, SpaceTexts],
    part: slice,
    centres: tuple[NDArray[np.float32], NDArray[np.float32]],
    shrinkage: float,
) -> Vectors:
    """The stretch of one model's dimensions; the middles of questions and passages are written into `centres`."""
    asked, passages = (each.part(part) for each in both)
    centres[0][part] = (
        _middle_of_questions(asked.vectors, part) if len(passages.vectors) else asked.vectors.mean(axis=0)
    )
    centres[1][part] = _middle_of_passages(passages.vectors, part) if len(passages.vectors) else centres[0][part]
    moved = [asked.vectors - centres[0][part], passages.vectors - centres[1][part]]
    owners = [each.owners for each in (asked, passages) if len(each.vectors)]
    known = None if any(each is None for each in owners) else _groups(asked.owners, passages.owners)
    return _fit_model(np.concatenate(moved), known, shrinkage)


def _middle_of_questions(vectors: Vectors, part: slice) -> NDArray[np.float32]:
    """Where there are few phrasings, or only headings, what people write elsewhere tells better where questions lie."""
    others = read_vectors()[:, part]
    others = others[others.any(axis=1)]
    weight = min(1.0, _WORTH_OF_OTHERS / max(len(others), 1))
    total = vectors.sum(axis=0) + weight * others.sum(axis=0)
    return cast(NDArray[np.float32], total / max(len(vectors) + weight * len(others), 1e-9))


def _middle_of_passages(vectors: Vectors, part: slice) -> NDArray[np.float32]:
    """Where there are only a few, they are all about the same, and their own middle would be in the midst of it."""
    missing = max(_ENOUGH_TEXTS - len(vectors), 0)
    total = vectors.sum(axis=0) + missing * read_passage_centre()[part]
    return cast(NDArray[np.float32], total / (len(vectors) + missing))


def _completed(asked: SpaceTexts) -> SpaceTexts:
    """These texts and the sentences of the background, each of which is about something else."""
    others = read_vectors()
    if asked.owners is None:
        return SpaceTexts(vectors=np.concatenate([asked.vectors, others]))
    apart = asked.owners.max(initial=-1) + 1 + np.arange(len(others))
    return SpaceTexts(
        vectors=np.concatenate([asked.vectors, others]), owners=np.concatenate([asked.owners, apart]).astype(np.intp)
    )


def _groups(asked: NDArray[np.intp] | None, passages: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """The phrasings of an article are one group, its passages another."""
    first = np.empty(0, np.intp) if asked is None else asked
    second = np.empty(0, np.intp) if passages is None else passages
    apart = first.max(initial=-1) + 1
    return np.unique(np.concatenate([first, second + apart]), return_inverse=True)[1].astype(np.intp)


def _fit_model(moved: Vectors, owners: NDArray[np.intp] | None, shrinkage: float) -> Vectors:
    """The stretch into the longest directions, after which the vectors are as long, on average, as another model's."""
    whole = cast(Vectors, moved.T @ moved / len(moved))
    spread = whole if owners is None else _blend(whole, moved, owners)
    variances, axes = np.linalg.eigh(spread)
    evened = (axes / np.sqrt(variances + shrinkage * variances.mean())) @ axes.T
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
