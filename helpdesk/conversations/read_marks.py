"""How far each side has read."""

from helpdesk.conversations.log.statements import MARK_READ_BY_CONTACT
from helpdesk.conversations.turn_opening import load_unanswered_messages
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation
from helpdesk.texts import Say
from store.models import Activity, Agent
from store.status import Status

READING_TOLD = "reading_told"
"""What the log says when a contact was told how far the agent has read."""


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
    async with conversations.db.write(brief=True) as session:
        conversation = await session.scalar(MARK_READ_BY_CONTACT, {"conversation_id": conversation_id, "seq": seq})
    if conversation is not None:
        conversations.fresh.offer(conversation, ())
        conversations.live.changed(conversation.id, conversation.last_seq)


async def tell_reading(c: OpenConversation) -> bool:
    """Tell a contact whose agent has let them wait whether their line was read; False where nobody waits for one.

    Where no marks show that, as on Telegram and Slack, it is the only sign that the line has arrived.
    """
    waiting = await load_unanswered_messages(c.session, c.conversation, after=c.conversation.answered_seq)
    agent = await c.session.get(Agent, c.conversation.agent_id) if c.conversation.agent_id else None
    if c.conversation.status != Status.ASSIGNED or agent is None or not waiting:
        c.audience = Audience.NOBODY
        return False
    said = Say.SEEN if waiting[-1].seq <= c.conversation.agent_seen_seq else Say.UNSEEN
    await c.log.append_activity(Activity(event=READING_TOLD), c.say(said, agent=agent.name), agent=agent)
    return True
