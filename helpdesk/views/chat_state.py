"""What is around the log in a customer's browser: status, whose conversation it is, place in the queue."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import ChatState, QueuePlace
from helpdesk.conversations import load_live_handoff, load_wait_outlook
from helpdesk.handoff.wait_estimate import WaitRange
from helpdesk.handoff.wait_notice import rounded
from store.models import Contact, Conversation
from store.settings import Settings
from store.status import Status


def state_of_row(conversation: Conversation, agent_name: str | None) -> ChatState | None:
    """What is around the log, as far as the conversation's row tells."""
    is_known = conversation.agent_id is None or agent_name is not None
    if conversation.status == Status.QUEUED or not is_known:
        return None
    return make_chat_state(conversation, agent_name, None)


def make_chat_state(conversation: Conversation, agent_name: str | None, place: QueuePlace | None) -> ChatState:
    """The state of a conversation, with its place in the queue where it waits."""
    return ChatState(
        conversation_id=conversation.id,
        status=str(conversation.status),
        language=conversation.language,
        last_seq=conversation.last_seq,
        agent_name=agent_name,
        queue=place,
        agent_seen_seq=conversation.agent_seen_seq,
    )


async def load_queue_place(session: AsyncSession, conversation: Conversation, settings: Settings) -> QueuePlace | None:
    """Where a waiting conversation stands, and how long others waited lately."""
    handoff = await load_live_handoff(session, conversation)
    if handoff is None:
        return None
    outlook = await load_wait_outlook(session, conversation, handoff, settings)
    contact = await session.get_one(Contact, conversation.contact_id)
    return QueuePlace(
        position=outlook.position,
        agents_online=outlook.agents if outlook.opens is None else 0,
        wait_minutes=in_minutes(outlook.wait),
        email_known=contact.email is not None,
    )


def in_minutes(wait: WaitRange | None) -> tuple[int, int] | None:
    """A waiting range in the minutes that people speak of; none where it has no end to speak of."""
    told = rounded(wait) if wait else None
    if told is None or told.high == timedelta.max:
        return None
    return int(told.low.total_seconds() // 60), int(told.high.total_seconds() // 60)
