"""The lines of the log as the desk shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.article_titles import load_article_titles
from store.markdown import render
from store.models import Activity, AttachmentRecord, Conversation, Delivery, Message, MessageKind
from store.status import Event

_PASSES = frozenset(str(event) for event in Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """What came along with a line. `status` is that of its content; `facts` holds what has no file, such as a place."""

    id: str
    kind: str
    name: str
    media_type: str
    size: int | None
    status: str
    reason: str | None
    facts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    """The change of owner that made an answer of the bot's come too late."""

    event: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One line of the log as the desk shows it. `delivery` is how far an outgoing one has come.

    `before` are the words that an edited message had, oldest first; `of` is the line that an activity is about,
    `facts` what else it is about. `withheld_by` says why a withheld answer was not sent.
    """

    seq: int
    kind: str
    author: str
    name: str
    text: str
    html: str
    choices: tuple[str, ...]
    chosen: int | None
    article: str | None
    article_title: str | None
    delivery: str | None
    delivery_reason: str | None
    withheld: bool
    withheld_by: OwnerChange | None
    event: str | None
    of: int | None
    facts: dict[str, str]
    before: tuple[str, ...]
    withdrawn: bool
    attachments: tuple[AttachedFile, ...]
    client_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the lines of a page need from other tables."""

    titles: dict[str, str]
    files: dict[str, tuple[AttachedFile, ...]]
    passes: Sequence[tuple[int, OwnerChange]]


async def load_lines(session: AsyncSession, conversation_id: str, *, after: int, limit: int) -> list[TimelineLine]:
    """The first `limit` lines after `after`, notes and withheld answers included."""
    rows = await session.execute(
        select(Message, Delivery.status, Delivery.reason, Conversation.language)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.seq > after)
        .order_by(Message.seq)
        .limit(limit)
    )
    found = rows.all()
    if not found:
        return []
    messages = [message for message, *_ in found]
    keys = {message.article for message in messages if message.article}
    withheld = any(message.facts.withheld for message in messages)
    around = _Around(
        titles=await load_article_titles(session, keys, found[0][3]),
        files=await _files(session, [message.id for message in messages]),
        passes=await _passes(session, conversation_id, messages[-1].seq) if withheld else (),
    )
    return [_line(message, status, reason, around) for message, status, reason, _ in found]


async def _files(session: AsyncSession, message_ids: list[str]) -> dict[str, tuple[AttachedFile, ...]]:
    found: dict[str, tuple[AttachedFile, ...]] = {}
    records = await session.scalars(
        select(AttachmentRecord)
        .where(AttachmentRecord.message_id.in_(message_ids))
        .order_by(AttachmentRecord.created_at, AttachmentRecord.id)
    )
    for record in records:
        file = AttachedFile(
            id=record.id,
            kind=str(record.kind),
            name=record.name,
            media_type=record.media_type,
            size=record.size,
            status=str(record.status),
            reason=record.reason,
            facts=record.facts,
        )
        found[record.message_id] = (*found.get(record.message_id, ()), file)
    return found


async def _passes(session: AsyncSession, conversation_id: str, up_to: int) -> list[tuple[int, OwnerChange]]:
    """Every change of owner so far, newest first, with its line."""
    messages = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.kind == MessageKind.ACTIVITY, Message.seq <= up_to)
        .order_by(Message.seq.desc())
    )
    return [
        (message.seq, OwnerChange(event=message.event, name=message.author_name, at=message.created_at))
        for message in messages
        if message.event in _PASSES
    ]


def _line(message: Message, status: str | None, reason: str | None, around: _Around) -> TimelineLine:
    withheld, activity = message.facts.withheld, message.facts.activity
    before_it = (passed for seq, passed in around.passes if seq < message.seq)
    return TimelineLine(
        seq=message.seq,
        kind=str(message.kind),
        author=str(message.author),
        name=message.author_name,
        text=message.text,
        html="" if message.kind == MessageKind.INCOMING else render(message.text),
        choices=tuple(button.title for button in message.choices),
        chosen=message.chosen,
        article=message.article,
        article_title=around.titles.get(message.article or ""),
        delivery=str(status) if status else None,
        delivery_reason=reason,
        withheld=withheld,
        withheld_by=next(before_it, None) if withheld else None,
        event=message.event,
        of=activity.of if activity else None,
        facts=_sentence_facts(activity) if activity else {},
        before=tuple(edit.before for edit in message.facts.edits or ()),
        withdrawn=message.facts.withdrawn,
        attachments=around.files.get(message.id, ()),
        client_id=(message.external_id or "").rpartition(":")[2] or None,
        at=message.created_at,
    )


def _sentence_facts(activity: Activity) -> dict[str, str]:
    """What an activity's sentence on the desk may name."""
    due = activity.due.isoformat() if activity.due else None
    named = {"what": activity.what, "due": due, "done": activity.done}
    return {name: value for name, value in named.items() if value}
