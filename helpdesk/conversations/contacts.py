"""What is known of contacts beside what they wrote: how to find them, and that some are important."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address
from store.db import Database
from store.errors import NotFound
from store.models import Contact, Conversation

MAX_CONTACTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A contact as far as a program needs it to recognise the person."""

    id: str
    channel: str
    name: str | None
    email: str | None
    important: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a conversation is held, and the channel's own id of its contact."""

    address: Address
    contact_id: str


async def load_sender(db: Database, conversation_id: str) -> Sender:
    """Who a message from outside is from when only the conversation is known. Raises `NotFound`."""
    async with db.read() as session:
        conversation = await session.get(Conversation, conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        contact = await session.get_one(Contact, conversation.contact_id)
        return Sender(address=conversation.address, contact_id=contact.external_id)


async def find_contacts(
    db: Database, *, email: str | None = None, conversation: str | None = None
) -> list[ContactFacts]:
    """The contacts with this e-mail address (in whatever case) or of this conversation; at most `MAX_CONTACTS`."""
    wanted = select(Contact).order_by(Contact.created_at, Contact.id).limit(MAX_CONTACTS)
    if email is not None:
        wanted = wanted.where(func.lower(Contact.email) == email.strip().lower())
    if conversation is not None:
        wanted = wanted.where(Contact.id.in_(select(Conversation.contact_id).where(Conversation.id == conversation)))
    async with db.read() as session:
        return [_facts(contact) for contact in await session.scalars(wanted)]


async def mark_important(db: Database, contact_id: str, on: bool) -> list[ContactFacts]:
    """Mark a contact as important, or no longer, on every channel where it is known to be the same person.

    It counts from the next message on; a rule of the handoff makes use of it. Raises `NotFound`.
    """
    async with db.write() as session:
        contacts = await load_same_person(session, contact_id)
        for contact in contacts:
            contact.important = on
    return [_facts(contact) for contact in contacts]


async def load_same_person(session: AsyncSession, contact_id: str) -> list[Contact]:
    """The contact, and what it is on other channels, as far as that is known. Raises `NotFound`."""
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    if contact.person is None:
        return [contact]
    return list(await session.scalars(select(Contact).where(Contact.person == contact.person).order_by(Contact.id)))


def _facts(contact: Contact) -> ContactFacts:
    return ContactFacts(
        id=contact.id,
        channel=str(contact.channel),
        name=contact.name,
        email=contact.email,
        important=contact.important,
    )
