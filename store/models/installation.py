"""What an admin has set in the browser about the whole installation, and how far setting it up is."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, now


class Installation(Base):
    """One row, with id 1. Empty: not chosen, so the setting of that name holds. `accent` is `#rrggbb`.

    `saved_at` is when somebody last chose. `skipped` are steps of setting up that somebody passed over; with `ended_at`
    setting up is over.
    """

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    company: Mapped[str] = mapped_column(String(80), default="")
    bot_name: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    foreign_language: Mapped[str] = mapped_column(String(8), default="")
    formality: Mapped[str] = mapped_column(String(8), default="")
    accent: Mapped[str] = mapped_column(String(8), default="")
    saved_at: Mapped[datetime | None]
    skipped: Mapped[tuple[str, ...]] = mapped_column(default=())
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
