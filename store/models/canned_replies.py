"""Answers that agents have ready."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now


class CannedReply(Base):
    """An answer that agents insert by its `shortcut`. `texts` are by language and form of address ("de@informal").

    It is one agent's (`owner`, their id) or, where that is empty, everybody's, with a `team_id` that team's. `uses`
    counts how often it was inserted.
    """

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("owner", "shortcut"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(32), default="")
    shortcut: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    texts: Mapped[dict[str, str]]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    uses: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)
