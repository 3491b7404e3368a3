"""The connected services in the database: entered, changed, tried, switched on and off, removed."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.channels.secrets import LostKey, Vault
from helpdesk.lookups.definition import (
    LookupDefinition,
    LookupProblem,
    check_definition,
    read_definition,
    write_definition,
)
from store.db import Database
from store.errors import Conflict, NotFound
from store.models import LookupRecord, now

log = structlog.get_logger()

MAX_LOOKUPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupView:
    """A look-up as it is shown and used. `is_tried`: as it is now, it was tried with success."""

    id: str
    definition: LookupDefinition
    is_on: bool
    is_tried: bool
    has_secret: bool
    changed_by: str
    changed_at: datetime


class LookupStore:
    """Keeps the look-ups; `secret_key` encrypts what their headers hold."""

    def __init__(self, db: Database, secret_key: str) -> None:
        self.db = db
        self._vault = Vault(secret_key)

    async def list_all(self) -> list[LookupView]:
        """All of them, by name."""
        async with self.db.read() as session:
            rows = await session.scalars(select(LookupRecord).order_by(LookupRecord.name))
            return [_view(row) for row in rows]

    async def load(self, lookup_id: str) -> LookupView:
        """One of them. Raises `NotFound`."""
        async with self.db.read() as session:
            return _view(await _get(session, lookup_id))

    async def load_switched_on(self) -> list[tuple[LookupView, str]]:
        """Those that are on, each with its secret. One that can't be read is left out, and said to be in the log."""
        async with self.db.read() as session:
            rows = await session.scalars(select(LookupRecord).where(LookupRecord.is_on).order_by(LookupRecord.name))
            return [known for row in rows if (known := self._known(row))]

    async def secret_of(self, lookup_id: str) -> str:
        """What its header holds. Raises `NotFound`."""
        async with self.db.read() as session:
            return self._open(await _get(session, lookup_id))

    async def add(self, definition: LookupDefinition, *, secret: str, by: str) -> LookupView:
        """Enter one; it is off. Raises `LookupProblem`."""
        check_definition(definition)
        async with self.db.write() as session:
            names = set(await session.scalars(select(LookupRecord.name)))
            _refuse_taken(names, definition)
            if len(names) >= MAX_LOOKUPS:
                raise LookupProblem("lookup_too_many", "name")
            row = LookupRecord(
                name=definition.lookup.name,
                definition=write_definition(definition),
                secret=self._close(secret),
                changed_by=by,
            )
            session.add(row)
            await session.flush()
            return _view(row)

    async def change(self, lookup_id: str, definition: LookupDefinition, *, secret: str | None, by: str) -> LookupView:
        """Change one; what has not been tried like this is off. `secret`: None keeps the stored one.

        Raises `LookupProblem`, and `Conflict` when the stored secret was meant for another host.
        """
        check_definition(definition)
        async with self.db.write() as session:
            names = set(await session.scalars(select(LookupRecord.name).where(LookupRecord.id != lookup_id)))
            _refuse_taken(names, definition)
            row = await _get(session, lookup_id, locked=True)
            _refuse_moved_secret(row, definition, secret)
            row.name, row.definition = definition.lookup.name, write_definition(definition)
            if secret is not None:
                row.secret, row.tried = self._close(secret), ""
            row.is_on = row.is_on and row.tried == definition.fingerprint
            row.changed_by, row.changed_at = by, now()
            return _view(row)

    async def note_trial(self, lookup_id: str, fingerprint: str) -> None:
        """It was tried with success as it then was."""
        async with self.db.write() as session:
            row = await _get(session, lookup_id, locked=True)
            row.tried = fingerprint

    async def switch(self, lookup_id: str, *, is_on: bool, by: str) -> LookupView:
        """Switch one on or off. Raises `Conflict` for one that was not tried as it is."""
        async with self.db.write() as session:
            row = await _get(session, lookup_id, locked=True)
            if is_on and not _view(row).is_tried:
                raise Conflict("Try the look-up first, with values that are really there.", code="lookup_untried")
            row.is_on, row.changed_by, row.changed_at = is_on, by, now()
            return _view(row)

    async def remove(self, lookup_id: str) -> None:
        """Forget one, with its secret."""
        async with self.db.write() as session:
            await session.delete(await _get(session, lookup_id, locked=True))

    def _known(self, row: LookupRecord) -> tuple[LookupView, str] | None:
        try:
            return _view(row), self._open(row)
        except (LostKey, LookupError, TypeError, ValueError) as error:
            log.error("lookup.unreadable", lookup=row.name, error=type(error).__name__)  # noqa: TRY400 - no values in it
            return None

    def _close(self, secret: str) -> str:
        return self._vault.close({"secret": secret.strip()}) if secret.strip() else ""

    def _open(self, row: LookupRecord) -> str:
        return self._vault.open(row.secret).get("secret", "") if row.secret else ""


def _refuse_taken(names: set[str], definition: LookupDefinition) -> None:
    if definition.lookup.name in names:
        raise LookupProblem("lookup_name_taken", "name")


def _refuse_moved_secret(row: LookupRecord, definition: LookupDefinition, secret: str | None) -> None:
    """A stored secret goes to the host that it was entered for, and nowhere else."""
    before = read_definition(row.definition)
    if row.secret and secret is None and before.host != definition.host:
        raise Conflict("The stored secret belongs to the former address; enter the one for this.", code="key_elsewhere")


async def _get(session: AsyncSession, lookup_id: str, *, locked: bool = False) -> LookupRecord:
    row = await session.get(LookupRecord, lookup_id, with_for_update=locked or None)
    if row is None:
        raise NotFound("There is no such look-up.")
    return row


def _view(row: LookupRecord) -> LookupView:
    definition = read_definition(row.definition)
    return LookupView(
        id=row.id,
        definition=definition,
        is_on=row.is_on,
        is_tried=row.tried == definition.fingerprint,
        has_secret=bool(row.secret),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
