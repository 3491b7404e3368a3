"""What was promised to a contact: recorded, reminded before it is due, and counted when it is broken."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.conversations.apology import load_apology
from helpdesk.conversations.lookups import lock_conversation
from helpdesk.conversations.message_log import MessageLog
from helpdesk.observability import metrics
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.schedule.hours import say_when, zone_or
from helpdesk.texts import Say, say
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import Agent, Contact, Conversation, Promise, PromiseKind, Role, now
from store.status import Status

LONGEST_PROMISE = 500  # characters
REMIND_AT_MOST_BEFORE = timedelta(minutes=30)
FARTHEST = timedelta(days=366)
MOST_SHOWN = 200
MOST_AT_ONCE = 200  # promises that one look reminds of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromise:
    """What is promised. `shown`: the contact may see it. A repeated `client_id` makes no second one."""

    text: str
    due_at: datetime
    kind: PromiseKind = PromiseKind.OTHER
    shown: bool = False
    client_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCard:
    """A promise as screens show it. `state`: `open`, `due` (reminded), `broken`, `kept` or `withdrawn`.

    `late`: it was broken, whatever became of it then.
    """

    id: str
    conversation_id: str
    kind: str
    state: str
    agent_id: str | None
    agent_name: str | None
    text: str
    seq: int
    due_at: datetime
    late: bool
    shown: bool
    created_at: datetime
    contact_name: str | None
    channel: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderCounts:
    """What one look came to: how many promises were reminded of, and how many turned out broken."""

    reminded: int = 0
    broken: int = 0


def remind_at(created_at: datetime, due_at: datetime) -> datetime:
    """When its owner is reminded: half an hour before, or a quarter of the time where that is less."""
    return due_at - min(REMIND_AT_MOST_BEFORE, (due_at - created_at) / 4)


def state_of(promise: Promise) -> str:
    """Where it stands. A broken one may still be made good; that it was broken stays on record."""
    if promise.withdrawn_at:
        return "withdrawn"
    if promise.kept_at:
        return "kept"
    if promise.broken_at:
        return "broken"
    return "due" if promise.reminded_at else "open"


def is_open() -> ColumnElement[bool]:
    """Neither kept nor withdrawn; broken ones included, for somebody still has to see to them."""
    return Promise.kept_at.is_(None) & Promise.withdrawn_at.is_(None)


def concerns(agent_id: str) -> ColumnElement[bool]:
    """Open promises an agent has to keep: their own, and Staffel's in the conversations they have."""
    staffels = Promise.agent_id.is_(None) & Promise.conversation_id.in_(
        select(Conversation.id).where(Conversation.agent_id == agent_id, Conversation.status == Status.ASSIGNED)
    )
    return is_open() & ((Promise.agent_id == agent_id) | staffels)


class Promises:
    """The register. Changes are lines of the conversation's log too, so that nobody has to look elsewhere.

    `time_zone` is the installation's, for contacts whose own isn't known.
    """

    def __init__(self, db: Database, live: ChangeHints, *, time_zone: str) -> None:
        self.db = db
        self.live = live
        self.time_zone = time_zone

    async def make(self, conversation_id: str, agent_id: str, wanted: NewPromise) -> Promise:
        """Record what an agent promises; with `shown`, the contact is told in the conversation.

        Only who has the conversation may tell the contact. Raises `Invalid`, `NotAllowed`, `NotFound`.
        """
        async with self.db.write() as session:
            conversation = await lock_conversation(session, conversation_id)
            agent = await _agent(session, agent_id)
            promise_id = _id_of(conversation_id, agent_id, wanted.client_id)
            earlier = await session.get(Promise, promise_id) if promise_id else None
            if earlier is not None:
                return earlier
            if wanted.shown and not _has(conversation, agent):
                raise NotAllowed("Only who has the conversation promises something to the customer.")
            promise = await make_in(
                session, conversation, wanted, time_zone=self.time_zone, agent=agent, promise_id=promise_id
            )
        self._announce(conversation)
        return promise

    async def keep(self, promise_id: str, agent_id: str) -> Promise:
        """It was done, perhaps late. Raises `Conflict`, `NotAllowed`, `NotFound`."""
        return await self._end(promise_id, agent_id, "promise_kept")

    async def withdraw(self, promise_id: str, agent_id: str) -> Promise:
        """It no longer stands; a contact who was told of it is told of that too. Raises as `keep`."""
        return await self._end(promise_id, agent_id, "promise_withdrawn")

    async def of(self, conversation_id: str) -> list[PromiseCard]:
        """All promises of a conversation: the open ones by their time, then those that have ended."""
        async with self.db.read() as session:
            return await load_promise_cards(session, Promise.conversation_id == conversation_id)

    async def mine(self, agent_id: str) -> list[PromiseCard]:
        """What an agent has to keep, the next due first."""
        async with self.db.read() as session:
            return await load_promise_cards(session, concerns(agent_id))

    async def due_soon(self, at: datetime) -> list[Promise]:
        """Open promises whose time for the reminder has come and that nobody was reminded of."""
        waiting = is_open() & Promise.reminded_at.is_(None) & Promise.broken_at.is_(None)
        within = (Promise.due_at > at) & (Promise.due_at <= at + REMIND_AT_MOST_BEFORE)
        found = await self._first(waiting & within)
        return [promise for promise in found if remind_at(promise.created_at, promise.due_at) <= at]

    async def overdue(self, at: datetime) -> list[Promise]:
        """Open promises whose time has passed without anybody having noticed yet."""
        return await self._first(is_open() & Promise.broken_at.is_(None) & (Promise.due_at <= at))

    async def remind(self, at: datetime) -> ReminderCounts:
        """Remind of what is due soon and mark what is broken; each once, however many instances look.

        A contact who waits for what an agent promised reads that the time has passed.
        """
        reminded = [await self._note(promise.id, at, "promise_due") for promise in await self.due_soon(at)]
        broken = [await self._note(promise.id, at, "promise_broken") for promise in await self.overdue(at)]
        return ReminderCounts(reminded=sum(reminded), broken=sum(broken))

    async def _first(self, wanted: ColumnElement[bool]) -> list[Promise]:
        async with self.db.read() as session:
            found = await session.scalars(select(Promise).where(wanted).order_by(Promise.due_at).limit(MOST_AT_ONCE))
            return list(found)

    async def _note(self, promise_id: str, at: datetime, event: str) -> bool:
        """False when somebody was quicker: kept it, withdrew it, moved on, or noted the same on another instance."""
        async with self.db.write() as session:
            conversation, promise = await _hold(session, promise_id)
            is_news = promise.broken_at is None and (event == "promise_broken" or promise.reminded_at is None)
            if state_of(promise) in {"kept", "withdrawn"} or not is_news:
                return False
            told = ""
            if event == "promise_broken":
                promise.broken_at = at
                told = await load_apology(session, conversation, promise, at, self.time_zone)
            else:
                promise.reminded_at = at
            agent = await session.get(Agent, promise.agent_id) if promise.agent_id else None
            facts = _facts(promise) | ({"done": told} if told else {})
            await MessageLog(session, conversation).append_activity(event, told, agent=agent, shown=bool(told), **facts)
        if event == "promise_broken":
            metrics.PROMISES.labels("broken").inc()
        self._announce(conversation)
        return True

    async def _end(self, promise_id: str, agent_id: str, event: str) -> Promise:
        async with self.db.write() as session:
            conversation, promise = await _hold(session, promise_id)
            agent = await _agent(session, agent_id)
            _check_may_end(conversation, promise, agent)
            wanted = event.removeprefix("promise_")
            if state_of(promise) in {"kept", "withdrawn"}:
                if state_of(promise) == wanted:
                    return promise
                raise Conflict("This promise has ended already.")
            setattr(promise, f"{wanted}_at", now())
            told = promise.shown and promise.agent_id is not None and wanted == "withdrawn"
            text = _say(conversation, Say.PROMISE_WITHDRAWN, promise=promise.text) if told else ""
            await MessageLog(session, conversation).append_activity(
                event, text, agent=agent, shown=told, **_facts(promise)
            )
        metrics.PROMISES.labels(wanted).inc()
        self._announce(conversation)
        return promise

    def _announce(self, conversation: Conversation) -> None:
        self.live.changed(conversation.id, conversation.last_seq)
        self.live.queue_changed()


async def make_in(
    session: AsyncSession,
    conversation: Conversation,
    wanted: NewPromise,
    *,
    time_zone: str,
    agent: Agent | None = None,
    promise_id: str | None = None,
    at: datetime | None = None,
) -> Promise:
    """Record a promise inside a transaction that holds the conversation; `agent` none: Staffel itself promises.

    The contact reads the time in `time_zone` where their own isn't known. Staffel's own words to them are the caller's
    to send. Raises `Invalid`.
    """
    made_at = at or now()
    promise = Promise(
        conversation_id=conversation.id,
        kind=wanted.kind,
        agent_id=agent.id if agent else None,
        text=_checked_text(wanted.text),
        due_at=_checked_due(wanted.due_at, made_at),
        shown=wanted.shown,
        created_at=made_at,
    )
    if promise_id:
        promise.id = promise_id
    session.add(promise)
    await session.flush()
    told = wanted.shown and agent is not None
    text = await _told(session, conversation, promise, agent, time_zone) if agent and told else ""
    line = await MessageLog(session, conversation).append_activity(
        "promised", text, agent=agent, shown=told, **_facts(promise)
    )
    promise.seq = line.seq
    metrics.PROMISES.labels("made").inc()
    return promise


async def keep_answers(session: AsyncSession, conversation: Conversation) -> int:
    """A person has answered: what Staffel promised about an answer is kept, perhaps late; how many promises that is."""
    found = await session.scalars(
        select(Promise).where(
            Promise.conversation_id == conversation.id,
            Promise.kind == PromiseKind.ANSWER,
            Promise.agent_id.is_(None),
            is_open(),
        )
    )
    kept = list(found)
    for promise in kept:
        promise.kept_at = now()
        metrics.PROMISES.labels("kept").inc()
    return len(kept)


async def load_promise_cards(
    session: AsyncSession, wanted: ColumnElement[bool], *, limit: int = MOST_SHOWN
) -> list[PromiseCard]:
    """Promises for a screen: the open ones by their time, then those that have ended, newest last."""
    rows = await session.execute(
        select(Promise, Agent.name, Contact.name, Conversation.channel, Conversation.language)
        .join(Conversation, Conversation.id == Promise.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Agent, Agent.id == Promise.agent_id)
        .where(wanted)
        .order_by(is_open().desc(), Promise.due_at, Promise.id)
        .limit(limit)
    )
    return [_card(*row) for row in rows]


def _card(
    promise: Promise, agent_name: str | None, contact_name: str | None, channel: Channel, language: str
) -> PromiseCard:
    return PromiseCard(
        id=promise.id,
        conversation_id=promise.conversation_id,
        kind=str(promise.kind),
        state=state_of(promise),
        agent_id=promise.agent_id,
        agent_name=agent_name,
        text=promise.text,
        seq=promise.seq,
        due_at=promise.due_at,
        late=promise.broken_at is not None,
        shown=promise.shown,
        created_at=promise.created_at,
        contact_name=contact_name,
        channel=str(channel),
        language=language,
    )


async def _hold(session: AsyncSession, promise_id: str) -> tuple[Conversation, Promise]:
    """The promise and its conversation, held by this transaction. Raises `NotFound`."""
    owner: str | None = await session.scalar(select(Promise.conversation_id).where(Promise.id == promise_id))
    if owner is None:
        raise NotFound("There is no such promise.")
    conversation = await lock_conversation(session, owner)
    return conversation, await session.get_one(Promise, promise_id, populate_existing=True)


async def _agent(session: AsyncSession, agent_id: str) -> Agent:
    agent = await session.get(Agent, agent_id)
    if agent is None or not agent.active:
        raise NotFound("There is no such agent, or the account is no longer active.")
    return agent


def _has(conversation: Conversation, agent: Agent) -> bool:
    return conversation.status == Status.ASSIGNED and conversation.agent_id == agent.id


def _check_may_end(conversation: Conversation, promise: Promise, agent: Agent) -> None:
    """Who made it, who has the conversation, an admin; Staffel's own where nobody has the conversation: anyone."""
    nobodys = promise.agent_id is None and conversation.status != Status.ASSIGNED
    if not (promise.agent_id == agent.id or _has(conversation, agent) or agent.role == Role.ADMIN or nobodys):
        raise NotAllowed("This promise is somebody else's to keep or to withdraw.")


def _checked_text(text: str) -> str:
    tidy = " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode().split())
    if not 1 <= len(tidy) <= LONGEST_PROMISE:
        raise Invalid(f"What is promised takes 1 to {LONGEST_PROMISE} characters, {len(tidy)} came.")
    return tidy


def _checked_due(due_at: datetime, at: datetime) -> datetime:
    if due_at.tzinfo is None or not at < due_at <= at + FARTHEST:
        raise Invalid("A promise is due in the future, within a year, at a time with its zone.", code="promise_due")
    return due_at


async def _told(
    session: AsyncSession, conversation: Conversation, promise: Promise, agent: Agent, time_zone: str
) -> str:
    contact = await session.get_one(Contact, conversation.contact_id)
    zone = zone_or(contact.time_zone, time_zone)
    when = say_when(promise.due_at, promise.created_at, zone, conversation.language)
    return _say(conversation, Say.PROMISED, agent=agent.name, promise=promise.text, when=when)


def _say(conversation: Conversation, what: Say, **values: object) -> str:
    return say(what, conversation.language, conversation.formality, **values)


def _facts(promise: Promise) -> dict[str, Any]:
    return {"promise": promise.id, "what": promise.text, "due": promise.due_at.isoformat()}


def _id_of(conversation_id: str, agent_id: str, client_id: str) -> str | None:
    """The same form, sent twice, is the same promise."""
    if not client_id:
        return None
    return hashlib.sha256(f"{conversation_id}:{agent_id}:{client_id}".encode()).hexdigest()[:32]
