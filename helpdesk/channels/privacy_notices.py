"""What customers are told about the use of their data, by channel and language: kept in memory, changed by admins."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from connectors.contract import PrivacyLink
from store.db import Database
from store.errors import Invalid, Unavailable
from store.freshness import Freshness
from store.models import PrivacyNotice, now

log = structlog.get_logger()

#: Seconds until a change is looked for of which nothing was heard.
FRESH_FOR = 60.0
MAX_ADDRESS_LENGTH, MAX_TEXT_LENGTH = 500, 300


class PrivacyNotices:
    """The notices in force. That of a channel goes before that of all channels; none in a language: nothing is told."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._known: dict[tuple[str, str], PrivacyLink] | None = None
        self._is_fresh = Freshness(db.feed, ("privacy_notices",), seconds=FRESH_FOR)
        self._reading = asyncio.Lock()

    async def look(self, channel: str, language: str) -> PrivacyLink | None:
        """What is told on a channel in a language; with a database that is away, as far as it was known."""
        if self._known is None or not self._is_fresh:
            async with self._reading:
                if self._known is None or not self._is_fresh:
                    await self._read()
        known = self._known or {}
        return known.get((channel, language)) or known.get(("", language))

    async def list_all(self) -> Sequence[PrivacyNotice]:
        """All, by channel and language."""
        wanted = select(PrivacyNotice).order_by(PrivacyNotice.channel, PrivacyNotice.language)
        async with self.db.read() as session:
            return list(await session.scalars(wanted))

    async def save(self, channel: str, language: str, told: PrivacyLink, by: str) -> None:
        """Tell this from now on; without an address nothing is told. Raises `Invalid`."""
        parts = urlsplit(told.address)
        is_address = parts.scheme in {"https", "http"} and parts.hostname and not set(told.address) & set(" <>\"'()[]")
        if told.address and not (is_address and len(told.address) <= MAX_ADDRESS_LENGTH):
            raise Invalid("Expected an address such as https://example.org/privacy.", code="privacy_address")
        if len(told.text) > MAX_TEXT_LENGTH:
            raise Invalid(f"A notice has at most {MAX_TEXT_LENGTH} characters.", code="privacy_text")
        async with self.db.write() as session:
            row = await session.get(PrivacyNotice, (channel, language))
            if not told.address:
                if row is not None:
                    await session.delete(row)
                return
            if row is None:
                row = PrivacyNotice(channel=channel, language=language)
                session.add(row)
            row.address, row.text, row.changed_by, row.changed_at = told.address, told.text, by, now()

    async def _read(self) -> None:
        mark = self._is_fresh.begin()
        try:
            rows = await self.list_all()
        except Unavailable:
            log.warning("privacy_notices.database_away")
            return
        self._known = {(row.channel, row.language): PrivacyLink(address=row.address, text=row.text) for row in rows}
        self._is_fresh.renew(mark)
