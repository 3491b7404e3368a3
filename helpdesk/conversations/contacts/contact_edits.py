"""What agents and programs write down about a contact: a name, addresses, a note; and who is the same person."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.contact_details import is_email, read_phone
from helpdesk.conversations.contacts.people import (
    BY_AGENT,
    join_people,
    load_contact_by_id,
    load_same_person,
    person_behind,
    undo_merge,
)
from helpdesk.conversations.log.message_text import clean
from helpdesk.conversations.lookups import load_agent, load_owner
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.handoff.summary.masks import HIDDEN
from store.errors import Conflict, Invalid
from store.models import Activity, Agent, Contact, now
from store.status import Status

MAX_NAME_LENGTH = 200
MAX_NOTE_LENGTH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdit:
    """What is to be written down; `None` leaves it as it is, an empty text takes it away."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None


async def edit_contact(c: OpenConversation, agent_id: str, edit: ContactEdit) -> None:
    """Write down what an agent knows of the contact. Raises `Invalid`, `NotFound`, `StaleEpoch`."""
    agent = await load_editor(c, agent_id)
    if await write_down(c.session, await c.load_contact(), edit):
        await c.log.append_activity(Activity(event="contact_edited", shown=False), agent=agent)


async def merge_contact(c: OpenConversation, agent_id: str, other_id: str) -> None:
    """Say that another contact is the same person. Raises `NotFound`, `Conflict` when that is known already."""
    agent = await load_editor(c, agent_id)
    other = await load_contact_by_id(c.session, other_id)
    merge = await join_people(c.session, await c.load_contact(), other, reason=BY_AGENT, agent_id=agent.id)
    if merge is None:
        raise Conflict("These contacts are one person already.", code="same_person")
    await c.log.append_activity(Activity(event="contacts_merged", shown=False), agent=agent)


async def undo_contact_merge(c: OpenConversation, agent_id: str, merge_id: str) -> None:
    """Take a merge back. Raises `NotFound`, `Conflict`."""
    agent = await load_editor(c, agent_id)
    await undo_merge(c.session, merge_id, agent_id=agent.id)
    await c.log.append_activity(Activity(event="contacts_separated", shown=False), agent=agent)


async def load_editor(c: OpenConversation, agent_id: str) -> Agent:
    """The agent, if they may change the contact: the owner, or anyone while nobody has the conversation."""
    agent = await load_agent(c.session, agent_id)
    if c.conversation.status == Status.ASSIGNED:
        await load_owner(c.session, c.conversation, agent_id)
    return agent


async def write_down(session: AsyncSession, contact: Contact, edit: ContactEdit) -> bool:
    """Keep what is known of a contact on all channels; whether that changed anything. Raises `Invalid`."""
    if any(HIDDEN in (text or "") for text in (edit.name, edit.email, edit.phone, edit.note)):
        raise Invalid("That is how masked data is shown, not the data.", code="masked")
    contacts = await load_same_person(session, contact)
    changed = False
    if edit.email is not None:
        changed |= _set(contacts, "email", _email(edit.email))
    if edit.phone is not None:
        changed |= _set(contacts, "phone", _phone(edit.phone))
    if edit.name is not None or edit.note is not None:
        changed |= await _write_person(session, contact, edit)
    return changed


async def _write_person(session: AsyncSession, contact: Contact, edit: ContactEdit) -> bool:
    person = await person_behind(session, contact)
    before = (person.name, person.note)
    if edit.name is not None:
        person.name = " ".join(clean(edit.name, MAX_NAME_LENGTH).split()) or None
    if edit.note is not None:
        person.note = clean(edit.note, MAX_NOTE_LENGTH)
    person.changed_at = now()
    return (person.name, person.note) != before


def _set(contacts: list[Contact], name: str, value: str | None) -> bool:
    changed = [contact for contact in contacts if getattr(contact, name) != value]
    for contact in changed:
        setattr(contact, name, value)
    return bool(changed)


def _email(text: str) -> str | None:
    address = text.strip()
    if address and not is_email(address):
        raise Invalid("This doesn't look like an e-mail address, expected name@example.org.", code="bad_email")
    return address or None


def _phone(text: str) -> str | None:
    if not text.strip():
        return None
    number = read_phone(text)
    if number is None:
        raise Invalid("This doesn't look like a telephone number.", code="bad_phone")
    return number
