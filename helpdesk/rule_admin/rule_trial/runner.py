"""Trying rules on the last conversations: one trial at a time, with signs of progress, beside the event loop."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from itertools import batched

from sqlalchemy import select

from connectors.contract import Author
from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules import Rules
from helpdesk.handoff.rules.decision import LineMood
from helpdesk.rule_admin.rule_trial.comparison import VerdictChange, VerdictComparison, compare
from helpdesk.rule_admin.rule_trial.past_conversations import PastConversation, load_past_conversations
from store.db import Database
from store.errors import TooManyRequests
from store.models import Conversation, Message, MessageKind

MAX_CONVERSATIONS = 1_000
MAX_WAITING = 4
"""Trials that may wait for their turn; the next one is told to come back."""

_AT_ONCE = 20  # conversations between two signs of progress

type JudgeMoods = Callable[[Sequence[DialogueLine]], Sequence[LineMood]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What came of a trial. `offers` counts conversations in which a person would only be offered, before and after."""

    looked_at: int
    compared: tuple[VerdictComparison, ...]
    offers: tuple[int, int]

    def count(self, *changes: VerdictChange) -> int:
        """How many conversations have one of these changes."""
        return sum(one.change in changes for one in self.compared)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialProgress:
    """How far a trial is."""

    done: int
    total: int
    waiting: bool = False


class RuleTrial:
    """One trial at a time on an instance, in small steps beside the event loop, so that customers pass in between."""

    def __init__(self, db: Database, judge_moods: JudgeMoods) -> None:
        self.db = db
        self.judge_moods = judge_moods
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def try_rules(
        self, before: Rules, after: Rules, *, last: int
    ) -> AsyncGenerator[TrialProgress | TrialResult, None]:
        """Both sets of rules on the `last` conversations that were written in; progress comes first, the result last.

        Raises `TooManyRequests` when enough others wait already, and `Unavailable`.
        """
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests(
                "Several rules are being tried at the moment. Please try again in a minute.", after=60
            )
        self._waiting += 1
        try:
            if self._turn.locked():
                yield TrialProgress(done=0, total=0, waiting=True)
            async with self._turn:
                async for step in self._tried(before, after, min(last, MAX_CONVERSATIONS)):
                    yield step
        finally:
            self._waiting -= 1

    async def _tried(self, before: Rules, after: Rules, last: int) -> AsyncGenerator[TrialProgress | TrialResult, None]:
        ids = await self._newest(last)
        compared: list[VerdictComparison] = []
        offers = [0, 0]
        for number, some in enumerate(batched(ids, _AT_ONCE)):
            yield TrialProgress(done=number * _AT_ONCE, total=len(ids))
            pasts = await self._read(some)
            for one, offered in await asyncio.to_thread(self._compare, pasts, before, after):
                offers = [count + more for count, more in zip(offers, offered, strict=True)]
                if one is not None:
                    compared.append(one)
        yield TrialResult(looked_at=len(ids), compared=tuple(compared), offers=(offers[0], offers[1]))

    def _compare(
        self, pasts: Sequence[PastConversation], before: Rules, after: Rules
    ) -> list[tuple[VerdictComparison | None, tuple[bool, bool]]]:
        return [compare(past, self._moods(past), before, after) for past in pasts]

    def _moods(self, past: PastConversation) -> Sequence[LineMood]:
        """The stored ones where every line has one; a course with holes would be no course."""
        worded = {line.seq for line in past.said if line.is_contacts_words}
        if worded <= {mood.seq for mood in past.moods}:
            return past.moods
        return self.judge_moods(past.said)

    async def _newest(self, last: int) -> list[str]:
        wrote = select(Message.id).where(
            Message.conversation_id == Conversation.id,
            Message.author == Author.CONTACT,
            Message.kind == MessageKind.INCOMING,
        )
        async with self.db.read() as session:
            found = await session.scalars(
                select(Conversation.id).where(wrote.exists()).order_by(Conversation.changed_at.desc()).limit(last)
            )
            return list(found)

    async def _read(self, ids: Sequence[str]) -> list[PastConversation]:
        async with self.db.read() as session:
            return await load_past_conversations(session, ids)
