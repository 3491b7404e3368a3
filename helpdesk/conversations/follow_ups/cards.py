"""Follow-ups as screens and programs see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.follow_up_register import is_live
from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.conversations.visibility import is_of_visible
from store.models import Agent, Contact, Conversation, FollowUp, FollowUpState, Person, moment
from store.status import Status

MAX_SHOWN = 200
#: How long what could not be asked stays in the list.
FAILED_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCard:
    """A follow-up. `state` is a `FollowUpState`, `reason` a `FollowUpReason`; `due_at` is when it is seen to next.

    `text` is the agent's question, empty: ours. `settled` is what the contact has answered.
    """

    id: str
    conversation_id: str
    state: str
    reason: str | None
    day: str
    due_at: datetime
    text: str
    agent_id: str | None
    agent_name: str | None
    article: str | None
    article_title: str | None
    asked_at: datetime | None
    asked_seq: int | None
    answered_seq: int | None
    settled: bool | None
    contact_name: str | None
    contact_number: int


def concerns(agent_id: str) -> ColumnElement[bool]:
    """Those an agent has planned, where they may read, or whose conversation they have.

    The live ones, and for a week what proved impossible.
    """
    has_it = FollowUp.conversation_id.in_(
        select(Conversation.id).where(Conversation.agent_id == agent_id, Conversation.status == Status.ASSIGNED)
    )
    failed = (FollowUp.state == FollowUpState.IMPOSSIBLE) & (FollowUp.ended_at > moment(FAILED_SHOWN))
    is_readable = is_of_visible(FollowUp.conversation_id, agent_id)
    return ((FollowUp.agent_id == agent_id) | has_it) & (is_live() | failed) & is_readable


async def load_follow_up_cards(session: AsyncSession, wanted: ColumnElement[bool]) -> list[FollowUpCard]:
    """Follow-ups for a screen, the next due first."""
    rows = (
        await session.execute(
            select(FollowUp, Agent.name, Contact, Person.name, Conversation.language)
            .join(Conversation, Conversation.id == FollowUp.conversation_id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .outerjoin(Person, Person.id == Contact.person)
            .outerjoin(Agent, Agent.id == FollowUp.agent_id)
            .where(wanted)
            .order_by(FollowUp.due_at, FollowUp.id)
            .limit(MAX_SHOWN)
        )
    ).all()
    language = rows[0][4] if rows else ""
    titles = await load_article_titles(session, {row[0].article for row in rows if row[0].article}, language)
    return [_card(follow_up, agent, contact, given, titles) for follow_up, agent, contact, given, _ in rows]


async def load_newest_card(session: AsyncSession, conversation_id: str) -> FollowUpCard | None:
    """The live follow-up of a conversation, else its last one."""
    newest = (
        select(FollowUp.id)
        .where(FollowUp.conversation_id == conversation_id)
        .order_by(FollowUp.created_at.desc(), FollowUp.id)
        .limit(1)
        .scalar_subquery()
    )
    return next(iter(await load_follow_up_cards(session, FollowUp.id == newest)), None)


def _card(
    follow_up: FollowUp, agent: str | None, contact: Contact, given: str | None, titles: dict[str, str]
) -> FollowUpCard:
    return FollowUpCard(
        id=follow_up.id,
        conversation_id=follow_up.conversation_id,
        state=str(follow_up.state),
        reason=str(follow_up.reason) if follow_up.reason else None,
        day=follow_up.day.isoformat(),
        due_at=follow_up.due_at,
        text=follow_up.text,
        agent_id=follow_up.agent_id,
        agent_name=agent,
        article=follow_up.article,
        article_title=titles.get(follow_up.article or ""),
        asked_at=follow_up.asked_at,
        asked_seq=follow_up.asked_seq,
        answered_seq=follow_up.answered_seq,
        settled=follow_up.settled,
        contact_name=given or contact.name,
        contact_number=contact.number,
    )
