"""Who is behind the contacts: people over several channels, customers whom the web site vouches for, and its keys."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import UNSEARCHED, Base, new_id, now
from store.models.facts import ContactMove, CustomerAttributes


class Person(Base):
    """Whom several contacts are, and what agents have written down about them. `name` is the agents' own for them."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_unsearched", "id", sqlite_where=UNSEARCHED, postgresql_where=UNSEARCHED),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str | None] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ContactMerge(Base):
    """Contacts that became one person: each that moved, with whom it was before. `reason` is who said so.

    `blocked` are those who were blocked by it, because somebody of them was.
    """

    __tablename__ = "contact_merges"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(String(32), index=True)
    moves: Mapped[tuple[ContactMove, ...]] = mapped_column(default=())
    blocked: Mapped[tuple[str, ...]] = mapped_column(default=(), server_default="[]")
    reason: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))


class Identity(Base):
    """A customer whom the web site has signed in: what it vouches for, and the conversation that they see."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("ix_identities_unsearched", "contact_id", sqlite_where=UNSEARCHED, postgresql_where=UNSEARCHED),
    )
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(128), unique=True)
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), index=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    attributes: Mapped[CustomerAttributes] = mapped_column(default=dict)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    search_text: Mapped[str | None] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    signed_in_at: Mapped[datetime] = mapped_column(default=now)


class IdentityToken(Base):
    """A sign-in that was shown to us, and by which browser (a hash). Only its hash is kept, until it expires."""

    __tablename__ = "identity_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    browser: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16), default="")
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class IdentityKey(Base):
    """A key with which the web site signs its customers in; `secret` is encrypted. A retired one is good no more."""

    __tablename__ = "identity_keys"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]
