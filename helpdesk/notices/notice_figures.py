"""How many conversations were told of a disturbance, and how many of those that asked about it needed no person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, case, exists, select

from store.db import Database
from store.models import Conversation, Handoff, NoticeTelling
from store.status import Status

QUIET_FOR = timedelta(hours=1)
"""A conversation with the bot in which nothing was written for so long has ended."""


@dataclass(slots=True, kw_only=True)
class NoticeFigures:
    """One notice: conversations that were `told`, that `asked` about it, and that were `spared`.

    Spared is who asked about it, was told, and ended without a person.
    """

    told: int = 0
    asked: int = 0
    spared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldConversation:
    """A conversation that was told of a notice, and what it came to."""

    notice_id: str
    conversation_id: str
    told_at: datetime
    asked: bool
    spared: bool


async def load_told(
    db: Database, *, since: datetime, at: datetime, notice_id: str | None = None
) -> list[ToldConversation]:
    """The conversations that were told since then, the newest first; of all notices or of one."""
    wanted = [NoticeTelling.told_at >= since]
    if notice_id is not None:
        wanted.append(NoticeTelling.notice_id == notice_id)
    async with db.read() as session:
        rows = await session.execute(
            select(
                NoticeTelling.notice_id,
                NoticeTelling.conversation_id,
                NoticeTelling.told_at,
                NoticeTelling.asked_at.is_not(None),
                case((is_spared(at), 1), else_=0),
            )
            .join(Conversation, Conversation.id == NoticeTelling.conversation_id)
            .where(*wanted)
            .order_by(NoticeTelling.told_at.desc())
        )
        return [
            ToldConversation(
                notice_id=notice, conversation_id=conversation, told_at=told_at, asked=asked, spared=bool(spared)
            )
            for notice, conversation, told_at, asked, spared in rows
        ]


def is_spared(at: datetime) -> ColumnElement[bool]:
    """Whether whoever was told has asked about it and needed no person, by the state of `at`."""
    is_ended = (Conversation.status == Status.RESOLVED) | (
        (Conversation.status == Status.BOT) & (Conversation.changed_at <= at - QUIET_FOR)
    )
    needed = exists().where(
        Handoff.conversation_id == NoticeTelling.conversation_id,
        Handoff.ended_at.is_(None)
        | (Handoff.asked_at >= NoticeTelling.asked_at)
        | (Handoff.accepted_at >= NoticeTelling.asked_at),
    )
    return NoticeTelling.asked_at.is_not(None) & is_ended & ~needed


def count_told(told: Iterable[ToldConversation]) -> dict[str, NoticeFigures]:
    """The figures by notice."""
    figures: defaultdict[str, NoticeFigures] = defaultdict(NoticeFigures)
    for one in told:
        mine = figures[one.notice_id]
        mine.told, mine.asked, mine.spared = mine.told + 1, mine.asked + one.asked, mine.spared + one.spared
    return figures


def count_days(told: Iterable[ToldConversation], days: Iterable[date], zone: tzinfo) -> list[tuple[date, int, int]]:
    """By day of a zone: how many were told, and how many of them were spared."""
    counts = {day: [0, 0] for day in days}
    for one in told:
        mine = counts.get(one.told_at.astimezone(zone).date())
        if mine is not None:
            mine[0] += 1
            mine[1] += one.spared
    return [(day, told_count, spared) for day, (told_count, spared) in counts.items()]
