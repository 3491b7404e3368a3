"""The numbers of the overview, read from the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from babel import Locale
from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from connectors.contract import Author
from helpdesk.conversations import count_agents_online
from helpdesk.insights.questions import QuestionOutcome, QuestionRecord, load_questions
from helpdesk.web.shared.days import last_days, short_day
from helpdesk.web.shared.sparkline import Shares, draw_shares
from store.db import Database
from store.models import Article, ArticleState, Conversation, Feedback, Handoff, Message
from store.status import Status

type DaySpans = dict[date, tuple[datetime, datetime]]

DAYS = 14

FATES = ("answered", "asked_back", "unanswered", "handed_over")
"""What the overview tells apart, from the foot of a column up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day: conversations that customers wrote in, and how many of them asked for a person."""

    date: date
    conversations: int
    handoffs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What an admin sees first. `days` ends with today; `helpful` and `unhelpful` are the last seven days' answers.

    `answers` are the shares of `FATES` among the questions of the same days.
    """

    published: int
    drafts: int
    waiting: int
    waiting_since: datetime | None
    assigned: int
    agents_online: int
    helpful: int
    unhelpful: int
    days: tuple[DayFigures, ...]
    answers: Shares

    @property
    def today(self) -> DayFigures:
        """The day so far."""
        return self.days[-1]


async def load_overview(db: Database, *, at: datetime, locale: Locale, zone: tzinfo) -> Overview:
    """All numbers by the days of a zone, from one consistent state; what became of the questions is read for itself."""
    days = last_days(at, DAYS, zone)
    answers = await _answers(db, days, locale, zone)
    async with db.read() as session:
        helpful, unhelpful = await _feedback(session, at - timedelta(days=7))
        return Overview(
            published=await _count(session, Article.key, Article.state == ArticleState.PUBLISHED),
            drafts=await _count(session, Article.key, Article.draft.is_not(None)),
            waiting=await _count(session, Conversation.id, Conversation.status == Status.QUEUED),
            waiting_since=await session.scalar(
                select(func.min(Handoff.asked_at))
                .join(Conversation, Conversation.id == Handoff.conversation_id)
                .where(Conversation.status == Status.QUEUED, Handoff.ended_at.is_(None))
            ),
            assigned=await _count(session, Conversation.id, Conversation.status == Status.ASSIGNED),
            agents_online=await count_agents_online(session),
            helpful=helpful,
            unhelpful=unhelpful,
            days=await _days(session, days),
            answers=answers,
        )


async def _count(session: AsyncSession, what: InstrumentedAttribute[Any], where: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count(what)).where(where)) or 0


async def _feedback(session: AsyncSession, since: datetime) -> tuple[int, int]:
    recent = Feedback.created_at >= since
    return (
        await _count(session, Feedback.id, recent & Feedback.helpful.is_(True)),
        await _count(session, Feedback.id, recent & Feedback.helpful.is_(False)),
    )


async def _answers(db: Database, days: DaySpans, locale: Locale, zone: tzinfo) -> Shares:
    counts = {day: dict.fromkeys(FATES, 0) for day in days}
    for question in await load_questions(db, min(begin for begin, _ in days.values())):
        day = question.asked_at.astimezone(zone).date()
        if day in counts:
            counts[day][fate_of(question)] += 1
    return draw_shares([(short_day(day, locale), tuple(mine.values())) for day, mine in counts.items()])


def fate_of(question: QuestionRecord) -> str:
    """One of `FATES`: with a person at the end it is handed over, whatever was said before."""
    if question.handed_over and question.fate is not QuestionOutcome.HELPED:
        return "handed_over"
    if question.given:
        return "answered"
    return "asked_back" if question.fate is QuestionOutcome.ASKED_BACK else "unanswered"


async def _days(session: AsyncSession, days: DaySpans) -> tuple[DayFigures, ...]:
    wrote = await _by_day(session, Message.created_at, Message.conversation_id, days, Message.author == Author.CONTACT)
    asked = await _by_day(session, Handoff.asked_at, Handoff.conversation_id, days)
    return tuple(
        DayFigures(date=day, conversations=conversations, handoffs=handoffs)
        for day, conversations, handoffs in zip(days, wrote, asked, strict=True)
    )


async def _by_day(
    session: AsyncSession,
    moment: InstrumentedAttribute[datetime],
    what: InstrumentedAttribute[str],
    days: DaySpans,
    *where: ColumnElement[bool],
) -> tuple[int, ...]:
    """How many different `what` each day."""
    counts = [func.count(distinct(case(((moment >= begin) & (moment < end), what)))) for begin, end in days.values()]
    since = min(begin for begin, _ in days.values())
    return tuple((await session.execute(select(*counts).where(moment >= since, *where))).one())
