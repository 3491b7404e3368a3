"""The articles that were asked about lately, read for their short answers."""

import threading
from collections import OrderedDict
from typing import cast

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge.search.embedder import SHARED_DIMENSIONS, Embedder
from knowledge.search.index_entry import IndexEntry
from knowledge.search.passages import Passage, split_passages
from knowledge.search.short_answer import ArticleReading

log = structlog.get_logger()

MAX_READINGS = 200
"""Articles in one language that are kept; some 40 kB each."""
MAX_PASSAGES = 60
"""Of one article that are looked at: what stands further down is not found as its short answer."""


class ArticleReadings:
    """Reads an article when it is first asked about, and again when it has changed."""

    def __init__(self, embedder: Embedder, *, most: int = MAX_READINGS) -> None:
        self._embedder = embedder
        self._most = most
        self._kept: OrderedDict[tuple[str, str], tuple[IndexEntry, ArticleReading]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, entry: IndexEntry, language: str) -> ArticleReading:
        """The article in a language that it has. The first time its passages are embedded: a tenth of a second."""
        name = (entry.key, language)
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] is entry:
                self._kept.move_to_end(name)
                return kept[1]
        reading = self._read(entry, language)
        with self._lock:
            self._kept[name] = (entry, reading)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return reading

    def _read(self, entry: IndexEntry, language: str) -> ArticleReading:
        wording = entry.content.variants[language]
        passages = split_passages(wording.answer)[:MAX_PASSAGES]
        return ArticleReading(
            question=wording.question,
            answer=wording.answer,
            passages=passages,
            vectors=self._embed(passages, wording.question),
            asked=_asked(entry, language)[:SHARED_DIMENSIONS],
        )

    def _embed(self, passages: tuple[Passage, ...], title: str) -> NDArray[np.float16]:
        """Their vectors in the dimensions that all languages share; zeros when the embedder fails."""
        try:
            found = self._embedder.embed_passages([passage.in_context(title) for passage in passages])
        except Exception:
            log.exception("knowledge.passages_not_embedded", passages=len(passages))
            return np.zeros((len(passages), SHARED_DIMENSIONS), np.float16)
        shared: NDArray[np.float16] = found[:, :SHARED_DIMENSIONS].astype(np.float16)
        return shared


def _asked(entry: IndexEntry, language: str) -> NDArray[np.float16]:
    """The vector of the article's question, the first phrasing of its language."""
    return cast(NDArray[np.float16], entry.vectors[entry.languages.index(language)])
