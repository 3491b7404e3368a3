"""Reading the log and what is around it, for screens. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from connectors.base import Author
from helpdesk.conversations import count_agents_online
from helpdesk.db import Database
from helpdesk.errors import NotFound
from helpdesk.handoff.summary import Summary, mask_personal, masked
from helpdesk.markdown import render
from helpdesk.models import Agent, AttachmentRecord, Contact, Conversation, Delivery, Handoff, Kind, Message
from helpdesk.status import Status
from helpdesk.story import tell_story
from helpdesk.titles import article_titles

LONGEST_PREVIEW = 160  # characters of a message in a list
MOST_ELSEWHERE = 20  # other conversations of a person


class View(StrEnum):
    """The lists of the desk."""

    QUEUE = "queue"
    MINE = "mine"
    OPEN = "open"
    RESOLVED = "resolved"


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
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log as the desk shows it. `delivery` is how far an outgoing one has come.

    `before` are the words that an edited message had, oldest first; `of` is the line that an activity is about.
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
    event: str | None
    of: int | None
    before: tuple[str, ...]
    withdrawn: bool
    attachments: tuple[AttachedFile, ...]
    client_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another conversation of the same person, here or on another channel."""

    id: str
    channel: str
    status: str
    preview: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCard:
    """A conversation in a list. `waiting_since` is set while it waits for a person."""

    id: str
    channel: str
    status: str
    language: str
    contact_name: str | None
    preview: str
    request: str
    triggers: tuple[dict[str, Any], ...]
    waiting_since: datetime | None
    changed_at: datetime
    agent_id: str | None
    agent_name: str | None
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDetail:
    """A conversation opened on the desk."""

    card: ConversationCard
    epoch: int
    last_seq: int
    contact_email: str | None
    contact_since: datetime
    contact_reachable: bool
    contact_time_zone: str | None
    elsewhere: tuple[Elsewhere, ...]
    contact_seen_seq: int
    agent_seen_seq: int
    page: str | None
    summary: dict[str, Any]
    asked_at: datetime | None
    accepted_at: datetime | None
    agents_online: int


class Timeline:
    """What the desk reads."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def overview(self, view: View, agent_id: str, *, limit: int = 100) -> list[ConversationCard]:
        """The conversations of a list: the queue with the longest wait first, the others newest first."""
        async with self.db.read() as session:
            query = _cards().where(_shows(view, agent_id)).limit(limit)
            order = Handoff.asked_at.asc() if view == View.QUEUE else Conversation.changed_at.desc()
            rows = (await session.execute(query.order_by(order))).all()
            previews = await _previews(session, [conversation.id for conversation, *_ in rows])
            return [_card(*row, preview=previews.get(row[0].id, "")) for row in rows]

    async def counts(self, agent_id: str) -> dict[str, int]:
        """How many conversations each list holds (the resolved ones aren't counted)."""
        async with self.db.read() as session:
            return {
                str(view): await session.scalar(select(func.count()).where(_shows(view, agent_id))) or 0
                for view in (View.QUEUE, View.MINE, View.OPEN)
            }

    async def conversation(self, conversation_id: str) -> ConversationDetail:
        """One conversation with its newest handoff. Raises `NotFound`."""
        async with self.db.read() as session:
            row = (await session.execute(_cards().where(Conversation.id == conversation_id))).first()
            if row is None:
                raise NotFound("There is no such conversation.")
            conversation, contact, _, handoff = row
            previews = await _previews(session, [conversation_id])
            return ConversationDetail(
                card=_card(*row, preview=previews.get(conversation_id, "")),
                epoch=conversation.epoch,
                last_seq=conversation.last_seq,
                contact_email=contact.email,
                contact_since=contact.created_at,
                contact_reachable=contact.reachable,
                contact_time_zone=contact.time_zone,
                elsewhere=await _elsewhere(session, conversation, contact),
                contact_seen_seq=conversation.contact_seen_seq,
                agent_seen_seq=conversation.agent_seen_seq,
                page=conversation.page,
                summary=handoff.summary if handoff else {},
                asked_at=handoff.asked_at if handoff else None,
                accepted_at=handoff.accepted_at if handoff else None,
                agents_online=await count_agents_online(session),
            )

    async def story(self, conversation_id: str, *, reader: str, agent_id: str | None = None) -> Summary:
        """The summary as of now, in the language of its `reader`. Raises `NotFound`.

        Personal data is masked unless `agent_id` owns the conversation: nobody else has to call or pay anybody.
        """
        async with self.db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            if conversation is None:
                raise NotFound("There is no such conversation.")
            summary = await tell_story(session, conversation, reader=reader)
            return summary if agent_id is not None and conversation.agent_id == agent_id else masked(summary)

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[Line]:
        """The first `limit` lines after `after`, notes and withheld answers included."""
        async with self.db.read() as session:
            rows = await session.execute(
                select(Message, Delivery.status, Delivery.reason, Conversation.language)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .outerjoin(Delivery, Delivery.message_id == Message.id)
                .where(Message.conversation_id == conversation_id, Message.seq > after)
                .order_by(Message.seq)
                .limit(limit)
            )
            found = rows.all()
            keys = {message.article for message, *_ in found if message.article}
            titles = await article_titles(session, keys, found[0][3]) if found else {}
            files = await _files(session, [message.id for message, *_ in found])
            return [
                _line(message, status, reason, titles, files.get(message.id, ()))
                for message, status, reason, _ in found
            ]


async def _elsewhere(session: AsyncSession, conversation: Conversation, contact: Contact) -> tuple[Elsewhere, ...]:
    """What else this person has talked about with us, newest first."""
    same = Contact.id == contact.id if contact.person is None else Contact.person == contact.person
    found = list(
        await session.scalars(
            select(Conversation)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(same, Conversation.id != conversation.id, Conversation.last_seq > 1)
            .order_by(Conversation.changed_at.desc())
            .limit(MOST_ELSEWHERE)
        )
    )
    previews = await _previews(session, [other.id for other in found])
    return tuple(
        Elsewhere(
            id=other.id,
            channel=str(other.channel),
            status=str(other.status),
            preview=previews.get(other.id, ""),
            changed_at=other.changed_at,
        )
        for other in found
    )


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


def _cards() -> Select[Conversation, Contact, Agent | None, Handoff | None]:
    any_handoff = aliased(Handoff)
    newest = (
        select(func.max(any_handoff.asked_at))
        .where(any_handoff.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return (
        select(Conversation, Contact, Agent, Handoff)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.asked_at == newest))
    )


def _shows(view: View, agent_id: str) -> ColumnElement[bool]:
    shown: dict[View, ColumnElement[bool]] = {
        View.QUEUE: Conversation.status == Status.QUEUED,
        View.MINE: (Conversation.status == Status.ASSIGNED) & (Conversation.agent_id == agent_id),
        View.OPEN: Conversation.status.in_([Status.BOT, Status.QUEUED, Status.ASSIGNED]) & (Conversation.last_seq > 1),
        View.RESOLVED: Conversation.status == Status.RESOLVED,
    }
    return shown[view]


async def _previews(session: AsyncSession, ids: list[str]) -> dict[str, str]:
    """The newest words of bot, agent or customer, shortened for a list."""
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(ids), Message.kind.in_([Kind.INCOMING, Kind.OUTGOING]))
        .where(Message.author != Author.SYSTEM)
        .group_by(Message.conversation_id)
        .subquery()
    )
    rows = await session.execute(
        select(Message.conversation_id, Message.text).join(
            newest, (newest.c.conversation_id == Message.conversation_id) & (newest.c.seq == Message.seq)
        )
    )
    return {conversation_id: " ".join(text.split())[:LONGEST_PREVIEW] for conversation_id, text in rows}


def _card(
    conversation: Conversation, contact: Contact, agent: Agent | None, handoff: Handoff | None, *, preview: str
) -> ConversationCard:
    summary = handoff.summary if handoff else {}
    request = next((line["text"] for line in summary.get("lines", ()) if line["label"] == "request"), "")
    return ConversationCard(
        id=conversation.id,
        channel=str(conversation.channel),
        status=str(conversation.status),
        language=conversation.language,
        contact_name=contact.name,
        preview=preview,
        request=mask_personal(request),
        triggers=tuple(handoff.triggers) if handoff else (),
        waiting_since=handoff.asked_at if handoff and conversation.status == Status.QUEUED else None,
        changed_at=conversation.changed_at,
        agent_id=conversation.agent_id,
        agent_name=agent.name if agent else None,
        unread=conversation.agent_seen_seq < conversation.last_seq,
    )


def _line(
    message: Message, status: str | None, reason: str | None, titles: dict[str, str], files: tuple[AttachedFile, ...]
) -> Line:
    return Line(
        seq=message.seq,
        kind=str(message.kind),
        author=str(message.author),
        name=message.author_name,
        text=message.text,
        html="" if message.kind == Kind.INCOMING else render(message.text),
        choices=tuple(button.title for button in message.buttons),
        chosen=message.chosen,
        article=message.article,
        article_title=titles.get(message.article or ""),
        delivery=str(status) if status else None,
        delivery_reason=reason,
        withheld=bool(message.data.get("withheld")),
        event=message.data.get("event"),
        of=message.data.get("of"),
        before=tuple(str(edit["before"]) for edit in message.data.get("edits", ())),
        withdrawn=bool(message.data.get("withdrawn")),
        attachments=files,
        client_id=(message.external_id or "").rpartition(":")[2] or None,
        at=message.created_at,
    )
