"""What the daily work costs the database, counted with everything running. The bounds only ever go down."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from helpdesk.app import AppComponents
from helpdesk.views.timeline import DeskView
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import hire
from tests.integration.webchat_server import served
from tests.sample_articles import fill
from tests.statements import StatementCount, counting, idle, listen

PIECES = 8
IDLE_SECONDS = 3.0
AFTERWARDS = 0.3  # seconds for what is still to be done when the customer has the answer

type HouseAtWork = tuple[AppComponents, str]


def an_article(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """What the real bot says most: an article, with its buttons."""
    custom: dict[str, Any] = {"article": "parcel", "lead": None, "related": []}
    choices = [{"title": "Hat geholfen", "payload": "/feedback_helpful"}]
    return [{"text": "Das zeigt die Sendungsverfolgung.", "custom": custom, "choices": choices}]


@pytest.fixture
async def house_at_work(tmp_path: Path, database_url: str) -> AsyncIterator[HouseAtWork]:
    listen()
    async with served(tmp_path, database_url, bot=FakeBot(answering=an_article)) as (parts, address):
        await fill(parts)
        await parts.library.learn()
        yield parts, address


def client(address: str) -> ChatClient:
    return ChatClient(f"ws://{address}/webchat/ws", f"http://{address}")


async def ask(customer: ChatClient, text: str) -> None:
    """One question, until its answer is on the screen and what is left to do is done."""
    before = len(customer.texts("bot"))
    customer.say(text)
    await customer.until(lambda it: len(it.texts("bot")) > before, "the answer")
    customer.raw({"type": "seen", "seq": customer.last_seq})  # as the widget does
    await asyncio.sleep(AFTERWARDS)


def tell(what: str, statements: float, transactions: float, count: StatementCount) -> None:
    """The figures, for whoever runs this with `-s`."""
    sys.stdout.write(
        f"\n{what}: {statements:.1f} statements in {transactions:.1f} transactions\n{count.table(PIECES)}\n"
    )


def has_from_agent(count: int) -> Callable[[ChatClient], bool]:
    return lambda customer: len(customer.texts("agent")) == count


async def test_a_question_on_the_web_chat_costs_the_database_little(house_at_work: HouseAtWork) -> None:
    _, address = house_at_work
    async with AsyncExitStack() as stack:
        customers = [await stack.enter_async_context(client(address)) for _ in range(PIECES)]
        for customer in customers:
            await ask(customer, "Wo bleibt mein Paket?")
        resting = await idle(IDLE_SECONDS)
        with counting() as count:
            for customer in customers:
                await ask(customer, "Wie schicke ich etwas zurück?")
    statements, transactions = count.beyond(resting, PIECES)
    tell("a question", statements, transactions, count)
    assert statements <= 18
    assert transactions <= 6


async def test_a_relayed_message_costs_the_database_little(house_at_work: HouseAtWork) -> None:
    parts, address = house_at_work
    mia, desk = await hire(parts, "Mia"), drive(parts.conversations)
    async with client(address) as customer:
        await customer.until(lambda it: it.is_ready, "the welcome")
        conversation = customer.state["conversation"]
        owner = await desk.accept(conversation, mia)
        await asyncio.sleep(AFTERWARDS)
        resting = await idle(IDLE_SECONDS)
        with counting() as count:
            for number in range(PIECES):
                await desk.answer(conversation, mia, owner.epoch, f"Hallo {number}", f"c{number}")
                await customer.until(has_from_agent(number + 1), "the agent's line")
                await asyncio.sleep(AFTERWARDS)
    statements, transactions = count.beyond(resting, PIECES)
    tell("a relayed message", statements, transactions, count)
    assert statements <= 9
    assert transactions <= 3


async def test_the_desks_list_costs_two_statements(house_at_work: HouseAtWork) -> None:
    parts, address = house_at_work
    mia = await hire(parts, "Mia")
    async with AsyncExitStack() as stack:
        customers = [await stack.enter_async_context(client(address)) for _ in range(3)]
        for customer in customers:
            await ask(customer, "Wo bleibt mein Paket?")
    with counting() as count:
        cards = await parts.timeline.overview(DeskView.OPEN, mia)

    assert len(cards) == 3
    assert sum(number for origin, number in count.origins.items() if "Timeline.overview" in origin) == 2
