"""Questions that mean the same, put together by average linkage. Pure: vectors in, groups out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot
from knowledge.search.similarity_thresholds import FITTED

MAX_VECTORS = 4_000
"""Questions that are grouped at once: half a second, 130 MB while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuestionCluster:
    """Rows that mean the same, the most typical first, and the middle of them as a unit vector."""

    rows: tuple[int, ...]
    centre: NDArray[np.float32]


def place_across_languages(snapshot: Snapshot, vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """The vectors in the knowledge base's space, with what a language alone adds to every sentence taken out.

    So a German and an English question on one matter come nearer: of such pairs that belong together a sixth more do.
    """
    means = _means_by_language(snapshot)
    if len(means) < 2 or not len(vectors):
        return snapshot.space.place_shared(vectors)
    middle = np.mean(list(means.values()), axis=0)
    shifts = np.stack([middle - means[language] if language in means else middle * 0 for language in languages])
    shifted = np.where(vectors.any(axis=1, keepdims=True), vectors + shifts, 0).astype(np.float32)
    return snapshot.space.place_shared(shifted)


def cluster_vectors(
    vectors: Vectors, weights: Sequence[float], *, alike: float = FITTED.questions
) -> list[QuestionCluster]:
    """Groups of unit vectors, at most `MAX_VECTORS`. `weights` say how much a row counts in the middle of its group.

    Two groups are one from a mean cosine of `alike` on.
    """
    if len(vectors) > MAX_VECTORS:
        raise ValueError(f"expected at most {MAX_VECTORS} vectors, got {len(vectors)}")
    labels = _labels(vectors, alike)
    counted = vectors * np.asarray(weights, np.float32)[:, None] if len(vectors) else vectors
    return [_group(vectors, counted, np.flatnonzero(labels == label)) for label in dict.fromkeys(labels.tolist())]


def _labels(vectors: Vectors, alike: float) -> NDArray[np.intp]:
    if len(vectors) < 2:
        return np.arange(len(vectors), dtype=np.intp)
    from scipy.cluster.hierarchy import fcluster, linkage  # half a second of start, for the admin's gaps alone
    from scipy.spatial.distance import squareform

    apart = np.clip(1 - vectors @ vectors.T, 0, 2).astype(np.float64)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    return cast(NDArray[np.intp], fcluster(tree, 1 - alike, "distance"))


def _group(vectors: Vectors, counted: Vectors, rows: NDArray[np.intp]) -> QuestionCluster:
    total = counted[rows].sum(axis=0)
    centre = total / max(float(np.linalg.norm(total)), 1e-6)
    order = np.argsort(-(vectors[rows] @ centre), kind="stable")
    return QuestionCluster(rows=tuple(rows[order].tolist()), centre=centre.astype(np.float32))


def _means_by_language(snapshot: Snapshot) -> dict[str, NDArray[np.float32]]:
    vectors = snapshot.vectors
    languages = np.array([language for entry in snapshot.entries for language in entry.languages])
    embedded = vectors.any(axis=1)
    found = {str(language): embedded & (languages == language) for language in np.unique(languages)}
    return {language: vectors[rows].mean(axis=0) for language, rows in found.items() if rows.any()}
