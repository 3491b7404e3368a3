"""The articles that were asked about lately, read for their short answers."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import cast

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge.normalization import excerpt
from knowledge.search.article_text import MAX_PASSAGE_LENGTH
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
        """The article in a language that it has. What the index has no vectors of is embedded the first time."""
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
            vectors=self._vectors(entry, [_in_context(passage, wording.question) for passage in passages]),
            asked=_asked(entry, language)[:SHARED_DIMENSIONS],
        )

    def _vectors(self, entry: IndexEntry, texts: Sequence[str]) -> NDArray[np.float16]:
        """One row a text, in the dimensions that all languages share; what the index has is taken from there.

        Zeros for all when the embedder fails: they would not compare.
        """
        indexed = zip(entry.text.passages, entry.text.vectors, strict=True)
        known = {text: vector[:SHARED_DIMENSIONS] for text, vector in indexed if vector.any()}
        missing = [text for text in texts if text not in known]
        try:
            made = self._embedder.embed_passages(missing)[:, :SHARED_DIMENSIONS].astype(np.float16) if missing else ()
        except Exception:
            log.exception("knowledge.passages_not_embedded", passages=len(missing))
            return np.zeros((len(texts), SHARED_DIMENSIONS), np.float16)
        known |= dict(zip(missing, made, strict=True))
        return np.array([known[text] for text in texts], np.float16).reshape(-1, SHARED_DIMENSIONS)


def _in_context(passage: Passage, title: str) -> str:
    """As the index has it."""
    return excerpt(passage.in_context(title), MAX_PASSAGE_LENGTH)


def _asked(entry: IndexEntry, language: str) -> NDArray[np.float16]:
    """The vector of the article's question, the first phrasing of its language."""
    return cast(NDArray[np.float16], entry.vectors[entry.languages.index(language)])
