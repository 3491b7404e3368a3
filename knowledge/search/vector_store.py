"""The vectors that were computed once. The database keeps them, so that no phrasing is embedded twice."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import batched
from time import monotonic

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import select

from knowledge.bulk_work import step_back
from knowledge.normalization import tidy
from knowledge.search.embedder import Embedder, Vectors
from store.db import Database
from store.models import Embedding
from store.upsert import insert_into

log = structlog.get_logger()

type Vector = NDArray[np.float32]

_AT_ONCE = 500
_REST = 30.0

STEP = 32
"""Texts that are embedded and kept in one go: a third of a second, and no more is lost when it is interrupted."""


class TextForm(StrEnum):
    """In which form a text is embedded: e5 knows two. Its value is e5's prefix; vectors are found by it too."""

    QUESTION = "query: "
    """What customers ask. Phrasings are questions too: like is compared with like."""
    PASSAGE = "passage: "
    """What answers say."""


def vector_hash(model: str, text: str, form: TextForm = TextForm.QUESTION) -> str:
    """What a vector is found by: SHA-256 of model, form and text."""
    return hashlib.sha256("\x00".join((model, form, tidy(text))).encode()).hexdigest()


async def load_vectors(
    db: Database, model: str, texts: Iterable[str], form: TextForm = TextForm.QUESTION
) -> dict[str, Vector]:
    """The vectors that are there already, by text."""
    wanted = {vector_hash(model, text, form): text for text in texts}
    found: dict[str, Vector] = {}
    async with db.read() as session:
        for hashes in batched(wanted, _AT_ONCE):
            rows = await session.execute(
                select(Embedding.text_hash, Embedding.vector).where(
                    Embedding.model == model, Embedding.text_hash.in_(hashes)
                )
            )
            found |= {wanted[name]: np.frombuffer(vector, dtype="<f2").astype(np.float32) for name, vector in rows}
    return found


async def store_vectors(
    db: Database, model: str, texts: Sequence[str], vectors: Vectors, form: TextForm = TextForm.QUESTION
) -> Mapping[str, Vector]:
    """Keep these vectors; another instance may have been quicker, which is as good. Returns them by text."""
    rows = {
        vector_hash(model, text, form): {
            "text_hash": vector_hash(model, text, form),
            "model": model,
            "vector": vector.astype("<f2").tobytes(),
        }
        for text, vector in zip(texts, vectors, strict=True)
    }
    if rows:
        in_order = [rows[name] for name in sorted(rows)]  # two who store the same never wait for each other in a circle
        async with db.write() as session:
            await session.execute(insert_into(session, Embedding).on_conflict_do_nothing(), in_order)
    return dict(zip(texts, vectors, strict=True))


async def embed_missing(
    db: Database, embedder: Embedder, texts: Iterable[str], progress: Callable[[int], None] = lambda count: None
) -> None:
    """Embed and keep what isn't there yet, in small steps; `progress` is told how many texts each step settled."""
    wanted = list(dict.fromkeys(texts))
    known = await load_vectors(db, embedder.name, wanted)
    progress(len(known))
    missing = sorted((text for text in wanted if text not in known), key=len)  # alike long: little is padded
    with ThreadPoolExecutor(1, initializer=step_back) as behind:
        for step in batched(missing, STEP):
            vectors = await asyncio.get_running_loop().run_in_executor(behind, embedder.embed_queries, step)
            await store_vectors(db, embedder.name, step, vectors)
            progress(len(step))


class VectorSource:
    """The vectors of phrasings: those that are kept, and new ones. A text that can't be embedded does no harm."""

    def __init__(self, db: Database, embedder: Embedder) -> None:
        self.db = db
        self.embedder = embedder
        self._resting_until = 0.0
        self._unkept: dict[TextForm, dict[str, Vector]] = {form: {} for form in TextForm}

    @property
    def is_ready(self) -> bool:
        """Whether it is worth asking for new vectors; for a while after a failure it isn't."""
        return monotonic() >= self._resting_until

    async def load_vectors(self, texts: Iterable[str], form: TextForm = TextForm.QUESTION) -> dict[str, Vector]:
        """The vectors that are there already, by text. Raises `Unavailable`."""
        return await load_vectors(self.db, self.embedder.name, texts, form)

    async def make(self, texts: Sequence[str], form: TextForm = TextForm.QUESTION) -> dict[str, Vector]:
        """New vectors, to be kept by `keep`; those of texts that the embedder fails on are missing."""
        if not texts or not self.is_ready:
            return {}
        good = await self._embed(texts, form)
        self._unkept[form] |= good
        return good

    async def keep(self) -> None:
        """Store what was made, once the articles can be found: they don't wait for it. Raises `Unavailable`."""
        for form, unkept in self._unkept.items():
            if unkept:
                self._unkept[form] = {}
                await store_vectors(self.db, self.embedder.name, list(unkept), np.stack(list(unkept.values())), form)

    async def _embed(self, texts: Sequence[str], form: TextForm) -> dict[str, Vector]:
        """All together; when that fails, one by one, to find the one that is to blame."""
        try:
            vectors = await asyncio.to_thread(self._model_for(form), texts)
        except Exception:
            if len(texts) == 1:
                self._resting_until = monotonic() + _REST
                log.exception("knowledge.not_embedded", characters=len(texts[0]))
                return {}
            return {text: vector for each in texts for text, vector in (await self._embed([each], form)).items()}
        usable = np.isfinite(vectors).all(axis=1) & vectors.any(axis=1)
        return {text: vector for text, vector, good in zip(texts, vectors, usable, strict=True) if good}

    def _model_for(self, form: TextForm) -> Callable[[Sequence[str]], Vectors]:
        return self.embedder.embed_queries if form is TextForm.QUESTION else self.embedder.embed_passages
