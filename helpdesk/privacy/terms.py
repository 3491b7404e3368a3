"""When what ends by itself: which rows are past their end date, and what goes within the next day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.privacy.data_table import EndDate, TableEntry
from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.db import Database
from store.models import Base, Conversation, Promise, now

#: Opened, but nothing was ever written beside the greeting.
SILENT_FOR = timedelta(days=1)
_GREETING_ONLY = 1
#: Tables whose ended rows others take away: the files' store, and the stream of events in its order.
_SWEPT_ELSEWHERE = frozenset({"stored_files", "conversation_events"})
#: Within it, "tomorrow".
_NEXT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDays:
    """How long conversations stay after the last change in them, and files after they came."""

    conversations: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """What an admin sees of one kind of data: how long it is kept, how much there is, how much goes within a day.

    `title` is a marked message; `days` is None for what stays as long as its conversation, 0 where rows have their own.
    """

    title: str
    days: float | None
    kept: int
    ending: int


async def erase_ended_rows(session: AsyncSession, time: datetime) -> list[str]:
    """Delete every row whose own end date is over; the tables in which there were some."""
    touched = []
    for table, entry, ends in _own_ends():
        if entry.table not in _SWEPT_ELSEWHERE:
            gone = await session.execute(delete(table).where(_is_over(table, ends, time)))
            if getattr(gone, "rowcount", 0):
                touched.append(table.name)
    return touched


def ended_conversations(time: datetime, keep: timedelta) -> ColumnElement[bool]:
    """Conversations past their end, however they stand: those that nobody closed end too.

    One in which something is still promised waits for that.
    """
    promised = select(Promise.conversation_id).where(
        Promise.due_at > time, Promise.kept_at.is_(None), Promise.withdrawn_at.is_(None)
    )
    over = (Conversation.changed_at < time - keep) & Conversation.id.not_in(promised)
    silent = (Conversation.last_seq <= _GREETING_ONLY) & (Conversation.changed_at < time - SILENT_FOR)
    return or_(over, silent)


async def load_terms(db: Database, kept: KeptDays) -> list[TermView]:
    """Every kind of data about customers and staff that ends, conversations first."""
    time, keep = now(), timedelta(days=kept.conversations)
    async with db.read() as session:
        ending = select(Conversation.id).where(ended_conversations(time + _NEXT, keep))
        views = [
            TermView(
                title=PERSONAL_DATA["conversations"].title,
                days=kept.conversations,
                kept=await _count(session, select(func.count()).select_from(Conversation)),
                ending=await _count(session, select(func.count()).select_from(ending.subquery())),
            )
        ]
        for name, entry in PERSONAL_DATA.items():
            table = Base.metadata.tables[name]
            if name == "conversations" or not (entry.title and (entry.exported or entry.ends)):
                continue
            view = await _view(session, table, entry, ending, time)
            views.append(replace(view, days=kept.files) if name == "stored_files" else view)
    return views


async def _view(session: AsyncSession, table: Table, entry: TableEntry, ending: object, time: datetime) -> TermView:
    going: list[ColumnElement[bool]] = []
    if entry.ends:
        going.append(_is_over(table, entry.ends, time + _NEXT))
    if "conversation_id" in table.c and "conversation_id" in entry.whose:
        going.append(table.c.conversation_id.in_(ending))  # type: ignore[arg-type]
    number = select(func.count()).select_from(table)
    return TermView(
        title=entry.title,
        days=entry.ends.kept / timedelta(days=1) if entry.ends else None,
        kept=await _count(session, number),
        ending=await _count(session, number.where(or_(*going))) if going else 0,
    )


async def _count(session: AsyncSession, query: object) -> int:
    return int(await session.scalar(query) or 0)  # type: ignore[call-overload]


def _own_ends() -> Iterator[tuple[Table, TableEntry, EndDate]]:
    """The tables with an end date of their own, those that refer to others first."""
    for table in reversed(Base.metadata.sorted_tables):
        entry = PERSONAL_DATA.get(table.name)
        if entry is not None and entry.ends is not None:
            yield table, entry, entry.ends


def _is_over(table: Table, ends: EndDate, time: datetime) -> ColumnElement[bool]:
    over = table.c[ends.column] < time - ends.kept
    return over & table.c[ends.only].is_not(None) if ends.only else over
