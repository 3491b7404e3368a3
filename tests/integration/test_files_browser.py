"""Files in a real browser: a customer pastes, picks and drops, sees what comes back, and is told what isn't taken."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.conversations.answers import agent_answers
from helpdesk.files.uploads import pieces_of
from store.models import Conversation, Role, StoredFile
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import eventually, hire
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served
from tests.page_errors import page_errors
from tests.sample_files import PDF, PROGRAM, photo, picture

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")
PASTE = """([place, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, composed: true, cancelable: true };
  const event = place === "drop"
    ? new DragEvent("drop", { ...options, dataTransfer: transfer })
    : new ClipboardEvent("paste", { ...options, clipboardData: transfer });
  document.querySelector("staffel-chat").shadowRoot.querySelector("textarea").dispatchEvent(event);
}"""


@asynccontextmanager
async def shop(browser: "Browser", address: str, **options: Any) -> AsyncIterator["Page"]:
    """The sample shop with the chat open; it must stay free of errors."""
    context = await browser.new_context(base_url=f"http://{address}", reduced_motion="reduce", **options)
    page = await context.new_page()
    errors = page_errors(page)
    await page.goto("/?lang=de")
    await page.get_by_role("button", name="Chat öffnen").click()
    await expect(page.locator("staffel-chat .message").first).to_be_visible()
    yield page
    assert errors == []
    await context.close()


async def look(page: "Page", name: str) -> None:
    if LOOK:
        await page.screenshot(path=f"{LOOK}/{name}.png")


async def give(page: "Page", how: str, name: str, kind: str, content: bytes) -> None:
    await page.evaluate(PASTE, [how, name, kind, base64.b64encode(content).decode()])


def tray(page: "Page") -> "Locator":
    return page.locator("staffel-chat .tray > li")


async def is_painted(canvas: "Locator") -> bool:
    """Whether there is something on it, and not only its ground."""
    seen = "(canvas) => canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[3]"
    return bool(await canvas.evaluate(seen))


@pytest.fixture
async def server(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[AppComponents, str]]:
    async with served(tmp_path, database_url, bot=FakeBot()) as running:
        yield running


async def conversation_id(parts: AppComponents) -> str:
    async with parts.db.read() as session:
        return (await session.scalars(select(Conversation.id))).one()


async def test_a_pasted_screenshot_is_sent_shown_opened_and_answered_by_a_picture(
    server: tuple[AppComponents, str], browser: "Browser"
) -> None:
    parts, address = server
    async with shop(browser, address) as page:
        await give(page, "paste", "bild.png", "image/png", picture(size=(600, 400)))
        await expect(tray(page)).to_have_attribute("data-state", "ready")
        await look(page, "tray")
        await page.get_by_label("Ihre Nachricht").fill("Was bedeutet das?")
        await page.keyboard.press("Enter")

        own = page.locator("staffel-chat .message.contact .picture canvas")
        await expect(own).to_have_attribute("aria-label", "bild.png")
        await expect(page.locator("staffel-chat .message.contact .bubble")).to_have_text("Was bedeutet das?")
        await eventually(lambda: is_painted(own), "the customer's picture")
        await expect(tray(page)).to_have_count(0)

        mia = await hire(parts, "Mia")
        conversation = await conversation_id(parts)
        await drive(parts.conversations).request_handoff(conversation, [])
        epoch = (await drive(parts.conversations).accept(conversation, mia)).epoch
        owner = agent_answers.owner_of_uploads(mia)
        plan = await parts.files.take(owner, "plan.png", pieces_of(picture("PNG", (900, 1600), "seagreen")))
        bill = await parts.files.take(owner, "rechnung.pdf", pieces_of(PDF))
        async with parts.conversations.open(conversation) as c:
            await agent_answers.answer(c, mia, epoch, "So geht es:", "a1", [plan.key, bill.key])

        theirs = page.locator("staffel-chat .message.agent .picture canvas")
        await expect(theirs).to_have_attribute("aria-label", "plan.png")
        await eventually(lambda: is_painted(theirs), "the agent's picture")
        await look(page, "received")
        found = await Axe().run(page)
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]] == []

        await page.locator("staffel-chat .message.agent .picture").click()
        large = page.locator("staffel-chat dialog canvas")
        await eventually(lambda: is_painted(large), "the large picture")
        await look(page, "large")
        await page.keyboard.press("Escape")
        await expect(page.locator("staffel-chat dialog")).to_have_count(0)
        await expect(page.locator("staffel-chat .panel")).to_be_visible()  # only the picture was closed

        async with page.expect_download() as download:
            await page.get_by_role("button", name="rechnung.pdf").click()
        saved = await (await download.value).path()
        assert saved.read_bytes() == PDF

        await page.reload()
        again = page.locator("staffel-chat .message.agent .picture canvas")
        await eventually(lambda: is_painted(again), "the picture after a reload")


async def test_files_are_picked_and_dropped_removed_and_refused_in_words(
    server: tuple[AppComponents, str], browser: "Browser"
) -> None:
    parts, address = server
    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True, "is_mobile": True}
    async with shop(browser, address, **phone) as page:
        picker = page.locator("staffel-chat input[type=file]")
        shot = FilePayload(name="IMG_4711.jpg", mimeType="image/jpeg", buffer=photo((1200, 900)))
        bill = FilePayload(name="Rechnung vom November.pdf", mimeType="application/pdf", buffer=PDF)
        await picker.set_input_files([shot, bill])
        await give(page, "drop", "setup.exe", "application/octet-stream", PROGRAM)
        await expect(tray(page)).to_have_count(3)
        await expect(tray(page).nth(0)).to_have_attribute("data-state", "ready")
        await expect(tray(page).nth(1)).to_have_attribute("data-state", "ready")
        refused = tray(page).nth(2)
        await expect(refused.get_by_role("alert")).to_contain_text("lassen sich hier nicht senden")
        await look(page, "phone-tray")
        await page.get_by_role("button", name="Entfernen setup.exe").click()
        await page.get_by_role("button", name="Entfernen Rechnung vom November.pdf").click()
        await expect(tray(page)).to_have_count(1)
        await page.get_by_role("button", name="Senden", exact=True).click()

        own = page.locator("staffel-chat .message.contact .picture canvas")
        await eventually(lambda: is_painted(own), "the photo")
        await expect(page.locator("staffel-chat .message.bot, staffel-chat .message.system").last).to_contain_text(
            "kann ich selbst nicht"
        )
        await look(page, "phone-sent")

        async def is_tidy() -> bool:
            async with parts.db.read() as session:
                return len(list(await session.scalars(select(StoredFile.key)))) == 1

        await eventually(is_tidy, "the removed file to be erased")


async def test_an_upload_goes_on_after_a_lost_connection_and_can_be_called_off(
    server: tuple[AppComponents, str], browser: "Browser"
) -> None:
    _, address = server
    async with shop(browser, address) as page:
        await page.route("**/webchat/files*", lambda route: route.abort(), times=1)
        await give(page, "paste", "bild.png", "image/png", picture())
        await expect(tray(page)).to_have_attribute("data-state", "busy")
        await expect(page.get_by_role("button", name="Senden", exact=True)).to_be_disabled()
        await expect(tray(page)).to_have_attribute("data-state", "ready")  # tried again by itself
        await page.get_by_role("button", name="Entfernen bild.png").click()
        await expect(tray(page)).to_have_count(0)

        await page.route("**/webchat/files*", lambda route: route.abort())
        await give(page, "paste", "zweites.png", "image/png", picture())
        await expect(tray(page)).to_have_attribute("data-state", "failed", timeout=20_000)
        await page.unroute("**/webchat/files*")
        await page.get_by_role("button", name="Erneut versuchen").click()
        await expect(tray(page)).to_have_attribute("data-state", "ready")


async def test_an_agent_sees_the_screenshot_and_sends_one_back_from_the_desk(
    server: tuple[AppComponents, str], browser: "Browser"
) -> None:
    parts, address = server
    mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    async with shop(browser, address) as page:
        await give(page, "paste", "bild.png", "image/png", picture(size=(600, 400)))
        await expect(tray(page)).to_have_attribute("data-state", "ready")
        await page.get_by_role("button", name="Senden", exact=True).click()
        await expect(page.locator("staffel-chat .message.contact .picture")).to_be_visible()
        conversation = await conversation_id(parts)
        await drive(parts.conversations).request_handoff(conversation, [])
        await drive(parts.conversations).accept(conversation, mia.id)

        async with window(browser, f"http://{address}", "mia@example.org") as desk:
            await desk.goto(f"/desk?conversation={conversation}")
            seen = desk.locator(".files img")
            await expect(seen).to_have_attribute("alt", "bild.png")
            loaded = "(image) => image.complete && image.naturalWidth > 0"
            await eventually(lambda: seen.evaluate(loaded), "the screenshot on the desk")
            shot = FilePayload(name="loesung.png", mimeType="image/png", buffer=picture("PNG", (300, 200), "seagreen"))
            await desk.locator("#file-picker").set_input_files(shot)
            await expect(desk.locator("#answer-files [role=status]")).to_have_count(0)
            await expect(desk.locator("#answer-files li")).to_contain_text("loesung.png")
            await look(desk, "desk")
            await desk.locator("#text").fill("Bitte hier drücken.")
            await desk.locator("#send").click()
            theirs = page.locator("staffel-chat .message.agent .picture canvas")
            await expect(theirs).to_have_attribute("aria-label", "loesung.png")
            await eventually(lambda: is_painted(theirs), "the agent's picture")
            await expect(desk.locator(".line-item.agent .files img")).to_have_attribute("alt", "loesung.png")
            await look(desk, "desk-sent")

            await desk.locator(".line-item.contact .picture").focus()
            await desk.keyboard.press("Enter")
            large, place = desk.locator("dialog.lightbox .lightbox-stage img"), desk.locator(".lightbox-place")
            await expect(large).to_have_attribute("alt", "bild.png")
            await eventually(lambda: large.evaluate("(image) => image.naturalWidth === 600"), "the large picture")
            await expect(place).to_have_text("1 von 2")
            await expect(desk.get_by_role("button", name="Schließen", exact=True)).to_be_focused()
            await check(desk)
            await look(desk, "desk-large")
            await desk.keyboard.press("ArrowRight")
            await expect(large).to_have_attribute("alt", "loesung.png")
            await expect(place).to_have_text("2 von 2")
            await desk.keyboard.press("ArrowRight")  # there is none
            await desk.get_by_role("button", name="Voriges Bild").click()
            await expect(large).to_have_attribute("alt", "bild.png")
            await desk.keyboard.press("Escape")
            await expect(desk.locator("dialog.lightbox")).to_have_count(0)
            await expect(desk.locator(".line-item.contact .picture")).to_be_focused()

            await desk.locator(".line-item.agent .picture").click()
            await expect(large).to_have_attribute("alt", "loesung.png")
            await desk.set_viewport_size({"width": 360, "height": 740})
            await look(desk, "desk-large-phone")
            await desk.evaluate("document.querySelector('#lines').replaceChildren()")  # as an erasure does
            await expect(desk.locator("dialog.lightbox")).to_have_count(0)
            assert len(desk.context.pages) == 1
