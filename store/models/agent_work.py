"""What agents do besides answering: drafts, what is held while it can be undone, whom their notes name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import HeldKind


class AgentDraft(Base):
    """What an agent is writing in a conversation, once for answers and once for notes (`mode`).

    `id` is this draft's own, new with every draft that is begun, and becomes the key under which it is sent: what two
    windows send of one draft is sent once. `returned` says why it came back unsent: an error's code, or "undone".
    """

    __tablename__ = "agent_drafts"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    mode: Mapped[str] = mapped_column(String(8), primary_key=True)
    id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    returned: Mapped[str | None] = mapped_column(String(32))
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)


class HeldAction(Base):
    """What an agent has done and may undo until `due_at`: nobody else sees it, and nothing has happened by then.

    An answer has `text`, `files` and the `epoch` it was written under; a resolution has a `text` for the note that says
    why, if any. `read_seq` is the last line that the agent had read. While it is being done, `due_at` is the end of
    the lease.
    """

    __tablename__ = "held_actions"
    __table_args__ = (
        UniqueConstraint("conversation_id", "agent_id", "client_id"),
        Index("ix_held_actions_due", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    kind: Mapped[HeldKind]
    client_id: Mapped[str] = mapped_column(String(64))
    epoch: Mapped[int]
    read_seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[tuple[str, ...]] = mapped_column(default=())
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)


class StaffMention(Base):
    """A note, line `seq` of its conversation, names an agent."""

    __tablename__ = "mentions"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
