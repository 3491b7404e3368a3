"""Whom an admin means: by a link or an address as it is copied, by a number however it is written."""

import pytest

from helpdesk.app import AppComponents
from helpdesk.privacy.people_search import find_contacts
from store.models import Contact, Identity
from tests.harness import inbound_message


async def written(parts: AppComponents, name: str, text: str) -> str:
    """The contact who wrote this."""
    received = await parts.inbox.receive(inbound_message(text, name=name))
    (contact,) = await find_contacts(parts.db, received.conversation_id)
    return contact


@pytest.fixture
async def ida(parts: AppComponents) -> str:
    """Ida, with an address, among others."""
    ida = await written(parts, "ida", "Guten Tag")
    await written(parts, "kim", "Hallo, wo ist kim@example.org hin?")
    async with parts.db.write() as session:
        contact = await session.get_one(Contact, ida)
        contact.email = "ida.weber+shop@example.org"
        session.add(Identity(contact_id=ida, customer_id="KD-20-4711"))
    return ida


@pytest.mark.parametrize(
    "wanted",
    [
        "ida.weber+shop@example.org",
        "mailto:ida.weber+shop@example.org",
        " MAILTO:Ida.Weber%2Bshop@example.org?subject=Auskunft&body=x ",
        "Ida Weber <ida.weber+shop@example.org>",
        "<ida.weber+shop@example.org>",
        "mailto:Ida%20Weber%20%3Cida.weber%2Bshop@example.org%3E",
    ],
)
async def test_an_address_is_found_as_it_is_copied(parts: AppComponents, ida: str, wanted: str) -> None:
    assert await find_contacts(parts.db, wanted) == [ida]


@pytest.mark.parametrize("wanted", ["KD-20-4711", "kd204711", "KD 20 4711", "#KD20-4711", "KD.204711"])
async def test_a_customers_number_is_found_however_it_is_written(parts: AppComponents, ida: str, wanted: str) -> None:
    assert await find_contacts(parts.db, wanted) == [ida]


@pytest.mark.parametrize("kept", ["AB-1234-5678", "AB12345678", "AB 1234 5678", "#AB-12345678"])
@pytest.mark.parametrize("wanted", ["AB-1234-5678", "ab12345678", "AB 1234 5678", "#AB 12345678", "AB/1234/5678"])
async def test_an_orders_number_is_found_however_it_was_written(parts: AppComponents, kept: str, wanted: str) -> None:
    ida = await written(parts, "ida", f"Wo bleibt {kept}, bitte?")
    await written(parts, "kim", "Wo bleibt AB-1234-9999, bitte?")
    assert await find_contacts(parts.db, wanted) == [ida]


async def test_a_link_without_anybody_behind_it_finds_nobody(parts: AppComponents, ida: str) -> None:
    assert await find_contacts(parts.db, "mailto:nobody@example.com") == []
    assert await find_contacts(parts.db, "mailto:") == []
    assert await find_contacts(parts.db, "KD-20-4712") == []
