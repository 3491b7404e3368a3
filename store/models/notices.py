"""Known disturbances that customers are told of, and who has been told."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now


class NoticeRecord(Base):
    """What an admin wants customers to be told of a disturbance. `name` is for staff, `texts` are by language.

    It concerns the `categories` of articles and whatever is near to the `words`. While `is_on` it is told from
    `starts_at` until `ends_at`; without `ends_at` until it is switched off.
    """

    __tablename__ = "notices"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    texts: Mapped[dict[str, str]]
    categories: Mapped[tuple[str, ...]] = mapped_column(default=())
    words: Mapped[tuple[str, ...]] = mapped_column(default=())
    starts_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime | None]
    is_on: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class NoticeTelling(Base):
    """A conversation has been told of a disturbance, which happens once. `seq` is the line that says it.

    `asked_at` is when the contact asked about what the notice concerns; None: nothing of it was asked so far.
    """

    __tablename__ = "notice_tellings"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), primary_key=True, index=True)
    seq: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(default=now)
    asked_at: Mapped[datetime | None]
