"""Services of the company's at which the bot looks things up for customers."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument


class LookupRecord(Base):
    """A connected service and what customers ask it.

    `definition` is read and written in `helpdesk.lookups.definition`; `secret` is the value of its header, encrypted.
    `tried` is the fingerprint of the definition that was last tried with success: only that one may be on.
    """

    __tablename__ = "lookups"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    is_on: Mapped[bool] = mapped_column(default=False)
    definition: Mapped[JsonDocument] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(String(64), default="")
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)
