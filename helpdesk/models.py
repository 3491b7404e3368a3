"""What stays: the tables. The nouns are those of docs/glossary.md; times are aware and in UTC."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from connectors.base import Address, Author, Channel, Choice
from helpdesk.status import Status


def new_id() -> str:
    """128 random bits: an id that can't be guessed."""
    return secrets.token_hex(16)


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time that comes back aware, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("times are stored with their zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Kind(StrEnum):
    """What a line of the log is."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NOTE = "note"
    ACTIVITY = "activity"


class TurnStatus(StrEnum):
    """How far a turn has come. `withheld`: the answer came after the baton had been passed on."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHHELD = "withheld"


class DeliveryStatus(StrEnum):
    """How far an outgoing message has come. `unknown`: it may have arrived, the channel didn't say."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Role(StrEnum):
    """What a member of staff may do; an admin may do all an agent may."""

    AGENT = "agent"
    ADMIN = "admin"


class Availability(StrEnum):
    """Whether an agent takes conversations."""

    ONLINE = "online"
    PAUSED = "paused"
    OFFLINE = "offline"


class ArticleState(StrEnum):
    """Whether customers get to see an article."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


def _stored(states: type[StrEnum]) -> Enum:
    """Kept as the state's own word, so that the tables can be read without the program."""
    return Enum(states, native_enum=False, length=16, values_callable=lambda them: [state.value for state in them])


class Base(DeclarativeBase):
    """The tables of Staffel."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        Channel: _stored(Channel),
        Author: _stored(Author),
        Kind: _stored(Kind),
        Status: _stored(Status),
        TurnStatus: _stored(TurnStatus),
        DeliveryStatus: _stored(DeliveryStatus),
        Role: _stored(Role),
        Availability: _stored(Availability),
        ArticleState: _stored(ArticleState),
    }


class Meta(Base):
    """Facts about this database, such as the `log_epoch` that changes when a backup is restored."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Contact(Base):
    """The person who wrote to us, known by the channel's own id."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[Channel]
    account: Mapped[str] = mapped_column(String(128))
    external_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Conversation(Base):
    """One thread with one contact on one channel. `epoch` is the baton: it rises each time the owner changes."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "account", "chat_id", "thread"),
        Index("ix_conversations_status_changed", "status", "changed_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    channel: Mapped[Channel]
    account: Mapped[str] = mapped_column(String(128))
    chat_id: Mapped[str] = mapped_column(String(128))
    thread: Mapped[str] = mapped_column(String(128), default="")
    status: Mapped[Status] = mapped_column(default=Status.BOT)
    epoch: Mapped[int] = mapped_column(default=1)
    last_seq: Mapped[int] = mapped_column(default=0)
    answered_seq: Mapped[int] = mapped_column(default=0)
    contact_seen_seq: Mapped[int] = mapped_column(default=0)
    agent_seen_seq: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"), index=True)
    language: Mapped[str] = mapped_column(String(8), default="de")
    formality: Mapped[str] = mapped_column(String(8), default="sie")
    last_article: Mapped[str | None] = mapped_column(String(128))
    page: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    resolved_at: Mapped[datetime | None]

    @property
    def address(self) -> Address:
        """Where an answer goes."""
        return Address(channel=self.channel, account=self.account, chat_id=self.chat_id, thread=self.thread or None)


class Message(Base):
    """One line of the log. `seq` has no gaps; `external_id` is the channel's own id of an incoming message."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("channel", "account", "external_id"),
        Index("ix_messages_turn_id", "turn_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    epoch: Mapped[int]
    kind: Mapped[Kind]
    author: Mapped[Author]
    author_name: Mapped[str] = mapped_column(String(200), default="")
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(String(500))
    choices: Mapped[list[Any]] = mapped_column(default=list)
    chosen: Mapped[int | None]
    article: Mapped[str | None] = mapped_column(String(128))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    channel: Mapped[Channel | None]
    account: Mapped[str | None] = mapped_column(String(128))
    external_id: Mapped[str | None] = mapped_column(String(200))
    turn_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def buttons(self) -> tuple[Choice, ...]:
        """The choices this message offers."""
        return tuple(Choice(title=choice["title"], payload=choice["payload"]) for choice in self.choices)


_OPEN_TURN = text("status IN ('pending', 'running')")
_LIVE_HANDOFF = text("ended_at IS NULL")


class Turn(Base):
    """One answer being worked on. At most one is open in a conversation."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("uq_turns_open", "conversation_id", unique=True, sqlite_where=_OPEN_TURN, postgresql_where=_OPEN_TURN),
        Index("ix_turns_due", "status", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    status: Mapped[TurnStatus] = mapped_column(default=TurnStatus.PENDING)
    epoch: Mapped[int]
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class Delivery(Base):
    """One outgoing message on its way. Deliveries of one lane leave in the order of their ids."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "status", "due_at"), Index("ix_deliveries_lane", "lane", "id"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    lane: Mapped[str] = mapped_column(String(320))
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    external_id: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class Handoff(Base):
    """One request for a person: why, with evidence; asked, accepted and ended when and by whom; the story so far."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_live",
            "conversation_id",
            unique=True,
            sqlite_where=_LIVE_HANDOFF,
            postgresql_where=_LIVE_HANDOFF,
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    triggers: Mapped[list[Any]] = mapped_column(default=list)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))


class Feedback(Base):
    """Whether an answer helped, once per answer."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "turn_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    turn_id: Mapped[str] = mapped_column(String(32))
    article: Mapped[str | None] = mapped_column(String(128), index=True)
    helpful: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Agent(Base):
    """A member of staff."""

    __tablename__ = "agents"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="de")
    languages: Mapped[list[Any]] = mapped_column(default=list)
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
    scopes: Mapped[list[Any]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]


class VisitorToken(Base):
    """What lets a browser back into its web chat. Only the hash is kept."""

    __tablename__ = "visitor_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class Article(Base):
    """One answer of the knowledge base. Variants hold what customers see; `draft` what an admin is still writing.

    `revision` is the knowledge base's revision of the last change that customers can see; every instance loads what
    is newer than the revision that it has.
    """

    __tablename__ = "articles"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    category: Mapped[str | None] = mapped_column(String(128), index=True)
    state: Mapped[ArticleState] = mapped_column(default=ArticleState.DRAFT)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str | None] = mapped_column(String(200))


class Variant(Base):
    """An article's published wording in one language."""

    __tablename__ = "variants"
    article_key: Mapped[str] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    phrasings: Mapped[list[Any]] = mapped_column(default=list)
    answer: Mapped[str] = mapped_column(Text)


class KnowledgeRevision(Base):
    """One row: the number that rises with every change of what customers can see."""

    __tablename__ = "knowledge_revision"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    revision: Mapped[int] = mapped_column(default=0)


class Embedding(Base):
    """The vector of a phrasing, by the hash of its text, so that nothing is embedded twice."""

    __tablename__ = "embeddings"
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
