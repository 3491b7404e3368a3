"""Reading the log and what is around it, for screens. Nothing here changes anything."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations import count_agents_online
from helpdesk.conversations.blocking import Block, block_of
from helpdesk.conversations.follow_up_register import ContactReach, reach_of
from helpdesk.conversations.follow_ups.cards import FollowUpCard, load_newest_card
from helpdesk.conversations.log.summary_source import load_summary
from helpdesk.conversations.promises.promise_cards import PromiseCard, load_promise_cards
from helpdesk.conversations.visibility import is_visible_to
from helpdesk.files.attached_files import AttachedFile
from helpdesk.handoff.summary import Summary, mask_personal, masked
from helpdesk.views.masking import EVERYTHING, ConversationReader, Mask, load_reader, mask_document, mask_fields
from helpdesk.views.timeline.cards import (
    MAX_PREVIEW_LENGTH,
    ConversationCard,
    DeskView,
    card_for,
    card_of,
    is_owned_by,
    load_cards,
    load_previews,
    order_of,
    select_cards,
    select_offers,
    shows,
)
from helpdesk.views.timeline.contact_panel import (
    ContactPanel,
    KnownContact,
    contact_for,
    find_known_contacts,
    load_contact_panel,
    panel_for,
)
from helpdesk.views.timeline.counts import count_lists, count_promises
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
from helpdesk.views.timeline.lines import OwnerChange, TimelineLine, load_lines
from helpdesk.views.timeline.listing import Listing, Page, load_page
from store.db import Database
from store.errors import NotFound
from store.models import Agent, Contact, Conversation, NoticeRecord, NoticeTelling, Promise, Rating

__all__ = [
    "MAX_PREVIEW_LENGTH",
    "AgentLoad",
    "AttachedFile",
    "ContactHistory",
    "ContactPanel",
    "ConversationCard",
    "ConversationDetail",
    "DeskView",
    "KnownContact",
    "LinkedConversation",
    "Listing",
    "OwnerChange",
    "Page",
    "Timeline",
    "TimelineLine",
    "ToldNotice",
]

HISTORY_PAGE = 10  # other conversations of a person that are shown at once


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedConversation:
    """Another conversation of the same person, here or on another channel."""

    id: str
    channel: str
    status: str
    preview: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHistory:
    """Conversations of one person, newest first; `more`: there are older ones."""

    conversations: tuple[LinkedConversation, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoad:
    """How many conversations an agent has, and how many are offered to them at most."""

    open: int
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNotice:
    """A known disturbance that the contact was told of in line `seq`; `asked`: they have asked about it, too."""

    name: str
    seq: int
    asked: bool


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
    contact: ContactPanel
    elsewhere: ContactHistory
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
    follow_up: FollowUpCard | None
    reach: ContactReach
    notices: tuple[ToldNotice, ...]
    helped: bool | None
    asked_at: datetime | None
    accepted_at: datetime | None
    agents_online: int
    #: Personal data is unreadable for who looks; `unmask` changes that.
    is_masked: bool = False
    #: Nobody answers what this contact sends.
    block: Block | None = None


class Timeline:
    """What the desk reads. `time_zone` is the installation's, for times where no team says its own.

    `sends_mails`: it has a mail server.
    """

    def __init__(self, db: Database, *, time_zone: str, sends_mails: bool = False) -> None:
        self.db = db
        self.sends_mails = sends_mails
        self.time_zone = time_zone

    async def overview(
        self, view: DeskView, agent_id: str, *, limit: int = 100, program: str | None = None
    ) -> list[ConversationCard]:
        """The conversations of a list: the queue in the order of routing, the others newest first.

        For a program: everything in those that the agent `program` may read; nobody's key reads none of private teams.
        """
        async with self.db.read() as session:
            query = select_cards().where(shows(view, agent_id, is_visible_to(program)))
            return await load_cards(session, query.order_by(*order_of(view, agent_id)).limit(limit), EVERYTHING)

    async def page(self, wanted: Listing, *, after: str | None, limit: int, counted: bool = False) -> Page:
        """A page of a list, searched and filtered. Raises `Invalid` for an unknown `after`."""
        async with self.db.read() as session:
            return await load_page(session, wanted, after=after, limit=limit, counted=counted)

    async def offers(self, agent_id: str) -> list[ConversationCard]:
        """What is offered to an agent at this moment, the offer that ends first at the top."""
        async with self.db.read() as session:
            cards = await load_cards(session, select_offers(agent_id), await load_reader(session, agent_id))
        return sorted(cards, key=lambda card: (card.offered_until or card.changed_at, card.id))

    async def counts(self, agent_id: str) -> dict[str, int]:
        """How many each list holds (the resolved ones aren't counted).

        `unread`: of mine, those with something new; `due`: promises reminded of, or broken.
        """
        async with self.db.read() as session:
            lists = (await session.execute(count_lists(agent_id))).one()._mapping
            promises, due, asking = (await session.execute(count_promises(agent_id))).one()
            return {**lists, "promises": promises + asking, "due": due}

    async def load(self, agent_id: str) -> AgentLoad:
        """How busy an agent is. Raises `NotFound`."""
        async with self.db.read() as session:
            capacity = await session.scalar(select(Agent.capacity).where(Agent.id == agent_id))
            if capacity is None:
                raise NotFound("There is no such agent.")
            mine = await session.scalar(select(func.count()).where(is_owned_by(agent_id))) or 0
            return AgentLoad(open=mine, capacity=capacity)

    async def conversation(
        self, conversation_id: str, *, agent_id: str | None = None, program: str | None = None
    ) -> ConversationDetail:
        """One conversation with its newest handoff. Raises `NotFound`.

        Personal data is masked for an agent who doesn't have the conversation; a program (no agent) sees all, and the
        other conversations of the person that the agent `program` may read.
        """
        async with self.db.read() as session:
            reader = await load_reader(session, agent_id) if agent_id else replace(EVERYTHING, agent_id=program)
            row = (await session.execute(select_cards().where(Conversation.id == conversation_id))).first()
            if row is None:
                raise NotFound("There is no such conversation.")
            conversation, contact, _, handoff, *_ = row
            previews = await load_previews(session, [conversation_id])
            baton = await load_handoff_detail(session, handoff)
            is_masked = reader.is_masked(conversation_id, conversation.agent_id)
            mask = reader.mask(conversation_id, conversation.agent_id)
            if baton and is_masked:
                baton = without_personal(baton)
            promises = await load_promise_cards(session, Promise.conversation_id == conversation_id)
            return ConversationDetail(
                card=card_for(reader, card_of(*row, preview=previews.get(conversation_id, ""))),
                is_masked=is_masked,
                block=mask_fields(mask, block_of(contact)),
                epoch=conversation.epoch,
                last_seq=conversation.last_seq,
                contact_email=contact.email and mask(contact.email),
                contact_phone=contact.phone and mask(contact.phone),
                contact_campaign=contact.campaign,
                contact_since=contact.created_at,
                contact_reachable=contact.reachable,
                contact_time_zone=contact.time_zone,
                contact=panel_for(mask, await load_contact_panel(session, contact)),
                elsewhere=await _load_history(session, conversation, contact, reader),
                contact_seen_seq=conversation.contact_seen_seq,
                agent_seen_seq=conversation.agent_seen_seq,
                page=conversation.page,
                confirmation=baton.confirmation if baton else None,
                decision=mask_document(mask, baton.decision.as_json()) if baton else {},
                summary=baton.summary.as_json() if baton else {},
                before=baton.before if baton else None,
                mood=await load_moods(session, conversation_id),
                articles=await load_fitting_articles(session, conversation),
                promises=tuple(_promise_for(mask, promise) for promise in promises),
                follow_up=mask_fields(mask, await load_newest_card(session, conversation_id)),
                reach=mask_fields(mask, reach_of(conversation, contact, sends_mails=self.sends_mails)),
                helped=await _load_helped(session, conversation_id),
                notices=await _load_notices(session, conversation_id),
                asked_at=baton.asked_at if baton else None,
                accepted_at=baton.accepted_at if baton else None,
                agents_online=await count_agents_online(session),
            )

    async def story(self, conversation_id: str, *, reader: str, agent_id: str | None = None) -> Summary:
        """The summary as of now, in the language of its `reader`. Raises `NotFound`.

        Personal data is masked unless `agent_id` has or has unmasked the conversation.
        """
        async with self.db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            if conversation is None:
                raise NotFound("There is no such conversation.")
            summary = await load_summary(session, conversation, reader=reader, time_zone=self.time_zone)
            looking = await load_reader(session, agent_id) if agent_id else ConversationReader()
            return masked(summary) if looking.is_masked(conversation_id, conversation.agent_id) else summary

    async def history(
        self, conversation_id: str, *, before: datetime | None, agent_id: str | None = None
    ) -> ContactHistory:
        """The other conversations of the person that changed before a time. Raises `NotFound`."""
        async with self.db.read() as session:
            conversation, contact = await _load_with_contact(session, conversation_id)
            reader = await load_reader(session, agent_id)
            return await _load_history(session, conversation, contact, reader, before=before)

    async def known_contacts(self, conversation_id: str, words: str) -> list[KnownContact]:
        """Contacts who may be the same person as the one of this conversation. Raises `NotFound`."""
        async with self.db.read() as session:
            _, contact = await _load_with_contact(session, conversation_id)
            found = await find_known_contacts(session, words, other_than=contact)
            return [contact_for(mask_personal, each) for each in found]

    async def lines(
        self, conversation_id: str, *, after: int = 0, limit: int = 500, agent_id: str | None = None
    ) -> list[TimelineLine]:
        """The first `limit` lines after `after`, notes and withheld answers included, as an agent may see them."""
        async with self.db.read() as session:
            reader = await load_reader(session, agent_id)
            return await load_lines(session, conversation_id, after=after, limit=limit, reader=reader)

    async def article(self, key: str, language: str) -> ArticleText:
        """A published article for an agent's answer. Raises `NotFound`."""
        async with self.db.read() as session:
            return await load_article_text(session, key, language)


def _promise_for(mask: Mask, promise: PromiseCard) -> PromiseCard:
    """A promise as somebody may see it."""
    named = promise.contact_name and mask(promise.contact_name)
    return replace(promise, text=mask(promise.text), contact_name=named)


async def _load_helped(session: AsyncSession, conversation_id: str) -> bool | None:
    """What the contact said last of how they were helped, if anything."""
    said = select(Rating.helped).where(Rating.conversation_id == conversation_id, Rating.helped.is_not(None))
    return await session.scalar(said.order_by(Rating.rated_at.desc()).limit(1))


async def _load_notices(session: AsyncSession, conversation_id: str) -> tuple[ToldNotice, ...]:
    rows = await session.execute(
        select(NoticeRecord.name, NoticeTelling.seq, NoticeTelling.asked_at)
        .join(NoticeRecord, NoticeRecord.id == NoticeTelling.notice_id)
        .where(NoticeTelling.conversation_id == conversation_id)
        .order_by(NoticeTelling.seq)
    )
    return tuple(ToldNotice(name=name, seq=seq, asked=asked_at is not None) for name, seq, asked_at in rows)


async def _load_with_contact(session: AsyncSession, conversation_id: str) -> tuple[Conversation, Contact]:
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation, await session.get_one(Contact, conversation.contact_id)


async def _load_history(
    session: AsyncSession,
    conversation: Conversation,
    contact: Contact,
    reader: ConversationReader,
    *,
    before: datetime | None = None,
) -> ContactHistory:
    """What else this person has talked about with us, newest first."""
    same = Contact.id == contact.id if contact.person is None else Contact.person == contact.person
    wanted = (
        select(Conversation)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(same, Conversation.id != conversation.id, Conversation.last_seq > 1)
        .where(is_visible_to(reader.agent_id))
        .order_by(Conversation.changed_at.desc(), Conversation.id)
        .limit(HISTORY_PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(Conversation.changed_at < before)
    found = list(await session.scalars(wanted))
    shown = found[:HISTORY_PAGE]
    previews = await load_previews(session, [other.id for other in shown])
    return ContactHistory(
        conversations=tuple(_linked(other, previews.get(other.id, ""), reader) for other in shown),
        more=len(found) > HISTORY_PAGE,
    )


def _linked(conversation: Conversation, preview: str, reader: ConversationReader) -> LinkedConversation:
    return LinkedConversation(
        id=conversation.id,
        channel=str(conversation.channel),
        status=str(conversation.status),
        preview=reader.mask(conversation.id, conversation.agent_id)(preview),
        changed_at=conversation.changed_at,
    )
