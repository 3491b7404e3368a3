"""Saved lists of the desk hold what staff typed: where that is somebody who is erased, it goes with them."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.privacy.data_table import Whose
from helpdesk.privacy.subjects import DataSubject
from helpdesk.search.index_words import contact_words
from knowledge.normalization import words
from store.models import Contact, Identity, Person, SavedView

#: Shorter words are found everywhere.
_MIN_LENGTH = 4
_DIGITS = 6


async def clear_saved_views(session: AsyncSession, contacts: Sequence[Contact], subject: DataSubject) -> int:
    """Remove the lists in whose name or search this person stands: by their addresses and ids, or their whole name."""
    views = list(await session.scalars(select(SavedView)))
    if not views:
        return 0
    names, addresses = await _known(session, contacts, subject)
    gone = [view.id for view in views if _tells(f"{view.name} {_texts(view.wanted)}", names, addresses)]
    if gone:
        await session.execute(delete(SavedView).where(SavedView.id.in_(gone)))
    return len(gone)


async def _known(
    session: AsyncSession, contacts: Sequence[Contact], subject: DataSubject
) -> tuple[list[set[str]], set[str]]:
    ids, people = [each.id for each in contacts], subject.ids(Whose.PERSON)
    identities = list(await session.scalars(select(Identity).where(Identity.contact_id.in_(ids))))
    named = list(await session.scalars(select(Person.name).where(Person.id.in_(people))))
    names = [*named, *(each.name for each in contacts), *(each.name for each in identities)]
    addresses = {*subject.ids(Whose.MAIL_ADDRESS), *ids, *subject.ids(Whose.CONVERSATION)}
    addresses |= {each.external_id for each in contacts} | {each.customer_id for each in identities}
    phones = [*(each.phone for each in contacts), *(each.phone for each in identities)]
    endings = {word for phone in phones if phone for word in contact_words(None, phone).split() if len(word) > _DIGITS}
    return [found for name in names if (found := set(words(name or "")))], {
        address.lower() for address in addresses | endings if len(address) >= _MIN_LENGTH
    }


def _tells(text: str, names: Sequence[set[str]], addresses: set[str]) -> bool:
    typed, folded = set(words(text)), f"{text} {contact_words(None, text)}".lower()
    return any(address in folded for address in addresses) or any(
        name <= typed for name in names if max(map(len, name)) >= _MIN_LENGTH
    )


def _texts(value: object) -> str:
    """All strings of a JSON value, in one line."""
    if isinstance(value, dict):
        return " ".join(map(_texts, value.values()))
    if isinstance(value, list):
        return " ".join(map(_texts, value))
    return value if isinstance(value, str) else ""
