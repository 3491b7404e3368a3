"""Files that came along with messages, as staff read them."""

from dataclasses import dataclass

from store.db import Database
from store.errors import NotFound
from store.models import AttachmentContent, AttachmentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A fetched attachment. `name` and `media_type` are the sender's: never believe them."""

    name: str
    media_type: str
    kind: str
    content: bytes


class Attachments:
    """Gives out what came along with messages."""

    def __init__(self, db: Database) -> None:
        self._db = db

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
