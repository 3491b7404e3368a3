"""The allowances in the database: listed, entered, changed, removed."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.allowances.allowance import EVERY_TOPIC, Allowance, AllowanceProblem, tidy_allowance
from store.db import Database
from store.errors import NotFound
from store.models import AllowanceRecord, now

MAX_ALLOWANCES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceView:
    """An allowance as it is stored."""

    id: str
    allowance: Allowance


class AllowanceStore:
    """Keeps the allowances."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def list_all(self) -> list[AllowanceView]:
        """All of them, those for every topic first, then by topic and name."""
        async with self.db.read() as session:
            rows = await session.scalars(
                select(AllowanceRecord).order_by(AllowanceRecord.topic, AllowanceRecord.name, AllowanceRecord.id)
            )
            return [_view(row) for row in rows]

    async def list_for(self, topic: str | None, language: str, form: str) -> list[tuple[str, str, str]]:
        """(id, name, sentence) of those that may be offered in such a conversation, those of its topic first."""
        async with self.db.read() as session:
            rows = await session.scalars(
                select(AllowanceRecord)
                .where(AllowanceRecord.is_on, AllowanceRecord.topic.in_({EVERY_TOPIC, topic or EVERY_TOPIC}))
                .order_by(AllowanceRecord.topic.desc(), AllowanceRecord.name, AllowanceRecord.id)
            )
            views = [_view(row) for row in rows]
        written = ((view, view.allowance.text_in(language, form)) for view in views if view.allowance.is_for(topic))
        return [(view.id, view.allowance.name, text) for view, text in written if text]

    async def add(self, allowance: Allowance, *, by: str) -> AllowanceView:
        """Enter one. Raises `AllowanceProblem`."""
        tidied = tidy_allowance(allowance)
        async with self.db.write() as session:
            if (await session.scalar(select(func.count()).select_from(AllowanceRecord)) or 0) >= MAX_ALLOWANCES:
                raise AllowanceProblem("There are 200 already.", code="allowance_too_many", fields=["name"])
            row = AllowanceRecord(changed_by=by)
            _write(row, tidied)
            session.add(row)
            await session.flush()
            return _view(row)

    async def change(self, allowance_id: str, allowance: Allowance, *, by: str) -> AllowanceView:
        """Change one. Raises `AllowanceProblem`, `NotFound`."""
        tidied = tidy_allowance(allowance)
        async with self.db.write() as session:
            row = await _get(session, allowance_id)
            _write(row, tidied)
            row.changed_by, row.changed_at = by, now()
            return _view(row)

    async def remove(self, allowance_id: str) -> None:
        """Forget one. Raises `NotFound`."""
        async with self.db.write() as session:
            await session.delete(await _get(session, allowance_id))


async def _get(session: AsyncSession, allowance_id: str) -> AllowanceRecord:
    row = await session.get(AllowanceRecord, allowance_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such offer.")
    return row


def _write(row: AllowanceRecord, allowance: Allowance) -> None:
    row.name, row.topic, row.texts, row.is_on = allowance.name, allowance.topic, dict(allowance.texts), allowance.is_on


def _view(row: AllowanceRecord) -> AllowanceView:
    return AllowanceView(
        id=row.id, allowance=Allowance(name=row.name, topic=row.topic, texts=row.texts, is_on=row.is_on)
    )
