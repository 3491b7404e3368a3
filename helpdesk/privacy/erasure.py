"""Taking away what is kept of somebody: every row of theirs in every table of the table of personal data."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.conversations.log.copied_words import have_bot_forget
from helpdesk.files.attaching import erase_drafted, erase_files, erase_unsent
from helpdesk.privacy.data_table import Whose
from helpdesk.privacy.people import forget_conversations, load_deserted_people, load_silent_contacts
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.privacy.saved_words import clear_saved_views
from helpdesk.privacy.subjects import (
    DataSubject,
    load_conversations_subject,
    load_person_subject,
    subject_of,
)
from helpdesk.privacy.traces import note_traces
from helpdesk.search.fill import clean_index
from store.db import Database
from store.errors import NotFound
from store.models import (
    AttachmentRecord,
    Base,
    Contact,
    Conversation,
    ErasureMark,
    ErasureRecord,
    ErasureStatus,
    StoredFile,
    now,
)
from store.upsert import insert_into

#: What a reader counts as something else already: a conversation's number, a file's pieces.
_NO_NEWS = frozenset({"conversation_numbers", "file_pieces"})


@dataclass(slots=True)
class ErasedRows:
    """How much went: rows by table, files by number and bytes. Never what stood in them."""

    rows: Counter[str] = field(default_factory=Counter)
    file_bytes: int = 0

    @property
    def conversations(self) -> int:
        """How many conversations."""
        return self.rows["conversations"]

    def add(self, other: "ErasedRows") -> None:
        """Count what went besides."""
        self.rows.update(other.rows)
        self.file_bytes += other.file_bytes


async def erase_contact(db: Database, contact_id: str) -> ErasedRows:
    """Erase a contact, and all others that are the same person, with their conversations. Raises `NotFound`."""
    async with db.write() as session:
        contact = await session.get(Contact, contact_id)
        if contact is None:
            raise NotFound(f"There is no contact {contact_id}.")
        erased = await erase_person(session, await load_same_person(session, contact))
        await note_traces(session, +erased.rows)
    await clean_index(db)
    return erased


async def erase_person(session: AsyncSession, contacts: Sequence[Contact]) -> ErasedRows:
    """Erase these contacts, who are one person, in one transaction."""
    await _lock_conversations(session, Conversation.contact_id.in_([each.id for each in contacts]))
    subject = await load_person_subject(session, contacts)
    await session.execute(
        update(ErasureRecord)
        .where(ErasureRecord.contact_id.in_(subject.ids(Whose.CONTACT)))
        .values(status=ErasureStatus.EXPIRED, contact_id="")
        .execution_options(synchronize_session=False)
    )
    await mark_erased(session, {contact_id: now() for contact_id in subject.ids(Whose.CONTACT)})
    names = await clear_saved_views(session, contacts, subject)
    erased = await _erase_rows(session, subject.without(Whose.PERSON))
    erased.rows["saved_views"] += names
    erased.add(await _erase_people(session, subject.ids(Whose.PERSON)))
    return erased


async def mark_erased(session: AsyncSession, contacts: Mapping[str, datetime]) -> None:
    """Put contacts on the ledger of erasures, by id, with when it was; one that another instance erases too, once."""
    rows = [{"contact_id": contact_id, "erased_at": contacts[contact_id]} for contact_id in sorted(contacts)]
    if rows:
        await session.execute(insert_into(session, ErasureMark).values(rows).on_conflict_do_nothing())


async def erase(session: AsyncSession, conversation_ids: Collection[str]) -> ErasedRows:
    """Erase conversations whole, and their contacts where nothing else is known of them."""
    if not conversation_ids:
        return ErasedRows()
    await _lock_conversations(session, Conversation.id.in_(conversation_ids))
    of_them = select(Conversation.contact_id).where(Conversation.id.in_(conversation_ids))
    contacts = list(await session.scalars(of_them))
    erased = await _erase_rows(session, await load_conversations_subject(session, conversation_ids))
    silent = await load_silent_contacts(session, contacts)
    if silent:
        found = list(await session.scalars(select(Contact).where(Contact.id.in_(silent))))
        subject = await load_person_subject(session, found)
        people = subject.ids(Whose.PERSON)
        mails = subject.values[Whose.MAIL_ADDRESS]
        erased.add(await _erase_rows(session, subject_of(contact=silent, mail_address=mails)))
        erased.add(await _erase_people(session, people))
    return erased


async def _lock_conversations(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Take them before anything that hangs on them, as whoever writes does: else both would wait for each other."""
    await session.execute(select(Conversation.id).where(which).order_by(Conversation.id).with_for_update())


async def _erase_rows(session: AsyncSession, subject: DataSubject) -> ErasedRows:
    """Delete the subject's rows, those that refer to others first. The bot is to forget the conversations."""
    erased = ErasedRows()
    conversations = subject.ids(Whose.CONVERSATION)
    files = StoredFile.key.in_(subject.ids(Whose.FILE))
    if conversations:
        row = (await session.execute(select(func.count(), func.sum(StoredFile.size)).where(files))).one()
        erased.rows["stored_files"], erased.file_bytes = row[0], int(row[1] or 0)
        await erase_files(session, AttachmentRecord.conversation_id.in_(conversations))
        await erase_unsent(session, subject.ids(Whose.LANE))
        await erase_drafted(session, list(conversations))
        await forget_conversations(session, conversations)
    for table in reversed(Base.metadata.sorted_tables):
        entry = PERSONAL_DATA.get(table.name)
        if entry is None or entry.erased_by or not any(subject.values.get(whose) for whose in entry.whose.values()):
            continue
        gone = await session.execute(delete(table).where(subject.rows(entry)))
        erased.rows[table.name] += int(getattr(gone, "rowcount", 0))
    await have_bot_forget(session, conversations)
    return erased


async def _erase_people(session: AsyncSession, people: Collection[str]) -> ErasedRows:
    """Erase the people whom no contact is any more, with the merges that made them and whom they were made of."""
    gone = await load_deserted_people(session, people)
    return await _erase_rows(session, subject_of(person=gone)) if gone else ErasedRows()


def told_rows(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """What went, as a receipt tells it: by title, in the table's order; tables of one title together."""
    told: dict[str, int] = {}
    for entry in PERSONAL_DATA.values():
        if (count := rows.get(entry.table, 0)) and entry.table not in _NO_NEWS:
            told[entry.title or entry.table] = told.get(entry.title or entry.table, 0) + count
    return list(told.items())
