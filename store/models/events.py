"""What programs are told of conversations: events, the webhooks that want them, and each event on its way to one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import DeliveryStatus


class ConversationEvent(Base):
    """Something that happened to a conversation, stored in the transaction in which it happened.

    `number` rises in the order of commits, `id` is what receivers know a repeat by. `seq` is the line of the log that
    it is about. `facts` are ids and single words, never what somebody wrote.
    """

    __tablename__ = "conversation_events"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the number of an erased event is never given again
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    seq: Mapped[int]
    facts: Mapped[dict[str, str]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


class WebhookRecord(Base):
    """An address that is called when something happens. `secret` is encrypted.

    `failures` counts the attempts in a row that failed, the first of them at `failing_since`; after some of them it is
    left in peace until `paused_until`. `problem` says why it was switched off without anybody having asked for that.
    `with_text` sends what was written along.
    """

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    address: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(Text)
    kinds: Mapped[tuple[str, ...]] = mapped_column(default=())
    with_text: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(40), default="")
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class WebhookDelivery(Base):
    """One event on its way to one webhook. While it is being sent, `due_at` is the end of the lease.

    The webhook may be gone: no foreign key, so that its removal stops no customer's message.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_due", "status", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    webhook_id: Mapped[str] = mapped_column(String(32), index=True)
    event_number: Mapped[int] = mapped_column(ForeignKey("conversation_events.number"), index=True)
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    answer_code: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
