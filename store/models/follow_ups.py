"""Follow-ups: contacts who are asked on a later day whether their matter is settled."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.states import FollowUpReason, FollowUpState

_LIVE = text("state IN ('planned', 'asked')")


class FollowUp(Base):
    """A contact is to be asked on a later day whether the matter is settled; one at a time in a conversation.

    Either `agent_id` has planned it, or `article` wants it. `text` is the question in the agent's words, empty: ours.
    `due_at` is when somebody has to see to it next: to ask, to see whether the question has arrived, or to end it.
    `asked_seq` is the line that asks, `answered_seq` the contact's answer; `settled` is what that says, if it says so.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("uq_follow_ups_live", "conversation_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_follow_ups_due", "state", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"), index=True)
    article: Mapped[str | None] = mapped_column(String(128))
    day: Mapped[date]
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.PLANNED)
    reason: Mapped[FollowUpReason | None]
    due_at: Mapped[datetime]
    asked_seq: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    answered_seq: Mapped[int | None]
    settled: Mapped[bool | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
