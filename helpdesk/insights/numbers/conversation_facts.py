"""What the figures need to know of conversations, read some at a time; no word of what was said is loaded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from connectors.contract import Author
from helpdesk.insights.numbers.inquiries import InquiryLine, LineKind
from helpdesk.insights.questions import ArticleJudgement, QuestionHandoff, QuestionRecord, settle
from store.db import Database
from store.models import (
    Article,
    AskedQuestion,
    Contact,
    Conversation,
    Feedback,
    Handoff,
    Message,
    MessageKind,
    Promise,
    Rating,
)
from store.status import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffFacts:
    """One request for a person."""

    asked_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    agent: str | None
    team: str | None
    topic: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFacts:
    """One conversation: whose it is, and what happened in it, oldest first."""

    id: str
    owner: str
    channel: str
    language: str
    lines: Sequence[InquiryLine]
    handoffs: Sequence[HandoffFacts]
    questions: Sequence[QuestionRecord]
    feedback: Sequence[ArticleJudgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRating:
    """What a customer said after a person had helped."""

    conversation_id: str
    channel: str
    language: str
    agent: str | None
    team: str | None
    helped: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFacts:
    """A promise that was due."""

    conversation_id: str
    channel: str
    language: str
    agent: str | None
    kept: bool
    due_at: datetime


async def load_ids(db: Database, begin: datetime, end: datetime) -> Sequence[str]:
    """The conversations that were there before `end` and in which something happened since `begin`."""
    async with db.read() as session:
        wanted = select(Conversation.id).where(Conversation.changed_at >= begin, Conversation.created_at < end)
        return (await session.scalars(wanted.order_by(Conversation.id))).all()


async def load_facts(db: Database, ids: Sequence[str], begin: datetime, end: datetime) -> list[ConversationFacts]:
    """What happened in these conversations from then to before then; requests for a person of every time."""
    async with db.read() as session:
        heads = (
            await session.execute(
                select(
                    Conversation.id,
                    func.coalesce(Contact.person, Contact.id),
                    Conversation.channel,
                    func.coalesce(Conversation.foreign_language, Conversation.language),
                )
                .join(Contact, Contact.id == Conversation.contact_id)
                .where(Conversation.id.in_(ids))
            )
        ).all()
        lines = await _load_lines(session, ids, begin, end)
        handoffs = await _load_handoffs(session, ids)
        questions = await _load_questions(session, ids, begin, end)
        feedback = await _load_feedback(session, ids, begin, end)
    settled = settle(
        questions,
        [one for many in feedback.values() for one in many],
        [QuestionHandoff(conversation_id=id_, at=one.asked_at) for id_, many in handoffs.items() for one in many],
    )
    asked: defaultdict[str, list[QuestionRecord]] = defaultdict(list)
    for question in settled:
        asked[question.conversation_id].append(question)
    return [
        ConversationFacts(
            id=id_,
            owner=owner,
            channel=str(channel),
            language=language,
            lines=lines[id_],
            handoffs=handoffs[id_],
            questions=asked[id_],
            feedback=feedback[id_],
        )
        for id_, owner, channel, language in heads
    ]


async def load_topics(db: Database) -> dict[str, str]:
    """The categories of articles, by key; an article without one is left out."""
    async with db.read() as session:
        rows = await session.execute(select(Article.key, Article.category).where(Article.category.is_not(None)))
        return {key: str(category) for key, category in rows}


async def load_ratings_between(db: Database, begin: datetime, end: datetime) -> list[GivenRating]:
    """The ratings that were given then; the same that the page of ratings counts."""
    async with db.read() as session:
        rows = await session.execute(
            select(Rating, func.coalesce(Conversation.foreign_language, Conversation.language))
            .join(Conversation, Conversation.id == Rating.conversation_id)
            .where(Rating.helped.is_not(None), Rating.rated_at >= begin, Rating.rated_at < end)
        )
        return [
            GivenRating(
                conversation_id=row.conversation_id,
                channel=str(row.channel),
                language=language,
                agent=row.agent_id,
                team=row.team_id,
                helped=bool(row.helped),
                at=row.rated_at or row.asked_at,
            )
            for row, language in rows
        ]


async def load_promises_between(db: Database, begin: datetime, end: datetime) -> list[PromiseFacts]:
    """The promises that were due then and have been kept or broken; withdrawn ones count as neither."""
    ended = or_(Promise.kept_at.is_not(None), Promise.broken_at.is_not(None))
    async with db.read() as session:
        rows = await session.execute(
            select(
                Promise.conversation_id,
                Conversation.channel,
                func.coalesce(Conversation.foreign_language, Conversation.language),
                Promise.agent_id,
                Promise.broken_at,
                Promise.due_at,
            )
            .join(Conversation, Conversation.id == Promise.conversation_id)
            .where(Promise.due_at >= begin, Promise.due_at < end, Promise.withdrawn_at.is_(None), ended)
        )
        return [
            PromiseFacts(
                conversation_id=id_,
                channel=str(channel),
                language=language,
                agent=agent,
                kept=broken_at is None,
                due_at=due_at,
            )
            for id_, channel, language, agent, broken_at, due_at in rows
        ]


_KINDS = {Author.CONTACT: LineKind.CONTACT, Author.BOT: LineKind.ANSWER, Author.AGENT: LineKind.AGENT}


async def _load_lines(
    session: AsyncSession, ids: Sequence[str], begin: datetime, end: datetime
) -> dict[str, list[InquiryLine]]:
    event, frustration = Message.event, Message.facts["mood"]["frustration"].as_float()
    said = Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING])
    resolved = (Message.kind == MessageKind.ACTIVITY) & (event == str(Event.RESOLVE))
    rows = await session.execute(
        select(Message.conversation_id, Message.kind, Message.author, Message.created_at, frustration)
        .where(Message.conversation_id.in_(ids), Message.created_at >= begin, Message.created_at < end)
        .where(or_(said, resolved))
        .order_by(Message.conversation_id, Message.seq)
    )
    found: defaultdict[str, list[InquiryLine]] = defaultdict(list)
    for id_, kind, author, at, felt in rows:
        if kind == MessageKind.ACTIVITY:
            found[id_].append(InquiryLine(kind=LineKind.RESOLVED, at=at))
        elif (mine := _KINDS.get(author)) is not None:
            is_contact = mine is LineKind.CONTACT
            found[id_].append(InquiryLine(kind=mine, at=at, frustration=felt if is_contact else None))
    return found


async def _load_handoffs(session: AsyncSession, ids: Sequence[str]) -> dict[str, list[HandoffFacts]]:
    rows = await _by_conversation(
        session,
        ids,
        Handoff.conversation_id,
        Handoff.asked_at,
        Handoff.accepted_at,
        Handoff.ended_at,
        Handoff.accepted_by,
        Handoff.team_id,
        Handoff.topic,
    )
    found: defaultdict[str, list[HandoffFacts]] = defaultdict(list)
    for id_, asked_at, accepted_at, ended_at, agent, team, topic in sorted(rows, key=lambda row: (row[0], row[1])):
        found[id_].append(
            HandoffFacts(
                asked_at=asked_at, accepted_at=accepted_at, ended_at=ended_at, agent=agent, team=team, topic=topic
            )
        )
    return found


async def _load_questions(
    session: AsyncSession, ids: Sequence[str], begin: datetime, end: datetime
) -> list[QuestionRecord]:
    rows = await _by_conversation(
        session,
        ids,
        AskedQuestion.conversation_id,
        AskedQuestion.id,
        AskedQuestion.language,
        AskedQuestion.outcome,
        AskedQuestion.article,
        AskedQuestion.candidates,
        AskedQuestion.asked_at,
    )
    asked = (
        QuestionRecord(
            id=question_id,
            conversation_id=id_,
            contact_id="",
            text="",
            language=language,
            outcome=outcome,
            article=article,
            candidates=tuple(candidate.article for candidate in candidates),
            asked_at=at,
        )
        for id_, question_id, language, outcome, article, candidates, at in rows
        if begin <= at < end
    )
    return sorted(asked, key=lambda one: (one.asked_at, one.id))


async def _load_feedback(
    session: AsyncSession, ids: Sequence[str], begin: datetime, end: datetime
) -> dict[str, list[ArticleJudgement]]:
    rows = await _by_conversation(
        session, ids, Feedback.conversation_id, Feedback.article, Feedback.helpful, Feedback.created_at
    )
    found: defaultdict[str, list[ArticleJudgement]] = defaultdict(list)
    for id_, article, helped, at in sorted(rows, key=lambda row: row[3]):
        if article is not None and begin <= at < end:
            found[id_].append(ArticleJudgement(conversation_id=id_, article=article, helped=helped, at=at))
    return found


async def _by_conversation(
    session: AsyncSession, ids: Sequence[str], of: InstrumentedAttribute[str], *what: InstrumentedAttribute[Any]
) -> Sequence[Any]:
    return (await session.execute(select(of, *what).where(of.in_(ids)))).all()
