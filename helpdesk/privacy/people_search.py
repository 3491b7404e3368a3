"""Finding a person by whatever they might name: name, mail, phone, the channel's own id, their number, an order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.search.index_words import contact_words
from helpdesk.search.matching import load_matches
from helpdesk.search.query import read_query
from store.db import Database
from store.models import AsideMail, Contact, Conversation, ConversationNumber, Identity, MailDelivery, Person

#: People that one search shows.
MAX_FOUND = 50
_GUEST_NUMBER = re.compile(r"\D{0,20}#?\s*(\d{1,9})")
#: A link to an address, as it is copied from a page or a letter; what follows `?` is no part of the address.
_LINK = re.compile(r"(?:mailto|tel|sms):(?://)?([^?]+)(?:\?.*)?", re.IGNORECASE)
#: An address as mail programs show it: Ida Weber <ida@example.org>.
_SHOWN_ADDRESS = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+)>")
#: A number of an order or a customer: letters or none, then digits in whatever groups.
_ORDER_NUMBER = re.compile(r"#?\s*([^\W\d_]{0,8})[\s/._-]*(\d[\d\s/._-]*)")
_SEPARATORS = (" ", "-", ".", "/", "_")
_MIN_ORDER_DIGITS = 4
_NUMBER_WORD = 6  # letters from which on a folded number is one, its mark included


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """One person: the contact by which they are opened, what they are known by, and how much there is."""

    contact_id: str
    number: int
    name: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    channels: tuple[str, ...]
    contacts: int
    conversations: int
    last_at: datetime | None


async def find_contacts(db: Database, wanted: str) -> list[str]:
    """The ids of the contacts that somebody may mean who names `wanted`, the surest first.

    Addresses count in any case and as links (mailto:), telephone numbers in any form, names without accents and with
    one letter wrong; an order number, however its letters and digits are kept apart, is found in what was written. A
    whole id, an address or a number of ours that fits leaves out the rest.
    """
    async with db.read() as session:
        return await _find_ids(session, _meant(wanted))


async def find_people(db: Database, wanted: str) -> list[FoundPerson]:
    """The people whom `find_contacts` finds, each once."""
    async with db.read() as session:
        ids = await _find_ids(session, _meant(wanted))
        found = list(await session.scalars(select(Contact).where(Contact.id.in_(ids))))
        people = {
            contact.person or contact.id: contact for contact in sorted(found, key=lambda one: -ids.index(one.id))
        }
        shown = sorted(people.values(), key=lambda one: ids.index(one.id))[:MAX_FOUND]
        return [await describe_person(session, contact) for contact in shown]


def _meant(wanted: str) -> str:
    """What is looked for, without the link or the name around it."""
    text = wanted.strip()
    if link := _LINK.fullmatch(text):
        text = unquote(link[1]).strip()
    shown = _SHOWN_ADDRESS.fullmatch(text)
    return shown[1] if shown else text


def _order_number(wanted: str) -> tuple[str, str] | None:
    """The letters and the digits of a number, where `wanted` may be one of an order or a customer."""
    found = _ORDER_NUMBER.fullmatch(wanted)
    digits = re.sub(r"\D", "", found[2]) if found else ""
    return (found[1], digits) if found and len(digits) >= _MIN_ORDER_DIGITS else None


async def _find_ids(session: AsyncSession, wanted: str) -> list[str]:
    if not wanted:
        return []
    if sure := await _load_ids(session, [*_exactly(wanted)]):
        return sure
    ids = await _load_ids(session, [*_like(wanted)])
    written = [wanted]
    if number := _order_number(wanted):
        written += [" ".join(number), "".join(number)]
    for form in dict.fromkeys(written):
        ids += await _of_conversations(session, form)
    return list(dict.fromkeys(ids))[:MAX_FOUND]


def _exactly(wanted: str) -> Iterable[ColumnElement[bool]]:
    lower = wanted.lower()
    yield Contact.id == lower
    yield Contact.external_id == wanted
    yield func.lower(Contact.email) == lower
    yield Contact.id.in_(
        select(Identity.contact_id).where((func.lower(Identity.email) == lower) | (Identity.customer_id == wanted))
    )
    if number := _order_number(wanted):
        together = func.lower(Identity.customer_id)
        for separator in _SEPARATORS:
            together = func.replace(together, separator, "")
        yield Contact.id.in_(select(Identity.contact_id).where(together == "".join(number).lower()))
    by_mail = select(MailDelivery.conversation_id).where(func.lower(MailDelivery.recipient) == lower)
    aside = select(AsideMail.conversation_id).where(AsideMail.sender == lower)
    of_conversation = Conversation.id.in_(by_mail) | Conversation.id.in_(aside) | (Conversation.id == lower)
    yield Contact.id.in_(select(Conversation.contact_id).where(of_conversation | (Conversation.chat_id == wanted)))
    guest = _GUEST_NUMBER.fullmatch(wanted)
    if guest and int(guest[1]) < 2**31:
        yield Contact.number == int(guest[1])


def _like(wanted: str) -> Iterable[ColumnElement[bool]]:
    """People of whom nothing was written: their names and numbers, all words of `wanted`."""
    typed = contact_words(None, wanted).split()
    digits = [word for word in typed if word[:1] == "9" and len(word) >= _NUMBER_WORD and not word.isdigit()]
    if digits:  # a telephone number in another form: its digits from the end
        yield or_(*(Contact.search_text.contains(word, autoescape=True) for word in digits))
        by_web_site = or_(*(Identity.search_text.contains(word, autoescape=True) for word in digits))
        yield Contact.id.in_(select(Identity.contact_id).where(by_web_site))
    elif typed:
        every = [Contact.search_text.contains(word, autoescape=True) for word in typed]
        yield func.coalesce(Contact.search_text, "") != "" if not every else _all(every)
        named = _all([Person.search_text.contains(word, autoescape=True) for word in typed])
        yield Contact.person.in_(select(Person.id).where(named))


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for each in rest:
        first &= each
    return first


async def _load_ids(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> list[str]:
    if not conditions:
        return []
    wanted = select(Contact.id).where(or_(*conditions)).order_by(Contact.number).limit(MAX_FOUND)
    return list(await session.scalars(wanted))


async def _of_conversations(session: AsyncSession, wanted: str) -> list[str]:
    """The contacts of conversations in which it was written, the newest first."""
    query = read_query(wanted)
    if not query.terms:
        return []
    matches = await load_matches(session, query)
    found = await session.scalars(
        select(Conversation.contact_id)
        .join(ConversationNumber, ConversationNumber.conversation_id == Conversation.id)
        .where(matches.has(ConversationNumber.number))
        .order_by(Conversation.changed_at.desc())
        .limit(MAX_FOUND)
    )
    return list(dict.fromkeys(found))


async def describe_person(session: AsyncSession, contact: Contact) -> FoundPerson:
    """The person whom a contact is, as an admin recognises them."""
    same = Contact.id == contact.id if contact.person is None else Contact.person == contact.person
    contacts = list(await session.scalars(select(Contact).where(same).order_by(Contact.number)))
    ids = [each.id for each in contacts]
    person = await session.get(Person, contact.person) if contact.person else None
    identities = list(await session.scalars(select(Identity).where(Identity.contact_id.in_(ids))))
    talks = select(func.count(), func.max(Conversation.changed_at)).where(Conversation.contact_id.in_(ids))
    row = (await session.execute(talks)).one()
    names = [person.name if person else None, *(each.name for each in contacts), *(each.name for each in identities)]
    known: list[Contact | Identity] = [*contacts, *identities]
    return FoundPerson(
        contact_id=contacts[0].id,
        number=contacts[0].number,
        name=next(filter(None, names), None),
        emails=tuple(dict.fromkeys(each.email for each in known if each.email)),
        phones=tuple(dict.fromkeys(each.phone for each in known if each.phone)),
        channels=tuple(dict.fromkeys(str(each.channel) for each in contacts)),
        contacts=len(contacts),
        conversations=row[0],
        last_at=row[1],
    )
