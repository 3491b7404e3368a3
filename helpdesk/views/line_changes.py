"""What the web chat is told of answers that agents have changed since they were sent."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, LineChange
from helpdesk.conversations.answers.answer_changes import AnswerChange
from store.markdown import render
from store.models import Message

#: The events of lines that say that another line has been changed.
CHANGES = frozenset(map(str, AnswerChange))
EDITED, TAKEN_BACK = "edited", "taken_back"


def state_of_line(message: Message) -> str | None:
    """How an agent's line stands; `None` where it stands as it was sent, and for everybody else's."""
    if message.author is not Author.AGENT:
        return None
    if message.facts.withdrawn:
        return TAKEN_BACK
    return EDITED if message.facts.edits is not None else None


async def load_line_changes(session: AsyncSession, lines: Iterable[Message]) -> Mapping[str, LineChange]:
    """By the id of the activity line that tells of it. No statement where none of the lines does."""
    changes = [(line, line.facts.activity.of) for line in lines if line.event in CHANGES and line.facts.activity]
    if not changes:
        return {}
    places = [(line.conversation_id, of) for line, of in changes]
    found = await session.scalars(select(Message).where(tuple_(Message.conversation_id, Message.seq).in_(places)))
    by_seq = {message.seq: message for message in found}
    return {line.id: _change(by_seq[of]) for line, of in changes if of in by_seq}


def _change(message: Message) -> LineChange:
    return LineChange(
        seq=message.seq, state=state_of_line(message) or EDITED, text=message.text, html=render(message.text)
    )
