"""Translations of what was said."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, now


class StoredTranslation(Base):
    """A text of a conversation in another language, so that it is paid for once. `text_hash` is of the original.

    For an answer that was translated before it was sent, it is the other way round: `text` is what the agent wrote.
    """

    __tablename__ = "translations"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
