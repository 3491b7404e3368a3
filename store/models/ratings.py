"""Whether customers were helped, asked once after a person has closed their conversation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from connectors.contract import Channel
from store.models.base import Base, new_id, now


class Rating(Base):
    """One question of how it was, and its answer; `helped` is None as long as nothing was said.

    `agent_id`, `team_id`, `article` and `channel` are who helped, with what and where, as they were when line
    `asked_seq` asked. `rated_seq` is the contact's line that answers it: their words are that line and the next.
    """

    __tablename__ = "ratings"
    __table_args__ = (Index("ix_ratings_rated_at", "rated_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[Channel]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    team_id: Mapped[str | None] = mapped_column(String(32))
    article: Mapped[str | None] = mapped_column(String(128))
    asked_seq: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    helped: Mapped[bool | None]
    rated_seq: Mapped[int | None]
    rated_at: Mapped[datetime | None]
