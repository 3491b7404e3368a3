"""The hash of an entry, and whether every entry still is what it was when it was added."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.errors import HelpdeskError
from store.models import AuditCheckpoint, AuditEntry, AuditHead

RETENTION = "audit.retention"
_PAGE = 1_000


class BrokenChain(HelpdeskError):
    """An entry was changed, removed or put in between; `number` is the first that doesn't fit."""

    code = "broken_chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What was verified: `entries` of them, after the last one that was removed for its age, up to the head."""

    entries: int
    removed_up_to: int
    head: int
    hash: str


def as_document(entry: AuditEntry) -> dict[str, object]:
    """An entry as JSON, without its own hash."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "action": entry.action,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "address": entry.address,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "once": entry.once,
        "previous_hash": entry.previous_hash,
    }


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 of the entry with the hash of the one before it, in hexadecimal."""
    text = json.dumps(as_document(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


async def verify_chain(session: AsyncSession, *, expected: tuple[int, str] | None = None) -> ChainReport:
    """Look at every entry that is kept. Raises `BrokenChain`.

    `expected` is a number and a hash that were noted elsewhere, from the stream or an earlier report: they have to be
    there unless that entry was removed for its age.
    """
    removed = await session.scalar(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1))
    number, previous = (removed.number, removed.hash) if removed else (0, "")
    first, entries = number, 0
    # entries up to a checkpoint may still be there, half removed: the chain begins after it
    while page := await _load_page(session, number):
        for entry in page:
            if entry.number != number + 1:
                raise BrokenChain(f"Entry {number + 1} is missing.", number=number + 1)
            if entry.previous_hash != previous or entry.hash != entry_hash(entry):
                raise BrokenChain(f"Entry {entry.number} isn't what was added.", number=entry.number)
            if expected and expected[0] == entry.number and expected[1] != entry.hash:
                raise BrokenChain(f"Entry {entry.number} isn't the one that was noted.", number=entry.number)
            number, previous, entries = entry.number, entry.hash, entries + 1
        session.expunge_all()
    head = await session.get(AuditHead, 1)
    if head is None or (head.number, head.hash) != (number, previous):
        raise BrokenChain(f"The newest entries are missing: the chain ends with {number}.", number=number + 1)
    if removed and not await _was_entered(session, removed):
        raise BrokenChain(f"Entries up to {first} were removed, which no entry says.", number=first)
    if expected and expected[0] > number:
        raise BrokenChain(f"Entry {expected[0]}, which was noted, is missing.", number=expected[0])
    return ChainReport(entries=entries, removed_up_to=first, head=number, hash=previous)


async def _load_page(session: AsyncSession, after: int) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.number > after).order_by(AuditEntry.number).limit(_PAGE)
    return list(await session.scalars(query))


async def _was_entered(session: AsyncSession, removed: AuditCheckpoint) -> bool:
    said = select(AuditEntry).where(AuditEntry.action == RETENTION, AuditEntry.subject == str(removed.number))
    entries = await session.scalars(said)
    return any(entry.after.get("hash") == removed.hash for entry in entries)
