"""The ledger of erasures: which contacts are gone, so that a backup of before doesn't bring them back.

It holds ids, which mean nobody any more, and times. It outlasts every backup (`MAX_BACKUP_DAYS`).
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.privacy.erasure import erase_person, mark_erased
from helpdesk.privacy.traces import clean_traces, note_traces
from helpdesk.search.fill import clean_index
from store.db import Database
from store.errors import Invalid, Unavailable
from store.models import Contact, ErasureMark, ErasureRecord, ErasureStatus

#: Contacts a transaction looks for.
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedContact:
    """The id of a contact, and when it was erased."""

    contact_id: str
    erased_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureLedger:
    """Who was erased, and the receipts of it, taken along from one database to another."""

    contacts: Sequence[ErasedContact] = ()
    receipts: Sequence[ErasureRecord] = ()


async def load_ledger(db: Database) -> ErasureLedger | None:
    """All that a database knows of erasures; None for one that can't be read, or is older than the ledger."""
    try:
        async with db.read() as session:
            contacts = await load_erased_contacts(session)
            done = ErasureRecord.status == ErasureStatus.DONE
            receipts = list(await session.scalars(select(ErasureRecord).where(done)))
            session.expunge_all()
    except (DatabaseError, Unavailable):
        return None
    return ErasureLedger(contacts=contacts, receipts=receipts)


async def load_erased_contacts(session: AsyncSession) -> list[ErasedContact]:
    """Every contact on the ledger, the oldest erasure first."""
    rows = await session.scalars(select(ErasureMark).order_by(ErasureMark.erased_at, ErasureMark.contact_id))
    return [ErasedContact(contact_id=row.contact_id, erased_at=row.erased_at) for row in rows]


async def apply_ledger(db: Database, ledger: ErasureLedger) -> int:
    """Erase again whoever is on the ledger, and keep it with its receipts; how many contacts were there once more."""
    found = 0
    for start in range(0, len(ledger.contacts), _BATCH):
        batch = ledger.contacts[start : start + _BATCH]
        async with db.write() as session:
            await mark_erased(session, {each.contact_id: each.erased_at for each in batch})
            found += await _erase_again(session, {each.contact_id for each in batch})
    async with db.write() as session:
        for receipt in ledger.receipts:
            await session.merge(receipt)
    if found:
        await clean_index(db)
        await clean_traces(db)
    return found


async def _erase_again(session: AsyncSession, contact_ids: Collection[str]) -> int:
    found = list(await session.scalars(select(Contact).where(Contact.id.in_(contact_ids))))
    if found:
        erased = await erase_person(session, found)
        await note_traces(session, +erased.rows)
    return len(found)


def written_ledger(contacts: Iterable[ErasedContact]) -> Iterable[str]:
    """A line of JSON for each contact, to be kept outside of the database."""
    for each in contacts:
        yield json.dumps({"contact_id": each.contact_id, "erased_at": each.erased_at.isoformat()})


def read_ledger(lines: Iterable[str]) -> list[ErasedContact]:
    """The contacts in such lines. Raises `Invalid` with the number of the first line that is none."""
    contacts = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            erased_at = datetime.fromisoformat(read["erased_at"])
            contact_id = str(read["contact_id"])
        except (ValueError, KeyError, TypeError):
            raise Invalid(
                f"Line {number} is none of `staffel contact erased`: expected contact_id and erased_at as JSON."
            ) from None
        contacts.append(ErasedContact(contact_id=contact_id, erased_at=erased_at.astimezone(UTC)))
    return contacts
