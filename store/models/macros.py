"""Several steps that agents take with one key."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument


class MacroRecord(Base):
    """A macro. `steps` are read and written in `helpdesk.macros.macro`, under the key "steps".

    It is one agent's (`owner`, their id) or, where that is empty, everybody's, with a `team_id` that team's. `revision`
    counts its changes, `uses` how often it was run.
    """

    __tablename__ = "macros"
    __table_args__ = (UniqueConstraint("owner", "name"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(80))
    steps: Mapped[JsonDocument] = mapped_column(JSON)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)
