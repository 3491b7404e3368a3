"""What an agent's page keeps after a day's work: `python -m benchmarks.desk_memory`, in a real Chromium.

One desk stays open all day. Customers write fifteen lines each, one after the other: the agent takes the conversation
by key, reads along, answers five times and resolves. Others write to the bot beside it, of which this page is told too.
After every ten conversations the heap is collected and measured, with what hangs in the page: nodes and listeners. A
page that keeps nothing is as large after the last ten as after the second.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import getloadavg
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from store.migrate import upgrade_async
from store.models import Role
from store.triggers import Trigger, TriggerKind
from tests.conftest import BROWSER_OPTIONS
from tests.conversation_driver import ConversationDriver, drive
from tests.harness import inbound_message
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import window
from tests.integration.webchat_server import served
from tests.services import chromium

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

CONVERSATIONS = 40
MEASURED_EVERY = 10
ROUNDS = 5
LINES_A_ROUND = 3
PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """After so many conversations: megabytes of heap, and what hangs in the page."""

    conversations: int
    heap: float
    nodes: int
    listeners: int


async def main() -> None:
    """Measure and print."""
    sizes = []
    async with desk() as (parts, page):
        measuring = await page.context.new_cdp_session(page)
        await measuring.send("Performance.enable")
        for number in range(1, CONVERSATIONS + 1):
            await handle(parts, page, number)
            if number % MEASURED_EVERY == 0:
                sizes.append(await measure(measuring, number))
                print(
                    f"{sizes[-1].conversations:4} conversations: {sizes[-1].heap:5.1f} MB of heap,"
                    f" {sizes[-1].nodes} nodes, {sizes[-1].listeners} listeners",
                    flush=True,
                )
    lines = CONVERSATIONS * ROUNDS * (LINES_A_ROUND + 1)
    print(
        f"{lines} lines; last / second measurement: {sizes[-1].heap / sizes[1].heap:.2f} (load {getloadavg()[0]:.1f})"
    )


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[AppComponents, "Page"]]:
    """A helpdesk, and Mia's open desk."""
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), f"sqlite+aiosqlite:///{folder}/staffel.db", undo_seconds=0.0) as (parts, place):
            await upgrade_async(parts.db)
            await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium(), args=BROWSER_OPTIONS)
                async with window(browser, f"http://{place}", "mia@example.org") as page:
                    page.set_default_timeout(PATIENCE_MS)
                    yield parts, page
                await browser.close()


async def handle(parts: AppComponents, page: "Page", number: int) -> None:
    """One conversation from the queue to resolved; somebody else writes to the bot beside it."""
    conversations = drive(parts.conversations)
    name = f"visitor-{number}"
    asked = await conversations.receive(inbound_message(f"Frage {number}: Wo bleibt mein Paket?", name=name))
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(asked.seq,))
    await conversations.request_handoff(asked.conversation_id, [trigger])
    if number == 1:
        await page.goto(f"/desk?conversation={asked.conversation_id}")
    else:
        await page.click(".views button[data-view=queue]")
        await page.locator(f"#offers :text('Frage {number}:'), #list li:has-text('Frage {number}:')").first.click()
    await page.locator(f"#lines :text('Frage {number}:')").first.wait_for()
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("a")
    await page.wait_for_function("() => document.activeElement.id === 'text'")
    for turn in range(ROUNDS):
        for line in range(LINES_A_ROUND):
            text = f"{number}.{turn}.{line} Der Tisch wackelt, und die Schrauben fehlen auch."
            await conversations.receive(inbound_message(text, name=name))
        await page.locator(f"#lines :text('{number}.{turn}.{LINES_A_ROUND - 1} ')").first.wait_for()
        await page.keyboard.type(f"Antwort {number}.{turn}: Ich schicke Ihnen neue.")
        await page.keyboard.press("Enter")
        await page.locator(f"#lines :text('Antwort {number}.{turn}:')").first.wait_for()
        await work_beside(conversations, number, turn)
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await page.locator("#state:has-text('abgeschlossen')").first.wait_for()


async def work_beside(conversations: ConversationDriver, number: int, turn: int) -> None:
    """A line of a customer who talks to the bot."""
    await conversations.receive(
        inbound_message(f"Bestellung {number * 10 + turn} bitte", name=f"beside-{number}-{turn}")
    )


async def measure(measuring: "CDPSession", number: int) -> PageSize:
    """Collect what nobody holds, and look."""
    for _ in range(2):
        await measuring.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in (await measuring.send("Performance.getMetrics"))["metrics"]}
    return PageSize(
        conversations=number,
        heap=found["JSHeapUsedSize"] / 1e6,
        nodes=int(found["Nodes"]),
        listeners=int(found["JSEventListeners"]),
    )


if __name__ == "__main__":
    asyncio.run(main())
