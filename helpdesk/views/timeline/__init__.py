"""Reading the log and what is around it, for screens. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations import count_agents_online
from helpdesk.conversations.promise_cards import PromiseCard, load_promise_cards
from helpdesk.conversations.promises import concerns
from helpdesk.conversations.summary_source import load_summary
from helpdesk.handoff.summary import Summary, masked
from helpdesk.views.timeline.cards import (
    MAX_PREVIEW_LENGTH,
    ConversationCard,
    DeskView,
    card_of,
    is_offered,
    load_cards,
    load_previews,
    order_of,
    select_cards,
    shows,
)
from helpdesk.views.timeline.handoff_detail import (
    ArticleText,
    Confirmation,
    FittingArticle,
    MoodPoint,
    load_article_text,
    load_fitting_articles,
    load_handoff_detail,
    load_moods,
    without_personal,
)
from helpdesk.views.timeline.lines import AttachedFile, OwnerChange, TimelineLine, load_lines
from store.db import Database
from store.errors import NotFound
from store.models import Agent, Contact, Conversation, Promise, now
from store.status import Status

__all__ = [
    "MAX_PREVIEW_LENGTH",
    "AgentLoad",
    "AttachedFile",
    "ConversationCard",
    "ConversationDetail",
    "DeskView",
    "LinkedConversation",
    "OwnerChange",
    "Timeline",
    "TimelineLine",
]

MAX_ELSEWHERE = 20  # other conversations of a person
MAX_OFFERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedConversation:
    """Another conversation of the same person, here or on another channel."""

    id: str
    channel: str
    status: str
    preview: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoad:
    """How many conversations an agent has, and how many are offered to them at most."""

    open: int
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDetail:
    """A conversation opened on the desk."""

    card: ConversationCard
    epoch: int
    last_seq: int
    contact_email: str | None
    contact_phone: str | None
    contact_campaign: str | None
    contact_since: datetime
    contact_reachable: bool
    contact_time_zone: str | None
    elsewhere: tuple[LinkedConversation, ...]
    contact_seen_seq: int
    agent_seen_seq: int
    page: str | None
    confirmation: Confirmation | None
    decision: dict[str, Any]
    summary: dict[str, Any]
    before: str | None
    mood: tuple[MoodPoint, ...]
    articles: tuple[FittingArticle, ...]
    promises: tuple[PromiseCard, ...]
    asked_at: datetime | None
    accepted_at: datetime | None
    agents_online: int


class Timeline:
    """What the desk reads. `time_zone` is the installation's, for times where no team says its own."""

    def __init__(self, db: Database, *, time_zone: str) -> None:
        self.db = db
        self.time_zone = time_zone

    async def overview(self, view: DeskView, agent_id: str, *, limit: int = 100) -> list[ConversationCard]:
        """The conversations of a list: the queue in the order of routing, the others newest first."""
        async with self.db.read() as session:
            query = select_cards().where(shows(view, agent_id)).order_by(*order_of(view, agent_id)).limit(limit)
            return await load_cards(session, query)

    async def offers(self, agent_id: str) -> list[ConversationCard]:
        """What is offered to an agent at this moment, the offer that ends first at the top."""
        async with self.db.read() as session:
            query = select_cards().where(is_offered(agent_id, now())).limit(MAX_OFFERS)
            cards = await load_cards(session, query)
        return sorted(cards, key=lambda card: (card.offered_until or card.changed_at, card.id))

    async def counts(self, agent_id: str) -> dict[str, int]:
        """How many each list holds (the resolved ones aren't counted).

        `unread`: of mine, those with something new; `due`: promises reminded of, or broken.
        """
        views = (DeskView.QUEUE, DeskView.MINE, DeskView.OPEN)
        is_unread = shows(DeskView.MINE, agent_id) & (Conversation.agent_seen_seq < Conversation.last_seq)
        wanted = {str(view): shows(view, agent_id) for view in views} | {"unread": is_unread}
        async with self.db.read() as session:
            counting = select(*(func.count().filter(each) for each in wanted.values()))
            counted = (await session.execute(counting.where(Conversation.status != Status.RESOLVED))).one()
            counts = dict(zip(wanted, counted, strict=True))
            due = func.count(func.coalesce(Promise.broken_at, Promise.reminded_at))
            row = (await session.execute(select(func.count(), due).where(concerns(agent_id)))).one()
            return counts | {"promises": row[0], "due": row[1]}

    async def load(self, agent_id: str) -> AgentLoad:
        """How busy an agent is. Raises `NotFound`."""
        async with self.db.read() as session:
            capacity = await session.scalar(select(Agent.capacity).where(Agent.id == agent_id))
            if capacity is None:
                raise NotFound("There is no such agent.")
            mine = await session.scalar(select(func.count()).where(shows(DeskView.MINE, agent_id))) or 0
            return AgentLoad(open=mine, capacity=capacity)

    async def conversation(self, conversation_id: str, *, agent_id: str | None = None) -> ConversationDetail:
        """One conversation with its newest handoff. Raises `NotFound`.

        What the handoff says is masked for an agent who doesn't have the conversation; a program (no agent) sees all.
        """
        async with self.db.read() as session:
            row = (await session.execute(select_cards().where(Conversation.id == conversation_id))).first()
            if row is None:
                raise NotFound("There is no such conversation.")
            conversation, contact, _, handoff, *_ = row
            previews = await load_previews(session, [conversation_id])
            baton = await load_handoff_detail(session, handoff)
            if baton and agent_id not in {None, conversation.agent_id}:
                baton = without_personal(baton)
            return ConversationDetail(
                card=card_of(*row, preview=previews.get(conversation_id, "")),
                epoch=conversation.epoch,
                last_seq=conversation.last_seq,
                contact_email=contact.email,
                contact_phone=contact.phone,
                contact_campaign=contact.campaign,
                contact_since=contact.created_at,
                contact_reachable=contact.reachable,
                contact_time_zone=contact.time_zone,
                elsewhere=await _elsewhere(session, conversation, contact),
                contact_seen_seq=conversation.contact_seen_seq,
                agent_seen_seq=conversation.agent_seen_seq,
                page=conversation.page,
                confirmation=baton.confirmation if baton else None,
                decision=baton.decision.as_json() if baton else {},
                summary=baton.summary.as_json() if baton else {},
                before=baton.before if baton else None,
                mood=await load_moods(session, conversation_id),
                articles=await load_fitting_articles(session, conversation),
                promises=tuple(await load_promise_cards(session, Promise.conversation_id == conversation_id)),
                asked_at=baton.asked_at if baton else None,
                accepted_at=baton.accepted_at if baton else None,
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
            summary = await load_summary(session, conversation, reader=reader, time_zone=self.time_zone)
            return summary if agent_id is not None and conversation.agent_id == agent_id else masked(summary)

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[TimelineLine]:
        """The first `limit` lines after `after`, notes and withheld answers included."""
        async with self.db.read() as session:
            return await load_lines(session, conversation_id, after=after, limit=limit)

    async def article(self, key: str, language: str) -> ArticleText:
        """A published article for an agent's answer. Raises `NotFound`."""
        async with self.db.read() as session:
            return await load_article_text(session, key, language)


async def _elsewhere(
    session: AsyncSession, conversation: Conversation, contact: Contact
) -> tuple[LinkedConversation, ...]:
    """What else this person has talked about with us, newest first."""
    same = Contact.id == contact.id if contact.person is None else Contact.person == contact.person
    found = list(
        await session.scalars(
            select(Conversation)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(same, Conversation.id != conversation.id, Conversation.last_seq > 1)
            .order_by(Conversation.changed_at.desc())
            .limit(MAX_ELSEWHERE)
        )
    )
    previews = await load_previews(session, [other.id for other in found])
    return tuple(
        LinkedConversation(
            id=other.id,
            channel=str(other.channel),
            status=str(other.status),
            preview=previews.get(other.id, ""),
            changed_at=other.changed_at,
        )
        for other in found
    )
