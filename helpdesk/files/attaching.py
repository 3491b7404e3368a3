"""Files become part of a message, and go with it: statements for whoever holds the transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import AttachmentKind
from store.errors import Invalid
from store.models import (
    AttachmentRecord,
    AttachmentStatus,
    FilePiece,
    Message,
    StoragePlace,
    StoredFile,
    now,
)

#: Files of one message.
MAX_FILES = 10


class FileGone(Invalid):
    """A message names a file that its sender hasn't handed in, or that was erased meanwhile."""

    code = "file_gone"


async def attach_files(
    session: AsyncSession, message: Message, keys: Sequence[str], *, owner: str, days: int
) -> tuple[AttachmentKind, ...]:
    """Make the `owner`'s files part of a stored message, in this order; their kinds. Each can be sent once.

    They are erased after `days`. Raises `FileGone`.
    """
    if len(keys) > MAX_FILES or len(set(keys)) != len(keys):
        raise Invalid(f"A message has at most {MAX_FILES} files, each once.", code="too_many_files")
    time = now()
    rows = await session.execute(
        update(StoredFile)
        .where(StoredFile.key.in_(keys), StoredFile.owner == owner, StoredFile.is_complete, StoredFile.erase_at > time)
        .values(owner="", draft_of=None, erase_at=time + timedelta(days=days))
        .returning(StoredFile.key, StoredFile.name, StoredFile.media_type, StoredFile.size, StoredFile.width)
    )
    found = {row.key: row for row in rows}
    if len(found) != len(keys):
        raise FileGone("The file isn't here any more. Please add it once more.")
    records = [
        AttachmentRecord(
            conversation_id=message.conversation_id,
            message_id=message.id,
            kind=AttachmentKind.PHOTO if found[key].width else AttachmentKind.DOCUMENT,
            external_id="",
            name=found[key].name,
            media_type=found[key].media_type,
            size=found[key].size,
            file_key=key,
            status=AttachmentStatus.KEPT,
            created_at=time + timedelta(microseconds=number),  # the order in which they were added
        )
        for number, key in enumerate(keys)
    ]
    session.add_all(records)
    return tuple(record.kind for record in records)


def fetching_owner(attachment_id: str) -> str:
    """Whose a file is while it is fetched for an attachment: nobody else takes it up."""
    return f"attachment:{attachment_id}"


async def give_file(session: AsyncSession, key: str, *, until: datetime) -> None:
    """A fetched file is part of its message from now on."""
    await session.execute(update(StoredFile).where(StoredFile.key == key).values(owner="", erase_at=until))


async def erase_files(session: AsyncSession, where: ColumnElement[bool]) -> None:
    """Erase the attachments that `where` picks, with their files.

    What is in the database goes with the transaction, what is elsewhere as soon as it is committed.
    """
    keys = select(AttachmentRecord.file_key).where(where, AttachmentRecord.file_key.is_not(None))
    await _erase_stored(session, StoredFile.key.in_(keys))
    await session.execute(delete(AttachmentRecord).where(where))


async def erase_drafted(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Erase what agents have put into their drafts in these conversations and not sent."""
    await _erase_stored(session, StoredFile.draft_of.in_(conversation_ids))


async def erase_unsent(session: AsyncSession, owners: Sequence[str]) -> None:
    """Erase what these owners have handed in and not sent."""
    await _erase_stored(session, StoredFile.owner.in_(owners))


async def _erase_stored(session: AsyncSession, which: ColumnElement[bool]) -> None:
    of_database = select(StoredFile.key).where(which, StoredFile.place == StoragePlace.DATABASE)
    await session.execute(delete(FilePiece).where(FilePiece.key.in_(of_database)))
    await session.execute(delete(StoredFile).where(which, StoredFile.place == StoragePlace.DATABASE))
    await session.execute(
        update(StoredFile).where(which).values(owner="", draft_of=None, name="", thumbnail=None, erase_at=now())
    )
