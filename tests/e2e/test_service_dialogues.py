"""Forty conversations from calm to furious with the whole installation: who goes to a person, when, with what story.

`tests/data/service_dialogues.jsonl` has what the customer writes, and between which of these lines (from 0) a person
has to come in, or that none may.
"""

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE, ChatCustomer, Staff, picture

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(600)]

DIALOGUES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "service_dialogues.jsonl").read_text("utf-8").splitlines()
]
READ = ["de-05", "de-09", "de-13", "de-16", "en-11", "en-15"]  # looked at from both sides, in the browser
AT_ONCE = 8  # conversations that are held at the same time
SETTLED = 60.0  # seconds in which a turn has to be over


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home) as found:
        yield found


def key_of(installation: Installation) -> str:
    """A key to the REST API."""
    scopes = [option for scope in ("conversations", "messages", "handoff") for option in ("--scope", scope)]
    made: subprocess.CompletedProcess[bytes] = installation.run("key", "add", "dialogues", *scopes)
    found = re.search(rb"\S{30,}", made.stdout)
    assert found, made.stderr.decode()
    return found.group().decode()


async def held(api: httpx.AsyncClient, dialogue: dict[str, Any]) -> tuple[int | None, list[str]]:
    """Hold a conversation to its end: after which line (from 0) a person was asked for, and what was answered."""
    opened = await api.post("/conversations", json={"contact": dialogue["id"], "language": dialogue["language"]})
    path = f"/conversations/{opened.json()['id']}"
    for number, line in enumerate(dialogue["lines"]):
        written = await api.post(f"{path}/messages", json={"client_id": f"c{number}", "text": line})
        assert written.status_code == 201, written.text
        if await _is_handed_over(api, path, written.json()["seq"]):
            return number, await _answers(api, path)
    return None, await _answers(api, path)


async def _is_handed_over(api: httpx.AsyncClient, path: str, seq: int) -> bool:
    """Wait until something was said after line `seq`, then whether a person is asked for."""
    async with asyncio.timeout(SETTLED):
        while True:
            lines = (await api.get(f"{path}/messages", params={"after": seq})).json()["lines"]
            if any(line["kind"] == "outgoing" for line in lines):
                return bool((await api.get(path)).json()["card"]["status"] == "queued")
            await asyncio.sleep(0.2)


async def _answers(api: httpx.AsyncClient, path: str) -> list[str]:
    lines = (await api.get(f"{path}/messages")).json()["lines"]
    return [line["text"] for line in lines if line["kind"] == "outgoing"]


async def test_six_of_them_as_customer_and_agent_see_them(installation: Installation, browser: Browser) -> None:
    agent = await Staff.join(browser, installation.first_admin_link)
    await agent.is_online()
    for dialogue in DIALOGUES:
        if dialogue["id"] in READ:
            await _read(agent, browser, installation, dialogue)


async def _read(agent: Staff, browser: Browser, installation: Installation, dialogue: dict[str, Any]) -> None:
    language = dialogue["language"]
    customer = await ChatCustomer.arrive(browser, installation.origin, language=language)
    waits = "an 1. Stelle" if language == "de" else "number 1 in the queue"
    for line in dialogue["lines"]:
        bubbles = customer.log.locator(".bubble")
        before = await bubbles.count()
        await customer.write(line)
        await expect(bubbles.nth(before + 1)).to_be_visible(timeout=PATIENCE)  # their own, and an answer to it
        await customer.page.wait_for_timeout(1_000)  # what an answer brings along has come too
        if waits in (await customer.log.text_content() or ""):
            break
    await customer.sees(re.compile(waits))
    await picture(customer.page, f"dialogue-{dialogue['id']}-customer")
    await agent.open_first()
    await expect(agent.page.locator("#lines")).to_contain_text(line, timeout=PATIENCE)
    await picture(agent.page, f"dialogue-{dialogue['id']}-card")
    await agent.do("accept")
    await agent.answer("Ich habe mich darum gekümmert.")
    await agent.do("resolve")
    await customer.page.context.close()


async def test_each_conversation_reaches_a_person_in_time_or_not_at_all(installation: Installation) -> None:
    headers = {"Authorization": f"Bearer {key_of(installation)}"}
    turnstile = asyncio.Semaphore(AT_ONCE)

    async def hold(dialogue: dict[str, Any]) -> str | None:
        async with turnstile:
            handed, answers = await held(api, dialogue)
        allowed = range(dialogue["after"], dialogue["by"] + 1) if dialogue["ends"] == "person" else [None]
        return None if handed in allowed else f"{dialogue['id']}: after line {handed}: {answers}"

    async with httpx.AsyncClient(
        base_url=f"{installation.origin}/api/v1", headers=headers, timeout=60, trust_env=False
    ) as api:
        wrong = [found for found in await asyncio.gather(*map(hold, DIALOGUES)) if found]
    assert not wrong, "\n".join(wrong)
