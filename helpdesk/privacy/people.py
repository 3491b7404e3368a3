"""Who of somebody's contacts, and of the people behind them, is left without anything that is to be kept."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import Contact, ContactMerge, Conversation, Identity


async def load_silent_contacts(session: AsyncSession, contact_ids: Sequence[str]) -> list[str]:
    """Of these contacts and of who they are besides, those of whom nothing is left to be kept.

    A signed-in customer stays as long as the same person has a conversation.
    """
    people = select(Contact.person).where(Contact.id.in_(contact_ids), Contact.person.is_not(None))
    around = list(
        await session.scalars(select(Contact).where(Contact.id.in_(contact_ids) | Contact.person.in_(people)))
    )
    ids = [contact.id for contact in around]
    talking = set(await session.scalars(select(Conversation.contact_id).where(Conversation.contact_id.in_(ids))))
    known = set(await session.scalars(select(Identity.contact_id).where(Identity.contact_id.in_(ids))))
    lively = {contact.person for contact in around if contact.id in talking and contact.person}
    return [
        contact.id
        for contact in around
        if contact.id not in talking and not (contact.id in known and contact.person in lively)
    ]


async def forget_conversations(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Signed-in customers no longer see these conversations, which are about to be erased."""
    await session.execute(
        update(Identity).where(Identity.conversation_id.in_(conversation_ids)).values(conversation_id=None)
    )


async def load_deserted_people(session: AsyncSession, people: Iterable[str]) -> list[str]:
    """Of these people, and of whom they were made of, those whom no contact is any more."""
    left, deserted = set(people), set[str]()
    while left:
        kept = set(await session.scalars(select(Contact.person).where(Contact.person.in_(left))))
        gone = left - kept - deserted
        merges = list(await session.scalars(select(ContactMerge).where(ContactMerge.person.in_(gone))))
        deserted |= gone
        left = {move.before for merge in merges for move in merge.moves if move.before} - deserted
    return sorted(deserted)
