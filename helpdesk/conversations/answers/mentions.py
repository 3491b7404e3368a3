"""Which notes name whom: kept when a note is written, so that everybody finds what they were asked."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.notifications.kinds import has_mention, mentioned
from store.models import Agent, Conversation, Message, StaffMention, moment

#: How long a list shows where somebody was named.
LISTED_FOR = timedelta(days=30)


async def keep_mentions(c: OpenConversation, note: Message) -> None:
    """Keep whom a new note names. No statement where it has no "@"."""
    if not has_mention(note):
        return
    rows = await c.session.execute(select(Agent.id, Agent.name).where(Agent.active))
    named = mentioned(note.text, {agent: name for agent, name in rows}) - {note.agent_id or ""}
    c.session.add_all(
        StaffMention(agent_id=agent, conversation_id=c.conversation.id, seq=note.seq, created_at=note.created_at)
        for agent in sorted(named)
    )


def is_mentioned(agent_id: str) -> ColumnElement[bool]:
    """Whether a colleague has named this agent in a note of the conversation lately."""
    lately = select(StaffMention.conversation_id).where(
        StaffMention.agent_id == agent_id, StaffMention.created_at > moment(LISTED_FOR)
    )
    return Conversation.id.in_(lately)
