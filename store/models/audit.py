"""Who did what: entries that are only ever added, each with the hash of the one before it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, now


class AuditEntry(Base):
    """One act of somebody's. Triggers of the database refuse every change, and removal before its checkpoint.

    `actor_kind` is `agent`, `key`, `command` or `nobody`. `subject` is the id of what it was done to; `before` and
    `after` are ids, roles and single words, never what a customer wrote. `address` is shortened. `once` keeps an act
    from being entered twice, such as the reading of a conversation within an hour.
    """

    __tablename__ = "audit_entries"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    action: Mapped[str] = mapped_column(String(64), index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(80), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(160), index=True)
    before: Mapped[dict[str, str]] = mapped_column(default=dict)
    after: Mapped[dict[str, str]] = mapped_column(default=dict)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry, in one row that is locked while the next one is added: so the chain never forks."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """Up to here entries may have been removed, for they were too old; `hash` is that of the last of them."""

    __tablename__ = "audit_checkpoints"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(default=now)


class UnmaskGrant(Base):
    """An agent sees the personal data of a conversation that isn't theirs, until then."""

    __tablename__ = "unmaskings"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime]
