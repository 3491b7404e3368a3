"""What happened, as rows to take along: conversations without their words, ratings, figures by day.

No row names a customer or a colleague. Everything is read some conversations at a time, so that no transaction stays
open while somebody downloads.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from connectors.contract import Author
from store.db import Database
from store.models import AskedQuestion, Conversation, Feedback, Handoff, HelpJudgement, Message, MessageKind, Rating

AT_ONCE = 200
"""Conversations that are read in one transaction."""

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

type RecordCell = str | int | datetime | date | None
type RecordRow = Sequence[RecordCell]


class RecordKind(StrEnum):
    """What can be taken along beside the articles and the dialogues."""

    CONVERSATIONS = "conversations"
    RATINGS = "ratings"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """The names of the columns, and the rows as they are read from the database. Times are UTC."""

    head: tuple[str, ...]
    rows: AsyncIterator[RecordRow]


def load_records(db: Database, kind: RecordKind, since: datetime) -> RecordTable:
    """The records since then, oldest first."""
    head, read = _TABLES[kind]
    return RecordTable(head=head, rows=read(db, since))


async def read_conversation_ids(db: Database, since: datetime) -> AsyncIterator[Sequence[str]]:
    """The conversations that began since then, oldest first, some at a time."""
    last = (since, "")
    place = tuple_(Conversation.created_at, Conversation.id)
    while True:
        async with db.read() as session:
            found = (
                await session.execute(
                    select(Conversation.created_at, Conversation.id)
                    .where(place > last)
                    .order_by(Conversation.created_at, Conversation.id)
                    .limit(AT_ONCE)
                )
            ).all()
        if not found:
            return
        yield [id_ for _, id_ in found]
        last = (found[-1][0], found[-1][1])


_CONVERSATION_HEAD = (
    *("conversation", "channel", "language", "status", "began_at", "last_change_at", "resolved_at"),
    *("customer_lines", "bot_lines", "agent_lines", "questions", "answered", "articles"),
    *("handoffs", "handoff_reasons", "first_wait_seconds", "helped", "did_not_help"),
)


async def _conversations(db: Database, since: datetime) -> AsyncIterator[RecordRow]:
    async for ids in read_conversation_ids(db, since):
        async with db.read() as session:
            rows = await _conversation_rows(session, ids)
        for row in rows:
            yield row


async def _conversation_rows(session: AsyncSession, ids: Sequence[str]) -> list[RecordRow]:
    there = {row.id: row for row in await session.scalars(select(Conversation).where(Conversation.id.in_(ids)))}
    lines = await _lines(session, ids)
    asked = await _by_conversation(session, ids, AskedQuestion.conversation_id, AskedQuestion.article)
    handoffs = await _by_conversation(
        session, ids, Handoff.conversation_id, Handoff.triggers, Handoff.asked_at, Handoff.accepted_at
    )
    words = await _by_conversation(session, ids, Feedback.conversation_id, Feedback.helpful)
    return [
        _conversation_row(there[id_], lines[id_], asked[id_], handoffs[id_], words[id_]) for id_ in ids if id_ in there
    ]


def _conversation_row(
    one: Conversation,
    lines: Mapping[str, int],
    asked: Sequence[tuple[Any, ...]],
    handoffs: Sequence[tuple[Any, ...]],
    words: Sequence[tuple[Any, ...]],
) -> RecordRow:
    articles = [article for (article,) in asked if article]
    reasons = sorted({str(trigger.kind) for triggers, _, _ in handoffs for trigger in triggers})
    waits = [(accepted - begun).total_seconds() for _, begun, accepted in handoffs if accepted]
    helped = sum(helpful for (helpful,) in words)
    return (
        *(one.id, str(one.channel), one.language, str(one.status), one.created_at, one.changed_at, one.resolved_at),
        *(lines.get(str(author), 0) for author in (Author.CONTACT, Author.BOT, Author.AGENT)),
        *(len(asked), len(articles), " ".join(dict.fromkeys(articles))),
        *(len(handoffs), " ".join(reasons), round(waits[0]) if waits else None),
        *(helped, len(words) - helped),
    )


async def _lines(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, dict[str, int]]:
    """How many lines each said, by conversation and author."""
    said = Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING])
    rows = await session.execute(
        select(Message.conversation_id, Message.author, func.count())
        .where(Message.conversation_id.in_(ids), said)
        .group_by(Message.conversation_id, Message.author)
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for id_, author, count in rows:
        found[id_][str(author)] = count
    return found


async def _by_conversation(
    session: AsyncSession, ids: Sequence[str], of: InstrumentedAttribute[str], *what: InstrumentedAttribute[Any]
) -> Mapping[str, list[tuple[Any, ...]]]:
    found: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for id_, *values in await session.execute(select(of, *what).where(of.in_(ids))):
        found[id_].append(tuple(values))
    return found


_RATING_HEAD = ("at", "given_on", "conversation", "article", "helpful", "times")


async def _ratings(db: Database, since: datetime) -> AsyncIterator[RecordRow]:
    """What customers said of answers and of persons, then what readers of help pages said, by day."""
    async for ids in read_conversation_ids(db, _BEGINNING):
        async with db.read() as session:
            rows = await _ratings_of(session, ids, since)
        for row in rows:
            yield row
    async with db.read() as session:
        judged = await session.execute(
            select(HelpJudgement)
            .where(HelpJudgement.day >= since.date())
            .order_by(HelpJudgement.day, HelpJudgement.article, HelpJudgement.helpful)
        )
        read = [(one.day, "help page", "", one.article, _said(one.helpful), one.times) for one in judged.scalars()]
    for row in read:
        yield row


async def _ratings_of(session: AsyncSession, ids: Sequence[str], since: datetime) -> list[RecordRow]:
    answers = await session.scalars(
        select(Feedback).where(Feedback.conversation_id.in_(ids), Feedback.created_at >= since)
    )
    found: list[RecordRow] = [
        (one.created_at, "answer", one.conversation_id, one.article or "", _said(one.helpful), 1) for one in answers
    ]
    persons = await session.scalars(
        select(Rating).where(Rating.conversation_id.in_(ids), Rating.helped.is_not(None), Rating.rated_at >= since)
    )
    return found + [
        (one.rated_at, "person", one.conversation_id, one.article or "", _said(one.helped), 1) for one in persons
    ]


def _said(helpful: bool | None) -> str:
    return "yes" if helpful else "no"


_FIGURE_HEAD = (
    *("day", "conversations", "customer_lines", "questions", "answered", "asked_back", "unanswered"),
    *("handoffs", "accepted", "helped", "did_not_help"),
)


async def _figures(db: Database, since: datetime) -> AsyncIterator[RecordRow]:
    """One row a day (UTC) on which anything happened."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    async with db.read() as session:
        for name, moment, what, where in _COUNTED:
            day = func.date(moment)
            rows = await session.execute(select(day, what).where(moment >= since, *where).group_by(day))
            for on, count in rows:
                counts[str(on)][name] = int(count or 0)
    for on in sorted(counts):
        yield date.fromisoformat(on), *(counts[on].get(name, 0) for name in _FIGURE_HEAD[1:])


def _outcome(name: str) -> tuple[Any, ...]:
    return (AskedQuestion.outcome == name,)


_EVERY = func.count()
_WROTE = (Message.author == Author.CONTACT, Message.kind == MessageKind.INCOMING)
_COUNTED: tuple[tuple[str, InstrumentedAttribute[Any], Any, tuple[Any, ...]], ...] = (
    ("conversations", Message.created_at, func.count(Message.conversation_id.distinct()), _WROTE),
    ("customer_lines", Message.created_at, _EVERY, _WROTE),
    ("questions", AskedQuestion.asked_at, _EVERY, ()),
    ("answered", AskedQuestion.asked_at, _EVERY, _outcome("answer")),
    ("asked_back", AskedQuestion.asked_at, _EVERY, _outcome("clarify")),
    ("unanswered", AskedQuestion.asked_at, _EVERY, _outcome("none")),
    ("handoffs", Handoff.asked_at, _EVERY, ()),
    ("accepted", Handoff.accepted_at, _EVERY, ()),
    ("helped", Feedback.created_at, func.sum(cast(Feedback.helpful, Integer)), ()),
    ("did_not_help", Feedback.created_at, func.sum(1 - cast(Feedback.helpful, Integer)), ()),
)

type _Read = Callable[[Database, datetime], AsyncIterator[RecordRow]]
_TABLES: Mapping[RecordKind, tuple[tuple[str, ...], _Read]] = {
    RecordKind.CONVERSATIONS: (_CONVERSATION_HEAD, _conversations),
    RecordKind.RATINGS: (_RATING_HEAD, _ratings),
    RecordKind.FIGURES: (_FIGURE_HEAD, _figures),
}
