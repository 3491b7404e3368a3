"""Fetching what came along with messages: from the channel, after the message is stored."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Attachment, Channel, Connector, RetryLater, Undeliverable
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import AttachmentContent, AttachmentRecord, AttachmentStatus, Conversation, now

log = structlog.get_logger()

#: A file may take a minute, so that nobody waits for one at the end: it is fetched again.
DOWNLOAD_LIMITS = WorkerLimits(name="attachments", at_once=4, at_once_in_burst=4, idle_seconds=30.0, drain_seconds=0.0)
#: What Telegram gives out at most.
MAX_BYTES = 20 * 1024 * 1024
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=90)
DOWNLOAD_TIMEOUT_SECONDS = 60.0


class AttachmentTooLarge(Exception):
    """More than `MAX_BYTES` have come."""


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
class DownloadResult:
    """How a download ended: with `content`, to be tried again `after_seconds`, or for good with a `reason`."""

    attachment_id: str
    conversation_id: str
    content: bytes | None = None
    after_seconds: float | None = None
    reason: str = ""


class AttachmentDownloads:
    """The attachments that are to be fetched. A `LeaseSource`, with `store` for the results."""

    def __init__(self, db: Database, live: ChangeHints, connectors: Mapping[Channel, Connector]) -> None:
        self._db = db
        self._live = live
        self._connectors = connectors

    def log_ids(self, item: AttachmentDownload) -> dict[str, str | int]:
        """Which attachment of which conversation."""
        return {"attachment": item.id, "conversation": item.conversation_id}

    async def next_due(self) -> datetime | None:
        """When the next attachment is to be fetched, a lease that ran out included."""
        async with self._db.read() as session:
            return await session.scalar(
                select(AttachmentRecord.due_at)
                .where(AttachmentRecord.status == AttachmentStatus.PENDING)
                .order_by(AttachmentRecord.due_at)
                .limit(1)
            )

    async def claim(self, limit: int) -> list[AttachmentDownload]:
        """Take attachments to fetch; `due_at` is the end of the lease too."""
        time = now()
        async with self._db.write() as session:
            rows = await session.execute(
                select(AttachmentRecord, Conversation)
                .join(Conversation, Conversation.id == AttachmentRecord.conversation_id)
                .where(AttachmentRecord.status == AttachmentStatus.PENDING, AttachmentRecord.due_at <= time)
                .order_by(AttachmentRecord.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True, of=AttachmentRecord)
            )
            downloads = []
            for record, conversation in rows:
                record.attempts, record.due_at = record.attempts + 1, time + LEASE
                downloads.append(_download(record, conversation))
            return downloads

    async def work(self, item: AttachmentDownload) -> DownloadResult:
        """Fetch one attachment; how that ended."""
        connector = self._connectors.get(item.channel)
        if connector is None:
            return _given_up(item, "This channel isn't connected any more.")
        try:
            async with asyncio.timeout(DOWNLOAD_TIMEOUT_SECONDS):
                content = await _read(connector, item)
        except RetryLater as wait:
            return _put_off(item, wait.after)
        except (Undeliverable, AttachmentTooLarge) as never:
            return _given_up(item, str(never))
        except Exception as error:  # the line broke: another time
            log.warning("attachments.not_fetched", attachment=item.id, error=type(error).__name__)
            return _put_off(item, 5.0 * 2**item.attempts)
        return DownloadResult(attachment_id=item.id, conversation_id=item.conversation_id, content=content)

    async def store(self, results: Sequence[DownloadResult]) -> None:
        """Store what was fetched and what wasn't, in one transaction. Raises `Unavailable`."""
        async with self._db.write() as session:
            for result in results:
                await _store_result(session, result)
        for result in results:
            if result.after_seconds is None:
                self._live.changed(result.conversation_id)


async def _store_result(session: AsyncSession, result: DownloadResult) -> None:
    record = await session.get(AttachmentRecord, result.attachment_id, with_for_update=True)
    if record is None:
        return  # erased meanwhile
    if result.content is not None:
        record.status, record.size = AttachmentStatus.KEPT, len(result.content)
        await session.merge(AttachmentContent(attachment_id=record.id, content=result.content))
    elif result.after_seconds is not None:
        record.due_at = now() + timedelta(seconds=result.after_seconds)
    else:
        record.status, record.reason = AttachmentStatus.FAILED, result.reason[:200]


def _put_off(item: AttachmentDownload, seconds: float) -> DownloadResult:
    if item.attempts >= MAX_ATTEMPTS:
        return _given_up(item, "The channel didn't give the file out.")
    return DownloadResult(attachment_id=item.id, conversation_id=item.conversation_id, after_seconds=seconds)


def _given_up(item: AttachmentDownload, reason: str) -> DownloadResult:
    return DownloadResult(attachment_id=item.id, conversation_id=item.conversation_id, reason=reason)


async def _read(connector: Connector, item: AttachmentDownload) -> bytes:
    content = bytearray()
    async for piece in connector.fetch(item.account, item.attachment):
        content += piece
        if len(content) > MAX_BYTES:
            raise AttachmentTooLarge(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    return bytes(content)


def _download(record: AttachmentRecord, conversation: Conversation) -> AttachmentDownload:
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
            facts=record.facts,
        ),
    )
