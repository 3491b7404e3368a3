"""The head: what the phrasings teach about the border between two articles (softmax regression on the embeddings).

Likeness alone finds a new article at once; the head, trained in the background in seconds, tells neighbours apart.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import Vectors

type Scores = NDArray[np.float32]

_ROUNDS = 12
_AT_ONCE = 256
_SHARPNESS = 12.0
_RATE = 0.015
_WEIGHT_DECAY = 2e-4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """Weights per article, in the order of `keys`; inputs are embeddings placed in the space it was trained in."""

    keys: tuple[str, ...]
    weights: Scores
    bias: Scores

    def judge(self, placed: Vectors) -> Scores:
        """Log-probability of each article for each row."""
        return _log_softmax(_SHARPNESS * (placed @ self.weights) + self.bias)


def train_head(placed: Vectors, owners: NDArray[np.intp], keys: tuple[str, ...]) -> Head | None:
    """Learn which row belongs to which article; `None` when there is nothing to tell apart.

    Adam over mini-batches; the order is shuffled from a fixed seed, so that the same articles
    give the same head.
    """
    if len(keys) < 2 or len(placed) <= len(keys):
        return None
    random = np.random.default_rng(5)
    state = _Adam(placed.shape[1], len(keys))
    steps = _ROUNDS * -(-len(placed) // _AT_ONCE)
    for _ in range(_ROUNDS):
        order = random.permutation(len(placed))
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start : start + _AT_ONCE]
            state.step(placed[chosen], owners[chosen], share_left=1 - state.steps / steps)
    return Head(keys=keys, weights=state.values[:-1], bias=state.values[-1])


class _Adam:
    """Adam (Kingma and Ba, 2015) with decoupled weight decay, for one table of weights whose last row is the bias."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.values: Scores = np.zeros((inputs + 1, outputs), np.float32)
        self._mean = np.zeros_like(self.values)
        self._square = np.zeros_like(self.values)
        self.steps = 0

    def step(self, placed: Vectors, owners: NDArray[np.intp], *, share_left: float) -> None:
        self.steps += 1
        slope = _slope(self.values, placed, owners)
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.01 * (slope**2 - self._square)
        direction = self._mean / (1 - 0.9**self.steps) / (np.sqrt(self._square / (1 - 0.99**self.steps)) + 1e-8)
        rate = _RATE * max(share_left, 0.02)
        self.values -= rate * (direction + _WEIGHT_DECAY / _RATE * self.values)


def _slope(values: Scores, placed: Vectors, owners: NDArray[np.intp]) -> Scores:
    off = np.exp(_log_softmax(_SHARPNESS * (placed @ values[:-1]) + values[-1]))
    off[np.arange(len(owners)), owners] -= 1
    off /= len(owners)
    return np.concatenate([_SHARPNESS * (placed.T @ off), off.sum(axis=0, keepdims=True)])


def _log_softmax(scores: Scores) -> Scores:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return cast(Scores, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
