"""Numbers out of a file in ONNX's format, read in place.

Of the format (github.com/onnx/onnx, onnx/onnx.proto) only what names a tensor and says where its numbers stand is read.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_GRAPH, _TENSOR = 7, 5
_DIMENSION, _TYPE, _NAME, _NUMBERS = 1, 2, 8, 9
_TYPES = {1: "<f4", 2: "u1", 3: "i1", 7: "<i8", 9: "?"}
"""numpy's names for the kinds of numbers that are read."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A number, or the bytes between two places."""

    tag: int
    number: int
    end: int = 0


class OnnxTensors:
    """The file stays mapped: of a tensor only those rows come into memory that somebody looks at.

    Raises `ValueError` for a file of another kind, `KeyError` for a name that it doesn't have.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            graph = next(one for one in self._fields(0, len(self.content)) if one.tag == _GRAPH)
            self._found = dict(self._tensor(one) for one in self._fields(graph.number, graph.end) if one.tag == _TENSOR)
        except (IndexError, StopIteration, KeyError) as error:
            raise ValueError(f"{path} is no model in ONNX's format") from error

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the file."""
        return tuple(self._found)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The tensor, in the shape and kind of number that the file gives it; not to be written to."""
        kind, shape, place = self._found[name]
        return np.frombuffer(self.content, kind, prod(shape), place).reshape(shape)

    def _tensor(self, tensor: _Field) -> tuple[str, tuple[str, tuple[int, ...], int]]:
        shape: list[int] = []
        name, kind, place = "", "", 0
        for one in self._fields(tensor.number, tensor.end):
            if one.tag == _DIMENSION:
                shape.append(one.number)
            elif one.tag == _TYPE:
                kind = _TYPES[one.number]
            elif one.tag == _NAME:
                name = self.content[one.number : one.end].decode()
            elif one.tag == _NUMBERS:
                place = one.number
        return name, (kind, tuple(shape), place)

    def _fields(self, place: int, end: int) -> Iterator[_Field]:
        """What a message says, field by field. Raises `IndexError` where it ends too early."""
        while place < end:
            key, place = self._varint(place)
            tag, wire = key >> 3, key & 7
            if wire == 0:
                number, place = self._varint(place)
                yield _Field(tag, number)
            elif wire == 2:
                size, begin = self._varint(place)
                place = begin + size
                if place > end:
                    raise IndexError(tag)
                yield _Field(tag, begin, place)
            elif wire in (1, 5):
                place += 8 if wire == 1 else 4
            else:
                raise IndexError(tag)

    def _varint(self, place: int) -> tuple[int, int]:
        """The number that begins there, and the place after it."""
        number = shift = 0
        while self.content[place] & 0x80:
            number |= (self.content[place] & 0x7F) << shift
            place, shift = place + 1, shift + 7
        return number | self.content[place] << shift, place + 1
