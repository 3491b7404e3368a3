"""What is kept of one person, counted by the table of personal data: what an admin sees before they decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from helpdesk.privacy.data_table import Whose
from helpdesk.privacy.erasure import told_rows
from helpdesk.privacy.export import load_contacts
from helpdesk.privacy.people_search import FoundPerson, describe_person
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.privacy.subjects import load_person_subject
from store.db import Database
from store.models import Base, Contact, Conversation, StoredFile

MAX_CONVERSATIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOfPerson:
    """`counts` are by title (a marked message), `contacts` and the newest `conversations` the rows themselves."""

    person: FoundPerson
    contacts: Sequence[Contact]
    conversations: Sequence[Conversation]
    counts: Sequence[tuple[str, int]]
    file_bytes: int


async def load_kept(db: Database, contact_id: str) -> KeptOfPerson:
    """What is kept of a contact and of all that are the same person. Raises `NotFound`."""
    async with db.read() as session:
        contacts = await load_contacts(session, contact_id)
        subject = await load_person_subject(session, contacts)
        counts: dict[str, int] = {}
        for name, entry in PERSONAL_DATA.items():
            if entry.whose:
                rows = select(func.count()).select_from(Base.metadata.tables[name]).where(subject.rows(entry))
                counts[name] = int(await session.scalar(rows) or 0)
        files = select(func.sum(StoredFile.size)).where(StoredFile.key.in_(subject.ids(Whose.FILE)))
        newest = (
            select(Conversation)
            .where(Conversation.id.in_(subject.ids(Whose.CONVERSATION)))
            .order_by(Conversation.changed_at.desc())
            .limit(MAX_CONVERSATIONS)
        )
        return KeptOfPerson(
            person=await describe_person(session, contacts[0]),
            contacts=contacts,
            conversations=list(await session.scalars(newest)),
            counts=told_rows(counts),
            file_bytes=int(await session.scalar(files) or 0),
        )
