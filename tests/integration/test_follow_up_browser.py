"""Asking again in a real browser: planned on the desk, listed, asked in the customer's chat, answered."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations.follow_ups.asking import tend_follow_up
from helpdesk.views.timeline import DeskView
from store.models import FollowUp, Promise, Role, now
from tests.conversation_driver import drive
from tests.harness import eventually
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
PHONE_WIDTH = 390


async def look(page: "Page", name: str) -> None:
    """The screen by day, by night and on a phone, without a fault that axe finds."""
    await check(page)
    if not LOOK:
        return
    wide = page.viewport_size
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.screenshot(path=f"{LOOK}/{name}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": PHONE_WIDTH, "height": 800})
    await page.screenshot(path=f"{LOOK}/{name}-phone.png")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    await page.set_viewport_size(wide or {"width": 1280, "height": 720})


async def test_a_resolved_customer_is_asked_again_and_still_needs_help(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot(), undo_seconds=0) as (parts, address):
        await fill(parts)
        ada = (await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)).id
        async with (
            window(browser, f"http://{address}", "ada@example.org") as page,
            shop(browser, address) as visitor,
        ):
            await visitor.locator("staffel-chat textarea").fill("Mein Paket ist weg.")
            await visitor.keyboard.press("Enter")
            await expect(visitor.locator("staffel-chat .message.contact")).to_have_count(1)
            [card] = await eventually(lambda: parts.timeline.overview(DeskView.OPEN, ""), "the conversation")
            epoch = (await drive(parts.conversations).accept(card.id, ada)).epoch
            await drive(parts.conversations).answer(card.id, ada, epoch, "Ich habe ein neues geschickt.", "1")
            await page.goto(f"/desk?conversation={card.id}")
            await page.click("[data-do=resolve]")
            await page.click("#follow-up-head button")
            await expect(page.locator("#follow-up-way")).to_contain_text("keine Adresse bekannt")
            await expect(page.locator("#follow-up-form [name=text]")).to_have_value(
                "Ada möchte gern wissen: Hat sich Ihr Anliegen erledigt?"
            )
            await page.click("[data-quick-day=week]")
            await expect(page.locator("[data-quick-day=week]")).to_have_attribute("aria-pressed", "true")
            await look(page, "follow-up-dialog")
            await page.fill("#follow-up-form [name=text]", "Ist das neue Paket angekommen?")
            await page.keyboard.press("Tab")
            await page.click("#follow-up-save")
            await expect(page.locator("#follow-up .promise.planned")).to_contain_text("Ist das neue Paket angekommen?")
            await expect(page.locator("#follow-up-head")).to_be_hidden()
            await page.click(".views [data-view=promises]")
            await expect(page.locator("#list")).to_contain_text("Ist das neue Paket angekommen?")
            await look(page, "follow-up-list")

            async with parts.db.write() as session:
                await session.execute(update(Promise).values(kept_at=now()))
                planned = (await session.scalars(select(FollowUp))).one()
            async with parts.conversations.open(card.id) as c:
                await tend_follow_up(c, planned.due_at)
            question = visitor.locator("staffel-chat .message", has_text="Ist das neue Paket angekommen?")
            await expect(question).to_be_visible()
            await look(visitor, "follow-up-chat")
            await expect(page.locator("#follow-up .promise.asked")).to_be_visible()
            await visitor.locator("staffel-chat button", has_text="Nein, ich brauche noch Hilfe").click()
            await expect(page.locator("#baton")).to_contain_text("Auf Nachfrage: braucht noch Hilfe")
            await expect(page.locator("#follow-up .promise.answered")).to_contain_text("braucht noch Hilfe")
            await look(page, "follow-up-answered")
            await page.goto("/admin/articles/new")
            await page.fill("[name=ask_again_after]", "200")
            await page.locator("#ask-again-hint").scroll_into_view_if_needed()
            await page.mouse.wheel(0, 300)
            await look(page, "follow-up-article")
