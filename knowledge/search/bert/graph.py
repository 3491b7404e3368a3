"""The layers of a model of BERT's kind as a model of onnxruntime's, made in memory at each start.

The numbers of a matrix stay in the 4 or 8 bits in which they are shipped. What goes into a matrix becomes 8-bit numbers
with a scale for each 32 of them (`MatMulNBits` at accuracy level 4). On a processor for which onnxruntime has no code
for that, it multiplies in full precision.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.search.bert.onnx_model import OnnxModel

BLOCK = 32
"""Numbers of a row that share a scale."""
_EIGHT_BITS_IN = 4  # onnxruntime's accuracy level


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedMatrix:
    """A matrix of small numbers, as `MatMulNBits` takes it: a row for each number that comes out."""

    numbers: NDArray[np.uint8]
    """Without a sign, the middle one standing for zero; two of 4 bits in a byte, the first in its lower half. Shape
    (rows, blocks, bytes of a block)."""
    scales: NDArray[np.float32]
    """What the numbers of a block are multiplied by; shape (rows, blocks)."""
    bits: int


class LayerWeights(Protocol):
    """What a model has learnt, by names of ours.

    "emb.ln" is what evens out the sum of the embeddings. Layer 0 has the matrices "l0.q", "l0.k" and "l0.v" of its
    attention, "l0.ao" of what comes out of it, "l0.fi" and "l0.fo" into the wider middle and back, and evens out by
    "l0.aln" and "l0.oln". A name with ".w" is the matrix, or the factor where it evens out; with ".b" what is added.
    """

    @property
    def width(self) -> int:
        """Of a state."""
        ...

    @property
    def layers(self) -> int:
        """How many there are."""
        ...

    @property
    def heads(self) -> int:
        """How many attentions a layer has side by side."""
        ...

    @property
    def inner(self) -> int:
        """Width of the middle of a layer."""
        ...

    @property
    def epsilon(self) -> float:
        """What keeps evening out from dividing by zero."""
        ...

    def vector(self, name: str) -> NDArray[np.float32]:
        """Numbers that are kept in full, in one row."""
        ...

    def matrix(self, name: str, width: int) -> PackedMatrix:
        """The matrix for what is `width` wide."""
        ...


def build_graph(weights: LayerWeights) -> bytes:
    """A model in ONNX's format: from the sums of embeddings, shape (1, length, width), to the last layer's states."""
    graph = _Graph(weights)
    states = graph.even_out("LayerNormalization", ["embeddings"], "emb.ln", own=False)
    for layer in range(weights.layers):
        states = graph.add_layer(f"l{layer}", states)
    return graph.model.to_bytes(states)


class _Graph:
    """Every function adds nodes and returns the name of what comes out of them."""

    def __init__(self, weights: LayerWeights) -> None:
        self._weights = weights
        self.model = OnnxModel("embeddings", weights.width)

    def add_layer(self, name: str, states: str) -> str:
        """Attention, and a wider product and back; each is added to what it was made of."""
        width = self._weights.width
        asked, keys, values = (self._multiply(f"{name}.{part}", states, width) for part in "qkv")
        seen = self.model.node(
            "MultiHeadAttention", [asked, keys, values], f"{name}.seen", num_heads=self._weights.heads
        )
        attended = self._multiply(f"{name}.ao", seen, width)
        states = self.even_out("SkipLayerNormalization", [attended, states], f"{name}.aln")
        wide = self.model.node("Gelu", [self._multiply(f"{name}.fi", states, width)], f"{name}.wide")
        narrow = self._multiply(f"{name}.fo", wide, self._weights.inner)
        return self.even_out("SkipLayerNormalization", [narrow, states], f"{name}.oln")

    def even_out(self, operator: str, inputs: list[str], name: str, *, own: bool = True) -> str:
        """The sum of the inputs at the spread and the middle that the model has learnt."""
        learnt = [self._vector(f"{name}.w"), self._vector(f"{name}.b")]
        return self.model.node(operator, [*inputs, *learnt], name, own=own, epsilon=self._weights.epsilon)

    def _multiply(self, name: str, given: str, width: int) -> str:
        """With a matrix of as many columns as `given` is wide."""
        packed, matrix = self._weights.matrix(f"{name}.w", width), f"{name}.w"
        self.model.weight(matrix, packed.numbers)
        self.model.weight(f"{matrix}.scales", packed.scales.ravel())
        return self.model.node(
            "MatMulNBits",
            [given, matrix, f"{matrix}.scales", "", "", self._vector(f"{name}.b")],
            name,
            K=width,
            N=len(packed.numbers),
            bits=packed.bits,
            block_size=BLOCK,
            accuracy_level=_EIGHT_BITS_IN,
        )

    def _vector(self, name: str) -> str:
        return self.model.weight(name, self._weights.vector(name))
