"""An exam: what the search would have said to phrasings that it had not been told of.

Some phrasings are held back, and some whole articles, whose phrasings then are questions from outside, as are
sentences of the background. What is left is learnt as if it were everything, and asked. From what came,
`knowledge/search/calibration.py` learns how far the signs can be trusted in this knowledge base.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.search.embedder import Vectors
from knowledge.search.head import Head
from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.lexical import Pieces, unpack
from knowledge.search.vector_space import VectorSpace

type Rows = NDArray[np.bool_]
type Study = Callable[[Snapshot, Vectors], tuple[VectorSpace, Head | None]]

_MAX_ROWS = 2_500
"""Phrasings that are held back altogether: more would not be told apart from chance any better."""
_SMALL = 3_000
_FOLDS = 3
_HELD_BACK = 0.2
_GONE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BackgroundMessages:
    """Messages that no article is about, as vectors and as pieces of words."""

    texts: Sequence[str]
    vectors: Vectors
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValidationFold:
    """Questions whose answer is known, and the snapshot that has not been told of them."""

    snapshot: Snapshot
    texts: Sequence[str]
    vectors: Vectors
    pieces: Pieces
    expected: NDArray[np.intp]
    """The column of the right article in `snapshot`; -1 where it has been taken away."""


def make_validation_folds(snapshot: Snapshot, background: BackgroundMessages, study: Study) -> Iterator[ValidationFold]:
    """One exam for a large knowledge base, three for a small one; none where nothing can be held back."""
    chance = np.random.default_rng(7)
    folds = _FOLDS if len(snapshot.owners) <= _SMALL else 1
    for _ in range(folds):
        gone = chance.random(len(snapshot.entries)) < _GONE
        held = _hold_back(snapshot, chance) | gone[snapshot.owners]
        if held.any() and not gone.all() and not held.all():
            asked = chance.permutation(np.flatnonzero(held))[: _MAX_ROWS // folds]
            spared = chance.random(len(background.vectors)) < _HELD_BACK
            space, head = study(told := _told(snapshot, ~held, gone), background.vectors[~spared])
            said = [phrasing for entry in snapshot.entries for phrasing in entry.phrasings]
            columns = np.where(gone, -1, np.cumsum(~gone) - 1)
            yield ValidationFold(
                snapshot=replace(told, space=space, head=head),
                texts=[said[row] for row in asked.tolist()] + list(compress(background.texts, spared.tolist())),
                vectors=np.concatenate([snapshot.vectors[asked], background.vectors[spared]]),
                pieces=sparse.vstack([_pieces(snapshot)[asked], background.pieces[spared]], format="csr"),
                expected=np.concatenate([columns[snapshot.owners[asked]], np.full(spared.sum(), -1)]),
            )


def _hold_back(snapshot: Snapshot, chance: np.random.Generator) -> Rows:
    """A fifth of the phrasings, by chance, of which no article loses more than half in any language."""
    languages = np.array([language for entry in snapshot.entries for language in entry.languages])
    groups = np.unique(np.stack([snapshot.owners.astype(str), languages]), axis=1, return_inverse=True)[1].ravel()
    order = chance.permutation(len(groups))
    order = order[np.argsort(groups[order], kind="stable")]
    sizes = np.bincount(groups)
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wished = np.floor(sizes * _HELD_BACK + chance.random(len(sizes))).astype(int)
    held = np.zeros(len(groups), bool)
    held[order] = place < np.repeat(np.minimum(wished, sizes // 2), sizes)
    return held


def _told(snapshot: Snapshot, kept: Rows, gone: Rows) -> Snapshot:
    """What is left of the knowledge base."""
    entries = [
        _part(entry, kept[start : start + len(entry.phrasings)])
        for entry, start, away in zip(snapshot.entries, snapshot.starts.tolist(), gone.tolist(), strict=True)
        if not away
    ]
    return Snapshot(0, tuple(entries), snapshot.space)


def _part(entry: IndexEntry, kept: Rows) -> IndexEntry:
    return replace(
        entry,
        phrasings=tuple(text for text, stays in zip(entry.phrasings, kept, strict=True) if stays),
        languages=tuple(language for language, stays in zip(entry.languages, kept, strict=True) if stays),
        vectors=entry.vectors[kept],
        pieces=entry.pieces[np.repeat(kept, entry.lengths)],
        lengths=entry.lengths[kept],
        said=entry.said[kept],
    )


def _pieces(snapshot: Snapshot) -> Pieces:
    packed = np.concatenate([entry.pieces for entry in snapshot.entries])
    return unpack(packed, np.concatenate([entry.lengths for entry in snapshot.entries]))
