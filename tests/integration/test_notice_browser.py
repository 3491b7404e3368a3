"""A known disturbance in a real browser: entered, read before it is asked; and the conversation taken along."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from connectors.contract import Channel
from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.views.timeline import DeskView
from store.models import Rating, Role, now
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.test_files_browser import shop
from tests.integration.webchat_server import served
from tests.sample_articles import fill, reading_bot

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")
STRIKE = "Wegen eines Streiks kommen Pakete zwei Tage später an."


async def look(page: "Page", name: str) -> None:
    if LOOK:
        await page.screenshot(path=f"{LOOK}/{name}.png", full_page=True)


async def store_ratings(parts: AppComponents, conversation_id: str) -> None:
    async with parts.db.write() as session:
        session.add_all(
            Rating(
                conversation_id=conversation_id,
                channel=Channel.WEBCHAT,
                article="parcel",
                asked_seq=1,
                helped=helped,
                rated_at=now(),
            )
            for helped in (True, True, False)
        )


async def test_a_notice_is_entered_told_and_the_conversation_taken_along(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        await fill(parts)
        await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto("/admin/notices/new")
            await page.click("form button.primary")
            await page.wait_for_selector("#problem:has-text('Namen')")
            await page.fill("[name=name]", "Streik beim Paketdienst")
            await page.fill("[name=text-de]", STRIKE)
            await page.check("[name=categories][value=delivery]")
            await page.fill("[name=words]", "Paketdienst\nlate parcel")
            await expect(page.locator("[data-preview=de]")).to_have_text(STRIKE)
            await check(page)
            await look(page, "notice-form")
            await page.click("form button.primary")
            await page.wait_for_selector(".notice-cards .badge.ok")
            await check(page)
            await look(page, "notices-list")

            async with shop(browser, address) as visitor:
                greeting = visitor.locator("staffel-chat .message").first
                await expect(greeting).to_contain_text(STRIKE)
                await look(visitor, "chat-greeting")
                await visitor.locator("staffel-chat textarea").fill("Wo bleibt mein Paket?")
                await visitor.keyboard.press("Enter")
                await expect(visitor.locator("staffel-chat .message.contact")).to_have_count(1)
                save = visitor.locator("staffel-chat .save")
                await expect(save).to_have_attribute("aria-label", "Verlauf")
                await save.click()
                link = visitor.locator("staffel-chat .message a[href*='/transcript/']")
                await expect(link).to_be_visible()
                await look(visitor, "chat-transcript")
                href = await link.get_attribute("href")
                async with visitor.expect_download() as download:
                    await visitor.evaluate("(href) => { location.href = href; }", href)
                kept = await asyncio.to_thread((await (await download.value).path()).read_text, "utf-8")
                assert STRIKE in kept
                assert "Wo bleibt mein Paket?" in kept

            [card] = await parts.timeline.overview(DeskView.OPEN, "")
            await page.goto(f"/desk?conversation={card.id}")
            await expect(page.locator("#contact")).to_contain_text("Streik beim Paketdienst")
            await look(page, "desk-notice")
            [view] = await parts.notices.store.list_all()
            await page.goto(f"/admin/notices/{view.id}")
            await check(page)
            await look(page, "notice-figures")
            await store_ratings(parts, card.id)
            await page.goto("/admin/ratings")
            await check(page)
            await look(page, "ratings")
            await page.goto("/admin")
            await look(page, "overview")
            await page.set_viewport_size({"width": 360, "height": 740})
            for path in ("/admin/ratings", f"/admin/notices/{view.id}", "/admin/notices"):
                await page.goto(path)
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert width <= 360, path
                await look(page, "phone" + path.replace("/", "-")[:24])
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 1200, "height": 800})
            await page.goto("/admin/ratings")
            await look(page, "ratings-dark")
