"""Alerts into a chat of the staff's: where to and what for, and each alert on its way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from connectors.contract import Channel
from store.models.base import Base, now
from store.models.states import DeliveryStatus


class StaffAlertRule(Base):
    """The one rule of an installation: into which chat, and for which `reasons`; `minutes` is how long somebody waits.

    `with_text` sends along what the customer wants, in the words that were passed on.
    """

    __tablename__ = "staff_alert_rules"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    channel: Mapped[Channel]
    account: Mapped[str] = mapped_column(String(128))
    chat_id: Mapped[str] = mapped_column(String(128))
    minutes: Mapped[int] = mapped_column(default=5)
    reasons: Mapped[tuple[str, ...]] = mapped_column(default=())
    with_text: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=False)


class StaffAlert(Base):
    """One alert; `about` names the handoff or the promise, so that there is one for each and no second.

    While it is being sent, `due_at` is the end of the lease. `problem` is why it did not arrive, for an admin.
    """

    __tablename__ = "staff_alerts"
    __table_args__ = (Index("ix_staff_alerts_due", "status", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    about: Mapped[str] = mapped_column(String(48), unique=True)
    reason: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    problem: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)
