"""What is known of contacts beside what they wrote: how to find them, and that some are important."""

from dataclasses import dataclass

from sqlalchemy import func, select

from connectors.contract import Address, Channel
from helpdesk.conversations.contacts.people import load_contact_by_id, load_same_person
from helpdesk.conversations.visibility import is_visible_to
from store.db import Database
from store.errors import NotFound
from store.models import Contact, Conversation, MailRefusal

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
    db: Database, *, email: str | None = None, conversation: str | None = None, program: str | None = None
) -> list[ContactFacts]:
    """The contacts with this e-mail address (in whatever case) or of this conversation; at most `MAX_CONTACTS`.

    A conversation counts if the agent `program` may read it.
    """
    wanted = select(Contact).order_by(Contact.created_at, Contact.id).limit(MAX_CONTACTS)
    if email is not None:
        wanted = wanted.where(func.lower(Contact.email) == email.strip().lower())
    if conversation is not None:
        of = select(Conversation.contact_id).where(Conversation.id == conversation, is_visible_to(program))
        wanted = wanted.where(Contact.id.in_(of))
    async with db.read() as session:
        return [_facts(contact) for contact in await session.scalars(wanted)]


async def mark_important(db: Database, contact_id: str, on: bool | None) -> list[ContactFacts]:
    """Mark a contact as important, or no longer, on every channel where it is known to be the same person; `None`
    leaves that as it is.

    It counts from the next message on; a rule of the handoff makes use of it. Raises `NotFound`.
    """
    async with db.write() as session:
        contacts = await load_same_person(session, await load_contact_by_id(session, contact_id))
        for contact in contacts:
            contact.important = contact.important if on is None else on
    return [_facts(contact) for contact in contacts]


async def stop_mails(db: Database, contact_id: str) -> None:
    """The contact wants no more mails; nothing happens when it has been erased.

    Whoever writes by mail themselves is answered by mail: they only are not asked anything any more.
    """
    async with db.write() as session:
        contact = await session.get(Contact, contact_id)
        if contact is None:
            return
        if contact.channel is Channel.EMAIL:
            contact.no_follow_ups = True
        else:
            contact.mail_refusal = MailRefusal.STOPPED


async def writes_by_mail(db: Database, contact_id: str) -> bool:
    """Whether e-mail is how the contact writes to us."""
    async with db.read() as session:
        contact = await session.get(Contact, contact_id)
    return contact is not None and contact.channel is Channel.EMAIL


def _facts(contact: Contact) -> ContactFacts:
    return ContactFacts(
        id=contact.id,
        channel=str(contact.channel),
        name=contact.name,
        email=contact.email,
        important=contact.important,
    )
