"""Deliveries that change what was sent: an activity line says so, and the line that it is about what stands now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import SentChange
from helpdesk.conversations.answers.answer_changes import AnswerChange
from store.models import AttachmentRecord, Delivery, Message

_CHANGES = frozenset(map(str, AnswerChange))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line that was sent, as it stands now, and what its channel is to do about it."""

    message: Message
    change: SentChange


async def load_changed_lines(session: AsyncSession, lines: Iterable[Message]) -> Mapping[str, ChangedLine]:
    """By the id of the activity line that is delivered. No statement where none of the lines is about a change."""
    changes = [line for line in lines if line.event in _CHANGES]
    if not changes:
        return {}
    places = {(line.conversation_id, line.facts.activity.of) for line in changes if line.facts.activity}
    files = select(func.count(AttachmentRecord.id)).where(AttachmentRecord.message_id == Message.id).scalar_subquery()
    rows = await session.execute(
        select(Message, Delivery.parts, files)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(tuple_(Message.conversation_id, Message.seq).in_(places))
    )
    found = {
        (message.conversation_id, message.seq): (message, SentChange(parts=tuple(parts or ()), files=count))
        for message, parts, count in rows
    }
    return dict(_changed(changes, found))


def _changed(
    changes: Iterable[Message], found: Mapping[tuple[str, int], tuple[Message, SentChange]]
) -> Iterable[tuple[str, ChangedLine]]:
    for line in changes:
        of = line.facts.activity.of if line.facts.activity else None
        if of is None or (line.conversation_id, of) not in found:
            continue
        message, change = found[line.conversation_id, of]
        is_removal = line.event == AnswerChange.TAKEN_BACK
        yield line.id, ChangedLine(message=message, change=replace(change, is_removal=is_removal))
