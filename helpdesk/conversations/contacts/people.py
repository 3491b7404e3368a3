"""Who several contacts are: bringing them together as one person, taking that back, and what agents write down.

Only `Contact.person` changes hands. A contact keeps its channel, address and conversations, so nobody's words become
somebody else's, and an undo puts every contact back where it was.
"""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.contact_blocks import lift_spread_block, spread_block
from store.errors import Conflict, NotFound
from store.models import Contact, ContactMerge, ContactMove, Identity, Person, VisitorToken, new_id, now

#: Who said that contacts are one person.
BY_AGENT, BY_LINK, BY_SIGN_IN, BY_PROGRAM = "agent", "link", "sign_in", "program"

_LOCK = 0x5374_6166_706F  # what PostgreSQL locks while people change


async def load_same_person(session: AsyncSession, contact: Contact) -> list[Contact]:
    """All contacts known to be the same person, this one included, in the order of their numbers."""
    if contact.person is None:
        return [contact]
    same = select(Contact).where(Contact.person == contact.person).order_by(Contact.number)
    return list(await session.scalars(same))


async def load_contact_by_id(session: AsyncSession, contact_id: str) -> Contact:
    """The contact. Raises `NotFound`."""
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


async def find_person(session: AsyncSession, contact: Contact) -> Person | None:
    """What is written down about the person; nothing as long as nobody has."""
    return await session.get(Person, contact.person) if contact.person else None


async def person_behind(session: AsyncSession, contact: Contact) -> Person:
    """The person whom the contact is, added where there is none yet."""
    person = await find_person(session, contact)
    if person is None:
        person = Person(id=contact.person or new_id(), note="")
        session.add(person)
        contact.person = person.id
        await session.flush()
    return person


async def join_people(
    session: AsyncSession, kept: Contact, joined: Contact, *, reason: str, agent_id: str | None = None
) -> ContactMerge | None:
    """`joined`, and whoever it was the same as, are from now on the person whom `kept` is; `None` when they were.

    Name and note are those of `kept`; the other's come back with an undo. A block of one of them is everybody's.
    """
    await lock_people(session)
    for contact in (kept, joined):
        await session.refresh(contact, ["person"])
    if kept.id == joined.id or (kept.person is not None and kept.person == joined.person):
        return None
    person = await person_behind(session, kept)
    moving = await load_same_person(session, joined)
    merge = ContactMerge(
        id=new_id(),
        person=person.id,
        moves=tuple(ContactMove(contact.id, contact.person) for contact in moving),
        reason=reason,
        agent_id=agent_id,
    )
    for contact in moving:
        contact.person = person.id
    session.add(merge)
    await session.flush()
    merge.blocked = tuple(await spread_block(session, await load_same_person(session, kept)))
    await session.flush()
    return merge


async def undo_merge(session: AsyncSession, merge_id: str, *, agent_id: str | None = None) -> ContactMerge:
    """Put every contact that a merge moved back to whom it was of, and let those in again whom it had blocked.

    Raises `NotFound`, and `Conflict` when the merge was undone already, or when a later one has moved them on: that one
    is to be undone first.
    """
    await lock_people(session)
    merge = await session.get(ContactMerge, merge_id, populate_existing=True)
    if merge is None:
        raise NotFound("There is no such merge.")
    if merge.undone_at is not None:
        raise Conflict("This merge has been undone already.", code="merge_undone")
    if merge.reason == BY_SIGN_IN:
        raise Conflict("The customer has signed in there: that they are the same is sure.", code="signed_in")
    contacts = await _load_moved(session, merge)
    if any(contact.person != merge.person for contact in contacts.values()):
        raise Conflict("These contacts were merged again since; undo that first.", code="merged_again")
    for move in merge.moves:
        if move.contact in contacts:
            contacts[move.contact].person = move.before
    merge.undone_at, merge.undone_by = now(), agent_id
    await session.flush()
    await _separate_blocks(session, merge, contacts)
    return merge


async def load_merges(session: AsyncSession, contact: Contact) -> list[ContactMerge]:
    """The merges that made a person what they are, the newest first."""
    if contact.person is None:
        return []
    made = select(ContactMerge).where(ContactMerge.person == contact.person, ContactMerge.undone_at.is_(None))
    return list(await session.scalars(made.order_by(ContactMerge.created_at.desc(), ContactMerge.id)))


async def lock_people(session: AsyncSession) -> None:
    """Let nobody else change who is whom until the transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def _separate_blocks(session: AsyncSession, merge: ContactMerge, moved: Mapping[str, Contact]) -> None:
    """A block goes with whom it was said of, for each of the people that there are now."""
    stayed = await session.scalars(select(Contact).where(Contact.person == merge.person).order_by(Contact.number))
    parted = {contact.person or contact.id: contact for contact in [*stayed, *moved.values()]}
    for contact in parted.values():
        merges = [merge, *await load_merges(session, contact)]
        await lift_spread_block(session, await load_same_person(session, contact), merges)
    await session.flush()


async def _load_moved(session: AsyncSession, merge: ContactMerge) -> dict[str, Contact]:
    """The contacts of a merge that haven't been erased since, by id."""
    moved = select(Contact).where(Contact.id.in_([move.contact for move in merge.moves]))
    found = await session.scalars(moved.execution_options(populate_existing=True))
    return {contact.id: contact for contact in found}


async def load_signed_in(session: AsyncSession, conversation_id: str) -> Identity | None:
    """The customer who is signed in on a browser that sees this conversation: what the web site vouches for."""
    held = select(VisitorToken.identity).where(
        VisitorToken.conversation_id == conversation_id, VisitorToken.expires_at > now()
    )
    return await session.scalar(select(Identity).where(Identity.contact_id.in_(held)).limit(1))
