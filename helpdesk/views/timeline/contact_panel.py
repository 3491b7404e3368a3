"""Who a conversation is with: what agents have written down, what the web site has signed, and what was merged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contacts.people import BY_SIGN_IN, find_person, load_merges, load_same_person
from helpdesk.views.masking import Mask, mask_document
from store.models import Agent, Contact, ContactMerge, CustomerAttributes, Identity, Person

MAX_FOUND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """One contact as it is called; a person may be several."""

    id: str
    channel: str
    number: int
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    """Contacts that agents, programs or a link have brought to this person, and who did; it can be undone."""

    id: str
    at: datetime
    agent_name: str | None
    contacts: tuple[KnownContact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """What the web site has signed of a customer."""

    customer_id: str
    name: str | None
    email: str | None
    phone: str | None
    attributes: CustomerAttributes
    signed_in_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPanel:
    """A contact with everything that is known of the person. `given_name` is the agents' own name for them."""

    id: str
    number: int
    given_name: str | None
    note: str
    contacts: tuple[KnownContact, ...]
    identities: tuple[IdentityView, ...]
    merges: tuple[MergeView, ...]


async def load_contact_panel(session: AsyncSession, contact: Contact) -> ContactPanel:
    """The panel of a contact: four statements, fewer where nothing is known of a person."""
    person = await find_person(session, contact)
    contacts = await load_same_person(session, contact)
    ids = [each.id for each in contacts]
    identities = await session.scalars(
        select(Identity).where(Identity.contact_id.in_(ids)).order_by(Identity.signed_in_at.desc())
    )
    return ContactPanel(
        id=contact.id,
        number=contact.number,
        given_name=person.name if person else None,
        note=person.note if person else "",
        contacts=tuple(_known(each, None) for each in contacts if each.id != contact.id),
        identities=tuple(_identity(each) for each in identities),
        merges=await _load_merge_views(session, contact, contacts),
    )


def panel_for(mask: Mask, panel: ContactPanel) -> ContactPanel:
    """The panel as somebody may see it."""
    return replace(
        panel,
        given_name=panel.given_name and mask(panel.given_name),
        note=mask(panel.note),
        contacts=tuple(contact_for(mask, each) for each in panel.contacts),
        identities=tuple(
            replace(
                each,
                customer_id=mask(each.customer_id),
                name=each.name and mask(each.name),
                email=each.email and mask(each.email),
                phone=each.phone and mask(each.phone),
                attributes=mask_document(mask, each.attributes),
            )
            for each in panel.identities
        ),
        merges=tuple(
            replace(merge, contacts=tuple(contact_for(mask, each) for each in merge.contacts)) for merge in panel.merges
        ),
    )


def contact_for(mask: Mask, contact: KnownContact) -> KnownContact:
    """A contact as somebody may see it."""
    return replace(contact, name=contact.name and mask(contact.name), email=contact.email and mask(contact.email))


async def find_known_contacts(session: AsyncSession, words: str, *, other_than: Contact) -> list[KnownContact]:
    """Contacts by a part of a name or an address, by their number or the web site's own id; not who it is already."""
    is_other = Contact.id != other_than.id
    if other_than.person is not None:
        is_other &= Contact.person.is_distinct_from(other_than.person)
    rows = await session.execute(
        select(Contact, Person.name)
        .outerjoin(Person, Person.id == Contact.person)
        .outerjoin(Identity, Identity.contact_id == Contact.id)
        .where(is_other, _is_called(words.strip()))
        .order_by(Contact.number.desc())
        .limit(MAX_FOUND)
    )
    return [_known(contact, given) for contact, given in rows]


def _is_called(words: str) -> ColumnElement[bool]:
    """Whether a contact is what somebody has typed: a part of a name, an address, a number such as "Guest 417"."""
    number = words.rsplit(" ", 1)[-1]
    named = [
        func.lower(column).contains(words.lower(), autoescape=True)
        for column in (Contact.name, Person.name, Contact.email, Identity.email)
    ]
    is_number = Contact.number == int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    exact = [Identity.customer_id == words, *([] if is_number is None else [is_number])]
    return or_(*named, *exact)


async def _load_merge_views(
    session: AsyncSession, contact: Contact, contacts: Sequence[Contact]
) -> tuple[MergeView, ...]:
    merges = [merge for merge in await load_merges(session, contact) if merge.reason != BY_SIGN_IN]
    agents = {merge.agent_id for merge in merges if merge.agent_id}
    named = await session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(agents))) if agents else ()
    names = {agent_id: name for agent_id, name in named}
    known = {each.id: each for each in contacts}
    return tuple(_merge_view(merge, known, names) for merge in merges)


def _merge_view(merge: ContactMerge, known: dict[str, Contact], names: dict[str, str]) -> MergeView:
    return MergeView(
        id=merge.id,
        at=merge.created_at,
        agent_name=names.get(merge.agent_id or ""),
        contacts=tuple(_known(known[move.contact], None) for move in merge.moves if move.contact in known),
    )


def _known(contact: Contact, given_name: str | None) -> KnownContact:
    return KnownContact(
        id=contact.id,
        channel=str(contact.channel),
        number=contact.number,
        name=given_name or contact.name,
        email=contact.email,
    )


def _identity(row: Identity) -> IdentityView:
    return IdentityView(
        customer_id=row.customer_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        attributes=row.attributes,
        signed_in_at=row.signed_in_at,
    )
