"""What a contact wrote that the agent who gives a conversation away has not read: it is never taken for answered."""

from sqlalchemy import func, select

from helpdesk.conversations.turn_opening import load_unanswered_messages, open_turn
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.wait_talk import says_nothing_more
from store.errors import Invalid, UnreadLine
from store.models import Agent, Message
from store.status import Event, Status


def check_read_seq(c: OpenConversation, read_seq: int | None) -> None:
    """Raises `Invalid` when an agent says to have read lines that nobody has written yet."""
    if read_seq is not None and not 0 <= read_seq <= c.conversation.last_seq:
        raise Invalid(f"'seq' is the last line that was read, at most {c.conversation.last_seq}; got {read_seq}.")


async def load_unread(c: OpenConversation, agent: Agent, read_seq: int | None) -> list[Message]:
    """Lines of the contact that wait for whoever answers next, in order.

    `read_seq` is the last line that the agent has read. With it a newer line is the agent's to read first: raises
    `UnreadLine`. Without it the agent is taken to have read what was there when they last did something here, and the
    bot takes up the rest; it raises `UnreadLine` only for a line without words, which the bot can't read.
    """
    check_read_seq(c, read_seq)
    after = await _load_presumed_read(c, agent) if read_seq is None else read_seq
    unread = await load_unanswered_messages(c.session, c.conversation, after=after)
    unread = [message for message in unread if not message.facts.withdrawn]
    if unread and (read_seq is not None or not all(message.text for message in unread)):
        raise UnreadLine("There is a new line that you have not read.", last_seq=c.conversation.last_seq)
    return unread


async def hand_unread_to_bot(c: OpenConversation, unread: list[Message]) -> None:
    """Say how far the conversation is answered, and let the bot answer `unread`."""
    if not c.conversation.channel.is_live:  # thanks that came meanwhile open nothing again
        unread = [message for message in unread if not says_nothing_more(message.text)]
    if not unread:
        c.conversation.answered_seq = c.conversation.last_seq
        return
    c.conversation.answered_seq = unread[0].seq - 1
    if c.conversation.status == Status.RESOLVED:  # as if it had come an instant later
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    for message in unread:
        await open_turn(c.session, c.conversation, message, writing=False)
        await c.session.flush()


async def _load_presumed_read(c: OpenConversation, agent: Agent) -> int:
    """The line up to which a conversation is answered or read as far as we know."""
    acted = await c.session.scalar(
        select(func.max(Message.seq)).where(Message.conversation_id == c.conversation.id, Message.agent_id == agent.id)
    )
    return max(c.conversation.answered_seq, c.conversation.agent_seen_seq, acted or 0)
