"""Articles that may answer what a customer is still writing. Nothing of it is stored or logged."""

import asyncio

from bot_protocol import ButtonPayload
from connectors.contract import Choice, Suggestion
from helpdesk.insights.word_completion import Vocabulary, learn_words
from knowledge.search.index import Snapshot
from knowledge.search.library import Library, SearchResult

MAX_SUGGESTIONS = 3
MIN_CONFIDENCE = 0.1
LEARNT_FROM = 6
"""Phrasings of each article that words are learnt from: the first ones hold the common words."""

MAX_QUEUE = 8
"""Searches that may wait for their turn: suggestions are a courtesy, and questions that were sent come first."""


class Suggestions:
    """Searches one text at a time, so that at most one of the library's searchers is busy with them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._vocabulary = learn_words(())
        self._learnt: Snapshot | None = None

    async def find(self, text: str, language: str) -> tuple[Suggestion, ...]:
        """The likeliest articles by their questions in the text's language, best first; none when unsure or busy."""
        if self._waiting >= MAX_QUEUE:
            return ()
        self._waiting += 1
        try:
            async with self._turn:
                found = await self._search(text, language)
        finally:
            self._waiting -= 1
        if found.outcome == "none":
            return ()
        return tuple(
            Suggestion(article=candidate.article, question=candidate.question)
            for candidate in found.candidates[:MAX_SUGGESTIONS]
            if candidate.confidence >= MIN_CONFIDENCE
        )

    async def _search(self, text: str, language: str) -> SearchResult:
        """The surer of two readings: as it is written, and with the last word finished."""
        finished = (await self._words()).complete(text)
        readings = [(each, language) for each in (text, finished) if each]
        found = await self._library.search_many(readings, limit=MAX_SUGGESTIONS)
        return max(found, key=lambda one: one.candidates[0].confidence if one.candidates else 0.0)

    async def _words(self) -> Vocabulary:
        snapshot = self._library.snapshot
        if snapshot is not self._learnt:
            self._learnt = snapshot
            self._vocabulary = await asyncio.to_thread(_learn, snapshot)
        return self._vocabulary

    def choice(self, article: str, language: str) -> Choice | None:
        """What taking the article up says and means; `None` when no such article is published."""
        entry = self._library.snapshot.by_key.get(article)
        if entry is None:
            return None
        payload = ButtonPayload(intent="faq", entities={"article": article}).to_text()
        return Choice(title=entry.content.in_language(language)[1].question, payload=payload)


def _learn(snapshot: Snapshot) -> Vocabulary:
    return learn_words(
        text
        for entry in snapshot.entries
        for wording in entry.content.variants.values()
        for text in wording.asked[:LEARNT_FROM]
    )
