"""Reminds of promises before they are due, and notices those that are broken."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select

from helpdesk.conversations.promises.apology import load_apology
from helpdesk.conversations.promises.register import is_open, promise_activity, state_of
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation
from helpdesk.observability import metrics
from store.errors import NotFound
from store.models import Agent, MailDelivery, MailKind, Promise

REMIND_AT_MOST_BEFORE = timedelta(minutes=30)
MAX_AT_ONCE = 200  # promises that one look reminds of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderCounts:
    """What one look came to: how many promises were reminded of, and how many turned out broken."""

    reminded: int = 0
    broken: int = 0


def remind_at(created_at: datetime, due_at: datetime) -> datetime:
    """When its owner is reminded: half an hour before, or a quarter of the time where that is less."""
    return due_at - min(REMIND_AT_MOST_BEFORE, (due_at - created_at) / 4)


async def remind(conversations: Conversations, at: datetime) -> ReminderCounts:
    """Remind of what is due soon and mark what is broken; each once, however many instances look.

    A contact who waits for what an agent promised reads that the time has passed.
    """
    reminded = broken = 0
    for promise in await _load_due_soon(conversations, at):
        with suppress(NotFound):  # erased meanwhile
            async with conversations.open(promise.conversation_id) as c:
                reminded += await _note_due(c, promise.id, at)
    for promise in await _load_overdue(conversations, at):
        with suppress(NotFound):
            async with conversations.open(promise.conversation_id) as c:
                broken += await _note_broken(c, promise.id, at)
    return ReminderCounts(reminded=reminded, broken=broken)


def to_remind_of(at: datetime) -> Select[str]:
    """Open promises that one may have to be reminded of, and those whose time has passed unnoticed."""
    soon = Promise.reminded_at.is_(None) & (Promise.due_at <= at + REMIND_AT_MOST_BEFORE)
    return select(Promise.id).where(is_open(), Promise.broken_at.is_(None), soon | (Promise.due_at <= at))


async def _load_due_soon(conversations: Conversations, at: datetime) -> list[Promise]:
    """Open promises whose time for the reminder has come and that nobody was reminded of."""
    waiting = is_open() & Promise.reminded_at.is_(None) & Promise.broken_at.is_(None)
    within = (Promise.due_at > at) & (Promise.due_at <= at + REMIND_AT_MOST_BEFORE)
    found = await _load_first(conversations, waiting & within)
    return [promise for promise in found if remind_at(promise.created_at, promise.due_at) <= at]


async def _load_overdue(conversations: Conversations, at: datetime) -> list[Promise]:
    """Open promises whose time has passed without anybody having noticed yet."""
    return await _load_first(conversations, is_open() & Promise.broken_at.is_(None) & (Promise.due_at <= at))


async def _load_first(conversations: Conversations, wanted: ColumnElement[bool]) -> list[Promise]:
    async with conversations.db.read() as session:
        found = await session.scalars(select(Promise).where(wanted).order_by(Promise.due_at).limit(MAX_AT_ONCE))
        return list(found)


async def _note_due(c: OpenConversation, promise_id: str, at: datetime) -> bool:
    """False when somebody was quicker: ended it, or noted the same on another instance."""
    promise = await c.session.get_one(Promise, promise_id)
    if state_of(promise) != "open":
        c.audience = Audience.NOBODY
        return False
    promise.reminded_at = at
    await _mail_owner(c, promise)
    await _log(c, promise, "promise_due", "")
    return True


async def _mail_owner(c: OpenConversation, promise: Promise) -> None:
    """Put down a mail to an agent who wants one; whether they are online is looked at when it leaves."""
    agent = await c.session.get(Agent, promise.agent_id) if promise.agent_id and c.sends_mails else None
    if agent is not None and agent.mail_promises:
        c.session.add(MailDelivery(kind=MailKind.PROMISE, agent_id=agent.id))


async def _note_broken(c: OpenConversation, promise_id: str, at: datetime) -> bool:
    """False as in `_note_due`."""
    promise = await c.session.get_one(Promise, promise_id)
    if state_of(promise) not in {"open", "due"}:
        c.audience = Audience.NOBODY
        return False
    promise.broken_at = at
    await _log(c, promise, "promise_broken", await load_apology(c, promise, at))
    metrics.PROMISES.labels("broken").inc()
    return True


async def _log(c: OpenConversation, promise: Promise, event: str, text: str) -> None:
    """Add the line; `text` is what the contact reads of it, if anything."""
    agent = await c.session.get(Agent, promise.agent_id) if promise.agent_id else None
    activity = promise_activity(promise, event, shown=bool(text), done=text or None)
    await c.log.append_activity(activity, text, agent=agent)
    c.conversation.snoozed_until = None  # what is promised is put off by nobody
