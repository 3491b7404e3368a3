"""Setting up in a real browser: from the first admin's link to the line for the web site."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from helpdesk.accounts.invitations import first_admin_link
from tests.fakes.bot import FakeBot
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")


async def take_pictures(page: "Page", name: str) -> None:
    """Light and dark, wide and on a phone."""
    for scheme in ("light", "dark") if LOOK else ():
        await page.emulate_media(color_scheme=scheme)
        for width in (1360, 390):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.screenshot(path=f"{LOOK}/{name}-{scheme}-{width}.png", full_page=True)
    if LOOK:
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size({"width": 1360, "height": 900})


async def test_the_first_admin_is_led_through_what_is_to_be_set_up(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=FakeBot()) as (parts, address):
        context = await browser.new_context(
            base_url=f"http://{address}", reduced_motion="reduce", locale=os.environ.get("STAFFEL_LOOK_LOCALE", "en-GB")
        )
        page, errors = await context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        link = await first_admin_link(parts.db, f"http://{address}")
        await page.goto(link or "")
        for name, value in (("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)):
            await page.fill(f"[name={name}]", value)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/admin/setup")
        await take_pictures(page, "setup-begin")
        await check(page)

        first = page.locator("#company")
        await page.fill("[name=company]", 'Lampenhaus "Nord"')
        await page.fill("[name=bot_name]", "Lotte")
        await page.locator("[name=accent]").fill("#7c3aed")
        await page.locator("#company button.primary").click()
        await expect(first.locator("summary .mark-of")).to_have_class("mark-of done")
        await expect(page.locator("#snippet")).to_have_value(
            f'<script src="http://{address}/webchat.js" data-accent="#7c3aed"'
            ' data-title="Lampenhaus &quot;Nord&quot;" async></script>'
        )

        await page.locator("#sample-form button").click()
        await expect(page.locator("#knowledge summary .mark-of")).to_have_class("mark-of done")
        assert parts.library.snapshot.entries
        await expect(page.locator("#hours details")).to_have_attribute("open", "")
        await page.locator("#hours form button").press("Enter")  # later
        await expect(page.locator("#hours summary .mark-of")).to_have_class("mark-of skipped")
        await page.locator("#colleagues a.primary").click()
        await page.wait_for_url("**/admin/agents?from=setup")
        await page.locator("main a[href='/admin/setup']").click()
        await page.locator("#copy").click()
        await expect(page.locator("#copy")).to_have_text(await page.locator("#copy").get_attribute("data-done") or "")
        await take_pictures(page, "setup-midway")
        await check(page)

        await page.goto("/admin/company")
        await take_pictures(page, "company")
        await check(page)
        await page.goto("/")
        chat = page.locator("staffel-chat")
        await chat.get_by_role("button").first.click()
        await expect(chat).to_contain_text("Lotte")

        await page.goto("/admin")
        await expect(page.locator(".checklist li")).to_have_count(6)
        await take_pictures(page, "setup-overview")
        await check(page)
        await page.locator(".checklist form button").click()
        await expect(page.locator("main h1")).to_be_visible()
        await expect(page.locator(".checklist")).to_have_count(0)
        assert errors == []
        await context.close()
