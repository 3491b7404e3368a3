"""A customer goes from another channel to the web chat, and the agent sees one history, with what was sent along."""

import asyncio
import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from connectors.contract import ASK_PERSON, CONNECT, Address, Attachment, AttachmentKind, Channel, InboundMessage
from helpdesk.accounts.invitations import first_admin_link
from helpdesk.app import AppComponents, create_app
from tests.conversation_driver import drive
from tests.e2e.people import PATIENCE, ChatCustomer, Staff, picture
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.fakes.embedder import LetterCounts
from tests.harness import log_of, settings_for
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CHAT = Address(channel=Channel.TELEGRAM, account="bot", chat_id="42")


def png(width: int = 120, height: int = 80) -> bytes:
    """A green picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\x2f\x6f\x55" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
async def helpdesk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[AppComponents]:
    port = free_port()
    app = create_app(
        settings_for(tmp_path, sqlite_url, port=port), embedder=LetterCounts(), rasa_transport=FakeBot().transport()
    )
    app.state.parts.connectors[Channel.TELEGRAM] = FakeChannel(files={"photo": png()})
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield app.state.parts
    server.should_exit = True
    await task


def from_telegram(id_: str, **fields: object) -> InboundMessage:
    return InboundMessage(address=CHAT, contact_id="42", external_id=f"42:{id_}", contact_name="Ida", **fields)  # type: ignore[arg-type]


async def test_a_customer_goes_on_in_the_web_chat_and_the_agent_sees_both(
    helpdesk: AppComponents, browser: Browser
) -> None:
    photo = Attachment(kind=AttachmentKind.PHOTO, external_id="photo", name="kaputt.png", media_type="image/png")
    file = Attachment(kind=AttachmentKind.DOCUMENT, external_id="photo", name="../../<b>rechnung</b>.html")
    received = await drive(helpdesk.conversations).receive(from_telegram("1", attachments=(photo, file)))
    await drive(helpdesk.conversations).receive(from_telegram("2", text="verbinden", payload=CONNECT))
    offer = (await log_of(helpdesk, received.conversation_id))[-1].text
    link = re.search(r"\((http[^)]+/continue/[\w-]+)\)", offer)
    assert link

    context = await browser.new_context(locale="de-DE")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(PATIENCE)
    await page.goto(link[1])
    assert (await Axe().run(page)).violations_count == 0
    await page.locator("form button").click()
    customer = ChatCustomer(page=page)
    await customer.sees("Verbunden.")
    await picture(page, "20-continued")
    assert complaints == []

    await drive(helpdesk.conversations).receive(from_telegram("3", text="Mensch", payload=ASK_PERSON))
    invitation = await first_admin_link(helpdesk.db, helpdesk.settings.origin)
    assert invitation
    staff = await Staff.join(browser, invitation)
    await staff.open_first()
    shown = staff.page.locator("#lines .files img")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.naturalWidth") == 120
    await expect(staff.page.locator("#lines .files")).to_contain_text("<b>rechnung</b>.html")
    await expect(staff.page.locator("#elsewhere li")).to_have_count(1)
    await expect(staff.page.locator("#elsewhere")).to_contain_text("Web-Chat")
    assert (await Axe().run(staff.page)).violations_count == 0
    await picture(staff.page, "21-one-history")

    stranger = await (await browser.new_context(locale="de-DE")).new_page()
    await stranger.goto(link[1])
    await stranger.locator("form button").click()
    await ChatCustomer(page=stranger).sees("gilt nicht mehr")
