"""Entries for who looks for something in them, newest first."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from store.db import Database
from store.models import AuditEntry, Contact, Conversation

PAGE = 100
MAX_NUMBER_DIGITS = 9
#: As an action to filter by: everything that was taken out as a file, also by what isn't called so.
EXPORTS = "export"
_OTHER_EXPORTS = ("conversations.transcript", "backup.take", "backup.keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What has to hold; what is empty holds for all. `action` is its beginning: `sign_in`, `agents.role`;
    `export` is whatever was taken out as a file.

    `subject` and `actor` are ids, or a part of the actor's name. A number as `subject` is also that of a contact, as
    in "Guest 417": then it is each of their conversations.
    """

    action: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """In SQL."""
        found: list[ColumnElement[bool]] = []
        if self.action:
            found.append(_is_called(self.action))
        if self.actor:
            named = AuditEntry.actor_name.icontains(self.actor, autoescape=True)
            found.append(or_(AuditEntry.actor_id == self.actor, named))
        if self.subject:
            found.append(_is_about(self.subject))
        if self.since:
            found.append(AuditEntry.at >= self.since)
        if self.until:
            found.append(AuditEntry.at < self.until)
        return found


def _is_called(action: str) -> ColumnElement[bool]:
    begins = AuditEntry.action.startswith(action, autoescape=True)
    if action != EXPORTS:
        return begins
    return or_(begins, AuditEntry.action.endswith(f".{EXPORTS}"), AuditEntry.action.in_(_OTHER_EXPORTS))


def _is_about(subject: str) -> ColumnElement[bool]:
    is_it = AuditEntry.subject == subject
    if not (subject.isascii() and subject.isdigit() and len(subject) <= MAX_NUMBER_DIGITS):
        return is_it
    numbered = select(Conversation.id).join(Contact, Contact.id == Conversation.contact_id)
    return or_(is_it, AuditEntry.subject.in_(numbered.where(Contact.number == int(subject))))


async def load_entries(
    db: Database, wanted: AuditFilter, *, before: int | None = None, limit: int = PAGE
) -> Sequence[AuditEntry]:
    """A page of entries, the newest first; those with a number below `before`."""
    query = select(AuditEntry).where(*wanted.conditions()).order_by(AuditEntry.number.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    async with db.read() as session:
        return list(await session.scalars(query))


async def stream_entries(db: Database, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
    """All entries, the newest first, read page by page."""
    before: int | None = None
    while page := await load_entries(db, wanted, before=before, limit=500):
        for entry in page:
            yield entry
        before = page[-1].number
