"""Reading what belongs to a message: for who may see its conversation, and for the way out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from connectors.contract import OutboundFile
from helpdesk.files.file_store import FileStore
from store.db import Database
from store.errors import NotFound, TooManyRequests
from store.models import AttachmentRecord, Message, MessageKind, StoredFile

#: What the files of one conversation may take.
MAX_CONVERSATION_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDownload:
    """A file to be given out. `media_type` is what its content is, `name` the sender's, cleaned; `size` is in bytes."""

    name: str
    media_type: str
    size: int
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """What belongs to a line. `status` is that of its content; `facts` holds what has no file, such as a place.

    `width` and `height` are a picture's, in pixels: whoever has some has a small copy too.
    """

    id: str
    kind: str
    name: str
    media_type: str
    size: int | None
    status: str
    reason: str | None
    facts: dict[str, str]
    width: int | None
    height: int | None


async def load_attached_files(
    session: AsyncSession, messages: Sequence[Message]
) -> dict[str, tuple[AttachedFile, ...]]:
    """What belongs to each message that has something, by the message's id; no statement where none has."""
    found: dict[str, tuple[AttachedFile, ...]] = {}
    ids = [message.id for message in messages if message.facts.attached]
    if not ids:
        return found
    rows = await session.execute(
        select(AttachmentRecord, StoredFile.width, StoredFile.height)
        .outerjoin(StoredFile, StoredFile.key == AttachmentRecord.file_key)
        .where(AttachmentRecord.message_id.in_(ids))
        .order_by(AttachmentRecord.created_at, AttachmentRecord.id)
    )
    for record, width, height in rows:
        file = AttachedFile(
            id=record.id,
            kind=str(record.kind),
            name=record.name,
            media_type=record.media_type,
            size=record.size,
            status=str(record.status),
            reason=record.reason,
            facts=record.facts,
            width=width,
            height=height,
        )
        found[record.message_id] = (*found.get(record.message_id, ()), file)
    return found


class AttachedFiles:
    """Gives out what belongs to the messages of a conversation; whoever asks has shown that they may see that."""

    def __init__(self, db: Database, files: FileStore) -> None:
        self._db = db
        self._files = files

    async def open(self, attachment_id: str, conversation_id: str, *, notes: bool) -> FileDownload:
        """The file of an attachment, those of notes between agents only with `notes`. Raises `NotFound`."""
        row = await self._find(attachment_id, conversation_id, notes=notes, thumbnail=False)
        return FileDownload(
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            pieces=self._files.content_of(row.key, row.place),
        )

    async def thumbnail(self, attachment_id: str, conversation_id: str, *, notes: bool) -> bytes:
        """A picture's small copy, as WebP. Raises `NotFound`."""
        row = await self._find(attachment_id, conversation_id, notes=notes, thumbnail=True)
        if row.thumbnail is None:
            raise NotFound("There is no small copy of this file.")
        return row.thumbnail

    async def check_room(self, conversation_id: str) -> None:
        """Raises `TooManyRequests` when a conversation holds as many files as one may."""
        if await self._load_total_bytes(conversation_id) > MAX_CONVERSATION_BYTES:
            raise TooManyRequests("This conversation holds too many files.", after=3600)

    async def _load_total_bytes(self, conversation_id: str) -> int:
        query = (
            select(func.coalesce(func.sum(StoredFile.size), 0))
            .join(AttachmentRecord, AttachmentRecord.file_key == StoredFile.key)
            .where(AttachmentRecord.conversation_id == conversation_id)
        )
        async with self._db.read() as session:
            return int(await session.scalar(query) or 0)

    async def _find(self, attachment_id: str, conversation_id: str, *, notes: bool, thumbnail: bool) -> StoredFile:
        query = (
            select(StoredFile)
            .join(AttachmentRecord, AttachmentRecord.file_key == StoredFile.key)
            .join(Message, Message.id == AttachmentRecord.message_id)
            .where(AttachmentRecord.id == attachment_id, AttachmentRecord.conversation_id == conversation_id)
        )
        if not notes:
            query = query.where(Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]))
        if thumbnail:
            query = query.options(undefer(StoredFile.thumbnail))
        async with self._db.read() as session:
            row = await session.scalar(query)
        if row is None:
            raise NotFound("There is no such file, or it has been erased.")
        return row


async def load_outbound_files(
    session: AsyncSession, messages: Sequence[Message]
) -> dict[str, tuple[OutboundFile, ...]]:
    """The files of messages that go out, by message; no statement where there is none."""
    found: dict[str, tuple[OutboundFile, ...]] = {}
    message_ids = [message.id for message in messages if message.facts.attached]
    if not message_ids:
        return found
    rows = await session.execute(
        select(AttachmentRecord.message_id, StoredFile)
        .join(StoredFile, StoredFile.key == AttachmentRecord.file_key)
        .where(AttachmentRecord.message_id.in_(message_ids))
        .order_by(AttachmentRecord.created_at, AttachmentRecord.id)
    )
    for message_id, row in rows:
        file = OutboundFile(
            key=row.key,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            width=row.width,
            height=row.height,
        )
        found[message_id] = (*found.get(message_id, ()), file)
    return found
