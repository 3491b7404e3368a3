"""What is yet to be embedded, and what becomes of an article when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.articles.catalogue import PublishedArticle
from knowledge.search.article_text import SearchedText, make_text, no_text
from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.vector_store import TextForm, Vector, VectorSource


def list_waiting(snapshot: Snapshot) -> list[tuple[TextForm, str]]:
    """What is yet to be embedded: phrasings first, and texts of about the same length together, so little is padded."""
    phrasings = [(TextForm.QUESTION, text) for text in sorted(snapshot.waiting, key=len)]
    return phrasings + [(TextForm.PASSAGE, text) for text in sorted(snapshot.waiting_passages, key=len)]


def complete_entry(entry: IndexEntry, known: Mapping[TextForm, Mapping[str, Vector]]) -> IndexEntry:
    """The article with the vectors that are known by now."""
    if entry.complete:
        return entry
    text, asked = entry.text.completed(known[TextForm.PASSAGE]), known[TextForm.QUESTION]
    if text is entry.text and not any(phrasing in asked for phrasing in entry.waiting):
        return entry
    rows = [asked.get(phrasing, there) for phrasing, there in zip(entry.phrasings, entry.vectors, strict=True)]
    vectors = np.array(rows, np.float16)
    complete = bool(vectors.any(axis=1).all()) and not text.waiting
    return replace(entry, vectors=vectors, text=text, complete=complete)


def make_texts(articles: Sequence[PublishedArticle], *, with_texts: bool) -> list[SearchedText]:
    """What the answers of these articles say, none of it embedded yet; nothing where there are too many articles."""
    return [make_text(article.content, {}) if with_texts else no_text() for article in articles]


async def read_passages(vectors: VectorSource, texts: Sequence[SearchedText], *, at_once: int) -> list[SearchedText]:
    """The texts with the vectors that are kept. Passages are many and long: up to `at_once` missing ones are made now,
    more are left for later. Raises `Unavailable`."""
    wanted = dict.fromkeys(passage for text in texts for passage in text.passages)
    known = await vectors.load_vectors(wanted, TextForm.PASSAGE)
    missing = [passage for passage in wanted if passage not in known]
    if len(missing) <= at_once:
        known |= await vectors.make(missing, TextForm.PASSAGE)
    return [text.completed(known) for text in texts]
