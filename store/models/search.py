"""What the desk's search rests on: a number for each conversation, and the lists that agents keep."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument

#: Tables of the full-text index, which no model describes: SQLite's FTS5 keeps its own beside it.
INDEX_TABLE = "search_index"


class ConversationNumber(Base):
    """A conversation's number in the order of their beginning, given and taken by triggers of the database.

    A line stands in the full-text index under `number * 2**20 + seq`; under seq 0 stands `search_text`, which is what
    the conversation is found by beside its lines: its id, and what is known of the contact.
    """

    __tablename__ = "conversation_numbers"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(String(32), unique=True)
    search_text: Mapped[str] = mapped_column(Text, default="", deferred=True)


class SavedView(Base):
    """A list of the desk with a name: what is searched and filtered. Its owner's alone, a team's, or everybody's."""

    __tablename__ = "saved_views"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False)
    wanted: Mapped[JsonDocument] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
