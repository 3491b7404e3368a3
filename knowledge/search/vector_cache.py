"""The vectors of the last questions, kept in memory: what a customer asked today needn't be embedded for a replay."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.normalization import tidy
from knowledge.search.embedder import DIMENSIONS, Embedder, Vectors

MAX_VECTORS = 10_000
"""Vectors that are kept: 36 MB."""


class CachedEmbedder:
    """An `Embedder` in front of another one. It knows texts by their hash only, and nothing of them is stored."""

    def __init__(self, embedder: Embedder, *, most: int = MAX_VECTORS) -> None:
        self._embedder = embedder
        self._most = most
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's, since the vectors are."""
        return self._embedder.name

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Those that would have to be embedded, each once."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if _hash(text) not in self._kept]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask; shape (len(texts), 1280)."""
        hashes = [_hash(text) for text in texts]
        with self._lock:
            found = {name: self._kept[name] for name in hashes if name in self._kept}
        new: dict[bytes, str] = {}
        for name, text in zip(hashes, texts, strict=True):
            if name not in found:
                new.setdefault(name, text)
        if new:
            found |= dict(zip(new, self._embedder.embed_queries(list(new.values())), strict=True))
        self._keep(found)
        return np.stack([found[name] for name in hashes]) if hashes else np.zeros((0, DIMENSIONS), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; nothing of it is kept."""
        return self._embedder.embed_passages(texts)

    def _keep(self, vectors: dict[bytes, NDArray[np.float32]]) -> None:
        with self._lock:
            for name, vector in vectors.items():
                self._kept[name] = vector
                self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _hash(text: str) -> bytes:
    return hashlib.blake2b(tidy(text).encode(), digest_size=16).digest()
