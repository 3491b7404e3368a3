"""Who somebody is, on the desk: written down, merged, taken apart again, and all their conversations."""

from typing import Any

from sqlalchemy import select

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.conversations import Conversations
from store.models import Contact, Conversation, Identity
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House

XSS = "<img src=x onerror=alert(1)>"


async def panel(desk: DeskClient, conversation_id: str) -> dict[str, Any]:
    found = await desk.ask(f"conversations/{conversation_id}")
    return dict(found["conversation"])


async def contact_of(house: House, conversation_id: str) -> Contact:
    async with house.db.read() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        return await session.get_one(Contact, conversation.contact_id)


async def test_a_guest_has_a_number_until_somebody_writes_down_a_name(
    house: House, conversations: Conversations
) -> None:
    conversation_id, desk = await waiting(conversations), await desk_of(house)
    before = await panel(desk, conversation_id)
    assert before["card"]["contact_name"] is None
    assert before["card"]["contact_number"] >= 1
    answer = await desk.send(
        f"conversations/{conversation_id}/contact",
        {
            "name": f" Ida  {XSS} ",
            "email": "ida@example.org",
            "phone": "030 1234567",
            "note": "Ruft gern an.\n2. Zeile",
        },
    )
    assert answer.status_code == 204, answer.text
    after = await panel(desk, conversation_id)
    assert after["card"]["contact_name"] == after["contact"]["given_name"] == f"Ida {XSS}"
    assert after["contact"]["note"] == "Ruft gern an.\n2. Zeile"
    assert (after["contact_email"], after["contact_phone"]) == ("i•••@example.org", "•••• …67"), "not the agent's"
    cards = (await desk.ask("conversations?view=queue"))["conversations"]
    assert [card["contact_name"] for card in cards] == [f"Ida {XSS}"]
    lines = (await desk.ask(f"conversations/{conversation_id}"))["lines"]
    assert [(line["event"], line["name"]) for line in lines if line["event"] == "contact_edited"] == [
        ("contact_edited", "Mia")
    ]


async def test_what_is_no_address_is_refused_and_an_empty_text_takes_away(
    house: House, conversations: Conversations
) -> None:
    conversation_id, desk = await waiting(conversations), await desk_of(house)
    path = f"conversations/{conversation_id}/contact"
    for body in ({"email": "nonsense"}, {"phone": "abc"}, {"name": "x" * 201}, {"note": "x" * 2_001}, {"id": "x"}):
        assert (await desk.send(path, body)).status_code == 422, body
    assert (await desk.send(path, {"name": "Ida", "email": "ida@example.org"})).status_code == 204
    assert (await desk.send(path, {"name": "", "email": ""})).status_code == 204
    after = await panel(desk, conversation_id)
    assert (after["card"]["contact_name"], after["contact_email"]) == (None, None)


async def test_two_contacts_are_merged_seen_together_and_taken_apart(
    house: House, conversations: Conversations
) -> None:
    one = await waiting(conversations, chat_id="v1")
    two = await waiting(conversations, "Noch etwas", chat_id="v2")
    desk = await desk_of(house)
    await desk.send(f"conversations/{one}/contact", {"name": "Ida"})
    await desk.send(f"conversations/{two}/contact", {"name": "I. Muster", "note": "alt"})
    contact = await contact_of(house, two)

    found = (await desk.ask(f"conversations/{one}/contacts?words=muster"))["contacts"]
    assert [each["id"] for each in found] == [contact.id]
    found = (await desk.ask(f"conversations/{one}/contacts?words=Gast {contact.number}"))["contacts"]
    assert [each["id"] for each in found] == [contact.id]
    assert (await desk.ask(f"conversations/{one}/contacts?words=ida"))["contacts"] == [], "not with oneself"

    assert (await desk.send(f"conversations/{one}/merge", {"contact": contact.id})).status_code == 204
    merged = await panel(desk, one)
    assert [each["id"] for each in merged["elsewhere"]["conversations"]] == [two]
    assert (await panel(desk, two))["card"]["contact_name"] == "Ida"
    again = await desk.send(f"conversations/{one}/merge", {"contact": contact.id})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "same_person")
    [merge] = merged["contact"]["merges"]
    assert (merge["agent_name"], [each["id"] for each in merge["contacts"]]) == ("Mia", [contact.id])

    sent = await drive(conversations).receive(
        InboundMessage(
            address=Address(channel=Channel.WEBCHAT, account="main", chat_id="v2"),
            contact_id="v2",
            external_id="v2-2",
            text="Mein Weg geht noch",
        )
    )
    assert sent.conversation_id == two, "a merged contact's address works as before"

    assert (await desk.send(f"conversations/{one}/unmerge", {"merge": merge["id"]})).status_code == 204
    apart = await panel(desk, two)
    assert (apart["card"]["contact_name"], apart["contact"]["note"]) == ("I. Muster", "alt")
    assert apart["elsewhere"]["conversations"] == []


async def test_while_a_colleague_has_the_conversation_only_they_change_the_contact(
    house: House, conversations: Conversations
) -> None:
    one, two = await waiting(conversations, chat_id="v1"), await waiting(conversations, chat_id="v2")
    owner, other = await desk_of(house), await desk_of(house, "Tom")
    await owner.accept(one)
    contact = await contact_of(house, two)
    assert (await other.send(f"conversations/{one}/contact", {"name": "X"})).status_code == 409
    assert (await other.send(f"conversations/{one}/merge", {"contact": contact.id})).status_code == 409
    assert (await owner.send(f"conversations/{one}/merge", {"contact": contact.id})).status_code == 204
    [merge] = (await panel(owner, one))["contact"]["merges"]
    assert (await other.send(f"conversations/{one}/unmerge", {"merge": merge["id"]})).status_code == 409
    assert (await panel(owner, one))["contact"]["merges"] == [merge]


async def test_what_the_web_site_signed_is_shown_as_it_is(house: House, conversations: Conversations) -> None:
    conversation_id, desk = await waiting(conversations), await desk_of(house)
    contact = await contact_of(house, conversation_id)
    async with house.db.write() as session:
        session.add(
            Identity(contact_id=contact.id, customer_id="K-1", email="ida@example.org", attributes={XSS[:20]: XSS})
        )
    [identity] = (await panel(desk, conversation_id))["contact"]["identities"]
    assert (identity["customer_id"], identity["attributes"]) == ("K-1", {XSS[:20]: XSS})
    found = (await desk.ask(f"conversations/{await waiting(conversations, chat_id='v9')}/contacts?words=K-1"))[
        "contacts"
    ]
    assert [each["id"] for each in found] == [contact.id]


async def test_all_conversations_of_a_person_come_page_by_page(house: House, conversations: Conversations) -> None:
    ids = [await waiting(conversations, chat_id=f"v{number}") for number in range(13)]
    async with house.db.write() as session:
        for contact in await session.scalars(select(Contact)):
            contact.person = "0" * 32
    desk = await desk_of(house)
    first = (await panel(desk, ids[-1]))["elsewhere"]
    assert (len(first["conversations"]), first["more"]) == (10, True)
    last = first["conversations"][-1]["changed_at"].replace("+", "%2B")
    second = await desk.ask(f"conversations/{ids[-1]}/history?before={last}")
    assert (len(second["conversations"]), second["more"]) == (2, False)
    seen = [each["id"] for each in [*first["conversations"], *second["conversations"]]]
    assert seen == list(reversed(ids[:-1]))
    refused = await desk.browser.get(f"/desk/api/conversations/{ids[0]}/history?before=x")
    assert refused.status_code == 422
