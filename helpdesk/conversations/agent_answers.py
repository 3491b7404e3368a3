"""What agents write: answers that go out, and notes that stay in."""

from typing import Any

from sqlalchemy import select

from connectors.contract import Author
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.message_text import clean
from helpdesk.conversations.promises import keep_answers
from helpdesk.conversations.unit_of_work import OpenConversation
from store.errors import StaleEpoch
from store.models import Agent, Conversation, Message, MessageKind
from store.status import Status

MAX_ANSWER_LENGTH = 10_000  # characters an agent may write in one message


async def answer(c: OpenConversation, agent_id: str, epoch: int, text: str, client_id: str) -> Message:
    """Store an agent's answer and send it; a repeated `client_id` changes nothing.

    Raises `StaleEpoch` when the conversation is no longer theirs, `Invalid` for a text that is too long.
    """
    words = clean(text, MAX_ANSWER_LENGTH)
    earlier = await _find_earlier(c, agent_id, client_id)
    if earlier is not None:
        return earlier
    agent = await load_agent(c.session, agent_id)
    if not _has_baton(c.conversation, agent, epoch):
        raise StaleEpoch("The conversation is no longer yours; your text was not sent and stays in the field.")
    message = await c.log.append_outgoing(Author.AGENT, words, **_signature(c.conversation, agent, client_id))
    c.conversation.answered_seq = c.conversation.agent_seen_seq = c.conversation.last_seq
    await keep_answers(c)
    return message


async def note(c: OpenConversation, agent_id: str, text: str, client_id: str) -> Message:
    """Store a note between agents; the contact never sees it. Raises `Invalid` for a text that is too long."""
    words = clean(text, MAX_ANSWER_LENGTH)
    earlier = await _find_earlier(c, agent_id, client_id)
    if earlier is not None:
        return earlier
    agent = await load_agent(c.session, agent_id)
    message = c.log.append(MessageKind.NOTE, Author.AGENT, words, **_signature(c.conversation, agent, client_id))
    await c.session.flush()
    return message


def _has_baton(conversation: Conversation, agent: Agent, epoch: int) -> bool:
    is_owner = conversation.status == Status.ASSIGNED and conversation.agent_id == agent.id
    return is_owner and conversation.epoch == epoch


def _signature(conversation: Conversation, agent: Agent, client_id: str) -> dict[str, Any]:
    """Who wrote it, and the id that keeps a repeat out."""
    return {
        "author_name": agent.name,
        "agent_id": agent.id,
        "external_id": _external_id(conversation, agent.id, client_id),
        "channel": conversation.channel,
        "account": conversation.account,
    }


def _external_id(conversation: Conversation, agent_id: str, client_id: str) -> str:
    return f"agent:{conversation.id}:{agent_id}:{client_id}"[:200]


async def _find_earlier(c: OpenConversation, agent_id: str, client_id: str) -> Message | None:
    return await c.session.scalar(
        select(Message).where(
            Message.conversation_id == c.conversation.id,
            Message.external_id == _external_id(c.conversation, agent_id, client_id),
        )
    )
