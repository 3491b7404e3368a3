"""Vectors that are kept in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import DIMENSIONS
from knowledge.search.vector_cache import CachedEmbedder
from tests.fakes.embedder import LetterCounts


class TextRecorder(LetterCounts):
    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return super().embed_queries(texts)


def test_a_text_is_embedded_once() -> None:
    inner = TextRecorder()
    recent = CachedEmbedder(inner)
    first = recent.embed_queries(["a b", "c", "a  b"])
    assert np.array_equal(recent.embed_queries(["c", "a b"]), first[[1, 0]])
    assert inner.texts == ["a b", "c"]
    assert np.allclose(first, LetterCounts().embed_queries(["a b", "c", "a b"]))


def test_only_so_many_are_kept_and_the_oldest_go() -> None:
    recent = CachedEmbedder(TextRecorder(), most=2)
    recent.embed_queries(["a", "b"])
    recent.embed_queries(["a", "c"])
    assert recent.missing(["a", "b", "c", "b"]) == ["b"]


def test_more_than_is_kept_is_embedded_all_the_same() -> None:
    assert CachedEmbedder(TextRecorder(), most=1).embed_queries(["a", "b", "c"]).shape == (3, DIMENSIONS)
    assert CachedEmbedder(TextRecorder()).embed_queries([]).shape == (0, DIMENSIONS)
