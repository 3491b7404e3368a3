"""What a contact reads when an agent's promise is broken. Runs inside the transaction that marks it so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.schedule.hours import say_when, zone_or
from helpdesk.texts import Say
from store.models import Message, MessageKind, Promise
from store.status import Status

STATED_WITHIN = timedelta(minutes=10)  # between recording a promise and sending the message that makes it


async def load_apology(c: OpenConversation, promise: Promise, at: datetime) -> str:
    """The sentence that owns up to it, in the contact's language, by their clock or else the installation's.

    Empty where none is due: Staffel's own promises have theirs, the matter is resolved, an agent has answered since,
    the contact never heard of the promise, or they have read such a sentence since anybody last answered.
    """
    if promise.agent_id is None or c.conversation.status == Status.RESOLVED:
        return ""
    lines = await _lines_since(c.session, promise)
    if not needs_apology(promise, lines):
        return ""
    contact = await c.load_contact()
    when = say_when(promise.due_at, at, zone_or(contact.time_zone, c.settings.time_zone), c.conversation.language)
    return c.say(Say.PROMISE_LATE, promise=promise.text, when=when)


def needs_apology(promise: Promise, lines: Sequence[Message]) -> bool:
    """Whether the contact waits for what they know was promised. `lines` are the agents' and the log's own since then.

    The message that makes the promise may be sent after it was recorded, and is no answer.
    """
    stated = [line for line in lines if _states(line, promise)]
    since = [line for line in lines if line.seq > promise.seq and line not in stated]
    is_over = any(line.author == Author.AGENT or _is_apology(line) for line in since)
    return (promise.shown or bool(stated)) and not is_over


async def _lines_since(session: AsyncSession, promise: Promise) -> list[Message]:
    answer = and_(Message.kind == MessageKind.OUTGOING, Message.author == Author.AGENT)
    found = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == promise.conversation_id,
            Message.created_at > promise.created_at - STATED_WITHIN,
            or_(answer, Message.kind == MessageKind.ACTIVITY),
        )
        .order_by(Message.seq)
    )
    return [line for line in found if line.author == Author.AGENT or _is_apology(line)]


def _states(line: Message, promise: Promise) -> bool:
    is_near = abs(line.created_at - promise.created_at) <= STATED_WITHIN
    return line.author == Author.AGENT and is_near and promise.text in " ".join(line.text.split())


def _is_apology(line: Message) -> bool:
    activity = line.facts.activity
    return activity is not None and activity.event == "promise_broken" and activity.shown
