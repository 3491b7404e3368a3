"""The people who answer, how they come in, and the programs that do it for them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import Availability, DigestInterval, Role


class Agent(Base):
    """A member of staff. `capacity` is how many conversations at once are offered to them; `skills` are topics.

    `missed_offers` counts the offers in a row that they let pass, the last one made at `last_offer_at`.
    `mail_digest` and `mail_promises` are what they hear of by mail while they are not online; `coach_off` are the kinds
    of hints on their drafts that they don't want. With `mail_weekly` the week's figures come by mail on Mondays.
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
    mail_digest: Mapped[DigestInterval] = mapped_column(default=DigestInterval.OFF)
    mail_promises: Mapped[bool] = mapped_column(default=False)
    coach_off: Mapped[tuple[str, ...]] = mapped_column(default=())
    mail_weekly: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)


class AgentSession(Base):
    """A signed-in browser. Only the hash of its token is kept, so that the database opens no door.

    `browser` is what it calls itself, `address` the network that it signed in from, shortened;
    `second_factor_at` is when a second factor was shown in it, `provider_id` the provider that vouched for the agent.
    """

    __tablename__ = "agent_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(40), default="")
    second_factor_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(32))


class SecondFactor(Base):
    """An agent's authenticator app. `secret` is encrypted; `last_step` is the newest 30 s whose code was taken.

    Until `confirmed_at` it is being set up and asked of nobody.
    """

    __tablename__ = "second_factors"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands for the app once. Only its hash is kept, and nothing once it is used."""

    __tablename__ = "recovery_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)


class Passkey(Base):
    """A passkey of an agent's. `credential_id` is what the device calls it, in base64url; `public_key` is COSE.

    `sign_count` is the highest that the device has told, 0 for one that doesn't count; `transports` are the ways to it
    that the browser named.
    """

    __tablename__ = "passkeys"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[tuple[str, ...]] = mapped_column(default=())
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is asked to sign, once and within minutes. Only its hash is kept.

    `holder` is the hash of the session, or of the sign-in form's nonce, that it was made for.
    """

    __tablename__ = "passkey_challenges"
    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


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
    """A program's key to /api/v1. Only its hash is kept; `id` names it to people.

    One of an agent's (`agent_id`) acts as this agent only. `last_used_at` is exact to the hour, `per_minute` how many
    requests it may make.
    """

    __tablename__ = "api_keys"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[tuple[str, ...]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    id: Mapped[str] = mapped_column(String(32), unique=True, default=new_id)
    per_minute: Mapped[int] = mapped_column(default=6_000, server_default="6000")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
