"""What came along with messages: fetched from the channel after the message is stored, kept for the agent."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select

from connectors.contract import Attachment, Channel, Connector, RetryLater, Undeliverable
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import AttachmentContent, AttachmentRecord, AttachmentStatus, Conversation, now

log = structlog.get_logger()

EVERY = 2.0  # seconds between looks for what is to be fetched
LARGEST = 20 * 1024 * 1024  # bytes; what Telegram gives out at most
AT_ONCE = 4
MOST_ATTEMPTS = 5
_LEASE = timedelta(seconds=90)
_WITHIN = 60.0  # seconds that one file may take


class AttachmentTooLarge(Exception):
    """More than `LARGEST` bytes have come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentDownload:
    """An attachment that is ours to fetch."""

    id: str
    conversation_id: str
    channel: Channel
    account: str
    attempts: int
    attachment: Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A fetched attachment. `name` and `media_type` are the sender's: never believe them."""

    name: str
    media_type: str
    kind: str
    content: bytes


class Attachments:
    """Fetches, keeps and gives out what came along with messages."""

    def __init__(self, db: Database, live: ChangeHints, connectors: Mapping[Channel, Connector]) -> None:
        self._db = db
        self._live = live
        self._connectors = connectors

    async def run(self) -> None:
        """Fetch what is due until cancelled."""
        while True:
            try:
                while await self.fetch_due():
                    pass
            except Unavailable:
                log.warning("attachments.database_away")
            await asyncio.sleep(EVERY)

    async def fetch_due(self) -> int:
        """Fetch some of what is due; how many were tried."""
        fetchings = await self._claim()
        await asyncio.gather(*(self._fetch(fetching) for fetching in fetchings))
        return len(fetchings)

    async def read(self, attachment_id: str, conversation_id: str) -> StoredFile:
        """The content of an attachment of this conversation. Raises `NotFound`."""
        async with self._db.read() as session:
            record = await session.get(AttachmentRecord, attachment_id)
            content = await session.get(AttachmentContent, attachment_id)
            if record is None or content is None or record.conversation_id != conversation_id:
                raise NotFound("There is no such file, or it hasn't been fetched.")
            return StoredFile(
                name=record.name, media_type=record.media_type, kind=str(record.kind), content=content.content
            )

    async def _claim(self) -> list[AttachmentDownload]:
        time = now()
        async with self._db.write() as session:
            rows = await session.execute(
                select(AttachmentRecord, Conversation)
                .join(Conversation, Conversation.id == AttachmentRecord.conversation_id)
                .where(AttachmentRecord.status == AttachmentStatus.PENDING, AttachmentRecord.due_at <= time)
                .order_by(AttachmentRecord.due_at)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True, of=AttachmentRecord)
            )
            fetchings = []
            for record, conversation in rows:
                record.attempts, record.due_at = record.attempts + 1, time + _LEASE
                fetchings.append(_fetching(record, conversation))
            return fetchings

    async def _fetch(self, fetching: AttachmentDownload) -> None:
        connector = self._connectors.get(fetching.channel)
        try:
            if connector is None:
                raise Undeliverable("This channel isn't connected any more.")  # noqa: TRY301 - one place for all ends
            async with asyncio.timeout(_WITHIN):
                content = await _read(connector, fetching)
        except RetryLater as wait:
            await self._put_off(fetching, wait.after)
        except (Undeliverable, AttachmentTooLarge) as never:
            await self._give_up(fetching, str(never))
        except Exception as error:  # the line broke: another time
            log.warning("attachments.not_fetched", attachment=fetching.id, error=type(error).__name__)
            await self._put_off(fetching, 5.0 * 2**fetching.attempts)
        else:
            await self._keep(fetching, content)

    async def _keep(self, fetching: AttachmentDownload, content: bytes) -> None:
        async with self._db.write() as session:
            record = await session.get(AttachmentRecord, fetching.id, with_for_update=True)
            if record is None:
                return  # erased meanwhile
            record.status, record.size = AttachmentStatus.KEPT, len(content)
            await session.merge(AttachmentContent(attachment_id=fetching.id, content=content))
        self._live.changed(fetching.conversation_id)

    async def _put_off(self, fetching: AttachmentDownload, seconds: float) -> None:
        if fetching.attempts >= MOST_ATTEMPTS:
            await self._give_up(fetching, "The channel didn't give the file out.")
            return
        async with self._db.write() as session:
            record = await session.get(AttachmentRecord, fetching.id, with_for_update=True)
            if record is not None:
                record.due_at = now() + timedelta(seconds=seconds)

    async def _give_up(self, fetching: AttachmentDownload, reason: str) -> None:
        async with self._db.write() as session:
            record = await session.get(AttachmentRecord, fetching.id, with_for_update=True)
            if record is not None:
                record.status, record.reason = AttachmentStatus.FAILED, reason[:200]
        self._live.changed(fetching.conversation_id)


async def _read(connector: Connector, fetching: AttachmentDownload) -> bytes:
    content = bytearray()
    async for piece in connector.fetch(fetching.account, fetching.attachment):
        content += piece
        if len(content) > LARGEST:
            raise AttachmentTooLarge(f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    return bytes(content)


def _fetching(record: AttachmentRecord, conversation: Conversation) -> AttachmentDownload:
    return AttachmentDownload(
        id=record.id,
        conversation_id=record.conversation_id,
        channel=conversation.channel,
        account=conversation.account,
        attempts=record.attempts,
        attachment=Attachment(
            kind=record.kind,
            external_id=record.external_id,
            name=record.name,
            media_type=record.media_type,
            size=record.size,
            facts={key: str(value) for key, value in record.facts.items()},
        ),
    )
