"""Nobody is left in limbo: every conversation is answered, owned, or has a dated promise; what isn't is mended."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from connectors.contract import Author
from helpdesk.accounts.roles import Capability, roles_with
from helpdesk.conversations import ONLINE_FOR, Conversations, OpenConversation
from helpdesk.conversations.follow_ups.asking import tend_follow_up, to_follow_up
from helpdesk.conversations.ownership import release
from helpdesk.conversations.promises.promise_reminders import remind, to_remind_of
from helpdesk.conversations.read_marks import READING_TOLD, tell_reading
from helpdesk.conversations.snooze import snooze_ended, wake_due
from helpdesk.conversations.transfer_offers import end_missed_transfer, missed_transfers
from helpdesk.conversations.waiting.waiting_room import expire, open_missing_handoff, open_missing_turn, renew_promise
from helpdesk.observability import metrics
from helpdesk.texts import Say
from store.errors import Conflict, NotFound, Unavailable
from store.models import (
    Agent,
    Availability,
    Conversation,
    Handoff,
    Message,
    MessageKind,
    Promise,
    Turn,
    TurnStatus,
    now,
)
from store.status import Status

log = structlog.get_logger()

EVERY = 5.0  # seconds between looks; what is in limbo is to be found within 15
OVERDUE = timedelta(seconds=8)  # a message that no turn has taken up in this time was forgotten
#: How long after closing a conversation is looked at: what was closed over an unread line is found at once.
CLOSED_LATELY = timedelta(hours=1)
MAX_AT_ONCE = 200  # conversations that one look mends of each sort

type Mend = Callable[[OpenConversation], Awaitable[bool]]


class Watchdog:
    """An agent has gone when the account is closed, or when desk and conversation have been silent for `patience`.

    An agent who never had a desk open answers through the API and is not watched for silence, unless a colleague passed
    the conversation on to them: then nobody may ever come.
    """

    def __init__(self, conversations: Conversations, *, patience: timedelta = ONLINE_FOR) -> None:
        self.conversations = conversations
        self.patience = patience

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            try:
                if await self._finds_something():
                    await self.look()
            except Unavailable:
                log.warning("watchdog.database_away")
            await asyncio.sleep(EVERY * random.uniform(0.8, 1.0))

    async def _finds_something(self) -> bool:
        """Whether there is anything to mend or to remind of, in one statement: most often there is not."""
        time, settings = now(), self.conversations.settings
        sorts = (
            unanswered(time),
            without_handoff(),
            waiting_since(time - timedelta(days=settings.expire_days)),
            without_promise(),
            left_unanswered(time - timedelta(minutes=settings.agent_patience)),
            missed_transfers(time),
            _abandoned(time - self.patience),
            _silent(time - timedelta(minutes=settings.agent_patience), time - ONLINE_FOR),
            to_remind_of(time),
            snooze_ended(time),
            to_follow_up(time),
        )
        async with self.conversations.db.read() as session:
            return bool(await session.scalar(select(or_(*(sort.exists() for sort in sorts)))))

    async def look(self) -> int:
        """Mend what is in limbo and keep those who wait informed; how many conversations were mended."""
        time = now()
        settings = self.conversations.settings
        expired = timedelta(days=settings.expire_days)
        found: list[tuple[str, Select[str], Mend]] = [
            ("unanswered", unanswered(time), open_missing_turn),
            ("without_handoff", without_handoff(), open_missing_handoff),
            ("expired", waiting_since(time - expired), lambda c: expire(c, expired)),
            ("without_promise", without_promise(), renew_promise),
            ("left_unanswered", left_unanswered(time - timedelta(minutes=settings.agent_patience)), tell_reading),
            ("transfer_missed", missed_transfers(time), end_missed_transfer),
        ]
        await remind(self.conversations, time)
        await self._wake(time)
        for conversation_id in await self._ids(to_follow_up(time)):
            await self._mend_one(conversation_id, lambda c: tend_follow_up(c, time))
        mended = await self._bring_back(time)
        mended += await self._hand_on(time - timedelta(minutes=settings.agent_patience))
        for sort, query, how in found:
            mended += await self._mend(sort, query, how)
        return mended

    async def _mend(self, sort: str, query: Select[str], how: Mend) -> int:
        mended = 0
        for conversation_id in await self._ids(query):
            if await self._mend_one(conversation_id, how):
                mended += 1
                metrics.LIMBO.labels(sort).inc()
                log.info("watchdog.mended", conversation=conversation_id, limbo=sort)
        return mended

    async def _mend_one(self, conversation_id: str, how: Mend) -> bool:
        """One that can't be mended holds up no other. Raises `Unavailable`."""
        try:
            async with self.conversations.open(conversation_id) as c:
                return await how(c)
        except Unavailable:
            raise
        except NotFound:
            return False  # erased meanwhile
        except Exception:
            log.exception("watchdog.not_mended", conversation=conversation_id)
            return False

    async def _ids(self, query: Select[str]) -> Sequence[str]:
        async with self.conversations.db.read() as session:
            return list(await session.scalars(query.limit(MAX_AT_ONCE)))

    async def _wake(self, time: datetime) -> None:
        """What was put off until now is in its owner's list again."""
        for conversation_id in await self._ids(snooze_ended(time)):
            await self._mend_one(conversation_id, wake_due)

    async def _bring_back(self, time: datetime) -> int:
        """Conversations whose agent has gone."""
        released = 0
        async with self.conversations.db.read() as session:
            abandoned = (await session.execute(_abandoned(time - self.patience).limit(MAX_AT_ONCE))).all()
        for conversation_id, agent_id in abandoned:
            released += await self._release(conversation_id, agent_id, lost=True)
        return released

    async def _hand_on(self, since: datetime) -> int:
        """Conversations that an agent has accepted and not answered while colleagues are there."""
        handed_on = 0
        async with self.conversations.db.read() as session:
            silent = (await session.execute(_silent(since, now() - ONLINE_FOR).limit(MAX_AT_ONCE))).all()
        for conversation_id, agent_id in silent:
            handed_on += await self._release(conversation_id, agent_id or "", lost=False)
        return handed_on

    async def _release(self, conversation_id: str, agent_id: str, *, lost: bool) -> int:
        because = Say.RELEASED if lost else Say.AGENT_SILENT
        try:
            async with self.conversations.open(conversation_id) as c:
                await release(c, agent_id, lost=lost, because=because)
        except (Conflict, NotFound):
            return 0  # the agent, a colleague or another instance was quicker, or it was erased
        metrics.AGENTS_LOST.inc()
        log.info("watchdog.released", conversation=conversation_id, agent=agent_id, lost=lost)
        return 1


def unanswered(time: datetime) -> Select[str]:
    """Conversations of the bot's, or closed ones, with a message that nobody works on."""
    open_turn = exists().where(
        Turn.conversation_id == Conversation.id, Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING])
    )
    waiting = exists().where(
        Message.conversation_id == Conversation.id,
        Message.kind == MessageKind.INCOMING,
        Message.seq > Conversation.answered_seq,
        Message.created_at < time - OVERDUE,
        ~Message.is_settled,
        Message.text != "",
    )
    closed = (Conversation.status == Status.RESOLVED) & (Conversation.changed_at > time - CLOSED_LATELY)
    return select(Conversation.id).where(or_(Conversation.status == Status.BOT, closed), waiting, ~open_turn)


def without_handoff() -> Select[str]:
    """Conversations that wait for a person with nothing that says why."""
    live = exists().where(Handoff.conversation_id == Conversation.id, Handoff.ended_at.is_(None))
    return select(Conversation.id).where(Conversation.status == Status.QUEUED, ~live)


def waiting_since(time: datetime) -> Select[str]:
    """Conversations that have waited for a person since before `time`."""
    return (
        select(Conversation.id)
        .join(Handoff, and_(Handoff.conversation_id == Conversation.id, Handoff.ended_at.is_(None)))
        .where(Conversation.status == Status.QUEUED, Handoff.asked_at < time)
    )


def without_promise() -> Select[str]:
    """Conversations that wait for a person and have no word of ours that still stands."""
    standing = exists().where(
        Promise.conversation_id == Conversation.id,
        Promise.agent_id.is_(None),
        Promise.kept_at.is_(None),
        Promise.broken_at.is_(None),
        Promise.withdrawn_at.is_(None),
    )
    return select(Conversation.id).where(Conversation.status == Status.QUEUED, ~standing)


def left_unanswered(since: datetime) -> Select[str]:
    """Conversations of an agent's with a line of the contact from before `since`, and no word to them after it."""
    told = aliased(Message)
    word = exists().where(
        told.conversation_id == Conversation.id,
        told.seq > Conversation.answered_seq,
        told.event == READING_TOLD,
    )
    line = exists().where(
        Message.conversation_id == Conversation.id,
        Message.kind == MessageKind.INCOMING,
        Message.seq > Conversation.answered_seq,
        Message.created_at < since,
        ~Message.is_settled,
        Message.text != "",
    )
    return select(Conversation.id).where(Conversation.status == Status.ASSIGNED, line, ~word)


def _abandoned(silent_since: datetime) -> Select[str, str]:
    """Whose owner's account is closed or answers no more, or has gone; who was passed on to somebody who never came."""
    was_passed_on = exists().where(
        Handoff.conversation_id == Conversation.id,
        Handoff.ended_at.is_(None),
        Handoff.accepted_by.is_distinct_from(Conversation.agent_id),
    )
    answers = Agent.role.in_(roles_with(Capability.ANSWERS))
    # Who put it off may go home: the time or the contact brings it back, and then it is looked at again.
    is_up = Conversation.snoozed_until.is_(None) & (Conversation.changed_at < silent_since)
    is_away = (Agent.last_seen_at < silent_since) | (Agent.last_seen_at.is_(None) & was_passed_on)
    return (
        select(Conversation.id, Agent.id)
        .join(Agent, Agent.id == Conversation.agent_id)
        .where(
            Conversation.status == Status.ASSIGNED,
            or_(Agent.active.is_(False), ~answers, is_away & is_up),
        )
    )


def _silent(since: datetime, online_since: datetime) -> Select[str, str | None]:
    """Accepted before `since`, not a word from the agent after it, and a colleague's desk is open.

    Where nobody knows when it was accepted, the last change counts.
    """
    colleague = aliased(Agent)
    said = exists().where(
        Message.conversation_id == Conversation.id,
        Message.author == Author.AGENT,
        Message.kind == MessageKind.OUTGOING,
        Message.epoch == Conversation.epoch,
    )
    other = exists().where(
        colleague.id != Conversation.agent_id,
        colleague.active,
        colleague.last_seen_at > online_since,
        colleague.availability == Availability.ONLINE,
    )
    accepted_at = func.coalesce(Handoff.accepted_at, Conversation.changed_at)
    return (
        select(Conversation.id, Conversation.agent_id)
        .join(Handoff, and_(Handoff.conversation_id == Conversation.id, Handoff.ended_at.is_(None)))
        .where(Conversation.status == Status.ASSIGNED, accepted_at < since, ~said, other)
    )
