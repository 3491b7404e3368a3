"""Files as they are kept: what is known of each, and its bytes where the database holds them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import StoragePlace


class StoredFile(Base):
    """A file, and when it is erased. The row is there before the bytes and goes after them: none are forgotten.

    `owner` may still send it: the lane of a contact's address, or `agent:` and an agent's id; empty once it is part of
    a message. `draft_of` is the conversation whose draft an agent has put it into. `media_type` is what the content is,
    never what the sender says; `name` is the sender's, cleaned.
    """

    __tablename__ = "stored_files"
    key: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(320), default="", index=True)
    draft_of: Mapped[str | None] = mapped_column(String(32), index=True)
    place: Mapped[StoragePlace]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int | None]
    height: Mapped[int | None]
    is_complete: Mapped[bool] = mapped_column(default=False)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    erase_at: Mapped[datetime] = mapped_column(index=True)


class FilePiece(Base):
    """Some of a file's bytes, the pieces numbered from 0: no statement carries a whole file."""

    __tablename__ = "file_pieces"
    key: Mapped[str] = mapped_column(ForeignKey("stored_files.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
