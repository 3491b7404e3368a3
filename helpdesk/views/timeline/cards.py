"""A conversation in a list of the desk."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, UnaryExpression, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from connectors.contract import Author
from helpdesk.conversations.answers.mentions import is_mentioned
from helpdesk.conversations.promises.register import is_open
from helpdesk.conversations.tags import TagMark, read_marks, tags_in_row
from helpdesk.conversations.visibility import is_visible_to
from helpdesk.handoff.summary import Label, mask_personal
from helpdesk.views.masking import ConversationReader
from store.models import Agent, Contact, Conversation, Handoff, Message, MessageKind, Person, Promise, Team, moment, now
from store.status import Status
from store.triggers import Trigger

MAX_PREVIEW_LENGTH = 160  # characters of a message in a list


class DeskView(StrEnum):
    """The lists of the desk."""

    QUEUE = "queue"
    MINE = "mine"
    SNOOZED = "snoozed"
    OPEN = "open"
    RESOLVED = "resolved"
    MENTIONS = "mentions"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCard:
    """A conversation in a list. `waiting_since` is set while it waits for a person.

    `reason` is the sentence, by language, that explains why it came over. `offered_*` are set while it is offered to
    an agent, `offered_because` to the reasons of routing (`Why`); `promise_due` is when the next open promise is due,
    `snoozed_until` until when its owner has put it off. Whoever has no `contact_name` is called by the number.
    `foreign_language` is one that the contact writes and that isn't offered.
    """

    id: str
    channel: str
    status: str
    language: str
    foreign_language: str | None
    contact_name: str | None
    contact_number: int
    important: bool
    preview: str
    request: str
    reason: dict[str, str]
    triggers: tuple[Trigger, ...]
    urgency: int
    round: int
    topic: str | None
    team: str | None
    waiting_since: datetime | None
    changed_at: datetime
    agent_id: str | None
    agent_name: str | None
    offered_to: str | None
    offered_name: str | None
    offered_at: datetime | None
    offered_until: datetime | None
    offered_because: tuple[str, ...]
    promise_due: datetime | None
    unread: bool
    tags: tuple[TagMark, ...] = ()
    snoozed_until: datetime | None = None


#: Offers that a desk shows at once.
MAX_OFFERS = 5
#: Agents for whom a statement is kept that is built once: some kilobytes each.
AGENTS_KEPT = 256

CardRow = tuple[
    Conversation, Contact, Agent | None, Handoff | None, str | None, str | None, datetime | None, str | None, str | None
]
CARD_COLUMNS = len(get_args(CardRow))


@cache
def select_cards() -> Select[*CardRow]:
    """Conversations with contact, owner, newest handoff, its team and who it is offered to, the next promise, and the
    agents' own name for the contact. Always the same statement, and built once."""
    any_handoff, asked = aliased(Handoff), aliased(Agent)
    newest = (
        select(func.max(any_handoff.asked_at))
        .where(any_handoff.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    promised = (
        select(func.min(Promise.due_at))
        .where(Promise.conversation_id == Conversation.id, is_open())
        .correlate(Conversation)
        .scalar_subquery()
    )
    return (
        select(Conversation, Contact, Agent, Handoff, Team.name, asked.name, promised, Person.name, tags_in_row())
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Person, Person.id == Contact.person)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.asked_at == newest))
        .outerjoin(Team, Team.id == Handoff.team_id)
        .outerjoin(asked, asked.id == Handoff.offered_to)
    )


def shows(view: DeskView, agent_id: str, is_visible: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """What is in a list, of what this agent may read, or of what `is_visible`."""
    shown: dict[DeskView, ColumnElement[bool]] = {
        DeskView.QUEUE: Conversation.status == Status.QUEUED,
        DeskView.MINE: is_owned_by(agent_id) & Conversation.snoozed_until.is_(None),
        DeskView.SNOOZED: is_owned_by(agent_id) & Conversation.snoozed_until.is_not(None),
        DeskView.OPEN: Conversation.status.in_([Status.BOT, Status.QUEUED, Status.ASSIGNED])
        & (Conversation.last_seq > 1),
        DeskView.RESOLVED: Conversation.status == Status.RESOLVED,
        DeskView.MENTIONS: is_mentioned(agent_id),
        DeskView.ALL: Conversation.last_seq > 1,
    }
    return shown[view] & (is_visible_to(agent_id) if is_visible is None else is_visible)


def is_owned_by(agent_id: str) -> ColumnElement[bool]:
    """Whether an agent has it, put off or not."""
    return (Conversation.status == Status.ASSIGNED) & (Conversation.agent_id == agent_id)


def is_offered(agent_id: str) -> ColumnElement[bool]:
    """Whether a waiting conversation, or a colleague's, is offered to this agent at this moment."""
    return (
        Conversation.status.in_([Status.QUEUED, Status.ASSIGNED])
        & Handoff.ended_at.is_(None)
        & (Handoff.offered_to == agent_id)
        & (Handoff.offered_until > moment())
    )


@lru_cache(AGENTS_KEPT)
def select_offers(agent_id: str) -> Select[*CardRow]:
    """The cards of what is offered to an agent at the moment at which this is executed; built once for each agent."""
    return select_cards().where(is_offered(agent_id)).limit(MAX_OFFERS)


def order_of(
    view: DeskView, agent_id: str
) -> tuple[ColumnElement[Any] | UnaryExpression[Any] | InstrumentedAttribute[Any], ...]:
    """The queue much as routing sees it: mine to take, urgency, importance, the wait. The others newest first."""
    if view != DeskView.QUEUE:
        return (Conversation.changed_at.desc(), Conversation.id)
    mine = case((is_offered(agent_id), 0), else_=1)
    return (mine, Handoff.urgency.desc(), Contact.important.desc(), Handoff.asked_at.asc(), Conversation.id)


async def load_previews(session: AsyncSession, ids: list[str]) -> dict[str, str]:
    """The newest words of bot, agent or customer, shortened for a list."""
    rows = await session.execute(_newest_words(), {"ids": ids})
    return {conversation_id: " ".join(text.split())[:MAX_PREVIEW_LENGTH] for conversation_id, text in rows if text}


@cache
def _newest_words() -> Select[str, str | None]:
    """Conversations, the parameter `ids`, each with the text of its newest such line, however many came before."""
    newest = (
        select(Message.text)
        .where(Message.conversation_id == Conversation.id)
        .where(Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]), Message.author != Author.SYSTEM)
        .order_by(Message.seq.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return select(Conversation.id, newest).where(Conversation.id.in_(bindparam("ids", expanding=True)))


#: Whoever is nobody in particular.
_ANYBODY = ConversationReader()


async def load_cards(
    session: AsyncSession, query: Select[*CardRow], reader: ConversationReader = _ANYBODY
) -> list[ConversationCard]:
    """The cards of a `select_cards`, in its order, as `reader` may see them."""
    rows = (await session.execute(query)).all()
    ids = [conversation.id for conversation, *_ in rows]
    previews = await load_previews(session, ids)
    cards = (card_of(*row, preview=previews.get(row[0].id, "")) for row in rows)
    return [card_for(reader, card) for card in cards]


def card_for(reader: ConversationReader, card: ConversationCard) -> ConversationCard:
    """The card as `reader` may see it."""
    mask = reader.mask(card.id, card.agent_id)
    return replace(
        card,
        preview=mask(card.preview),
        contact_name=card.contact_name and mask(card.contact_name),
        triggers=tuple(replace(trigger, text=mask(trigger.text)) for trigger in card.triggers),
        reason={language: mask(sentence) for language, sentence in card.reason.items()},
    )


def card_of(
    conversation: Conversation,
    contact: Contact,
    agent: Agent | None,
    handoff: Handoff | None,
    team: str | None,
    offered_name: str | None,
    promise_due: datetime | None,
    given_name: str | None,
    tags: str | None,
    *,
    preview: str,
) -> ConversationCard:
    """One card from a row of `select_cards`."""
    waits = handoff is not None and conversation.status == Status.QUEUED
    is_open = conversation.status in {Status.QUEUED, Status.ASSIGNED} and handoff is not None and not handoff.ended_at
    offered = is_open and bool(handoff and handoff.offered_until and handoff.offered_until > now())
    return ConversationCard(
        id=conversation.id,
        channel=str(conversation.channel),
        status=str(conversation.status),
        language=conversation.language,
        foreign_language=conversation.foreign_language,
        contact_name=given_name or contact.name,
        contact_number=contact.number,
        important=contact.important,
        preview=preview,
        request=_request(handoff),
        reason=_reason(handoff),
        triggers=handoff.triggers if handoff else (),
        urgency=handoff.urgency if handoff else 0,
        round=handoff.round if handoff else 0,
        topic=handoff.topic if handoff else None,
        team=team,
        waiting_since=handoff.asked_at if handoff and waits else None,
        changed_at=conversation.changed_at,
        agent_id=conversation.agent_id,
        agent_name=agent.name if agent else None,
        offered_to=handoff.offered_to if handoff and offered else None,
        offered_name=offered_name if offered else None,
        offered_at=handoff.offered_at if handoff and offered else None,
        offered_until=handoff.offered_until if handoff and offered else None,
        offered_because=handoff.offered_because if handoff and offered else (),
        promise_due=promise_due,
        unread=conversation.agent_seen_seq < conversation.last_seq,
        tags=read_marks(tags),
        snoozed_until=conversation.snoozed_until,
    )


def _request(handoff: Handoff | None) -> str:
    """In one sentence what it is about: as the contact put it right, as it was read out, or from the summary.

    The summary comes after that: it was written for readers of one language, and the contact's words are for all. Who
    said nothing of a matter is quoted with the words that led to the handoff.
    """
    if handoff is None:
        return ""
    said = handoff.correction or handoff.wording or handoff.summary.line(Label.REQUEST)
    return mask_personal(said or next((trigger.text for trigger in handoff.triggers if trigger.text), ""))


def _reason(handoff: Handoff | None) -> dict[str, str]:
    return dict(handoff.decision.sentence) if handoff else {}
