"""Putting a conversation off: it leaves its owner's list until a time, or until the contact writes.

It stays theirs and counts for them. Nobody who waits is put off, whatever moves in the conversation brings it back, and
the watchdog brings it back on time.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from helpdesk.conversations.answers.given_answers import is_waiting_for_answer
from helpdesk.conversations.answers.held_answers import send_held_answers
from helpdesk.conversations.lookups import load_owner
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from store.errors import Conflict, Invalid
from store.models import Activity, Conversation, now

LONGEST = timedelta(days=30)
"""Nothing is put off for longer, also when only an answer is waited for."""


async def snooze(c: OpenConversation, agent_id: str, until: datetime) -> None:
    """Put a conversation of the agent's off. Raises `StaleEpoch`, `Invalid` for the time, `Conflict` when the contact
    has no answer yet."""
    agent = await load_owner(c.session, c.conversation, agent_id)
    if not now() < until <= now() + LONGEST:
        raise Invalid("A conversation is put off until a time in the next 30 days.", code="snooze_time")
    await send_held_answers(c, agent_id)
    if await is_waiting_for_answer(c):
        raise Conflict("The customer has no answer yet.", code="snooze_waiting")
    await c.log.append_activity(Activity(event="snoozed", shown=False, due=until), agent=agent)
    c.conversation.snoozed_until = until
    c.conversation.agent_seen_seq = c.conversation.last_seq


async def wake(c: OpenConversation, agent_id: str) -> None:
    """The agent takes it up again before the time. Raises `StaleEpoch`."""
    await load_owner(c.session, c.conversation, agent_id)
    c.conversation.snoozed_until = None


async def wake_due(c: OpenConversation) -> bool:
    """The time has come; False when somebody was quicker."""
    until = c.conversation.snoozed_until
    if until is None or until > now():
        c.audience = Audience.NOBODY
        return False
    await c.log.append_activity(Activity(event="snooze_over", shown=False))
    c.conversation.snoozed_until = None
    return True


def snooze_ended(time: datetime) -> Select[str]:
    """Conversations whose time has come."""
    return select(Conversation.id).where(Conversation.snoozed_until <= time)
