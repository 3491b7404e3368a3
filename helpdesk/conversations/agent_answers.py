"""What agents write: answers that go out, notes that stay in, and how far each side has read."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.message_text import clean
from helpdesk.conversations.ownership import Ownership
from helpdesk.conversations.promises import keep_answers
from store.errors import StaleEpoch
from store.models import Agent, Conversation, Message, MessageKind
from store.status import Status

LONGEST_ANSWER = 10_000  # characters an agent may write in one message


class AgentAnswers(Ownership):
    """Stores what agents write."""

    async def answer(self, conversation_id: str, agent_id: str, epoch: int, text: str, client_id: str) -> Message:
        """Store an agent's answer and send it. Raises `StaleEpoch` when the conversation is no longer theirs."""
        words = clean(text, LONGEST_ANSWER)
        async with self._changing(conversation_id) as (session, conversation):
            earlier = await _by_client_id(session, conversation, agent_id, client_id)
            if earlier is not None:
                return earlier
            agent = await load_agent(session, agent_id)
            if (
                conversation.status != Status.ASSIGNED
                or conversation.agent_id != agent.id
                or conversation.epoch != epoch
            ):
                raise StaleEpoch("The conversation is no longer yours; your text was not sent and stays in the field.")
            message = await lines.append_outgoing(
                session,
                conversation,
                Author.AGENT,
                words,
                **_signed(conversation, agent, client_id),
            )
            await keep_answers(session, conversation)
            conversation.answered_seq = conversation.agent_seen_seq = conversation.last_seq
            return message

    async def note(self, conversation_id: str, agent_id: str, text: str, client_id: str) -> Message:
        """Store a note between agents; the customer never sees it."""
        words = clean(text, LONGEST_ANSWER)
        async with self._changing(conversation_id) as (session, conversation):
            earlier = await _by_client_id(session, conversation, agent_id, client_id)
            if earlier is not None:
                return earlier
            agent = await load_agent(session, agent_id)
            message = lines.append(
                session,
                conversation,
                MessageKind.NOTE,
                Author.AGENT,
                words,
                **_signed(conversation, agent, client_id),
            )
            await session.flush()
            return message

    async def seen_by_agent(self, conversation_id: str, agent_id: str, seq: int) -> None:
        """The owner has read up to `seq`; anyone else's reading tells the customer nothing."""
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            mine = conversation.agent_id == agent_id
            if not mine or not conversation.agent_seen_seq < seq <= conversation.last_seq:
                return
            conversation.agent_seen_seq = seq
        self.live.changed(conversation_id, conversation.last_seq)

    async def seen_by_contact(self, conversation_id: str, seq: int) -> None:
        """The customer has seen everything up to `seq`."""
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            if not conversation.contact_seen_seq < seq <= conversation.last_seq:
                return
            conversation.contact_seen_seq = seq
        self.live.changed(conversation_id, conversation.last_seq)


def _signed(conversation: Conversation, agent: Agent, client_id: str) -> dict[str, Any]:
    """Who wrote it, and the id that keeps a repeat out."""
    return {
        "author_name": agent.name,
        "agent_id": agent.id,
        "external_id": _agents_id(conversation, agent.id, client_id),
        "channel": conversation.channel,
        "account": conversation.account,
    }


def _agents_id(conversation: Conversation, agent_id: str, client_id: str) -> str:
    return f"agent:{conversation.id}:{agent_id}:{client_id}"[:200]


async def _by_client_id(
    session: AsyncSession, conversation: Conversation, agent_id: str, client_id: str
) -> Message | None:
    return await session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id,
            Message.external_id == _agents_id(conversation, agent_id, client_id),
        )
    )
