"""A model in ONNX's file format, put together node by node.

The format is protobuf (github.com/onnx/onnx, onnx/onnx.proto3): a field is a tag, a length and its bytes. The few that
are needed are written here, so that the package `onnx` (60 MB with what it brings) is none of ours.
"""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_IR_VERSION, _OPSET = 9, 18
_MICROSOFT = "com.microsoft"
"""The domain of onnxruntime's own operators."""
_FLOAT = 1
_TYPES = {np.dtype(np.float32): _FLOAT, np.dtype(np.uint8): 2}
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INTEGER = 1, 2


class OnnxModel:
    """One input and one output, both of shape (1, length, width) and of 32-bit floats."""

    def __init__(self, source: str, width: int) -> None:
        self._source, self._width = source, width
        self._parts: list[bytes] = []

    def weight(self, name: str, values: NDArray[np.float32] | NDArray[np.uint8]) -> str:
        """Adds numbers that nodes can name; returns the name."""
        shape = b"".join(_field(1, size) for size in values.shape)
        tensor = shape + _field(2, _TYPES[values.dtype]) + _field(8, name) + _field(9, values.tobytes())
        self._parts.append(_field(5, tensor))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: str | Sequence[str],
        *,
        own: bool = True,
        **attributes: float,
    ) -> str:
        """Adds an operator, onnxruntime's own or (`own=False`) the standard's; returns the name of its first output."""
        names = [outputs] if isinstance(outputs, str) else list(outputs)
        parts = [_field(1, name) for name in inputs] + [_field(2, name) for name in names]
        parts += [_field(3, names[0]), _field(4, operator)]
        parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
        self._parts.append(_field(1, b"".join([*parts, _field(7, _MICROSOFT if own else "")])))
        return names[0]

    def to_bytes(self, result: str) -> bytes:
        """The file, for a session; `result` is the name of the output."""
        graph = b"".join([*self._parts, _field(2, "graph"), self._face(11, self._source), self._face(12, result)])
        imports = [
            _field(8, _field(1, domain) + _field(2, version)) for domain, version in (("", _OPSET), (_MICROSOFT, 1))
        ]
        return b"".join([_field(1, _IR_VERSION), _field(7, graph), *imports])

    def _face(self, number: int, name: str) -> bytes:
        """An input or output of the whole."""
        sizes = (_field(1, 1), _field(2, "length"), _field(1, self._width))
        shape = b"".join(_field(1, size) for size in sizes)
        tensor = _field(1, _FLOAT) + _field(2, shape)
        return _field(number, _field(1, name) + _field(2, _field(1, tensor)))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _ATTRIBUTE_INTEGER)
    return _field(1, name) + _float(2, value) + _field(20, _ATTRIBUTE_FLOAT)


def _float(number: int, value: float) -> bytes:
    return _varint(number << 3 | 5) + struct.pack("<f", value)


def _field(number: int, value: int | str | bytes) -> bytes:
    """A number as it is; text and bytes after their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
