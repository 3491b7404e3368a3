"""Important contacts on the desk: marked and taken back by whoever may, with a line in the timeline."""

import asyncio
from typing import Any

from sqlalchemy import select

from helpdesk.conversations import Conversations
from helpdesk.queue.dispatch.queue_snapshot import load_queue_snapshot
from store.db import Database
from store.models import Contact, Delivery, Message, now
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import ORIGIN, House


async def mark(desk: DeskClient, conversation_id: str, on: bool = True) -> int:
    answer = await desk.send(f"conversations/{conversation_id}/important", {"on": on})
    if answer.status_code == 200:
        assert answer.json()["conversation"]["card"]["important"] is on
    return answer.status_code


async def marks(desk: DeskClient, conversation_id: str) -> list[tuple[str, str, Any]]:
    """(event, by whom, delivery) of the lines about it."""
    lines = (await desk.ask(f"conversations/{conversation_id}"))["lines"]
    return [(line["event"], line["name"], line["delivery"]) for line in lines if "important" in str(line["event"])]


async def importance(db: Database) -> dict[str, bool]:
    async with db.read() as session:
        rows = await session.execute(select(Contact.external_id, Contact.important))
        return {name: important for name, important in rows}


async def test_it_is_set_and_taken_back_and_the_timeline_says_who_did(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    assert await mark(desk, conversation_id) == 200
    assert await mark(desk, conversation_id) == 200, "once more is no news"
    assert await mark(desk, conversation_id, on=False) == 200
    assert await marks(desk, conversation_id) == [
        ("marked_important", "Mia", None),
        ("unmarked_important", "Mia", None),
    ]


async def test_the_customer_never_hears_of_it(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    await mark(await desk_of(house), conversation_id)
    async with house.db.read() as session:
        delivered = await session.scalars(select(Message).join(Delivery, Delivery.message_id == Message.id))
        assert not [message for message in delivered if message.event == "marked_important"]


async def test_who_waits_comes_sooner_at_once(house: House, conversations: Conversations) -> None:
    first = await waiting(conversations, chat_id="v1")
    second = await waiting(conversations, chat_id="v2")
    desk = await desk_of(house)
    await mark(desk, second)
    cards = (await desk.ask("conversations?view=queue"))["conversations"]
    assert [card["id"] for card in cards] == [second, first]
    async with house.db.read() as session:
        scene = await load_queue_snapshot(session, now())
    assert scene
    assert sorted(each.important for each in scene.waiting) == [False, True]


async def test_a_person_is_important_on_every_channel(house: House, conversations: Conversations) -> None:
    here, _ = await waiting(conversations, chat_id="v1"), await waiting(conversations, chat_id="v2")
    await waiting(conversations, chat_id="v3")
    async with house.db.write() as session:
        for contact in await session.scalars(select(Contact).where(Contact.external_id.in_(["v1", "v2"]))):
            contact.person = "p1"
    await mark(await desk_of(house), here)
    assert await importance(house.db) == {"v1": True, "v2": True, "v3": False}


async def test_while_a_colleague_has_the_conversation_only_they_mark(
    house: House, conversations: Conversations
) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    await mia.accept(conversation_id)
    assert await mark(jo, conversation_id) == 409
    assert not any((await importance(house.db)).values())
    assert await mark(mia, conversation_id) == 200
    assert await marks(mia, conversation_id) == [("marked_important", "Mia", None)]


async def test_without_the_token_of_the_page_nothing_is_marked(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    desk = await desk_of(house)
    path, wanted = f"/desk/api/conversations/{conversation_id}/important", {"on": True}
    for browser, status in ((desk.browser, 403), (house.browser(), 401)):
        headers = {"accept": "application/json", "origin": ORIGIN}
        assert (await browser.post(path, json=wanted, headers=headers)).status_code == status
    assert not any((await importance(house.db)).values())


async def test_two_agents_at_once_leave_one_line(house: House, conversations: Conversations) -> None:
    conversation_id = await waiting(conversations)
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    assert await asyncio.gather(*(mark(desk, conversation_id) for desk in (mia, jo))) == [200, 200]
    assert len(await marks(mia, conversation_id)) == 1
