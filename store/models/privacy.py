"""Erasures that were asked for and done, and what customers are told about the use of their data."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument
from store.models.states import ErasureStatus


class ErasureRecord(Base):
    """A wish to erase somebody, and its receipt: who asked, who confirmed, what went and how much.

    `contact_id` is empty once they are erased: nothing leads from a receipt to a person but the `reference` that the
    admin gave it, such as the number of a letter. Until `ends_at` another admin may confirm it. `report` holds counts.
    """

    __tablename__ = "erasures"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    reference: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[ErasureStatus] = mapped_column(default=ErasureStatus.WAITING)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    ends_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    report: Mapped[JsonDocument] = mapped_column(JSON, default=dict)


class ErasureMark(Base):
    """That a contact was erased, and when: what a backup of before has of them is erased again when it is put back.

    `contact_id` is random and means nobody any more.
    """

    __tablename__ = "erasure_marks"
    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(default=now, index=True)


class PrivacyNotice(Base):
    """What customers are told about their data, and where they read more; `channel` empty: on every channel.

    `text` is the company's own sentence, empty: Staffel's.
    """

    __tablename__ = "privacy_notices"
    channel: Mapped[str] = mapped_column(String(16), primary_key=True, default="")
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    address: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(String(300), default="")
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)
