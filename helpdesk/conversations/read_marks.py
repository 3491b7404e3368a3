"""How far each side has read."""

from helpdesk.conversations.unit_of_work import Audience, OpenConversation


async def mark_read_by_agent(c: OpenConversation, agent_id: str, seq: int) -> None:
    """The owner has read up to `seq`; anyone else's reading tells the contact nothing."""
    is_owner = c.conversation.agent_id == agent_id
    if not is_owner or not c.conversation.agent_seen_seq < seq <= c.conversation.last_seq:
        c.audience = Audience.NOBODY
        return
    c.conversation.agent_seen_seq = seq
    c.audience = Audience.VIEWERS


async def mark_read_by_contact(c: OpenConversation, seq: int) -> None:
    """The contact has seen everything up to `seq`."""
    if not c.conversation.contact_seen_seq < seq <= c.conversation.last_seq:
        c.audience = Audience.NOBODY
        return
    c.conversation.contact_seen_seq = seq
    c.audience = Audience.VIEWERS
