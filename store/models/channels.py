"""What belongs to the channels: our accounts there, what came along with messages, and who does what alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from connectors.contract import AttachmentKind, Channel
from store.models.base import Base, new_id, now
from store.models.states import AttachmentStatus


class ChannelAccount(Base):
    """One end of ours on a channel: a Telegram bot, a Slack workspace. `secrets` is encrypted JSON."""

    __tablename__ = "channel_accounts"
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    secrets: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, str]] = mapped_column(default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    problem: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class AttachmentRecord(Base):
    """Something that belongs to a message, either way, and how far the fetching of its content has come."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_due", "status", "due_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True)
    kind: Mapped[AttachmentKind]
    external_id: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int | None]
    facts: Mapped[dict[str, str]] = mapped_column(default=dict)
    file_key: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[AttachmentStatus] = mapped_column(default=AttachmentStatus.PENDING)
    reason: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ContactLink(Base):
    """A link that a contact may follow on another channel, once, until it expires. Only its hash is kept."""

    __tablename__ = "contact_links"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Pace(Base):
    """When something went out under a channel's limit (seconds since 1970), so that all instances keep it together."""

    __tablename__ = "paces"
    key: Mapped[str] = mapped_column(String(320), primary_key=True)
    taken: Mapped[tuple[float, ...]] = mapped_column(default=())
    paused_until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Lease(Base):
    """Which instance does what must not be done twice, and until when it has said so."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
