"""Conversations that are put off: out of the list, never lost, back on time or as soon as anything moves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.conversations import Conversations, ownership
from helpdesk.conversations.promises.promise_reminders import remind
from helpdesk.conversations.promises.register import NewPromise, make_promise
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.queue.watchdog import Watchdog
from store.db import Database
from store.models import Agent, Conversation, Message, MessageFacts, MessageKind, now
from store.settings import Settings
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House, agent_by_email, make_house, staff_routes

TOMORROW = timedelta(days=1)


@pytest.fixture
def house(db: Database) -> House:
    return make_house(db, lambda pages, guard: [*staff_routes(db, pages, guard)])


@pytest.fixture
def conversations(db: Database) -> Conversations:
    return Conversations(db, ChangeHints(), Settings(_env_file=None))


async def answered(desk: DeskClient, conversations: Conversations) -> str:
    """A conversation of the agent's in which the customer has an answer."""
    one = await waiting(conversations)
    epoch = await desk.accept(one)
    await put_off(desk, one, expected="snooze_waiting")
    sent = await desk.send(
        f"conversations/{one}/messages", {"text": "Ich frage nach.", "client_id": "a", "epoch": epoch}
    )
    assert sent.status_code < 300, sent.text
    return one


async def put_off(desk: DeskClient, one: str, after: timedelta = TOMORROW, *, expected: str = "") -> dict[str, Any]:
    answer = await desk.send(f"conversations/{one}/snooze", {"until": (now() + after).isoformat()})
    body: dict[str, Any] = answer.json()
    assert body.get("error", {}).get("code", "") == expected
    return body


async def lists(desk: DeskClient) -> tuple[int, int, int]:
    """How many are mine, put off, and counted for me."""
    found = await desk.ask("conversations?view=mine")
    assert len(found["conversations"]) == found["counts"]["mine"]
    return found["counts"]["mine"], found["counts"]["snoozed"], found["load"]["open"]


async def time_comes(db: Database, one: str) -> None:
    async with db.write() as session:
        past = now() - timedelta(seconds=1)
        await session.execute(update(Conversation).where(Conversation.id == one).values(snoozed_until=past))


async def events(db: Database, one: str) -> list[str | None]:
    async with db.read() as session:
        lines = await session.scalars(select(Message).where(Message.conversation_id == one).order_by(Message.seq))
        return [line.event for line in lines if line.event]


async def test_it_leaves_the_list_counts_all_the_same_and_comes_back_on_time(
    house: House, db: Database, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    one = await answered(desk, conversations)
    for wrong in (timedelta(seconds=-1), timedelta(days=31)):
        await put_off(desk, one, wrong, expected="snooze_time")
    card = (await put_off(desk, one))["conversation"]["card"]
    assert card["snoozed_until"] is not None
    assert card["unread"] is False
    assert await lists(desk) == (0, 1, 1)
    assert [found["id"] for found in (await desk.ask("conversations?view=snoozed"))["conversations"]] == [one]
    assert one in [found["id"] for found in (await desk.ask("conversations?view=open"))["conversations"]]

    watchdog = Watchdog(conversations)
    async with db.write() as session:  # the agent has gone home, and a colleague would be there
        await session.execute(update(Agent).values(last_seen_at=now() - timedelta(hours=3)))
        await session.execute(update(Conversation).values(changed_at=now() - timedelta(hours=3)))
    assert not await watchdog._finds_something()
    await watchdog.look()
    assert await lists(desk) == (0, 1, 1)

    await time_comes(db, one)
    assert await watchdog._finds_something()
    await watchdog.look()
    await watchdog.look()
    assert await lists(desk) == (1, 0, 1)
    [back] = (await desk.ask("conversations?view=mine"))["conversations"]
    assert (back["unread"], back["snoozed_until"]) == (True, None)
    assert (await events(db, one))[-2:] == ["snoozed", "snooze_over"]

    await put_off(desk, one)
    assert (await desk.send(f"conversations/{one}/wake")).status_code == 200
    assert await lists(desk) == (1, 0, 1)
    tom = await desk_of(house, "Tom")
    assert (await tom.send(f"conversations/{one}/snooze", {"until": (now() + TOMORROW).isoformat()})).status_code == 409


@pytest.mark.sqlite_only
async def test_whatever_moves_brings_it_back(house: House, db: Database, conversations: Conversations) -> None:
    desk = await desk_of(house)
    one = await answered(desk, conversations)
    mia = await agent_by_email(db, "mia@example.org")

    await put_off(desk, one)
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id="visitor-1")
    await drive(conversations).receive(
        InboundMessage(address=address, contact_id="visitor-1", external_id="visitor-1-2", text="Noch etwas!")
    )
    assert await lists(desk) == (1, 0, 1)
    await put_off(desk, one, expected="snooze_waiting")

    two = await waiting(conversations, chat_id="visitor-2")
    epoch = await desk.accept(two)
    await desk.send(f"conversations/{two}/messages", {"text": "Bis morgen.", "client_id": "b", "epoch": epoch})
    async with conversations.open(two) as c:
        due = now() + timedelta(minutes=2)
        await make_promise(c, mia.id, NewPromise(text="Rückruf", due_at=due, shown=False, client_id="p"))
    await put_off(desk, two)
    await remind(conversations, due - timedelta(seconds=5))
    assert await lists(desk) == (2, 0, 2)

    await put_off(desk, two)
    async with conversations.open(two) as c:
        await ownership.release(c, mia.id)
    async with db.read() as session:
        assert (await session.get_one(Conversation, two)).snoozed_until is None


async def test_who_sent_only_a_picture_waits_too(house: House, db: Database, conversations: Conversations) -> None:
    desk = await desk_of(house)
    one = await answered(desk, conversations)
    await picture_comes(db, one)
    await put_off(desk, one, expected="snooze_waiting")


async def test_a_line_that_the_customer_took_back_waits_for_nothing(
    house: House, db: Database, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    one = await answered(desk, conversations)
    await picture_comes(db, one, withdrawn=True)
    await put_off(desk, one)


async def test_an_answer_taken_back_brings_it_back_and_puts_off_nothing(
    house: House, db: Database, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    one = await answered(desk, conversations)
    await put_off(desk, one)
    assert await lists(desk) == (0, 1, 1)
    async with db.read() as session:
        seq = await session.scalar(select(Message.seq).where(Message.text == "Ich frage nach."))
    assert (await desk.send(f"conversations/{one}/lines/{seq}/take-back")).status_code == 204
    assert await lists(desk) == (1, 0, 1)
    await put_off(desk, one, expected="snooze_waiting")


async def picture_comes(db: Database, one: str, *, withdrawn: bool = False) -> None:
    """A line of the customer's without words."""
    async with db.write() as session:
        conversation = await session.get_one(Conversation, one)
        conversation.last_seq += 1
        facts = MessageFacts(withdrawn=withdrawn)
        line = Message(conversation_id=one, seq=conversation.last_seq, epoch=conversation.epoch, facts=facts)
        line.kind, line.author, line.text = MessageKind.INCOMING, Author.CONTACT, ""
        session.add(line)
