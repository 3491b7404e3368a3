"""What look-ups change of a turn: the bot is told which one is asked for, and everything else costs what it did."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk.app import AppComponents
from helpdesk.lookups.sample_lookup import connect_demo
from store.models import LookupRecord
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message, run_helpdesk, settings_for, wait_for_answers
from tests.sample_articles import fill
from tests.statements import counting, listen


def answering(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": f"look-up: {turn['metadata'].get('lookup')}"}]


@pytest.fixture
async def parts(tmp_path: Path, database_url: str) -> AsyncIterator[AppComponents]:
    listen()
    async with run_helpdesk(settings_for(tmp_path, database_url), FakeBot(answering=answering)) as running:
        await fill(running)
        await connect_demo(running.lookups.store)
        yield running


async def ask(parts: AppComponents, text: str, name: str) -> str:
    receipt = await parts.inbox.receive(inbound_message(text, name=name))
    return (await wait_for_answers(parts, str(receipt.conversation_id), 1))[0]


@pytest.mark.parametrize(
    ("text", "lookup"),
    [
        ("LH-2024-88317", "orders"),
        ("und 88317?", "orders"),
        ("Wo ist meine Bestellung?", "orders"),
        ("Wie schicke ich etwas zurück?", None),
        ("Hallo", None),
    ],
)
async def test_the_bot_is_told_which_look_up_is_asked_for(parts: AppComponents, text: str, lookup: str | None) -> None:
    assert await ask(parts, text, "mara") == f"look-up: {lookup}"


async def test_a_message_about_something_else_costs_look_ups_no_statement(parts: AppComponents) -> None:
    await ask(parts, "Wie schicke ich etwas zurück?", "mara")
    with counting() as count:
        await ask(parts, "Wie schicke ich etwas zurück?", "jon")

    assert not [origin for origin in count.origins if "lookup" in origin and "conversations/lookups" not in origin]


async def test_what_is_switched_off_is_not_recognised_any_more(parts: AppComponents) -> None:
    await ask(parts, "LH-2024-88317", "mara")
    [view] = await parts.lookups.store.list_all()
    await parts.lookups.store.switch(view.id, is_on=False, by="Ada")

    assert await ask(parts, "LH-2024-88317", "jon") == "look-up: None"


@pytest.mark.parametrize("broken", [{"definition": {"lookup": {"name": "orders", "unknown": 1}}}, {"secret": "lost"}])
async def test_a_look_up_that_cannot_be_read_is_left_out_and_breaks_no_turn(
    parts: AppComponents, broken: dict[str, Any]
) -> None:
    async with parts.db.write() as session:
        await session.execute(update(LookupRecord).values(**broken))

    assert await ask(parts, "LH-2024-88317", "mara") == "look-up: None"
