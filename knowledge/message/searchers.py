"""What texts of a message are searched in: the library, or a snapshot that is tried; either in another language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.articles.answers import ShortAnswer
from knowledge.normalization import excerpt
from knowledge.search.index import Snapshot
from knowledge.search.library import Library, SearchResult

MAX_SEARCHED_CHARACTERS = 400
"""Of one text that is searched for: about ninety word pieces for the embedder."""


class Searcher(Protocol):
    """What answers several texts at once: the library, or a snapshot of it that is tried."""

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, written: str | None = None
    ) -> list[SearchResult]:
        """What is found for each text, given with its conversation's language, or, when `certain`, its own.

        `written` is the language that the texts are in, where it isn't one of those offered.
        """
        ...

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        """What of an article a question is about."""
        ...

    async def mend(self, text: str) -> str:
        """`text` with typing errors put right, by the words that the articles have."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialSearcher:
    """The library, asked about a snapshot that customers don't see."""

    library: Library
    snapshot: Snapshot

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, written: str | None = None
    ) -> list[SearchResult]:
        """What is found for each text in the snapshot."""
        return await self.library.search_many(asked, snapshot=self.snapshot, certain=certain, written=written)

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        """What of an article of the snapshot a question is about."""
        return await self.library.short_answer(key, language, question, snapshot=self.snapshot)

    async def mend(self, text: str) -> str:
        """`text` with typing errors put right."""
        return await self.library.mend(text)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForeignSearcher:
    """A searcher for texts in a language that isn't offered."""

    inner: Searcher
    language: str

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, written: str | None = None
    ) -> list[SearchResult]:
        """What is found for each text across languages."""
        return await self.inner.search_many(asked, certain=certain, written=written or self.language)

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        """What of an article a question is about."""
        return await self.inner.short_answer(key, language, question)

    async def mend(self, text: str) -> str:
        """`text` as it is: its words are those of no article."""
        return text


async def search_texts(library: Searcher, texts: Iterable[str], language: str | None) -> dict[str, SearchResult]:
    """What is found for each of the texts."""
    asked = list(dict.fromkeys(texts))
    if not asked:
        return {}
    excerpts = [(excerpt(text, MAX_SEARCHED_CHARACTERS), language) for text in asked]
    found = await library.search_many(excerpts, certain=True)
    return dict(zip(asked, found, strict=True))
