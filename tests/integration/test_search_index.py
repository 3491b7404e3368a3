"""The index of the search: what it finds, and that nothing is found that is changed, withdrawn or erased."""

import sqlite3
from collections.abc import Sequence

import pytest
from sqlalchemy import select, text, update

from connectors.contract import Address, Channel, InboundEdit, InboundMessage, Withdrawal
from helpdesk.conversations import Conversations
from helpdesk.privacy.erasure import erase_contact
from helpdesk.search import load_found_lines, load_matches, read_query
from helpdesk.search.fill import IndexFill, clean_index
from store.db import Database
from store.models import Contact, Conversation, ConversationNumber, Identity, Message, Person
from tests.conversation_driver import drive


async def said(conversations: Conversations, *lines: str, by: str = "anna", name: str | None = None) -> str:
    """A conversation in which a contact has said these lines."""
    conversation = ""
    for place, line in enumerate(lines):
        receipt = await drive(conversations).receive(message(line, by=by, place=place, name=name))
        conversation = receipt.conversation_id
    return conversation


def message(line: str, *, by: str = "anna", place: int = 0, name: str | None = None) -> InboundMessage:
    address = Address(channel=Channel.TELEGRAM, account="main", chat_id=by)
    return InboundMessage(address=address, contact_id=by, external_id=f"{by}-{place}", text=line, contact_name=name)


async def found(db: Database, query: str) -> list[str]:
    """The conversations in which it is found, in the order of their beginning."""
    async with db.read() as session:
        matches = await load_matches(session, read_query(query))
        known = select(ConversationNumber.conversation_id).where(matches.has(ConversationNumber.number))
        return list(await session.scalars(known.order_by(ConversationNumber.number)))


FOUND = (
    "rücksendung",
    "RUECKSENDUNG",
    "ruck",
    "straße",
    "STRASSE gestern",
    '"gestern in die straße"',
    "4711-0815",
    "47110815",
    "4711 0815",
    "0815",
    "0170/1234567",
    "+49 (0)170 123 45 67",
    "0049 170 1234567",
    "1234567",
    "Müller",
    "mueler",
    "Mülelr",
    "Julie paket",
    "julie.muller@example.org",
    "example",
    "paket müller straße",
)
NOT_FOUND = ('"straße die in"', "paket fahrrad", "4711 0816", "ulle", "0171 1234567", "uckse")


async def test_what_somebody_types_finds_what_was_meant(conversations: Conversations) -> None:
    lines = (
        "Die Rücksendung ging gestern in die Straße 5, Bestellung 4711-0815",
        "Mein Paket! Tel. +49 170 1234567",
    )
    mine = await said(conversations, *lines, name="Julie Müller")
    await said(conversations, "Wann haben Sie am Sonntag geöffnet?", by="ben", name="Ben Schmidt")
    await drive(conversations).leave_email(mine, "julie.mueller@example.org")

    assert {query: await found(conversations.db, query) for query in FOUND} == {query: [mine] for query in FOUND}
    assert {query: await found(conversations.db, query) for query in NOT_FOUND} == {query: [] for query in NOT_FOUND}


def test_signs_alone_look_for_nothing() -> None:
    assert read_query('" *  - ()').terms == ()


async def test_a_mistyped_letter_counts_in_names_only(conversations: Conversations) -> None:
    mine = await said(conversations, "Das Paket ist da", name="Meyer")
    assert await found(conversations.db, "Meier") == [mine]
    assert await found(conversations.db, "Paker") == []


async def test_a_card_is_not_found_by_its_digits(conversations: Conversations) -> None:
    mine = await said(conversations, "Karte 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, danke")
    for query in ("4111", "4111111111111111", "4111 1111 1111 1111", "DE89", "370400440532013000", "0532"):
        assert await found(conversations.db, query) == [], query
    assert await found(conversations.db, "danke") == [mine]
    lines = await shown(conversations.db, mine, "karte")
    assert "4111 1111" not in "".join(lines)


async def shown(db: Database, conversation: str, query: str) -> Sequence[str]:
    """The line that a search shows, cut where words are marked."""
    async with db.read() as session:
        number = await session.scalar(
            select(ConversationNumber.number).where(ConversationNumber.conversation_id == conversation)
        )
        assert number is not None
        lines = await load_found_lines(session, {conversation: number}, read_query(query))
    parts = lines[conversation].parts if conversation in lines else ()
    return [f"[{part.text}]" if part.is_found else part.text for part in parts]


async def test_the_line_is_shown_with_its_words_marked(conversations: Conversations) -> None:
    mine = await said(conversations, "Das Paket fehlt", "Die Rücksendung, mein Paket: ging über die Grenze", "Danke")
    assert await shown(conversations.db, mine, "ruecksend paket") == [
        "Die ",
        "[Rücksendung]",
        ", mein ",
        "[Paket]",
        ": ging über die Grenze",
    ]


async def test_marks_of_markdown_are_not_shown(conversations: Conversations) -> None:
    mine = await said(conversations, "**Gern:**\n\n- ein *neuer* Schlauch\n- 3 - 1 = **zwei** Dichtungen")
    assert await shown(conversations.db, mine, "schlauch dichtungen") == [
        "Gern: ein *neuer* ",
        "[Schlauch]",
        " 3 - 1 = zwei ",
        "[Dichtungen]",
    ]


async def test_a_line_far_back_in_a_long_conversation_is_shown(conversations: Conversations) -> None:
    lines = ["Der Schlauch ist undicht", *(f"Zeile {number}" for number in range(130))]
    mine = await said(conversations, *lines)
    assert await shown(conversations.db, mine, "schlauch") == ["Der ", "[Schlauch]", " ist undicht"]


async def test_new_words_are_found_and_the_old_ones_not(conversations: Conversations) -> None:
    mine = await said(conversations, "Es geht um den Staubsauger")
    edit = InboundEdit(message=message("Es geht um den Wasserkocher"), edit_id="e1")
    await drive(conversations).edit(edit)

    assert await found(conversations.db, "wasserkocher") == [mine]
    assert await found(conversations.db, "staubsauger") == []


async def test_a_withdrawn_line_is_not_found(conversations: Conversations) -> None:
    await said(conversations, "Mein Staubsauger")
    address = Address(channel=Channel.TELEGRAM, account="main", chat_id="anna")
    await drive(conversations).withdraw(Withdrawal(address=address, external_id="anna-0"))
    assert await found(conversations.db, "staubsauger") == []


async def test_a_contact_is_found_by_the_new_name_only(conversations: Conversations) -> None:
    mine = await said(conversations, "Hallo", name="Quintana")
    await drive(conversations).receive(message("Hallo", place=7, name="Zimmermann"))
    assert await found(conversations.db, "zimmermann") == [mine]
    assert await found(conversations.db, "quintana") == []


async def test_erasure_leaves_nothing_in_the_index(conversations: Conversations) -> None:
    mine = await said(conversations, "Mein Staubsauger heißt Wolpertinger", name="Quintana")
    other = await said(conversations, "Auch ein Staubsauger", by="ben")
    db = conversations.db
    async with db.read() as session:
        contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == mine))
    assert contact is not None
    assert b"wolpertinger" in await stored(db)

    await erase_contact(db, contact)
    assert await found(db, "wolpertinger") == []
    assert await found(db, "quintana") == []
    assert await found(db, "staubsauger") == [other]
    left = await stored(db)
    assert b"wolpertinger" not in left
    assert b"quintana" not in left
    assert mine.encode() not in left


async def stored(db: Database) -> bytes:
    """All bytes of the index, those of words that were noted as gone too."""
    async with db.read() as session:
        if not db.is_sqlite:
            return str((await session.execute(text("SELECT id, words FROM search_index"))).all()).encode()
        blocks = await session.scalars(text("SELECT block FROM search_index_data"))
        return b"".join(_joined(block) for block in blocks)


def _joined(block: bytes) -> bytes:
    return bytes(block)


async def test_what_was_there_before_is_filled_in(conversations: Conversations) -> None:
    mine = await said(conversations, "Mein Staubsauger", name="Quintana")
    db = conversations.db
    async with db.write() as session:
        await session.execute(update(Message).values(search_text=None))
        await session.execute(update(Contact).values(search_text=None))
    assert await found(db, "staubsauger") == []
    assert await found(db, "quintana") == []

    await IndexFill(db).run()
    assert await found(db, "staubsauger") == [mine]
    assert await found(db, "quintana") == [mine]
    assert await IndexFill(db).fill_batch() == 0


@pytest.mark.sqlite_only
async def test_the_index_holds_what_the_tables_hold(conversations: Conversations) -> None:
    """FTS5's own check: an index that was told of other words than it holds is broken from then on."""
    mine = await said(conversations, "Mein Staubsauger", "Mein Paket", name="Quintana")
    await drive(conversations).edit(InboundEdit(message=message("Mein Wasserkocher"), edit_id="e1"))
    async with conversations.db.write() as session:
        await session.execute(text("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 0)"))
    await clean_index(conversations.db)
    assert await found(conversations.db, "wasserkocher quintana") == [mine]
    assert sqlite3.sqlite_version_info >= (3, 34)


async def test_a_guest_is_found_by_the_number_until_there_is_a_name(conversations: Conversations) -> None:
    mine = await said(conversations, "Hallo")
    async with conversations.db.read() as session:
        number = await session.scalar(select(Contact.number))
    assert await found(conversations.db, f"Gast {number}") == await found(conversations.db, f"guest {number}") == [mine]
    await drive(conversations).receive(message("Hallo", place=7, name="Zimmermann"))
    assert await found(conversations.db, "gast") == []


async def test_a_contact_is_found_by_what_agents_and_the_web_site_call_them(conversations: Conversations) -> None:
    mine, db = await said(conversations, "Hallo"), conversations.db
    async with db.write() as session:
        contact = await session.scalar(select(Contact))
        assert contact is not None
        session.add(Person(id="p1", name="Wolpertinger"))
        session.add(Identity(contact_id=contact.id, customer_id="K-20417", name="Quintana"))
        contact.person = "p1"
    assert await found(db, "wolpertinger") == await found(db, "quintana k-20417") == [mine]
    async with db.write() as session:
        (await session.get_one(Person, "p1")).name = "Zimmermann"
        await session.delete(await session.get_one(Identity, contact.id))
    assert await found(db, "zimmermann") == [mine]
    assert await found(db, "wolpertinger") == await found(db, "quintana") == []
