"""Keys of programs that use /api/v1. The key is shown once; the table keeps its hash."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from helpdesk.accounts.errors import NoSuchKey
from store.db import Database
from store.errors import Unavailable
from store.models import ApiKey, now
from store.tokens import token_hash

#: How long the old key goes on working after a new one was made in its place.
OVERLAP = timedelta(hours=24)
#: The last use is written at most so often.
_NOTED_EVERY = timedelta(hours=1)
DEFAULT_PER_MINUTE = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """The program behind a request. A key that is an agent's acts as this agent and as nobody else."""

    name: str
    scopes: frozenset[str]
    id: str = ""
    agent_id: str | None = None
    per_minute: int = DEFAULT_PER_MINUTE


async def make_key(
    db: Database,
    name: str,
    scopes: Sequence[str],
    *,
    agent_id: str | None = None,
    days: int | None = None,
    per_minute: int = DEFAULT_PER_MINUTE,
) -> str:
    """A new key with 256 random bits; the only time it can be seen. It ends after `days`, without them never."""
    key = _new_key()
    async with db.write() as session:
        session.add(
            ApiKey(
                token_hash=token_hash(key),
                name=name,
                scopes=tuple(scopes),
                agent_id=agent_id,
                per_minute=per_minute,
                expires_at=now() + timedelta(days=days) if days else None,
            )
        )
    return key


async def list_keys(db: Database) -> Sequence[ApiKey]:
    """Those that are good, by name, and those that have ended within the last month."""
    month_ago = now() - timedelta(days=30)
    async with db.read() as session:
        is_recent = or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > month_ago)
        return list(await session.scalars(select(ApiKey).where(is_recent).order_by(ApiKey.name, ApiKey.created_at)))


async def find_key(db: Database, key: str, *, at: datetime | None = None) -> KeyHolder | None:
    """Whose key this is; `None` when unknown, revoked or over. Its last use is noted once an hour."""
    at = at or now()
    async with db.read() as session:
        row = (
            await session.execute(
                select(ApiKey).where(
                    ApiKey.token_hash == token_hash(key),
                    ApiKey.revoked_at.is_(None),
                    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at),
                )
            )
        ).scalar_one_or_none()
    if row is None:
        return None
    if row.last_used_at is None or row.last_used_at <= at - _NOTED_EVERY:
        with suppress(Unavailable):  # reading is possible while writing is not
            async with db.write() as session:
                used = update(ApiKey).where(ApiKey.token_hash == row.token_hash).values(last_used_at=at)
                await session.execute(used)
    return KeyHolder(
        id=row.id, name=row.name, scopes=frozenset(row.scopes), agent_id=row.agent_id, per_minute=row.per_minute
    )


async def rotate_key(db: Database, key_id: str, *, overlap: timedelta = OVERLAP) -> str:
    """A new key in place of one that is good; the old one works until the overlap is over. Raises `NoSuchKey`."""
    key, at = _new_key(), now()
    async with db.write() as session:
        old = await session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)))
        if old is None:
            raise NoSuchKey("There is no such key, or it has ended.")
        session.add(
            ApiKey(
                token_hash=token_hash(key),
                name=old.name,
                scopes=old.scopes,
                agent_id=old.agent_id,
                per_minute=old.per_minute,
                expires_at=None if old.expires_at is None else at + (old.expires_at - old.created_at),
            )
        )
        old.expires_at = min(old.expires_at or at + overlap, at + overlap)
    return key


async def end_key(db: Database, key_id: str) -> ApiKey:
    """End one key at once. Raises `NoSuchKey`."""
    async with db.write() as session:
        key = await session.scalar(select(ApiKey).where(ApiKey.id == key_id))
        if key is None:
            raise NoSuchKey("There is no such key.")
        key.revoked_at = key.revoked_at or now()
        return key


async def revoke_key(db: Database, name: str) -> int:
    """End every key of this name; how many there were."""
    async with db.write() as session:
        ended = await session.execute(
            update(ApiKey)
            .where(ApiKey.name == name, ApiKey.revoked_at.is_(None))
            .values(revoked_at=now())
            .returning(ApiKey.token_hash)
        )
        return len(ended.all())


def _new_key() -> str:
    return f"staffel_{secrets.token_urlsafe(32)}"
