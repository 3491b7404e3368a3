"""The keys with which the web site signs its customers in: made here, shown once, stored encrypted."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select, tuple_, update

from helpdesk.channels.secrets import LostKey, Vault
from helpdesk.identity.claims import VerifiedCustomer
from helpdesk.identity.token import SigningKey, verify_identity
from store.db import Database
from store.errors import Conflict, NotFound
from store.freshness import Freshness
from store.models import IdentityKey, IdentityToken, VisitorToken, now

log = structlog.get_logger()

#: Two are enough for a change of keys, and each is tried in turn.
MAX_KEYS = 5
FRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKeyView:
    """A key as it is listed, without what it signs with."""

    id: str
    created_by: str
    created_at: datetime


class IdentityKeys:
    """Makes, retires and uses the keys; `audience` is this installation's own address."""

    def __init__(self, db: Database, secret_key: str, *, audience: str) -> None:
        self._db = db
        self._vault = Vault(secret_key)
        self.audience = audience
        self._known: tuple[SigningKey, ...] = ()
        self._is_fresh = Freshness(db.feed, ("identity_keys",), seconds=FRESH_SECONDS)

    async def verify(self, token: str) -> VerifiedCustomer:
        """The customer whom a token is about. Raises `IdentityRefused`, `Unavailable`."""
        return verify_identity(token, await self._load_known(), audience=self.audience, at=now())

    async def list_all(self) -> list[IdentityKeyView]:
        """The keys that are good, the newest first."""
        async with self._db.read() as session:
            rows = await session.scalars(
                select(IdentityKey).where(IdentityKey.retired_at.is_(None)).order_by(IdentityKey.created_at.desc())
            )
            return [IdentityKeyView(id=row.id, created_by=row.created_by, created_at=row.created_at) for row in rows]

    async def add(self, by: str) -> SigningKey:
        """A new key, good at once beside the others. Raises `Conflict` when there are as many as there may be."""
        key = SigningKey(id=secrets.token_hex(4), secret=secrets.token_urlsafe(32))
        async with self._db.write() as session:
            good = select(func.count()).select_from(IdentityKey).where(IdentityKey.retired_at.is_(None))
            if (await session.scalar(good) or 0) >= MAX_KEYS:
                raise Conflict(f"There are {MAX_KEYS} keys already; retire one first.", code="identity_keys_full")
            closed = self._vault.close({"secret": key.secret})
            session.add(IdentityKey(id=key.id, secret=closed, created_by=by[:200]))
        return key

    async def retire(self, key_id: str) -> None:
        """End a key, and every sign-in that was made with it. Raises `NotFound`."""
        async with self._db.write() as session:
            row = await session.get(IdentityKey, key_id, with_for_update=True)
            if row is None or row.retired_at is not None:
                raise NotFound("There is no such key, or it is retired already.")
            row.retired_at, row.secret = now(), ""
            shown = IdentityToken.key_id == key_id
            by_key = select(IdentityToken.contact_id, IdentityToken.browser).where(shown)
            await session.execute(
                delete(VisitorToken).where(tuple_(VisitorToken.identity, VisitorToken.browser).in_(by_key))
            )
            await session.execute(update(IdentityToken).where(shown).values(ended_at=now()))

    async def _load_known(self) -> tuple[SigningKey, ...]:
        if self._is_fresh:
            return self._known
        mark = self._is_fresh.begin()
        async with self._db.read() as session:
            rows = await session.scalars(
                select(IdentityKey).where(IdentityKey.retired_at.is_(None)).order_by(IdentityKey.created_at.desc())
            )
            self._known = tuple(key for row in rows if (key := self._open(row)))
        self._is_fresh.renew(mark)
        return self._known

    def _open(self, row: IdentityKey) -> SigningKey | None:
        try:
            return SigningKey(id=row.id, secret=self._vault.open(row.secret)["secret"])
        except LostKey:
            log.warning("identity.key_lost", key=row.id)
            return None
