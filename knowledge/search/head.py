"""The head: what the phrasings teach about the border between two articles (softmax regression on the embeddings).

Likeness alone finds a new article at once; the head, trained in the background in seconds, tells neighbours apart.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import Vectors

type Scores = NDArray[np.float32]

_STEPS = 25
_REMEMBERED = 8
_PENALTY = 1e-5
_BACKGROUND_SHARE = 0.2
"""The background counts at most as much as this share of the phrasings."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """Weights per article, in the order of `keys`; inputs are embeddings placed in the space it was trained in.

    A last column, where there is one more than keys, stands for the background: what no article is about.
    """

    keys: tuple[str, ...]
    weights: Scores
    bias: Scores

    def without(self, forgotten: Collection[str]) -> "Head":
        """The same head, having never heard of these articles."""
        if not forgotten:
            return self
        return replace(self, keys=tuple("" if key in forgotten else key for key in self.keys))

    def judge(self, placed: Vectors) -> Scores:
        """Log-probability of each column for each row."""
        scores = placed @ self.weights + self.bias
        shifted = scores - scores.max(axis=1, keepdims=True)
        return cast(Scores, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def train_head(
    placed: Vectors, owners: NDArray[np.intp], keys: tuple[str, ...], background: Vectors | None = None
) -> Head | None:
    """Learn which row belongs to which article, or to none (`background`); `None` when there is nothing to tell apart.

    L-BFGS (Liu and Nocedal, 1989), stopped after a few steps: no chance in it, so the same articles give the same head.
    """
    from scipy.optimize import minimize  # a second of start, for learning alone

    if len(keys) < 2 or len(placed) <= len(keys):
        return None
    lesson = _lesson(placed, owners, len(keys), background)
    found = minimize(
        lesson.loss_and_slope,
        np.zeros(lesson.shape[0] * lesson.shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxfun": 2 * _STEPS, "maxcor": _REMEMBERED},
    )
    values = found.x.reshape(lesson.shape).astype(np.float32)
    return Head(keys=keys, weights=values[:-1], bias=values[-1])


def _lesson(placed: Vectors, owners: NDArray[np.intp], articles: int, background: Vectors | None) -> "_HeadLoss":
    worth = np.ones(len(placed), np.float32)
    if background is None or not len(background):
        return _HeadLoss(placed, owners, worth, articles)
    share = min(1.0, _BACKGROUND_SHARE * len(placed) / len(background))
    return _HeadLoss(
        np.concatenate([placed, background]),
        np.concatenate([owners, np.full(len(background), articles)]),
        np.concatenate([worth, np.full(len(background), share, np.float32)]),
        articles + 1,
    )


class _HeadLoss:
    """The mean log-loss over the rows and half the squared weights times `_PENALTY`; the last row is the bias."""

    def __init__(self, placed: Vectors, owners: NDArray[np.intp], worth: Scores, columns: int) -> None:
        self.shape = (placed.shape[1] + 1, columns)
        self._placed = np.ascontiguousarray(placed, np.float32)
        self._owners = owners
        self._worth = worth / worth.sum()
        self._rows = np.arange(len(placed))

    def loss_and_slope(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = flat.reshape(self.shape).astype(np.float32)
        scores = self._placed @ values[:-1] + values[-1]
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[self._rows, self._owners]
        shares = np.exp(scores, out=scores)
        sums = shares.sum(axis=1)
        loss = float((self._worth * (np.log(sums) - right)).sum() + 0.5 * _PENALTY * (values[:-1] ** 2).sum())
        shares /= sums[:, None]
        shares[self._rows, self._owners] -= 1
        shares *= self._worth[:, None]
        slope = np.concatenate([self._placed.T @ shares + _PENALTY * values[:-1], shares.sum(axis=0, keepdims=True)])
        return loss, slope.ravel().astype(np.float64)
