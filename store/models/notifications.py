"""How agents hear of what concerns them while no page is open: their devices, their wishes, what is on its way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import DeliveryStatus


class PushDevice(Base):
    """A browser that takes push messages for an agent. It ends with the session in which it was added.

    `endpoint` is the address at the browser's push service, known by its hash; `p256dh` and `auth` are what the browser
    wants messages to be encrypted with, in base64url.
    """

    __tablename__ = "push_devices"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    session_hash: Mapped[str] = mapped_column(ForeignKey("agent_sessions.token_hash", ondelete="CASCADE"), index=True)
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    browser: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class RemovedPushDevice(Base):
    """A browser that an agent has removed from elsewhere: it must not come back by itself when it is used again."""

    __tablename__ = "removed_push_devices"
    endpoint_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    removed_at: Mapped[datetime] = mapped_column(default=now)


class NotificationWish(Base):
    """What an agent wants to hear of; without a row, everything, at any time.

    `unwanted` are kinds; between `quiet_from` and `quiet_until` ("22:00", both empty: never) nothing is sent.
    """

    __tablename__ = "notification_wishes"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    unwanted: Mapped[tuple[str, ...]] = mapped_column(default=())
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    quiet_until: Mapped[str] = mapped_column(String(5), default="")


class Notification(Base):
    """One thing that an agent is to be told, stored with what it tells.

    `seq` is the line of the log that it is about. While it is being sent, `due_at` is the end of the lease.
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_due", "status", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int]
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
