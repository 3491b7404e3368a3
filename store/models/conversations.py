"""The log and what is done about it: contacts, conversations, messages, turns, deliveries, handoffs."""

from datetime import datetime

from sqlalchemy import ColumnElement, FetchedValue, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from connectors.contract import Address, Author, Channel, Choice
from store.models.base import UNSEARCHED, Base, new_id, now
from store.models.facts import QuestionCandidate
from store.models.message_facts import LineMoodRecord, MessageFacts
from store.models.states import DeliveryStatus, FollowUpState, MailRefusal, MessageKind, TurnStatus
from store.status import Status

#: Which turns are open: what the unique index holds to one in a conversation.
OPEN_TURN = text("status IN ('pending', 'running')")

#: What is put off, which is little of all there is.
SNOOZED = text("snoozed_until IS NOT NULL")


class Meta(Base):
    """Facts about this database, such as the `log_epoch` that changes when a backup is restored."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Contact(Base):
    """The person who wrote to us, known by the channel's own id.

    Contacts with the same `person` (a `Person`) are one person on several channels. `number` is what agents call them
    by until there is a name. `forget_at` is when a wish to be forgotten is
    carried out, as soon as its confirmation has gone out. `campaign` is what the link said by which they began last.
    `mail_refusal` is why nothing more goes to `email`, until it is left anew; `no_follow_ups`: they don't want to be
    asked again whether a matter is settled. Since `blocked_at` nobody answers what they send: the agent `blocked_by`
    (a name) has decided so for the `blocked_reason`; they were told of it at `block_told_at`.
    `search_text` are the words that the search finds them by.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id"),
        Index("ix_contacts_unsearched", "id", sqlite_where=UNSEARCHED, postgresql_where=UNSEARCHED),
    )
    #: The database gives the number, on SQLite by a trigger, whose doing an INSERT … RETURNING does not see.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own form
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[Channel]
    account: Mapped[str] = mapped_column(String(128))
    external_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(32))
    important: Mapped[bool] = mapped_column(default=False)
    person: Mapped[str | None] = mapped_column(String(32), index=True)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    reachable: Mapped[bool] = mapped_column(default=True)
    forget_at: Mapped[datetime | None]
    campaign: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(server_default=FetchedValue(), unique=True, index=True)
    mail_refusal: Mapped[MailRefusal | None]
    no_follow_ups: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None]
    blocked_by: Mapped[str | None] = mapped_column(String(200))
    blocked_reason: Mapped[str | None] = mapped_column(String(300))
    block_told_at: Mapped[datetime | None]
    search_text: Mapped[str | None] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Conversation(Base):
    """One thread with one contact on one channel. `epoch` is the baton: it rises each time the owner changes.

    Until `snoozed_until` its owner has put it off.
    `follow_up` is the state of its live follow-up, so that whoever has the row knows whether there is one; so does
    `is_blocked` say that its contact is blocked.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "account", "chat_id", "thread"),
        Index("ix_conversations_status_changed", "status", "changed_at"),
        Index("ix_conversations_changed", "changed_at", "id"),
        Index("ix_conversations_snoozed_until", "snoozed_until", sqlite_where=SNOOZED, postgresql_where=SNOOZED),
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
    foreign_language: Mapped[str | None] = mapped_column(String(8))
    formality: Mapped[str] = mapped_column(String(8), default="sie")
    last_article: Mapped[str | None] = mapped_column(String(128))
    page: Mapped[str | None] = mapped_column(String(500))
    follow_up: Mapped[FollowUpState | None]
    is_blocked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    resolved_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]

    @property
    def address(self) -> Address:
        """Where an answer goes."""
        return Address(channel=self.channel, account=self.account, chat_id=self.chat_id, thread=self.thread or None)


class Message(Base):
    """One line of the log. `seq` has no gaps; `external_id` is the channel's own id of an incoming message.

    `search_text` are the words that the search finds it by; nobody reads it but the triggers that keep the index.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("channel", "account", "external_id"),
        Index("ix_messages_turn_id", "turn_id"),
        Index("ix_messages_unsearched", "id", sqlite_where=UNSEARCHED, postgresql_where=UNSEARCHED),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    epoch: Mapped[int]
    kind: Mapped[MessageKind]
    author: Mapped[Author]
    author_name: Mapped[str] = mapped_column(String(200), default="")
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str | None] = mapped_column(Text, deferred=True)
    payload: Mapped[str | None] = mapped_column(String(500))
    choices: Mapped[tuple[Choice, ...]] = mapped_column(default=())
    chosen: Mapped[int | None]
    article: Mapped[str | None] = mapped_column(String(128))
    facts: Mapped[MessageFacts] = mapped_column("data", default=MessageFacts())
    channel: Mapped[Channel | None]
    account: Mapped[str | None] = mapped_column(String(128))
    external_id: Mapped[str | None] = mapped_column(String(200))
    turn_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def mood(self) -> LineMoodRecord | None:
        """How this line of the contact reads."""
        mood = self.facts.mood
        if mood is None:
            return None
        return LineMoodRecord(seq=self.seq, frustration=mood.frustration, abuse=mood.abuse, shown_by=mood.shown_by)

    @hybrid_property
    def is_settled(self) -> bool:
        """Whether it was answered on the spot: no turn takes it up."""
        return self.facts.settled

    @is_settled.inplace.expression
    @classmethod
    def _is_settled(cls) -> ColumnElement[bool]:
        settled: ColumnElement[bool] = cls.facts["settled"].as_boolean().is_not(None)
        return settled

    @hybrid_property
    def is_reopened(self) -> bool:
        """Whether its words have changed since it was answered, so that it is to be answered again."""
        return self.facts.reopened

    @is_reopened.inplace.expression
    @classmethod
    def _is_reopened(cls) -> ColumnElement[bool]:
        reopened: ColumnElement[bool] = cls.facts["reopened"].as_boolean().is_not(None)
        return reopened

    @hybrid_property
    def album(self) -> str | None:
        """The channel's id of what several messages belong to that were sent as one."""
        return self.facts.album

    @album.inplace.expression
    @classmethod
    def _album(cls) -> ColumnElement[str | None]:
        album: ColumnElement[str | None] = cls.facts["album"].as_string()
        return album

    @hybrid_property
    def event(self) -> str | None:
        """What an activity says that happened."""
        return self.facts.activity.event if self.facts.activity else None

    @event.inplace.expression
    @classmethod
    def _event(cls) -> ColumnElement[str | None]:
        event: ColumnElement[str | None] = cls.facts["event"].as_string()
        return event


class Turn(Base):
    """One answer being worked on. At most one is open in a conversation."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("uq_turns_open", "conversation_id", unique=True, sqlite_where=OPEN_TURN, postgresql_where=OPEN_TURN),
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
    """One outgoing message on its way. Deliveries of one lane leave in the order of their ids.

    `parts` are the channel's ids of the parts that have gone out, `doubts` counts tries of which nobody knows the end.
    """

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
    parts: Mapped[tuple[str, ...]] = mapped_column(default=())
    doubts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


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


class AskedQuestion(Base):
    """One question of a customer and what came of the search: what gaps, replay and the articles' figures count.

    `article` is what the bot answered with, `candidates` what was found, best first.
    """

    __tablename__ = "asked_questions"
    __table_args__ = (Index("ix_asked_questions_at", "asked_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    turn_id: Mapped[str] = mapped_column(String(32), index=True)
    seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(16))
    article: Mapped[str | None] = mapped_column(String(128), index=True)
    confidence: Mapped[float | None]
    candidates: Mapped[tuple[QuestionCandidate, ...]] = mapped_column(default=())
    asked_at: Mapped[datetime] = mapped_column(default=now)


class VisitorToken(Base):
    """What lets a browser back into its web chat. Only the hash is kept.

    `identity` is the contact of the customer whom the web site has signed in on it, `browser` a hash of that browser's
    own key: both are missing while nobody is signed in.
    """

    __tablename__ = "visitor_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    identity: Mapped[str | None] = mapped_column(String(32), index=True)
    browser: Mapped[str | None] = mapped_column(String(64))
