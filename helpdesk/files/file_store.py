"""Keeping files: what they are is looked at, pictures are made anew, and each has a time at which it is erased."""

import asyncio
import shutil
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import delete, func, select, update

from connectors.contract import Address, Attachment, AttachmentKind, Undeliverable
from helpdesk.files.content import DatabaseContent, FileContent
from helpdesk.files.kinds import ANYTHING, MADE_ANEW, UnwantedKind, is_wanted, recognize
from helpdesk.files.names import clean_name, name_of_kind
from helpdesk.files.pictures import MadePicture, PictureMaker, PictureTooLarge, UnreadablePicture
from helpdesk.files.s3_content import S3Content, read_bucket
from helpdesk.files.uploads import pieces_of, spool
from store.db import Database
from store.errors import NotFound, TooManyRequests, Unavailable
from store.models import AttachmentRecord, AttachmentStatus, StoragePlace, StoredFile, new_id, now

log = structlog.get_logger()

#: What nobody sends is erased after so long.
UNSENT_FOR = timedelta(hours=1)
#: What is part of an agent's draft is erased with the draft, and after so long at the latest.
DRAFT_FOR = timedelta(days=30)
#: What one sender may have lying here unsent, an agent for each draft.
MAX_UNSENT = 20
ERASED_AT_ONCE = 50
#: How often it is looked whether the bucket of a file that is to be erased is set up again.
BUCKET_SOUGHT_EVERY = timedelta(days=1)
#: What files that come from browsers leave free where the database is a file.
MIN_FREE_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that is kept. `size` is in bytes; `width` and `height` are a picture's, in pixels."""

    key: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class FileStore:
    """Where files are kept and read. A `FileKeeper` for connectors."""

    def __init__(self, db: Database, content: FileContent) -> None:
        self._db = db
        self._content = content
        self._places: dict[StoragePlace, FileContent] = {
            StoragePlace.DATABASE: DatabaseContent(db),
            content.place: content,
        }
        self._pictures = PictureMaker()

    async def keep(self, address: Address, name: str, content: bytes) -> Attachment:
        """Keep a file that a channel has brought; any kind, for people to save."""
        kept = await self.take(address.lane, name, pieces_of(content), any_kind=True)
        kind = AttachmentKind.PHOTO if kept.width else AttachmentKind.DOCUMENT
        return Attachment(kind=kind, upload=kept.key, name=kept.name, media_type=kept.media_type, size=kept.size)

    async def take(
        self,
        owner: str,
        name: str,
        pieces: AsyncIterable[bytes],
        *,
        any_kind: bool = False,
        draft_of: str | None = None,
    ) -> KeptFile:
        """Keep a file of `owner`'s, who has an hour to send it, or 30 days as part of the draft in a conversation.

        Pictures are made anew. Without `any_kind` only what `is_wanted` is taken, and pictures that can be read. Raises
        `FileTooLarge`, `UnwantedKind`, `UnreadablePicture`, `PictureTooLarge`, `TooManyRequests`, `Unavailable`.
        """
        if not any_kind:
            self._check_room()
            await self._check_ration(owner, draft_of)
        shown = clean_name(name)
        async with spool(pieces) as path:
            media_type = await asyncio.to_thread(recognize, path, shown)
            if not any_kind and not is_wanted(media_type):
                raise UnwantedKind("Files of this kind aren't taken.")
            picture = await self._make_anew(path, media_type, any_kind=any_kind)
            if media_type in MADE_ANEW and picture is None:
                media_type = ANYTHING
            return await self._store(owner, shown, media_type, path, picture, draft_of)

    def _check_room(self) -> None:
        """Leave the last of the disk to the database: words matter more than files. Raises `Unavailable`."""
        file = self._db.file if self._content.place is StoragePlace.DATABASE else None
        if file is not None and shutil.disk_usage(file.parent).free < MIN_FREE_BYTES:
            log.warning("files.disk_nearly_full")
            raise Unavailable("There is no room for more files.")

    async def _check_ration(self, owner: str, draft_of: str | None) -> None:
        counted = select(func.count()).select_from(StoredFile)
        where = StoredFile.owner == owner, StoredFile.draft_of == draft_of
        async with self._db.read() as session:
            unsent = await session.scalar(counted.where(*where))
        if (unsent or 0) >= MAX_UNSENT:
            raise TooManyRequests("Too many files wait to be sent.", after=60)

    async def _make_anew(self, path: Path, media_type: str, *, any_kind: bool) -> MadePicture | None:
        """The picture without what was hidden in it; `None` for other files, and for a broken one of a channel's."""
        if media_type not in MADE_ANEW:
            return None
        try:
            return await self._pictures.make_anew(path)
        except (UnreadablePicture, PictureTooLarge):
            if any_kind:
                return None
            raise

    async def _store(
        self,
        owner: str,
        name: str,
        media_type: str,
        path: Path,
        picture: MadePicture | None,
        draft_of: str | None,
    ) -> KeptFile:
        source = picture.path if picture else path
        kept = KeptFile(
            key=new_id(),
            name=name_of_kind(name, picture.media_type) if picture and picture.media_type != media_type else name,
            media_type=picture.media_type if picture else media_type,
            size=source.stat().st_size,
            width=picture.width if picture else None,
            height=picture.height if picture else None,
        )
        row = StoredFile(
            key=kept.key,
            owner=owner,
            draft_of=draft_of,
            place=self._content.place,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            width=kept.width,
            height=kept.height,
            thumbnail=picture.thumbnail if picture else None,
            erase_at=now() + (DRAFT_FOR if draft_of else UNSENT_FOR),
        )
        async with self._db.write() as session:
            session.add(row)
        await self._content.write(kept.key, source)
        async with self._db.write() as session:
            await session.execute(update(StoredFile).where(StoredFile.key == kept.key).values(is_complete=True))
        return kept

    async def discard(self, owner: str, key: str) -> str | None:
        """Erase a file that its owner doesn't send after all; nothing happens to one that isn't theirs.

        Returns the conversation whose draft it was part of.
        """
        mine = StoredFile.key == key, StoredFile.owner == owner
        async with self._db.write() as session:
            of: str | None = await session.scalar(
                update(StoredFile).where(*mine).values(erase_at=now()).returning(StoredFile.draft_of)
            )
        await self.erase_due()
        return of

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """The content of a file. Raises `Undeliverable` when it has been erased, `Unavailable`."""
        async with self._db.read() as session:
            row = await session.get(StoredFile, key)
        if row is None:
            raise Undeliverable("The file has been erased.")
        async for piece in self.content_of(row.key, row.place):
            yield piece

    def content_of(self, key: str, place: StoragePlace) -> AsyncIterator[bytes]:
        """The content of a file that is in `place`. Raises `NotFound` when that isn't set up any more."""
        content = self._places.get(place)
        if content is None:
            raise NotFound("The file is in a bucket that isn't set up any more: set STAFFEL_FILES_URL.")
        return content.read(key)

    async def erase_due(self) -> int:
        """Erase files whose time has come, wherever they are; how many. Raises `Unavailable`."""
        async with self._db.read() as session:
            due = (
                await session.execute(
                    select(StoredFile.key, StoredFile.place).where(StoredFile.erase_at <= now()).limit(ERASED_AT_ONCE)
                )
            ).all()
        for key, place in due:
            await self._erase(key, place)
        return len(due)

    async def _erase(self, key: str, place: StoragePlace) -> None:
        """First the bytes, then the row: whoever dies in between does it once more.

        Bytes in a bucket that isn't set up can't be erased: their row waits for it, without a name.
        """
        content = self._places.get(place)
        if content is not None:
            await content.erase(key)
        async with self._db.write() as session:
            await session.execute(
                update(AttachmentRecord)
                .where(AttachmentRecord.file_key == key)
                .values(status=AttachmentStatus.FAILED, reason=EXPIRED, name="", file_key=None)
            )
            row = StoredFile.key == key
            if content is not None:
                await session.execute(delete(StoredFile).where(row))
                return
            later = now() + BUCKET_SOUGHT_EVERY
            await session.execute(update(StoredFile).where(row).values(name="", thumbnail=None, erase_at=later))
        log.warning("files.bucket_not_set_up", file=key, set="STAFFEL_FILES_URL")


#: What the desk says of a file whose time was up.
EXPIRED = "Erased after its time was up."


def make_file_store(db: Database, url: str) -> FileStore:
    """Files in the bucket that `url` names, in the database when it is empty. Raises ValueError."""
    return FileStore(db, S3Content(read_bucket(url)) if url else DatabaseContent(db))
