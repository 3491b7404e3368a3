"""Whether the contact has been answered by a person. What was taken back answers nothing."""

from sqlalchemy import Select, or_, select

from connectors.contract import Author
from helpdesk.conversations.unit_of_work import OpenConversation
from store.models import Message, MessageFacts, MessageKind

#: Not resolved after all: what was held is given up, and the log says so to the staff.
RESOLUTION_DROPPED = "resolution_dropped"

_LINES_BACK = 50
"""Lines that are looked through at once for one that stands."""


async def is_answered_by_person(c: OpenConversation) -> bool:
    """Whether whoever asked for a person has had a word from one since; True where nobody was asked for."""
    handoff = await c.load_live_handoff()
    if handoff is None:
        return True
    await c.session.flush()
    answers = await c.session.scalars(
        select(Message.facts)
        .where(
            Message.conversation_id == c.conversation.id,
            Message.seq > handoff.asked_seq,
            Message.author == Author.AGENT,
            Message.kind == MessageKind.OUTGOING,
        )
        .order_by(Message.seq.desc())
    )
    return any(not facts.withdrawn for facts in answers)


async def is_waiting_for_answer(c: OpenConversation) -> bool:
    """Whether the contact wrote last: nobody of ours has answered since, the bot doesn't count.

    A line without words counts, such as a picture; one that the contact has taken back does not.
    """
    await c.session.flush()
    before = c.conversation.last_seq + 1
    while True:
        rows = (await c.session.execute(_lines_before(c, before))).all()
        for _, kind, facts in rows:
            if not facts.withdrawn:
                return kind is MessageKind.INCOMING
        if len(rows) < _LINES_BACK:
            return False
        before = rows[-1][0]


def _lines_before(c: OpenConversation, seq: int) -> Select[int, MessageKind, MessageFacts]:
    by_person = (Message.kind == MessageKind.OUTGOING) & (Message.author == Author.AGENT)
    return (
        select(Message.seq, Message.kind, Message.facts)
        .where(
            Message.conversation_id == c.conversation.id,
            Message.seq < seq,
            or_(by_person, Message.kind == MessageKind.INCOMING),
        )
        .order_by(Message.seq.desc())
        .limit(_LINES_BACK)
    )
