"""The notices in the database: entered, changed, switched on and off, removed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.notices.notice import Notice, NoticeProblem, tidy_notice
from store.db import Database
from store.errors import NotFound
from store.models import NoticeRecord, NoticeTelling, now

MAX_NOTICES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice as it is shown and told."""

    id: str
    notice: Notice
    is_on: bool
    changed_by: str
    changed_at: datetime

    def is_told(self, at: datetime) -> bool:
        """Whether customers hear of it at this moment."""
        return self.is_on and self.notice.is_due(at)


class NoticeStore:
    """Keeps the notices."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def list_all(self) -> list[NoticeView]:
        """All of them, the one that was changed last first."""
        async with self.db.read() as session:
            rows = await session.scalars(select(NoticeRecord).order_by(NoticeRecord.changed_at.desc(), NoticeRecord.id))
            return [_view(row) for row in rows]

    async def load(self, notice_id: str) -> NoticeView:
        """One of them. Raises `NotFound`."""
        async with self.db.read() as session:
            return _view(await _get(session, notice_id))

    async def load_switched_on(self, at: datetime) -> list[NoticeView]:
        """Those that are on and have not ended, the one that began first first."""
        async with self.db.read() as session:
            rows = await session.scalars(
                select(NoticeRecord)
                .where(NoticeRecord.is_on, NoticeRecord.ends_at.is_(None) | (NoticeRecord.ends_at > at))
                .order_by(NoticeRecord.starts_at, NoticeRecord.id)
            )
            return [_view(row) for row in rows]

    async def add(self, notice: Notice, *, is_on: bool = False, by: str) -> NoticeView:
        """Enter one. Raises `NoticeProblem`."""
        tidied = tidy_notice(notice)
        async with self.db.write() as session:
            if len(list(await session.scalars(select(NoticeRecord.id)))) >= MAX_NOTICES:
                raise NoticeProblem("notice_too_many", "name")
            row = NoticeRecord(is_on=is_on, changed_by=by)
            _write(row, tidied)
            session.add(row)
            await session.flush()
            return _view(row)

    async def change(self, notice_id: str, notice: Notice, *, by: str) -> NoticeView:
        """Change one; who was told before is not told again. Raises `NoticeProblem` and `NotFound`."""
        tidied = tidy_notice(notice)
        async with self.db.write() as session:
            row = await _get(session, notice_id, locked=True)
            _write(row, tidied)
            row.changed_by, row.changed_at = by, now()
            return _view(row)

    async def switch(self, notice_id: str, *, is_on: bool, by: str) -> NoticeView:
        """Switch one on or off. Raises `NotFound`."""
        async with self.db.write() as session:
            row = await _get(session, notice_id, locked=True)
            row.is_on, row.changed_by, row.changed_at = is_on, by, now()
            return _view(row)

    async def remove(self, notice_id: str) -> None:
        """Forget one, and who was told. Raises `NotFound`."""
        async with self.db.write() as session:
            row = await _get(session, notice_id, locked=True)
            await session.execute(delete(NoticeTelling).where(NoticeTelling.notice_id == notice_id))
            await session.delete(row)


async def _get(session: AsyncSession, notice_id: str, *, locked: bool = False) -> NoticeRecord:
    row = await session.get(NoticeRecord, notice_id, with_for_update=locked or None)
    if row is None:
        raise NotFound("There is no such notice.")
    return row


def _write(row: NoticeRecord, notice: Notice) -> None:
    row.name, row.texts = notice.name, dict(notice.texts)
    row.categories, row.words = notice.categories, notice.words
    row.starts_at, row.ends_at = notice.starts_at, notice.ends_at


def _view(row: NoticeRecord) -> NoticeView:
    return NoticeView(
        id=row.id,
        notice=Notice(
            name=row.name,
            texts=row.texts,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            categories=row.categories,
            words=row.words,
        ),
        is_on=row.is_on,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
