"""Drafts tried before customers see them: one question, or every question of the last days, now and with the draft."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched

from helpdesk.insights.questions import GAPS, QuestionRecord, load_questions
from knowledge.articles.content import Content
from knowledge.message.replay import Replay, ReplayQuestion, ReplayReply, compare_replies, message_reply
from knowledge.message.understanding import TrialSearcher, understand
from knowledge.normalization import same_words, tidy
from knowledge.search.index import Snapshot
from knowledge.search.library import Library, SearchResult
from store.db import Database
from store.errors import TooManyRequests
from store.models import now

type Changes = Mapping[str, Content | None]
"""Drafts by article; `None` means archived."""

MAX_WORDINGS = 5_000
"""Different wordings that a replay goes through, those that were asked most."""
MAX_WAITING = 4
"""Replays that may wait for their turn; the next one is told to come back."""

_AT_ONCE = 16  # questions between two looks at whether a customer waits: some 150 ms of embedding
_PREVIEWS_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTrial:
    """What the bot makes of one question now, and what it would make of it with the draft."""

    now: SearchResult
    then: SearchResult
    before: Snapshot
    after: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayProgress:
    """How far a replay is. `stage` is `waiting`, `learning` or `asking`."""

    stage: str
    done: int = 0
    total: int = 0


class DraftReplay:
    """One replay at a time on an instance, in small steps, so that customers' searches pass in between."""

    def __init__(self, db: Database, library: Library) -> None:
        self.db = db
        self.library = library
        self._turn = asyncio.Lock()
        self._preparing = asyncio.Lock()
        self._waiting = 0
        self._previews: OrderedDict[str, tuple[Snapshot, Snapshot]] = OrderedDict()

    async def try_question(self, changes: Changes, text: str, language: str | None = None) -> DraftTrial:
        """One question to the bot of now and to the bot with these drafts. Raises `Unavailable`."""
        before, after = await self._previewed(changes)
        asked, certain = [(text, language)], language is not None
        now_, then = [
            (await self.library.search_many(asked, snapshot=snapshot, certain=certain))[0]
            for snapshot in (before, after)
        ]
        return DraftTrial(now=now_, then=then, before=before, after=after)

    async def replay(self, changes: Changes, *, days: int) -> AsyncGenerator[ReplayProgress | Replay, None]:
        """Every question of the last `days`; progress comes first, the result last.

        Raises `TooManyRequests` when enough others wait already, and `Unavailable`.
        """
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests(
                "Several drafts are being tried at the moment. Please try again in a minute.", after=60
            )
        self._waiting += 1
        try:
            if self._turn.locked():
                yield ReplayProgress(stage="waiting")
            async with self._turn:
                async for step in self._replayed(changes, days):
                    yield step
        finally:
            self._waiting -= 1

    async def _replayed(self, changes: Changes, days: int) -> AsyncGenerator[ReplayProgress | Replay, None]:
        yield ReplayProgress(stage="learning")
        before, after = await self._previewed(changes)
        wordings = count_wordings(await load_questions(self.db, now() - timedelta(days=days)))
        was: list[ReplayReply] = []
        will: list[ReplayReply] = []
        for step in batched(wordings, _AT_ONCE):
            yield ReplayProgress(stage="asking", done=len(was), total=len(wordings))
            for snapshot, said in ((before, was), (after, will)):
                trying = TrialSearcher(library=self.library, snapshot=snapshot)
                said += [message_reply(await understand(trying, one.text, one.language)) for one in step]
        yield compare_replies(wordings, was, will, drafted=frozenset(changes), reworded=find_reworded(before, changes))

    async def _previewed(self, changes: Changes) -> tuple[Snapshot, Snapshot]:
        """What is published now, and the same with the changes; kept for the next question as long as it holds."""
        async with self._preparing:
            now_, name = self.library.snapshot, _name(changes)
            before, after = self._previews.get(name, (None, None))
            if before is not now_ or after is None:
                after = await self.library.preview(changes)
            self._previews[name] = now_, after
            self._previews.move_to_end(name)
            while len(self._previews) > _PREVIEWS_KEPT:
                self._previews.popitem(last=False)
            return now_, after


def count_wordings(questions: Sequence[QuestionRecord]) -> list[ReplayQuestion]:
    """The questions with the same words as one, those that most customers asked first; at most `MAX_WORDINGS`."""
    together: dict[str, list[QuestionRecord]] = {}
    for question in questions:
        together.setdefault(same_words(question.text) or tidy(question.text), []).append(question)
    wordings = [_wording(those) for those in together.values()]
    return sorted(wordings, key=lambda one: (-one.customers, -one.times, one.text))[:MAX_WORDINGS]


def find_reworded(before: Snapshot, changes: Changes) -> frozenset[str]:
    """The articles whose answer reads otherwise in the draft."""
    return frozenset(
        key
        for key, content in changes.items()
        if content and key in before.by_key and _answers(content) != _answers(before.by_key[key].content)
    )


def _wording(those: Sequence[QuestionRecord]) -> ReplayQuestion:
    helped: dict[str, int] = {}
    unhelped: dict[str, int] = {}
    for question in those:
        for article, did in question.words:
            counts = helped if did else unhelped
            counts[article] = counts.get(article, 0) + 1
    return ReplayQuestion(
        text=those[-1].text,
        language=those[-1].language,
        times=len(those),
        customers=len({question.contact_id for question in those}),
        failed=sum(question.fate in GAPS for question in those),
        helped=helped,
        unhelped=unhelped,
    )


def _answers(content: Content) -> dict[str, str]:
    return {language: wording.answer for language, wording in content.variants.items()}


def _name(changes: Changes) -> str:
    said = {key: content.as_json() if content else None for key, content in changes.items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
