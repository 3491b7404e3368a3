"""Contacts that are one person: brought together, taken apart again, found, exported and erased as one."""

import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.app import AppComponents
from helpdesk.conversations.contacts.contact_blocks import mark_conversations, unblock
from helpdesk.conversations.contacts.people import BY_AGENT, join_people, person_behind, undo_merge
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.people_search import find_contacts
from store.db import Database
from store.errors import Conflict, HelpdeskError, NotFound
from store.models import Base, Contact, ContactMerge, Conversation, Identity, Person, now
from store.status import Status
from tests.harness import inbound_message

CONTACTS = 7
STEPS = 40


async def add_contacts(db: Database, count: int = CONTACTS) -> list[str]:
    async with db.write() as session:
        contacts = [Contact(channel=Channel.WEBCHAT, account="default", external_id=f"v{one}") for one in range(count)]
        session.add_all(contacts)
        await session.flush()
        for contact in contacts[: count // 2]:
            person = await person_behind(session, contact)
            person.name, person.note = f"Name {contact.external_id}", f"Note {contact.external_id}"
        return [contact.id for contact in contacts]


async def join(db: Database, kept: str, joined: str) -> str | None:
    async with db.write() as session:
        one, other = await session.get_one(Contact, kept), await session.get_one(Contact, joined)
        merge = await join_people(session, one, other, reason=BY_AGENT)
        return merge.id if merge else None


async def undo(db: Database, merge: str) -> None:
    async with db.write() as session:
        await undo_merge(session, merge)


async def state_of(db: Database) -> dict[str, tuple[frozenset[str], str | None, str]]:
    """Of each contact: who is the same person, and under which name and note."""
    async with db.read() as session:
        contacts = list(await session.scalars(select(Contact)))
        people = {person.id: person for person in await session.scalars(select(Person))}
        return {each.id: _state(each, contacts, people) for each in contacts}


def _state(
    contact: Contact, contacts: list[Contact], people: dict[str, Person]
) -> tuple[frozenset[str], str | None, str]:
    same = {each.id for each in contacts if each.person is not None and each.person == contact.person}
    person = people.get(contact.person or "")
    return frozenset(same | {contact.id}), person.name if person else None, person.note if person else ""


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_merged_and_undone_ends_where_it_began(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    contacts = await add_contacts(db)
    before, made = await state_of(db), list[str]()
    for _ in range(STEPS):
        state = await state_of(db)
        if made and chance.random() < 0.4:
            undone = chance.choice(made)
            try:
                await undo(db, undone)
            except Conflict:
                assert await state_of(db) == state, "an undo that is refused changes nothing"
            else:
                made.remove(undone)
            continue
        kept, joined = chance.sample(contacts, 2)
        merge = await join(db, kept, joined)
        if merge is None:
            assert joined in state[kept][0], "only who is the same person already isn't merged"
            continue
        made.append(merge)
        after = await state_of(db)
        assert after[joined][0] == after[kept][0] == state[kept][0] | state[joined][0]
        assert after[joined][1:] == after[kept][1:] == state[kept][1:]
    for merge in reversed(made):
        await undo(db, merge)
    assert await state_of(db) == before


async def test_an_undo_gives_back_exactly_what_was_moved(db: Database) -> None:
    one, two, three, *_ = await add_contacts(db)
    before = await state_of(db)
    first = await join(db, one, two)
    assert first
    await join(db, two, three)
    await undo(db, first)
    after = await state_of(db)
    assert after[two] == before[two]
    assert after[one][0] == {one, three}


async def test_who_was_merged_on_is_taken_apart_in_order(db: Database) -> None:
    one, two, three, *_ = await add_contacts(db)
    first = await join(db, two, three)
    second = await join(db, one, two)
    assert first
    assert second
    with pytest.raises(Conflict) as refusal:
        await undo(db, first)
    assert refusal.value.code == "merged_again"
    await undo(db, second)
    await undo(db, first)
    with pytest.raises(Conflict) as refusal:
        await undo(db, first)
    assert refusal.value.code == "merge_undone"
    with pytest.raises(NotFound):
        await undo(db, "0" * 32)


async def test_every_contact_has_a_number_of_its_own(db: Database) -> None:
    await add_contacts(db)
    async with db.write() as session:
        session.add(Contact(channel=Channel.TELEGRAM, account="bot", external_id="later"))
    async with db.read() as session:
        numbers = list(await session.scalars(select(Contact.number).order_by(Contact.number)))
    assert len(set(numbers)) == CONTACTS + 1
    assert numbers[0] >= 1


async def talk(parts: AppComponents, name: str) -> Contact:
    """A contact with a conversation."""
    received = await parts.inbox.receive(inbound_message(f"said by {name}", name=name))
    async with parts.db.read() as session:
        conversation = await session.get_one(Conversation, received.conversation_id)
        return await session.get_one(Contact, conversation.contact_id)


async def sign_in(session: AsyncSession, contact: Contact) -> None:
    session.add(
        Identity(
            contact_id=contact.id, customer_id="K-1", name="Ida Canary", email="ida@example.org", attributes={"n": 1}
        )
    )


async def test_a_person_is_exported_and_erased_whole(parts: AppComponents) -> None:
    one, two, other = await talk(parts, "ida-1"), await talk(parts, "ida-2"), await talk(parts, "tom")
    async with parts.db.write() as session:
        for contact in (one, two):
            person = await person_behind(session, await session.get_one(Contact, contact.id))
            person.note = f"canary {contact.external_id}"
        await sign_in(session, one)
    await join(parts.db, one.id, two.id)

    assert set(await find_contacts(parts.db, "K-1")) == {one.id}
    exported = json.dumps(await export_contact(parts.db, two.id))
    for expected in ("said by ida-1", "said by ida-2", "canary ida-1", "Ida Canary", "K-1"):
        assert expected in exported
    assert "said by tom" not in exported

    assert (await erase_contact(parts.db, two.id)).conversations == 2
    async with parts.db.read() as session:
        rows = [
            str(tuple(row)) for table in Base.metadata.sorted_tables for row in await session.execute(select(table))
        ]
        assert [each.id for each in await session.scalars(select(Contact))] == [other.id]
        assert not list(await session.scalars(select(ContactMerge)))
    assert not [row for row in rows if "anary" in row or "ida-" in row]


async def test_retention_leaves_nothing_of_a_person_without_conversations(parts: AppComponents) -> None:
    shown, signed_in = await talk(parts, "ida"), await talk(parts, "account")
    async with parts.db.write() as session:
        await sign_in(session, await session.get_one(Contact, signed_in.id))
        for conversation in await session.scalars(select(Conversation)):
            if conversation.contact_id == signed_in.id:
                conversation.changed_at = now() - timedelta(days=91)
    await join(parts.db, signed_in.id, shown.id)

    await parts.retention.sweep()
    async with parts.db.write() as session:
        assert set(await session.scalars(select(Contact.id))) == {shown.id, signed_in.id}, "the customer still talks"
        for conversation in await session.scalars(select(Conversation)):
            conversation.changed_at = now() - timedelta(days=91)
    await parts.retention.sweep()
    async with parts.db.read() as session:
        for table in (Contact, Person, ContactMerge, Identity):
            assert not list(await session.scalars(select(table))), table


async def test_an_unknown_contact_is_refused(parts: AppComponents) -> None:
    with pytest.raises(HelpdeskError):
        await export_contact(parts.db, "0" * 32)


async def blocked(db: Database) -> set[str]:
    """The contacts that are blocked, each of whose conversations says so too."""
    async with db.read() as session:
        found = {each.id for each in await session.scalars(select(Contact).where(Contact.blocked_at.is_not(None)))}
        marked = await session.scalars(select(Conversation.contact_id).where(Conversation.is_blocked))
        assert set(marked) == {each for each in await with_conversation(session) if each in found}
        return found


async def with_conversation(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(Conversation.contact_id)))


async def block(db: Database, *contacts: str) -> None:
    async with db.write() as session:
        for contact in contacts:
            row = await session.get_one(Contact, contact)
            row.blocked_at, row.blocked_by, row.blocked_reason = now(), "Mia", "Beleidigt alle"
        await mark_conversations(session, contacts, is_blocked=True)


async def with_conversations(db: Database) -> list[str]:
    """Three contacts, each with a conversation."""
    contacts = await add_contacts(db, 3)
    async with db.write() as session:
        for number, contact in enumerate(contacts):
            where = {"channel": Channel.WEBCHAT, "account": "default", "chat_id": f"v{number}", "language": "de"}
            session.add(Conversation(contact_id=contact, formality="sie", status=Status.BOT, epoch=1, **where))
    return contacts


@pytest.mark.parametrize("blocked_one", ["kept", "joined"])
async def test_a_block_holds_for_whoever_is_the_same_person_until_they_are_not(db: Database, blocked_one: str) -> None:
    one, other, third = await with_conversations(db)
    await block(db, one if blocked_one == "kept" else other)
    before = await blocked(db)
    merge = await join(db, one, other)
    assert merge
    assert await blocked(db) == {one, other}
    async with db.read() as session:
        rows = [await session.get_one(Contact, each) for each in (one, other)]
        assert {(row.blocked_by, row.blocked_reason) for row in rows} == {("Mia", "Beleidigt alle")}
    await undo(db, merge)
    assert await blocked(db) == before
    assert third not in await blocked(db)


async def test_a_block_said_of_both_or_after_the_merge_stays_with_both(db: Database) -> None:
    one, other, third = await with_conversations(db)
    await block(db, one)
    await block(db, other)
    first = await join(db, one, other)
    assert first
    await undo(db, first)
    assert await blocked(db) == {one, other}
    await let_in(db, one, other)

    merge = await join(db, one, third)
    assert merge
    await block(db, one, third)
    await undo(db, merge)
    assert await blocked(db) == {one, third}


async def test_who_was_let_in_again_while_merged_stays_so(db: Database) -> None:
    one, other, _ = await with_conversations(db)
    await block(db, one)
    merge = await join(db, one, other)
    assert merge
    await let_in(db, one, other)
    await undo(db, merge)
    assert await blocked(db) == set()


async def test_with_the_source_of_a_block_it_leaves_everybody_who_came_to_it_by_merges(db: Database) -> None:
    one, other, third = await with_conversations(db)
    await block(db, other)
    first = await join(db, one, other)
    second = await join(db, one, third)
    assert first
    assert second
    assert await blocked(db) == {one, other, third}
    await undo(db, first)
    assert await blocked(db) == {other}
    await undo(db, second)
    assert await blocked(db) == {other}


async def let_in(db: Database, *contacts: str) -> None:
    async with db.write() as session:
        await unblock(session, [await session.get_one(Contact, each) for each in contacts])
