"""What was learnt, kept in a file, so that a restart answers as well as before at once. A loss costs seconds only."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import structlog

from knowledge.search.index import Snapshot
from knowledge.search.learning import LearnedModel, pack_model, unpack_model

log = structlog.get_logger()

FORMAT = 4
"""Raise it when what is learnt is used in another way: what older code has stored is passed over then."""

_HEADING = "stored.heading"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredModel:
    """What was learnt, and the mark of what it was learnt from."""

    learnt: LearnedModel
    mark: str


def snapshot_fingerprint(snapshot: Snapshot, model: str) -> str:
    """The same for the same phrasings and passages, as far as they are embedded: only they teach."""
    digest = hashlib.sha256(model.encode())
    for entry in sorted(snapshot.entries, key=lambda entry: entry.key):
        digest.update(entry.key.encode() + b"\x00")
        digest.update(entry.said.tobytes() + b"\x00")
        digest.update("\n".join(entry.text.passages).encode() + b"\x00")
        digest.update(entry.vectors.any(axis=1).tobytes() + entry.text.vectors.any(axis=1).tobytes())
    return digest.hexdigest()


def write_model_file(file: Path, stored: StoredModel, model: str) -> None:
    """Replace `file` as a whole. A folder that can't be written to costs a line in the log."""
    heading = np.array([str(FORMAT), model, stored.mark])
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as opened:
            np.savez(opened, allow_pickle=False, **{_HEADING: heading}, **pack_model(stored.learnt))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError as error:
        log.warning("knowledge.learnt_not_stored", file=str(file), error=type(error).__name__)
        with suppress(OSError):
            part.unlink(missing_ok=True)


def read_model_file(file: Path, model: str) -> StoredModel | None:
    """What was stored for this model; `None`, and a line in the log, when there is nothing that can be used."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            written, stored_model, mark = arrays[_HEADING].tolist()
            if (written, stored_model) != (str(FORMAT), model):
                log.info("knowledge.stored_is_of_another_kind", file=str(file), format=written, model=stored_model)
                return None
            return StoredModel(learnt=unpack_model({name: arrays[name] for name in arrays.files}), mark=mark)
    except FileNotFoundError:
        return None
    except (OSError, BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        log.warning("knowledge.stored_is_unreadable", file=str(file), error=type(error).__name__)
        return None
