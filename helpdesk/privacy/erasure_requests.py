"""Erasing somebody on the record: one admin asks, and where the rule wants two, another confirms. A receipt stays."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.privacy.erasure import erase_person
from helpdesk.privacy.traces import note_traces
from helpdesk.search.fill import clean_index
from store.db import Database
from store.errors import Conflict, Invalid, NotFound
from store.models import Contact, ErasureRecord, ErasureStatus, new_id, now

#: How long another admin has to confirm.
CONFIRM_WITHIN = timedelta(days=3)
MAX_SHOWN = 100
MAX_REFERENCE_LENGTH = 80

#: How many admins an erasure takes.
type ErasureRule = Literal["one", "two"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is on record of an erasure. `rows` counts by table; a person's words and names are in none of it."""

    id: str
    status: ErasureStatus
    contact_id: str
    reference: str
    asked_by: str
    asked_at: datetime
    ends_at: datetime
    decided_by: str
    decided_at: datetime | None
    rows: Mapping[str, int]
    file_bytes: int

    def as_json(self) -> dict[str, Any]:
        """The receipt as it is handed out."""
        return {
            "receipt": self.id,
            "status": str(self.status),
            "reference": self.reference,
            "asked_by": self.asked_by,
            "asked_at": self.asked_at.isoformat(),
            "confirmed_by": self.decided_by,
            "erased_at": self.decided_at.isoformat() if self.decided_at else None,
            "erased": dict(self.rows),
            "file_bytes": self.file_bytes,
        }


class Erasures:
    """Takes the wishes to erase somebody, carries them out, and keeps the receipts."""

    def __init__(self, db: Database, rule: ErasureRule = "one") -> None:
        self.db = db
        self.rule = rule

    async def ask(self, contact_id: str, by: str, *, reference: str = "") -> Receipt:
        """Erase somebody, or have it wait for another admin. Raises `NotFound`, `Conflict`: it waits already."""
        async with self.db.write() as session:
            contacts = await _load_person(session, contact_id)
            ids = [each.id for each in contacts]
            if await session.scalar(_waiting(ErasureRecord.contact_id.in_(ids)).limit(1)):
                raise Conflict("This erasure waits for another admin already.", code="erasure_waits")
            record = ErasureRecord(
                id=new_id(),
                contact_id=contact_id,
                reference=_clean(reference),
                status=ErasureStatus.WAITING,
                asked_by=by,
                ends_at=now() + CONFIRM_WITHIN,
                decided_by="",
                report={},
            )
            session.add(record)
            if self.rule == "one":
                await _carry_out(session, record, contacts, by)
        await clean_index(self.db)
        return _receipt(record)

    async def confirm(self, erasure_id: str, by: str) -> Receipt:
        """Erase whom another admin has asked to erase. Raises `NotFound`, `Conflict`."""
        async with self.db.write() as session:
            record = await _load_waiting(session, erasure_id)
            if record.asked_by == by:
                raise Conflict("Somebody else has to confirm this.", code="same_admin")
            await _carry_out(session, record, await _load_person(session, record.contact_id), by)
        await clean_index(self.db)
        return _receipt(record)

    async def refuse(self, erasure_id: str, by: str) -> Receipt:
        """Let it be. Whoever asked may take it back too. Raises `NotFound`, `Conflict`."""
        async with self.db.write() as session:
            record = await _load_waiting(session, erasure_id)
            record.status, record.decided_by, record.decided_at = ErasureStatus.REFUSED, by, now()
            record.contact_id = ""
        return _receipt(record)

    async def load(self, erasure_id: str) -> Receipt:
        """One receipt. Raises `NotFound`."""
        async with self.db.read() as session:
            record = await session.get(ErasureRecord, erasure_id)
        if record is None:
            raise NotFound("There is no such receipt.")
        return _receipt(record)

    async def newest(self) -> Sequence[Receipt]:
        """The newest wishes and receipts."""
        async with self.db.read() as session:
            found = await session.scalars(
                select(ErasureRecord).order_by(ErasureRecord.asked_at.desc(), ErasureRecord.id).limit(MAX_SHOWN)
            )
            return [_receipt(each) for each in found]


async def erase_by_own_wish(db: Database, contact_id: str) -> None:
    """Erase somebody who has asked for it on their channel, with a receipt that names nobody. Raises `NotFound`."""
    async with db.write() as session:
        contacts = await _load_person(session, contact_id)
        record = ErasureRecord(id=new_id(), asked_by="", ends_at=now())
        session.add(record)
        await _carry_out(session, record, contacts, "")
    await clean_index(db)


async def expire_wishes(session: AsyncSession, time: datetime) -> None:
    """End the wishes that nobody has confirmed in time; whom they were about is no longer on record."""
    await session.execute(
        update(ErasureRecord)
        .where(ErasureRecord.status == ErasureStatus.WAITING, ErasureRecord.ends_at < time)
        .values(status=ErasureStatus.EXPIRED, contact_id="")
    )


async def _carry_out(session: AsyncSession, record: ErasureRecord, contacts: Sequence[Contact], by: str) -> None:
    erased = await erase_person(session, contacts)
    record.status, record.decided_by, record.decided_at = ErasureStatus.DONE, by, now()
    record.contact_id = ""
    rows = Counter({table: count for table, count in erased.rows.items() if count})
    record.report = {"rows": dict(rows), "file_bytes": erased.file_bytes}
    await note_traces(session, [*rows, "erasures"])


async def _load_person(session: AsyncSession, contact_id: str) -> list[Contact]:
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("Nothing is kept of this contact any more.")
    return await load_same_person(session, contact)


async def _load_waiting(session: AsyncSession, erasure_id: str) -> ErasureRecord:
    record = await session.get(ErasureRecord, erasure_id, with_for_update=True)
    if record is None:
        raise NotFound("There is no such request.")
    if record.status != ErasureStatus.WAITING:
        raise Conflict("This has been decided already.", code="erasure_decided")
    if record.ends_at < now():
        raise Conflict("The time to confirm this is over. Ask anew.", code="erasure_expired")
    return record


def _waiting(where: Any) -> Any:
    return select(ErasureRecord.id).where(
        where, ErasureRecord.status == ErasureStatus.WAITING, ErasureRecord.ends_at > now()
    )


def _clean(reference: str) -> str:
    text = " ".join(reference.split())
    if len(text) > MAX_REFERENCE_LENGTH:
        raise Invalid(f"A reference has at most {MAX_REFERENCE_LENGTH} characters.", code="reference_too_long")
    if "@" in text:
        raise Invalid("No address in the reference: the receipt stays when the person is gone.", code="reference_named")
    return text


def _receipt(record: ErasureRecord) -> Receipt:
    report: Mapping[str, Any] = record.report or {}
    return Receipt(
        id=record.id,
        status=record.status,
        contact_id=record.contact_id,
        reference=record.reference,
        asked_by=record.asked_by,
        asked_at=record.asked_at,
        ends_at=record.ends_at,
        decided_by=record.decided_by,
        decided_at=record.decided_at,
        rows={str(table): int(count) for table, count in report.get("rows", {}).items()},
        file_bytes=int(report.get("file_bytes", 0)),
    )
