"""Keys of programs that use /api/v1. The key is shown once; the table keeps its hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from store.db import Database
from store.models import ApiKey, now
from store.tokens import token_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """The program behind a request."""

    name: str
    scopes: frozenset[str]


async def make_key(db: Database, name: str, scopes: Sequence[str], *, agent_id: str | None = None) -> str:
    """A new key with 256 random bits; the only time it can be seen."""
    key = f"staffel_{secrets.token_urlsafe(32)}"
    async with db.write() as session:
        session.add(ApiKey(token_hash=token_hash(key), name=name, scopes=tuple(scopes), agent_id=agent_id))
    return key


async def find_key(db: Database, key: str) -> KeyHolder | None:
    """Whose key this is; `None` when unknown or revoked."""
    async with db.read() as session:
        row = (
            await session.execute(
                select(ApiKey).where(ApiKey.token_hash == token_hash(key), ApiKey.revoked_at.is_(None))
            )
        ).scalar_one_or_none()
    return KeyHolder(name=row.name, scopes=frozenset(row.scopes)) if row else None


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
