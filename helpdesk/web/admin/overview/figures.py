"""The numbers of the overview, read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from babel import Locale
from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.conversations import count_agents_online
from helpdesk.insights.questions import QuestionOutcome, QuestionRecord, load_questions
from helpdesk.web.shared.days import short_day
from helpdesk.web.shared.sparkline import Shares, draw_shares
from store.db import Database
from store.models import Article, ArticleState, Conversation, Feedback, Handoff, Message
from store.status import Status

DAYS = 14

FATES = ("answered", "asked_back", "unanswered", "handed_over")
"""What the overview tells apart, from the foot of a column up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day (UTC): conversations that customers wrote in, and how many of them asked for a person."""

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


async def load_overview(db: Database, *, at: datetime, locale: Locale) -> Overview:
    """All numbers, from one consistent state; what became of the questions is read for itself."""
    answers = await _answers(db, at, locale)
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
            days=await _days(session, at),
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


async def _answers(db: Database, at: datetime, locale: Locale) -> Shares:
    since = _first_moment(at)
    counts = {since.date() + timedelta(days=day): dict.fromkeys(FATES, 0) for day in range(DAYS)}
    for question in await load_questions(db, since):
        day = question.asked_at.astimezone(UTC).date()
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


def _first_moment(at: datetime) -> datetime:
    first = at.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)


async def _days(session: AsyncSession, at: datetime) -> tuple[DayFigures, ...]:
    since = _first_moment(at)
    first = since.date()
    wrote = await _by_day(session, Message.created_at, Message.conversation_id, since, Message.author == "contact")
    asked = await _by_day(session, Handoff.asked_at, Handoff.conversation_id, since)
    dates = [first + timedelta(days=n) for n in range(DAYS)]
    return tuple(
        DayFigures(date=day, conversations=wrote.get(str(day), 0), handoffs=asked.get(str(day), 0)) for day in dates
    )


async def _by_day(
    session: AsyncSession,
    moment: InstrumentedAttribute[datetime],
    what: InstrumentedAttribute[str],
    since: datetime,
    *where: ColumnElement[bool],
) -> dict[str, int]:
    """How many different `what` each day; the day is text on SQLite and a date on PostgreSQL."""
    day = func.date(moment)
    rows: Sequence[Any] = (
        await session.execute(select(day, func.count(distinct(what))).where(moment >= since, *where).group_by(day))
    ).all()
    return {str(row[0]): int(row[1]) for row in rows}
