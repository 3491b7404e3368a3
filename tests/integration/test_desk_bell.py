"""The bell of the desk in a real browser: what it says of sound, notification and title is so, after a reload too."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from helpdesk.accounts.agents import add_agent
from store.models import Role
from tests.conversation_driver import drive
from tests.harness import eventually, inbound_message
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from helpdesk.app import AppComponents

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Counts the tones that the browser has really begun to play: on a clock that runs, not on one that stands still.
COUNTING = """
window.tones = 0;
window.clocks = [];
const Real = window.AudioContext;
window.AudioContext = class extends Real { constructor() { super(); window.clocks.push(this); } };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  if (this.context.state === "running") window.tones += 1;
  return start.call(this, at);
};
"""
IS_AUDIBLE = "() => window.clocks.some((clock) => clock.state === 'running')"


async def ask_for_person(parts: "AppComponents", name: str) -> None:
    received = await drive(parts.conversations).receive(inbound_message("Wo bleibt mein Paket?", name=name))
    await drive(parts.conversations).request_handoff(received.conversation_id, [])


async def test_the_bell_says_after_a_reload_whether_it_can_be_heard(
    tmp_path: Path, database_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, database_url, offer_seconds=600) as (parts, address):
        await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            bell = page.locator("#alerts")
            await page.add_init_script(COUNTING)
            await page.reload()
            await expect(bell).to_have_attribute("title", "Ton und Mitteilung sind aus")
            await bell.click()
            await eventually(
                lambda: page.evaluate("window.tones >= 2"), "two tones"
            )  # one hears what one has switched on
            await expect(bell).to_have_attribute("title", re.compile("Mitteilungen zeigt dieser Browser .* nicht"))
            await page.context.grant_permissions(["notifications"])
            await ask_for_person(parts, "first")
            await expect(page).to_have_title(re.compile(r"\(1\) "))
            await eventually(lambda: page.evaluate("window.tones >= 4"), "two tones")
            await expect(bell).to_have_attribute("title", "Ton und Mitteilung sind an")

            await page.reload()
            await expect(page).to_have_title(re.compile(r"\(1\) "))
            await expect(bell).to_have_attribute("aria-pressed", "true")
            await expect(bell).to_have_class(re.compile("silent"))
            assert not await page.evaluate(IS_AUDIBLE)
            await expect(bell).to_have_attribute(
                "title", re.compile("sobald Sie einmal auf diese Seite geklickt haben")
            )
            await check(page)
            await ask_for_person(parts, "second")
            await expect(page).to_have_title(re.compile(r"\(2\) "))
            assert await page.evaluate("window.tones") == 0

            await page.locator("#content").click(position={"x": 5, "y": 5})
            await expect(bell).not_to_have_class(re.compile("silent"))
            assert await page.evaluate(IS_AUDIBLE)
            await expect(bell).to_have_attribute("title", "Ton und Mitteilung sind an")
            await ask_for_person(parts, "third")
            await eventually(lambda: page.evaluate("window.tones >= 2"), "two tones")
            await expect(page).to_have_title(re.compile(r"\(3\) "))

            await page.evaluate("window.clocks[0].suspend()")  # as a phone does that takes a call
            await expect(bell).to_have_class(re.compile("silent"))
            await page.locator("#content").click(position={"x": 5, "y": 5})
            await expect(bell).not_to_have_class(re.compile("silent"))
            assert await page.evaluate(IS_AUDIBLE)
