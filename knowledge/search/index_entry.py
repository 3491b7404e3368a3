"""One article in the index, with all that is computed once for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.articles.content import Content
from knowledge.normalization import words
from knowledge.search.article_text import SearchedText, Vector, make_text
from knowledge.search.embedder import DIMENSIONS
from knowledge.search.lexical import count_words, pack
from knowledge.search.spelling import umlaut_words
from knowledge.search.typing_errors import mending_words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexEntry:
    """One published article with all that is computed once for each of its phrasings, in the same order.

    A vector of zeros means that the phrasing is still waiting to be embedded; until then words alone find it.
    """

    key: str
    revision: int
    content: Content
    phrasings: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: NDArray[np.float16]
    """As the embedder made them, rounded to half the bytes: cosines change by less than 0.001."""
    pieces: NDArray[np.uint32]
    """Those of all phrasings, packed; `lengths` says how many are whose."""
    lengths: NDArray[np.uint16]
    said: NDArray[np.uint32]
    """A check sum of each phrasing's words."""
    text: SearchedText
    """What its answers say."""
    umlauts: tuple[str, ...]
    """Its words that customers may spell out."""
    words: tuple[str, ...]
    """Its words that customers may mistype."""
    complete: bool
    """Whether every phrasing and every passage has its vector."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """The phrasings that are yet to be embedded."""
        there = self.vectors.any(axis=1)
        return tuple(text for text, known in zip(self.phrasings, there, strict=True) if not known)


class IndexableArticle(Protocol):
    """What an entry is made of."""

    @property
    def key(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def content(self) -> Content: ...


def make_entry(
    key: str, revision: int, content: Content, known: Mapping[str, Vector], passages: Mapping[str, Vector] | None = None
) -> IndexEntry:
    """The entry of an article, with the vectors that are known by text, those of its passages apart.

    Where `passages` are not given, none are looked for.
    """
    texts = make_text(content, passages or {}, with_passages=passages is not None)
    return make_entries([_ArticleValue(key, revision, content)], known, [texts])[0]


def make_entries(
    articles: Iterable[IndexableArticle], known: Mapping[str, Vector], texts: Sequence[SearchedText]
) -> list[IndexEntry]:
    """The entries of several articles with their `texts`; the pieces of all phrasings are counted in one go."""
    asked = [(article, _asked(article.content)) for article in articles]
    spelt = [words(text) for _, phrasings in asked for text, _ in phrasings]
    said = np.array([crc32(" ".join(each).encode()) for each in spelt], np.uint32)
    pieces = count_words(spelt)
    packed, lengths = pack(pieces), np.diff(pieces.indptr).astype(np.uint16)
    ends = np.cumsum([0, *(len(phrasings) for _, phrasings in asked)]).tolist()
    cuts = pieces.indptr[ends].tolist()
    return [
        _entry(
            (article, text),
            phrasings,
            known,
            packed[first:last].copy(),
            lengths[start:end].copy(),
            said[start:end].copy(),
        )
        for (article, phrasings), text, (start, end), (first, last) in zip(
            asked, texts, pairwise(ends), pairwise(cuts), strict=True
        )
    ]


def _asked(content: Content) -> list[tuple[str, str]]:
    return [(text, language) for language, wording in content.variants.items() for text in wording.asked]


def _entry(
    told: tuple[IndexableArticle, SearchedText],
    asked: Sequence[tuple[str, str]],
    known: Mapping[str, Vector],
    pieces: NDArray[np.uint32],
    lengths: NDArray[np.uint16],
    said: NDArray[np.uint32],
) -> IndexEntry:
    (article, text), nothing = told, np.zeros(DIMENSIONS, np.float32)
    answers = [wording.answer for wording in article.content.variants.values()] if len(text.pieces) else []
    vectors = np.array([known.get(phrasing, nothing) for phrasing, _ in asked], np.float16)
    return IndexEntry(
        key=article.key,
        revision=article.revision,
        content=article.content,
        phrasings=tuple(phrasing for phrasing, _ in asked),
        languages=tuple(language for _, language in asked),
        vectors=vectors,
        pieces=pieces,
        lengths=lengths,
        said=said,
        text=text,
        umlauts=umlaut_words((*article.content.asked, *answers)),
        words=mending_words((*article.content.asked, *answers)),
        complete=bool(vectors.any(axis=1).all()) and not text.waiting,
    )


@dataclass(frozen=True, slots=True)
class _ArticleValue:
    key: str
    revision: int
    content: Content
