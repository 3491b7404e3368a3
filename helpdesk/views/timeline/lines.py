"""The lines of the log as the desk shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.answers.answer_changes import is_changeable_by
from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.files.attached_files import AttachedFile, load_attached_files
from helpdesk.views.masking import ConversationReader, Mask, mask_document
from helpdesk.views.timeline.line_delivery import LineDelivery, SeenLog, delivery_of, load_seen_log
from helpdesk.views.timeline.refusal_cause import cause_of
from store.markdown import render
from store.models import Activity, Conversation, Delivery, DeliveryStatus, Message, MessageKind
from store.status import Event

_PASSES = frozenset(str(event) for event in Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    """The change of owner that made an answer of the bot's come too late."""

    event: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One line of the log as the desk shows it. `delivery` is how far an outgoing one has come, since `delivery_at`.

    `before` are the words that an `edited` message had, oldest first, if they were kept; `of` is the line that an
    activity is about, `facts` what else it is about. `withheld_by` says why a withheld answer was not sent;
    `changeable`: the reader may correct it or take it back.
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
    delivery_at: datetime | None
    delivery_reason: str | None
    delivery_cause: str | None
    withheld: bool
    withheld_by: OwnerChange | None
    event: str | None
    of: int | None
    facts: dict[str, str]
    before: tuple[str, ...]
    edited: bool
    withdrawn: bool
    changeable: bool
    whisper: bool
    attachments: tuple[AttachedFile, ...]
    client_id: str | None
    at: datetime
    program: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the lines of a page need from other tables."""

    titles: dict[str, str]
    files: dict[str, tuple[AttachedFile, ...]]
    passes: Sequence[tuple[int, OwnerChange]]
    seen: SeenLog | None
    mask: Mask
    conversation: Conversation
    reader_id: str | None


async def load_lines(
    session: AsyncSession, conversation_id: str, *, after: int, limit: int, reader: ConversationReader
) -> list[TimelineLine]:
    """The first `limit` lines after `after`, notes and withheld answers included, as `reader` may see them."""
    rows = await session.execute(
        select(Message, Delivery.status, Delivery.reason, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.seq > after)
        .order_by(Message.seq)
        .limit(limit)
    )
    found = rows.all()
    if not found:
        return []
    messages, conversation = [message for message, *_ in found], found[0][3]
    keys = {message.article for message in messages if message.article}
    withheld = any(message.facts.withheld for message in messages)
    around = _Around(
        titles=await load_article_titles(session, keys, conversation.language),
        files=await load_attached_files(session, messages),
        passes=await _passes(session, conversation_id, messages[-1].seq) if withheld else (),
        seen=await load_seen_log(session, conversation),
        mask=reader.mask(conversation_id, conversation.agent_id),
        conversation=conversation,
        reader_id=reader.agent_id,
    )
    return [_line(message, status, reason, around) for message, status, reason, _ in found]


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


def _cause(sent: LineDelivery, around: _Around) -> str | None:
    """What a mail server meant; other channels have other numbers."""
    is_mail = around.seen is not None or not around.conversation.channel.is_live
    return cause_of(sent.reason) if is_mail and sent.reason else None


def _line(message: Message, status: DeliveryStatus | None, reason: str | None, around: _Around) -> TimelineLine:
    sent = delivery_of(message, status, reason, around.seen) if status else None
    withheld, activity = message.facts.withheld, message.facts.activity
    text = around.mask(message.text)
    before_it = (passed for seq, passed in around.passes if seq < message.seq)
    return TimelineLine(
        seq=message.seq,
        kind=str(message.kind),
        author=str(message.author),
        name=around.mask(message.author_name),
        text=text,
        html="" if message.kind == MessageKind.INCOMING else render(text),
        choices=tuple(around.mask(button.title) for button in message.choices),
        chosen=message.chosen,
        article=message.article,
        article_title=around.titles.get(message.article or ""),
        delivery=sent.state if sent else None,
        delivery_at=sent.at if sent else None,
        delivery_reason=sent.reason if sent else None,
        delivery_cause=_cause(sent, around) if sent else None,
        withheld=withheld,
        withheld_by=next(before_it, None) if withheld else None,
        event=message.event,
        of=activity.of if activity else None,
        facts=_sentence_facts(activity, around.mask) if activity else {},
        before=tuple(around.mask(edit.before) for edit in message.facts.edits or ()),
        edited=message.facts.edits is not None,
        withdrawn=message.facts.withdrawn,
        changeable=_is_changeable(message, status, text, around),
        whisper=message.facts.whisper,
        attachments=tuple(_masked(each, around.mask) for each in around.files.get(message.id, ())),
        client_id=(message.external_id or "").rpartition(":")[2] or None,
        at=message.created_at,
        program=message.facts.program,
    )


def _masked(file: AttachedFile, mask: Mask) -> AttachedFile:
    """A file as somebody may see it: what it is called, and a place or a contact card that somebody has sent."""
    return replace(file, name=mask(file.name), facts=mask_document(mask, file.facts))


def _is_changeable(message: Message, status: DeliveryStatus | None, shown: str, around: _Around) -> bool:
    """Whether the reader may change this answer, and sees all of it. How long a channel allows it is said later."""
    is_there = not message.facts.withdrawn and status not in {DeliveryStatus.FAILED, DeliveryStatus.BOUNCED}
    can = around.conversation.channel.can_change_sent and is_changeable_by(
        around.reader_id, message, around.conversation
    )
    return can and is_there and shown == message.text


def _sentence_facts(activity: Activity, mask: Mask) -> dict[str, str]:
    """What an activity's sentence on the desk may name."""
    due = activity.due.isoformat() if activity.due else None
    named = {"what": activity.what, "due": due, "done": activity.done}
    return {name: mask(value) for name, value in named.items() if value}
