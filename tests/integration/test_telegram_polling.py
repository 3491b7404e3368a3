"""Long polling, where Telegram can't reach us: one instance asks, and nothing is forgotten before it is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest

from connectors.contract import Account, Channel
from connectors.telegram.buttons import ChoiceSigner
from connectors.telegram.inbound import UpdateReceiver
from connectors.telegram.parse import ALLOWED_UPDATES, BotIdentity
from connectors.telegram.polling import (
    NO_LONGER_ACCEPTED,
    SECOND_POLLER,
    WEBHOOK_ELSEWHERE,
    PollingPace,
    UpdatePoller,
)
from store.errors import Unavailable
from tests.fakes.telegram import TelegramFault
from tests.harness import eventually
from tests.integration.telegram_desk import TelegramDesk, telegram_connector, telegram_desk

QUICK = PollingPace(hold=1.0, after_conflict=0.2, after_fault=0.05, floor=0.05)


@asynccontextmanager
async def polling_desk(tmp_path: Path, url: str, *, instances: int = 1) -> AsyncIterator[TelegramDesk]:
    async with telegram_desk(tmp_path, url, mode="polling", instances=instances, public_url="") as desk:
        for parts in desk.instances:
            telegram_connector(parts).pace = QUICK
        yield desk


async def problem_of(desk: TelegramDesk) -> str | None:
    account = await desk.parts.accounts.find(Channel.TELEGRAM, str(desk.fake.state.bot_id))
    assert account is not None
    return account.problem


async def test_updates_are_asked_for_and_answered(tmp_path: Path, database_url: str) -> None:
    async with polling_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo")
        ida.writes("Noch da?")
        await desk.answered(ida, "You said")
        assert [message.text for message in await desk.written()] == ["Hallo", "Noch da?"]
        assert list(desk.fake.updates.allowed) == list(ALLOWED_UPDATES)


async def test_f52_of_two_instances_one_asks(tmp_path: Path, postgres_url: str) -> None:
    async with polling_desk(tmp_path, postgres_url, instances=2) as desk:
        ida = desk.fake.person()
        for number in range(3):
            ida.writes(f"Frage {number}")
        await desk.answered(ida, "You said")
        assert await problem_of(desk) is None
        assert [message.text for message in await desk.written()] == [f"Frage {number}" for number in range(3)]


@pytest.mark.parametrize(
    ("description", "problem"),
    [
        (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            SECOND_POLLER,
        ),
        ("Conflict: can't use getUpdates method while webhook is active", WEBHOOK_ELSEWHERE),
    ],
)
async def test_f52_a_foreign_poller_is_told_to_the_admin_until_it_is_gone(
    tmp_path: Path, sqlite_url: str, description: str, problem: str
) -> None:
    async with polling_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.faults.append(TelegramFault(method="getUpdates", status=409, description=description, times=10))

        async def told() -> bool:
            return await problem_of(desk) == problem

        async def well_again() -> bool:
            return await problem_of(desk) is None

        await eventually(told, "the problem")
        await eventually(well_again, "the problem to be gone")
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "You said")


async def test_f52_a_real_second_poller_costs_no_message(tmp_path: Path, sqlite_url: str) -> None:
    async with polling_desk(tmp_path, sqlite_url) as desk:
        url = f"{desk.fake.api_url}/bot{desk.fake.state.token}/getUpdates"
        async with httpx.AsyncClient(trust_env=False) as other:
            for _ in range(3):
                await other.post(url, data={"timeout": "0", "limit": "1"})
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "You said")
        assert len(await desk.written()) == 1


async def test_what_cannot_be_stored_is_asked_for_again(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with polling_desk(tmp_path, sqlite_url) as desk:
        receive, troubles = desk.parts.inbox.receive, [Unavailable("away")] * 3

        async def moody(*arguments: Any, **more: Any) -> Any:
            if troubles:
                raise troubles.pop()
            return await receive(*arguments, **more)

        monkeypatch.setattr(desk.parts.inbox, "receive", moody)
        ida = desk.fake.person()
        ida.writes("Erstens")
        ida.writes("Zweitens")
        await desk.answered(ida, "You said")
        assert [message.text for message in await desk.written()] == ["Erstens", "Zweitens"]


async def test_a_refused_token_ends_the_asking(tmp_path: Path, sqlite_url: str) -> None:
    async with polling_desk(tmp_path, sqlite_url) as desk:
        desk.fake.state.token = "700100:AAanother_token_given_out_by_botfather"

        async def told() -> bool:
            return await problem_of(desk) == NO_LONGER_ACCEPTED

        await eventually(told, "the end")


async def test_a_name_that_no_database_can_store_does_not_cost_the_message(tmp_path: Path, database_url: str) -> None:
    async with polling_desk(tmp_path, database_url) as desk:
        odd = desk.fake.person("Ida \x00")
        odd.writes("Hallo")
        await desk.answered(odd, "You said")
        desk.fake.person("Max").writes("Ich auch")
        await eventually(lambda: written(desk, 2), "everybody to be heard")


async def written(desk: TelegramDesk, count: int) -> bool:
    return len(await desk.written()) == count


@dataclass
class RestlessApi:
    """Answers every question at once; `updates` are what it says each time."""

    updates: list[dict[str, Any]]
    asked: int = 0
    base_url: str = "http://127.0.0.1/bot"

    @property
    def request(self) -> "RestlessApi":
        return self

    async def post(self, url: str, **_: object) -> list[dict[str, Any]]:
        self.asked += 1
        return self.updates


@pytest.mark.parametrize("updates", [[], [{"update_id": 7}], [{"no": "id"}]])
async def test_an_endpoint_that_answers_at_once_is_not_asked_without_end(updates: list[dict[str, Any]]) -> None:
    api: Any = RestlessApi(updates=updates)
    nobody: Any = AsyncMock()
    account = Account(channel=Channel.TELEGRAM, id="1", name="bot", secrets={}, settings={})
    poller = UpdatePoller(nobody, UpdateReceiver(nobody, nobody, nobody), PollingPace(hold=1.0, floor=0.2))
    us = BotIdentity(account="1", username="bot", signer=ChoiceSigner("x" * 32))
    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            await poller.run(account, api, lambda _: us)

    assert 1 <= api.asked <= 7
