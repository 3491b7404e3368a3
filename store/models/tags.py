"""What agents call a conversation by, to find it and to count it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now


class TagColor(StrEnum):
    """The looks of a badge, as the theme names them."""

    PLAIN = "plain"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"


class Tag(Base):
    """A tag. `key` is its name in one spelling, so that "Rück-Frage" and "rueckfrage" aren't two."""

    __tablename__ = "tags"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    color: Mapped[str] = mapped_column(String(16), default=TagColor.PLAIN)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ConversationTag(Base):
    """A conversation has a tag since `tagged_at`."""

    __tablename__ = "conversation_tags"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    tag_id: Mapped[str] = mapped_column(ForeignKey("tags.id"), primary_key=True, index=True)
    tagged_at: Mapped[datetime] = mapped_column(default=now)
