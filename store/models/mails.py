"""Mails on their way to a mail server, and those that came in and were put aside."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument
from store.models.states import DeliveryStatus, MailKind


class MailDelivery(Base):
    """One mail. `content` is all of it as JSON: `None` until it is composed and again when its end is known.

    One about a conversation goes to its contact and covers its lines `first_seq` to `last_seq`; one to a member of
    staff names the agent. `doubts` counts tries of which nobody knows the end, `reason` is the server's word.
    """

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_due", "status", "due_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[MailKind]
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(320), default="")
    message_id: Mapped[str | None] = mapped_column(String(250), index=True)
    content: Mapped[JsonDocument | None] = mapped_column(JSON(none_as_null=True))
    first_seq: Mapped[int | None]
    last_seq: Mapped[int | None]
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class AsideMail(Base):
    """A mail that came in and that nobody answers: `reason` is an `AsideReason` of the e-mail connector.

    `conversation_id` is the conversation that it answers, such as an out-of-office note; that may be erased before it.
    """

    __tablename__ = "aside_mails"
    __table_args__ = (UniqueConstraint("account", "external_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account: Mapped[str] = mapped_column(String(128))
    external_id: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[str | None] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
