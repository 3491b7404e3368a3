"""Fetching what came along with messages: from the channel, after the message is stored."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Attachment, Channel, Connector, RetryLater, Undeliverable
from helpdesk.files.attaching import erase_unsent, fetching_owner, give_file
from helpdesk.files.file_store import FileStore, KeptFile
from helpdesk.files.uploads import FileTooLarge
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import AttachmentRecord, AttachmentStatus, Conversation, now

log = structlog.get_logger()

#: A file may take a minute, so that nobody waits for one at the end: it is fetched again.
DOWNLOAD_LIMITS = WorkerLimits(name="attachments", at_once=4, at_once_in_burst=4, idle_seconds=30.0, drain_seconds=0.0)
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=90)
DOWNLOAD_TIMEOUT_SECONDS = 60.0


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
    """How a download ended: with a `file`, to be tried again `after_seconds`, or for good with a `reason`."""

    attachment_id: str
    conversation_id: str
    file: KeptFile | None = None
    after_seconds: float | None = None
    reason: str = ""


class AttachmentDownloads:
    """The attachments that are to be fetched. A `LeaseSource`, with `store` for the results."""

    def __init__(
        self,
        db: Database,
        live: ChangeHints,
        connectors: Mapping[Channel, Connector],
        files: FileStore,
        *,
        kept_days: int,
    ) -> None:
        self._db = db
        self._live = live
        self._connectors = connectors
        self._files = files
        self._kept = timedelta(days=kept_days)

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
                pieces = connector.fetch(item.account, item.attachment)
                file = await self._files.take(fetching_owner(item.id), _name(item), pieces, any_kind=True)
        except RetryLater as wait:
            return _put_off(item, wait.after)
        except (Undeliverable, FileTooLarge) as never:
            return _given_up(item, str(never))
        except Exception as error:  # the line broke: another time
            log.warning("attachments.not_fetched", attachment=item.id, error=type(error).__name__)
            return _put_off(item, 5.0 * 2**item.attempts)
        return DownloadResult(attachment_id=item.id, conversation_id=item.conversation_id, file=file)

    async def store(self, results: Sequence[DownloadResult]) -> None:
        """Store what was fetched and what wasn't, in one transaction. Raises `Unavailable`."""
        async with self._db.write() as session:
            for result in results:
                await _store_result(session, result, self._kept)
        for result in results:
            if result.after_seconds is None:
                self._live.changed(result.conversation_id)


async def _store_result(session: AsyncSession, result: DownloadResult, kept: timedelta) -> None:
    record = await session.get(AttachmentRecord, result.attachment_id, with_for_update=True)
    if record is None:  # erased meanwhile, and what was fetched goes after it
        await erase_unsent(session, [fetching_owner(result.attachment_id)])
        return
    if result.file is not None:
        record.status, record.size, record.file_key = AttachmentStatus.KEPT, result.file.size, result.file.key
        record.media_type = result.file.media_type
        await give_file(session, result.file.key, until=now() + kept)
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


def _name(item: AttachmentDownload) -> str:
    return item.attachment.name or str(item.attachment.kind)


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
