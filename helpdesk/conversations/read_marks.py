"""How far each side has read."""

from helpdesk.conversations.statements import MARK_READ_BY_CONTACT
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation


async def mark_read_by_agent(c: OpenConversation, agent_id: str, seq: int) -> None:
    """The owner has read up to `seq`; anyone else's reading tells the contact nothing."""
    is_owner = c.conversation.agent_id == agent_id
    if not is_owner or not c.conversation.agent_seen_seq < seq <= c.conversation.last_seq:
        c.audience = Audience.NOBODY
        return
    c.conversation.agent_seen_seq = seq
    c.audience = Audience.VIEWERS


async def mark_read_by_contact(conversations: Conversations, conversation_id: str, seq: int) -> None:
    """The contact has seen everything up to `seq`: one statement, because every screen says so after every line."""
    async with conversations.db.write() as session:
        conversation = await session.scalar(MARK_READ_BY_CONTACT, {"conversation_id": conversation_id, "seq": seq})
    if conversation is not None:
        conversations.fresh.offer(conversation, ())
        conversations.live.changed(conversation.id, conversation.last_seq)
