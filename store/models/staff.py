"""The people who answer, how they come in, and the programs that do it for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import Availability, Role


class Agent(Base):
    """A member of staff. `capacity` is how many conversations at once are offered to them; `skills` are topics.

    `missed_offers` counts the offers in a row that they let pass, the last one made at `last_offer_at`.
    """

    __tablename__ = "agents"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="de")
    languages: Mapped[tuple[str, ...]] = mapped_column(default=())
    skills: Mapped[tuple[str, ...]] = mapped_column(default=())
    capacity: Mapped[int] = mapped_column(default=5)
    last_offer_at: Mapped[datetime | None]
    missed_offers: Mapped[int] = mapped_column(default=0)
    availability: Mapped[Availability] = mapped_column(default=Availability.OFFLINE)
    last_seen_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class AgentSession(Base):
    """A signed-in browser. Only the hash of its token is kept, so that the database opens no door."""

    __tablename__ = "agent_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")


class Invitation(Base):
    """A link that lets one person set a password, once, until it expires. Only its hash is kept."""

    __tablename__ = "invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    role: Mapped[Role]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """How often something was tried since `window_start`, counted in one statement so that a race can't slip by."""

    __tablename__ = "throttles"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    window_start: Mapped[datetime]
    count: Mapped[int]


class ApiKey(Base):
    """A program's key to /api/v1. Only its hash is kept."""

    __tablename__ = "api_keys"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[tuple[str, ...]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
