"""The web chat in a real browser: nothing on the device before it is opened, and the notice in its frame."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from connectors.contract import Address, Channel, InboundMessage, PrivacyLink
from helpdesk.channels.privacy_notices import PrivacyNotices
from tests.fakes.bot import FakeBot
from tests.harness import log_of
from tests.integration.staff_windows import check
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
ADDRESS = "https://example.org/datenschutz"


async def test_a_device_keeps_nothing_before_the_chat_is_opened_and_the_notice_is_there_at_once(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=FakeBot()) as (parts, address):
        notices = PrivacyNotices(parts.db)
        await notices.save("", "de", PrivacyLink(address=ADDRESS), "ada@example.org")
        context = await browser.new_context(base_url=f"http://{address}", reduced_motion="reduce", locale="de-DE")
        page = await context.new_page()
        await page.goto("/?lang=de")
        opener = page.get_by_role("button", name="Chat öffnen")
        await expect(opener).to_be_visible()
        assert await page.evaluate(KEPT) == '[{},{},""]'
        assert await context.cookies() == []

        await opener.click()
        notice = page.locator("staffel-chat .privacy")
        await expect(notice).to_have_text("So gehen wir mit Ihren Daten um")
        await expect(notice).to_have_attribute("href", ADDRESS)
        await check(page)
        if LOOK:
            await page.screenshot(path=f"{LOOK}/privacy-chat-light.png")
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 390, "height": 844})
            await page.screenshot(path=f"{LOOK}/privacy-chat-dark-390.png")
        await page.goto("/help/de")
        await expect(page.locator(f"footer a[href='{ADDRESS}']")).to_be_visible()
        await page.goto("/continue/none")
        await expect(page.locator(f"a[href='{ADDRESS}']")).to_be_visible()
        await context.close()

        there = Address(channel=Channel.TELEGRAM, account="bot", chat_id="77")
        received = await parts.inbox.receive(
            InboundMessage(address=there, contact_id="77", external_id="t:1", text="Hallo")
        )
        greeting, *_ = await log_of(parts, received.conversation_id)
        assert greeting.text.endswith(f"So gehen wir mit Ihren Daten um: {ADDRESS}")
