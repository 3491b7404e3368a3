"""What every table has: ids that can't be guessed, aware times in UTC, states kept as their own words."""

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import JSON, BindParameter, DateTime, Enum, MetaData, Table, bindparam, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from connectors.contract import AttachmentKind, Author, Channel, Choice
from store.clock import CLOCK
from store.models.facts import (
    ContactMove,
    CustomerAttributes,
    QuestionCandidate,
    RewordingSwitches,
    WeekTimes,
    read_attributes,
    read_candidates,
    read_choices,
    read_moves,
    read_week,
    write_choices,
    write_week,
)
from store.models.handoff_facts import DecisionRecord, SummaryRecord, WaitNoticeRecord
from store.models.json_value import JsonDocument, JsonValue, read_numbers, read_string_map, read_strings
from store.models.message_facts import MessageFacts
from store.models.states import (
    ArticleEvent,
    ArticleState,
    AttachmentStatus,
    Availability,
    DeliveryStatus,
    DigestInterval,
    ErasureStatus,
    ExpectedInput,
    FollowUpReason,
    FollowUpState,
    HeldKind,
    MailKind,
    MailRefusal,
    MessageKind,
    PromiseKind,
    Role,
    SiteStatus,
    StoragePlace,
    TurnStatus,
)
from store.status import Status
from store.triggers import Trigger, read_triggers, write_triggers

#: What was stored before there was a search, until it has been read for it.
UNSEARCHED = text("search_text IS NULL")


def new_id() -> str:
    """128 random bits: an id that can't be guessed."""
    return secrets.token_hex(16)


def now() -> datetime:
    """The time that all instances share, aware and in UTC."""
    return CLOCK.now()


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


class _TimeBefore(TypeDecorator[timedelta]):
    """A parameter that becomes the time so long before its statement is executed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> datetime | None:
        return None if value is None else (now() - value).astimezone(UTC)


def moment(before: timedelta = timedelta()) -> BindParameter[datetime]:
    """The time at which a statement is executed, or so long before: for one that is built once and kept."""
    return cast("BindParameter[datetime]", bindparam(None, before, type_=_TimeBefore()))


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
        JsonDocument: JSON,
        tuple[str, ...]: JsonValue(read_strings, list),
        tuple[float, ...]: JsonValue(read_numbers, list),
        dict[str, str]: JsonValue(read_string_map, dict),
        tuple[Choice, ...]: JsonValue(read_choices, write_choices),
        WeekTimes: JsonValue(read_week, write_week),
        tuple[ContactMove, ...]: JsonValue(read_moves, list),
        CustomerAttributes: JsonValue(read_attributes, dict),
        RewordingSwitches: JsonValue(RewordingSwitches.from_json, RewordingSwitches.as_json),
        DecisionRecord: JsonValue(DecisionRecord.from_json, DecisionRecord.as_json),
        SummaryRecord: JsonValue(SummaryRecord.from_json, SummaryRecord.as_json),
        WaitNoticeRecord: JsonValue(WaitNoticeRecord.from_json, WaitNoticeRecord.as_json),
        tuple[Trigger, ...]: JsonValue(read_triggers, write_triggers),
        MessageFacts: JsonValue(MessageFacts.from_json, MessageFacts.as_json),
        tuple[QuestionCandidate, ...]: JsonValue(read_candidates, list),
        Channel: _stored(Channel),
        AttachmentKind: _stored(AttachmentKind),
        AttachmentStatus: _stored(AttachmentStatus),
        StoragePlace: _stored(StoragePlace),
        Author: _stored(Author),
        MessageKind: _stored(MessageKind),
        Status: _stored(Status),
        TurnStatus: _stored(TurnStatus),
        DeliveryStatus: _stored(DeliveryStatus),
        DigestInterval: _stored(DigestInterval),
        ErasureStatus: _stored(ErasureStatus),
        MailKind: _stored(MailKind),
        MailRefusal: _stored(MailRefusal),
        Role: _stored(Role),
        Availability: _stored(Availability),
        ExpectedInput: _stored(ExpectedInput),
        PromiseKind: _stored(PromiseKind),
        FollowUpState: _stored(FollowUpState),
        FollowUpReason: _stored(FollowUpReason),
        HeldKind: _stored(HeldKind),
        ArticleEvent: _stored(ArticleEvent),
        ArticleState: _stored(ArticleState),
        SiteStatus: _stored(SiteStatus),
    }


def table_of(model: type[Base]) -> Table:
    """A model's table, for statements in Core: of rows instead of entities, which cost more than SQLite itself."""
    return cast(Table, model.__table__)
