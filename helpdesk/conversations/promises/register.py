"""What was promised to a contact: recorded, kept or withdrawn, each a line of the log.

What Staffel promises by itself is in `own_promises`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select

from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from helpdesk.conversations.visibility import is_of_visible
from helpdesk.observability import metrics
from helpdesk.schedule.hours import say_when, zone_or
from helpdesk.texts import Say
from store.errors import Conflict, Invalid, NotAllowed
from store.models import Activity, Agent, Conversation, Promise, PromiseKind, now
from store.status import Status

MAX_PROMISE_LENGTH = 500  # characters
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromise:
    """What is promised. `shown`: the contact may see it. A repeated `client_id` makes no second one."""

    text: str
    due_at: datetime
    kind: PromiseKind = PromiseKind.OTHER
    shown: bool = False
    client_id: str = ""


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
    """Open promises an agent has to keep, where they may read: their own, and Staffel's in conversations they have."""
    staffels = Promise.agent_id.is_(None) & Promise.conversation_id.in_(
        select(Conversation.id).where(Conversation.agent_id == agent_id, Conversation.status == Status.ASSIGNED)
    )
    return is_open() & ((Promise.agent_id == agent_id) | staffels) & is_of_visible(Promise.conversation_id, agent_id)


def conversation_of_promise(promise_id: str) -> Select[str]:
    """Query for the id of the conversation that a promise was made in."""
    return select(Promise.conversation_id).where(Promise.id == promise_id)


async def make_promise(c: OpenConversation, agent_id: str, wanted: NewPromise) -> Promise:
    """Record what an agent promises; with `shown`, the contact is told in the conversation.

    Only who has the conversation may tell the contact. Raises `Invalid`, `NotAllowed`, `NotFound`.
    """
    agent = await load_agent(c.session, agent_id)
    promise_id = _id_of(c.conversation.id, agent_id, wanted.client_id)
    earlier = await c.session.get(Promise, promise_id) if promise_id else None
    if earlier is not None:
        c.audience = Audience.NOBODY
        return earlier
    if wanted.shown and not _has(c.conversation, agent):
        raise NotAllowed("Only who has the conversation promises something to the customer.")
    return await record_promise(c, wanted, agent=agent, promise_id=promise_id)


async def record_promise(
    c: OpenConversation, wanted: NewPromise, *, agent: Agent | None = None, promise_id: str | None = None
) -> Promise:
    """Add a promise and its line of the log; `agent` none: Staffel itself promises, and tells the contact elsewhere.

    Raises `Invalid`.
    """
    made_at = now()
    promise = Promise(
        conversation_id=c.conversation.id,
        kind=wanted.kind,
        agent_id=agent.id if agent else None,
        text=_checked_text(wanted.text),
        due_at=_checked_due(wanted.due_at, made_at),
        shown=wanted.shown,
        created_at=made_at,
    )
    if promise_id:
        promise.id = promise_id
    c.session.add(promise)
    await c.session.flush()
    text = await _told(c, promise, agent) if agent and wanted.shown else ""
    activity = promise_activity(promise, "promised", shown=bool(text))
    line = await c.log.append_activity(activity, text, agent=agent)
    promise.seq = line.seq
    metrics.PROMISES.labels("made").inc()
    return promise


async def keep_promise(c: OpenConversation, promise_id: str, agent_id: str) -> Promise:
    """It was done, perhaps late. Raises `Conflict`, `NotAllowed`, `NotFound`."""
    agent = await load_agent(c.session, agent_id)
    promise = await _load_to_end(c, promise_id, agent, "kept")
    if promise.kept_at is None:
        promise.kept_at = now()
        await c.log.append_activity(promise_activity(promise, "promise_kept", shown=False), agent=agent)
        metrics.PROMISES.labels("kept").inc()
    return promise


async def withdraw_promise(c: OpenConversation, promise_id: str, agent_id: str) -> Promise:
    """It no longer stands; a contact who was told of it is told of that too. Raises as `keep_promise`."""
    agent = await load_agent(c.session, agent_id)
    promise = await _load_to_end(c, promise_id, agent, "withdrawn")
    if promise.withdrawn_at is None:
        promise.withdrawn_at = now()
        is_known = promise.shown and promise.agent_id is not None
        text = c.say(Say.PROMISE_WITHDRAWN, promise=promise.text) if is_known else ""
        activity = promise_activity(promise, "promise_withdrawn", shown=bool(text))
        await c.log.append_activity(activity, text, agent=agent)
        metrics.PROMISES.labels("withdrawn").inc()
    return promise


async def tell_standing_promise(c: OpenConversation) -> bool:
    """Say again what an agent has promised the contact and when; False when nothing is promised that they know of."""
    row = (
        await c.session.execute(
            select(Promise, Agent)
            .join(Agent, Agent.id == Promise.agent_id)
            .where(Promise.conversation_id == c.conversation.id, Promise.shown, is_open(), Promise.broken_at.is_(None))
            .order_by(Promise.due_at)
            .limit(1)
        )
    ).first()
    if row is None:
        return False
    promise, agent = row
    await c.tell_text(await _told(c, promise, agent))
    return True


async def keep_answers(c: OpenConversation) -> int:
    """A person has answered: what Staffel promised about an answer is kept, perhaps late; how many promises that is."""
    found = await c.session.scalars(
        select(Promise).where(
            Promise.conversation_id == c.conversation.id,
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


async def reopen_answers(c: OpenConversation, *, since: datetime) -> None:
    """The answer that kept them, at or after `since`, was taken back: what Staffel promised about it stands again."""
    found = await c.session.scalars(
        select(Promise).where(
            Promise.conversation_id == c.conversation.id,
            Promise.kind == PromiseKind.ANSWER,
            Promise.agent_id.is_(None),
            Promise.kept_at >= since,
            Promise.withdrawn_at.is_(None),
        )
    )
    for promise in found:
        promise.kept_at = None


def promise_activity(promise: Promise, event: str, *, shown: bool, done: str | None = None) -> Activity:
    """What the log says of a promise."""
    return Activity(event=event, shown=shown, promise=promise.id, what=promise.text, due=promise.due_at, done=done)


async def _load_to_end(c: OpenConversation, promise_id: str, agent: Agent, wanted: str) -> Promise:
    """The promise, if the agent may end it and it has not ended otherwise."""
    promise = await c.session.get_one(Promise, promise_id)
    _check_may_end(c.conversation, promise, agent)
    state = state_of(promise)
    if state in {"kept", "withdrawn"} and state != wanted:
        raise Conflict("This promise has ended already.")
    if state == wanted:
        c.audience = Audience.NOBODY
    return promise


def _has(conversation: Conversation, agent: Agent) -> bool:
    return conversation.status == Status.ASSIGNED and conversation.agent_id == agent.id


def _check_may_end(conversation: Conversation, promise: Promise, agent: Agent) -> None:
    """Who made it, who has the conversation, a supervisor; Staffel's own where nobody has the conversation: anyone."""
    nobodys = promise.agent_id is None and conversation.status != Status.ASSIGNED
    if not (
        promise.agent_id == agent.id
        or _has(conversation, agent)
        or has_capability(agent.role, Capability.SUPERVISION)
        or nobodys
    ):
        raise NotAllowed("This promise is somebody else's to keep or to withdraw.")


def _checked_text(text: str) -> str:
    tidy = " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode().split())
    if not 1 <= len(tidy) <= MAX_PROMISE_LENGTH:
        raise Invalid(f"What is promised takes 1 to {MAX_PROMISE_LENGTH} characters, {len(tidy)} came.")
    return tidy


def _checked_due(due_at: datetime, at: datetime) -> datetime:
    if due_at.tzinfo is None or not at < due_at <= at + FARTHEST:
        raise Invalid("A promise is due in the future, within a year, at a time with its zone.", code="promise_due")
    return due_at


async def _told(c: OpenConversation, promise: Promise, agent: Agent) -> str:
    contact = await c.load_contact()
    zone = zone_or(contact.time_zone, c.settings.time_zone)
    when = say_when(promise.due_at, promise.created_at, zone, c.conversation.language)
    return c.say(Say.PROMISED, agent=agent.name, promise=promise.text, when=when)


def _id_of(conversation_id: str, agent_id: str, client_id: str) -> str | None:
    """The same form, sent twice, is the same promise."""
    if not client_id:
        return None
    return hashlib.sha256(f"{conversation_id}:{agent_id}:{client_id}".encode()).hexdigest()[:32]
