"""The desk's search in a browser: found by keyboard, opened at the line, lists without an end, on a phone, to axe."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from store.db import Database
from store.models import Agent, Conversation, Role, now
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.staff import PASSWORD, House, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

NAMES = ("Julie Müller", "Tom Brandt", "Karin Sommer", None)
MATTERS = (
    "Wo bleibt mein Paket? Es kommt seit Tagen nicht an.",
    "Die Rücksendung zur Bestellung 4711-0815 ist noch nicht erstattet",
    "Kann ich die Lieferadresse noch ändern?",
    "Der Gutschein wird nicht angenommen.",
)


@pytest.fixture(autouse=True)
async def mia(db: Database) -> Agent:
    return await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)


async def talk(conversations: Conversations, by: int, *lines: str) -> str:
    """A conversation in which somebody says these lines."""
    conversation = ""
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=f"v{by}")
    for place, line in enumerate(lines):
        message = InboundMessage(
            address=address,
            contact_id=f"v{by}",
            external_id=f"v{by}-{place}",
            text=line,
            contact_name=NAMES[by % len(NAMES)],
        )
        conversation = (await drive(conversations).receive(message)).conversation_id
    return conversation


async def test_a_line_far_back_is_found_and_opened_by_keyboard_alone(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    filler = [f"Noch etwas, Zeile {number}" for number in range(240)]
    await talk(conversations, 0, "Hallo", "Der Wasserkocher ist undicht", *filler)
    await talk(conversations, 1, "Ich habe eine andere Frage")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.wait_for_selector("#list-empty:not([hidden])")
        await page.keyboard.press("/")
        await page.keyboard.type("wasserk muler")
        await expect(page.locator("#found")).to_have_text("1 Gespräch gefunden")
        await expect(page.locator("#list mark")).to_have_text("Wasserkocher")
        await check(page)
        await page.keyboard.press("Enter")
        await expect(page.locator("#line-3")).to_be_in_viewport()
        await expect(page.locator("#line-3")).to_be_focused()
        await page.keyboard.press("/")
        await page.keyboard.press("Escape")
        await expect(page.locator("#found")).to_be_hidden()


IS_AT_END = "(box) => box.scrollTop + box.clientHeight >= box.scrollHeight - 1"
"""Nothing can be scrolled any more; a page that has just come is drawn whole for a moment, however far down it is."""
IS_DRAWN = """() => {
  const box = document.querySelector(".lists").getBoundingClientRect();
  const isAway = ({ top, bottom }) => bottom <= box.top || top >= box.bottom;
  return [...document.querySelectorAll("#list li:not([data-id])")].every((gap) => isAway(gap.getBoundingClientRect()));
}"""
"""No gap stands where rows are to be seen, however long drawing them takes on a busy machine."""


async def test_a_list_has_no_end_and_holds_few_rows(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    made = [await talk(conversations, by, MATTERS[by % len(MATTERS)]) for by in range(230)]
    async with conversations.db.write() as session:
        await session.execute(update(Conversation).values(status=Status.RESOLVED, resolved_at=now()))
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.click("[data-view=resolved]")
        row = page.locator(f'#list [data-id="{made[0]}"]')
        seen: set[str | None] = set()
        for _ in range(200):
            rows = page.locator("#list li[data-id]")
            seen |= set(await rows.evaluate_all("(rows) => rows.map((row) => row.dataset.id)"))
            if await page.locator(".lists").evaluate(IS_AT_END) and await row.count():
                break
            await page.locator(".lists").evaluate("(box) => box.scrollBy(0, 600)")
            await page.wait_for_timeout(60)
            await page.wait_for_function(IS_DRAWN)
        assert seen == set(made)
        assert await page.locator("#list li[data-id]").count() <= 125
        await row.locator("button").click()
        await expect(page.locator("#who")).to_have_text("Julie Müller")


async def test_filters_and_kept_views_on_a_phone(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    for by, matter in enumerate(MATTERS):
        await talk(conversations, by, matter)
    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
    async with served(house) as address, window(browser, address, "mia@example.org", **phone) as page:
        await page.click("#filter-toggle")
        await page.select_option("#filters [name=channel]", "webchat")
        await expect(page.locator("#found")).to_have_text("4 Gespräche gefunden")
        await check(page)
        await page.fill("#filters .keep input", "Web-Chat")
        await page.select_option("#filters [name=share]", "everybody")
        await page.click("#filters .keep + .row button >> nth=0")
        await expect(page.locator("#saved-views button")).to_have_attribute("aria-pressed", "true")
        await page.click("#filter-toggle")
        await page.fill("#search", "kühlschrank")
        await expect(page.locator("#list-empty")).to_contain_text("Nichts gefunden.")
        await check(page)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width == phone["viewport"]["width"]  # type: ignore[index]
