"""Everything that is kept of somebody, read by the table of personal data, for JSON and for people to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.people import find_person, load_same_person
from helpdesk.conversations.tags import load_tags
from helpdesk.privacy.data_table import DataKind, TableEntry, Whose
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.privacy.subjects import DataSubject, load_person_subject
from store.db import Database
from store.errors import NotFound
from store.models import (
    AttachmentRecord,
    Base,
    Contact,
    ContactMerge,
    Conversation,
    Handoff,
    Identity,
    Message,
    StoredFile,
    now,
    table_of,
)

#: What no person can use: how often something was tried, until when it is held.
_TECHNICAL = frozenset({"attempts", "doubts", "lease_until", "epoch"})
#: Tables that stand in the export in a shape of their own, beside the general one.
_SHAPED = (
    "contacts",
    "people",
    "contact_merges",
    "identities",
    "conversations",
    "messages",
    "attachments",
    "handoffs",
    "conversation_tags",
)


async def export_contact(db: Database, contact_id: str) -> dict[str, Any]:
    """Everything that is kept of a contact and of all that are the same person, ready for JSON. Raises `NotFound`."""
    async with db.read() as session:
        contacts = await load_contacts(session, contact_id)
        contact = next(each for each in contacts if each.id == contact_id)
        subject = await load_person_subject(session, contacts)
        conversations = await session.scalars(
            select(Conversation)
            .where(Conversation.id.in_(subject.ids(Whose.CONVERSATION)))
            .order_by(Conversation.created_at, Conversation.id)
        )
        kept = {table: await _load_rows(session, PERSONAL_DATA[table], subject) for table in _further_tables()}
        of_nobody = {table: [row for row in rows if not row.get("conversation_id")] for table, rows in kept.items()}
        return {
            "contact": _exported_contact(contact),
            "same_person": [_exported_contact(each) for each in contacts if each.id != contact.id],
            "person": await _export_person(session, contact, subject),
            "mails_put_aside": kept["aside_mails"],
            "since": min(each.created_at for each in contacts).isoformat(),
            "conversations": [await _exported(session, each, kept) for each in conversations],
            "other": {table: rows for table, rows in of_nobody.items() if rows and table != "aside_mails"},
        }


async def load_contacts(session: AsyncSession, contact_id: str) -> list[Contact]:
    """A contact and all that are the same person. Raises `NotFound`."""
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise NotFound(f"There is no contact {contact_id}.")
    return await load_same_person(session, contact)


def _further_tables() -> list[str]:
    """The tables whose rows stand in an export as they are."""
    return [name for name, entry in PERSONAL_DATA.items() if entry.whose and entry.exported and name not in _SHAPED]


async def _load_rows(session: AsyncSession, entry: TableEntry, subject: DataSubject) -> list[dict[str, Any]]:
    """The subject's rows of a table, oldest first, without what is of no use to anybody."""
    table = Base.metadata.tables[entry.table]
    columns = _shown_names(table)
    owner = [table.c.conversation_id] if "conversation_id" in table.c and "conversation_id" not in columns else []
    times = [table.c[name] for name in ("created_at", "asked_at", "due_at") if name in table.c]
    wanted = select(*(table.c[name] for name in columns), *owner).where(subject.rows(entry)).order_by(*times)
    return [
        {name: _as_json(value) for name, value in row._mapping.items() if value not in (None, "", [], {})}
        for row in await session.execute(wanted)
    ]


def _shown_names(table: Table) -> list[str]:
    """Columns that the table of personal data names as somebody's, and numbers, times and states."""
    entry = PERSONAL_DATA[table.name]
    return [
        column.name
        for column in table.columns
        if not column.foreign_keys
        and column.name not in _TECHNICAL
        and entry.columns.get(column.name, DataKind.FACT) not in (DataKind.KEY, DataKind.FILE)
        and column.name != "search_text"
    ]


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if hasattr(value, "as_json"):
        return value.as_json()
    if isinstance(value, Mapping):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list | set):
        return [_as_json(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _told(row: Base, **renamed: str) -> dict[str, Any]:
    """All columns of a row that `_shown_names` has, under these names of the export's."""
    table, mapper = table_of(type(row)), inspect(type(row))
    values = {name: getattr(row, mapper.get_property_by_column(table.c[name]).key) for name in _shown_names(table)}
    return {renamed.get(name, name): _as_json(value) for name, value in values.items()}


def _exported_contact(contact: Contact) -> dict[str, Any]:
    return {"id": contact.id, **_told(contact, external_id="channel_id", created_at="since")}


async def _export_person(session: AsyncSession, contact: Contact, subject: DataSubject) -> dict[str, Any]:
    """What is written down about the person whom a contact is, and what the web site says of them."""
    person = await find_person(session, contact)
    signed_in = select(Identity).where(subject.rows(PERSONAL_DATA["identities"]))
    merges = select(ContactMerge).where(subject.rows(PERSONAL_DATA["contact_merges"]))
    return {
        **(_told(person) if person else {"name": None, "note": ""}),
        "identities": [_told(identity) for identity in await session.scalars(signed_in)],
        "merges": [
            {**_told(merge, created_at="at"), "contacts": [move.contact for move in merge.moves]}
            for merge in await session.scalars(merges.order_by(ContactMerge.created_at.desc(), ContactMerge.id))
        ],
    }


async def _exported(
    session: AsyncSession, conversation: Conversation, kept: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """One conversation with all that belongs to it; tables without a shape of their own under their names."""
    of_it = {
        table: [
            {name: value for name, value in row.items() if name != "conversation_id"}
            for row in rows
            if row.get("conversation_id") == conversation.id
        ]
        for table, rows in kept.items()
    }
    tags = (await load_tags(session, [conversation.id])).get(conversation.id, ())
    return {
        "id": conversation.id,
        **_told(conversation),
        "tags": [tag.name for tag in tags],
        "messages": await _messages(session, conversation.id),
        "handoffs": await _handoffs(session, conversation.id),
        "files": await _files(session, conversation.id),
        "unsent_files": await _unsent_files(session, conversation),
        **{table: rows for table, rows in of_it.items() if rows or table in ("ratings", "promises", "mails")},
    }


async def _messages(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    found = await session.scalars(
        select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
    )
    return [
        {
            **_told(message, author_name="name", data="facts", created_at="at"),
            "choices": [choice.title for choice in message.choices],
        }
        for message in found
    ]


async def _handoffs(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    found = await session.scalars(
        select(Handoff).where(Handoff.conversation_id == conversation_id).order_by(Handoff.asked_at)
    )
    return [_told(handoff) for handoff in found]


async def _files(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    found = await session.execute(
        select(AttachmentRecord, Message.seq)
        .join(Message, Message.id == AttachmentRecord.message_id)
        .where(AttachmentRecord.conversation_id == conversation_id)
        .order_by(Message.seq, AttachmentRecord.created_at)
    )
    return [{"id": record.id, "seq": seq, **_told(record)} for record, seq in found]


async def _unsent_files(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """What agents have put into their drafts, or hold back to be undone, and what the contact has only handed in."""
    theirs = StoredFile.owner == conversation.address.lane
    found = await session.scalars(
        select(StoredFile)
        .where((StoredFile.draft_of == conversation.id) | theirs, StoredFile.is_complete, StoredFile.erase_at > now())
        .order_by(StoredFile.created_at, StoredFile.key)
    )
    return [{"id": file.key, "by": "agent" if file.draft_of else "contact", **_told(file)} for file in found]
