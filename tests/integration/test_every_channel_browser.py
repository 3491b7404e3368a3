"""The desk in a real browser before all channels at once: what it says of an answer is so; pictures go both ways."""

import base64
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from connectors.contract import Channel
from store.models import DeliveryStatus
from tests.conversation_driver import drive
from tests.e2e.people import ChatCustomer
from tests.e2e.people import picture as look
from tests.harness import eventually
from tests.integration.every_channel import AGENT, EveryChannel, every_channel
from tests.integration.mail_desk import mail_of, plain_text
from tests.integration.staff_windows import check, window
from tests.sample_files import photo, picture

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

ON_ITS_WAY = {str(DeliveryStatus.PENDING), str(DeliveryStatus.SENDING)}
OTHERS = (Channel.TELEGRAM, Channel.SLACK, Channel.EMAIL)
#: What the desk calls them.
NAMES = {Channel.WEBCHAT: "Web-Chat", Channel.TELEGRAM: "Telegram", Channel.SLACK: "Slack", Channel.EMAIL: "E-Mail"}
PASTE = """(content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "bildschirm.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer });
  document.querySelector("#text").dispatchEvent(event);
}"""


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[EveryChannel]:
    async with every_channel(tmp_path, database_url, mail_after=3600) as running:
        yield running


async def accept_all(desk: EveryChannel, count: int) -> dict[Channel, str]:
    """Mia has the conversations, and nothing of what the bot said is still on its way."""
    found = await desk.conversations(count)
    await desk.quiet()
    for conversation in found.values():
        await drive(desk.parts.conversations).accept(conversation, desk.mia)
    await desk.quiet()
    return found


@dataclass(frozen=True, slots=True)
class Talks:
    """Mia's page with one conversation on each channel, by id."""

    page: "Page"
    ids: dict[Channel, str]

    async def show(self, channel: Channel) -> None:
        """Open the conversation from the list, unless it is open."""
        where = self.page.locator("#where")
        if NAMES[channel] not in await where.inner_text():
            await self.page.locator(f"#list [data-id='{self.ids[channel]}'] button").first.click()
            await expect(where).to_contain_text(NAMES[channel])

    async def write(self, channel: Channel, text: str) -> None:
        """Send it from the page."""
        await self.show(channel)
        await self.page.locator("#text").fill(text)
        await self.page.locator("#send").click()
        await expect(self.page.locator(".line-item.agent").last).to_contain_text(text)

    async def said(self, channel: Channel, words: str | re.Pattern[str]) -> str:
        """The page says this of the last answer; what its JSON calls it."""
        await self.show(channel)
        await expect(self.page.locator(".line-item.agent .delivery").last).to_have_text(words)
        answer = await self.page.request.get(f"/desk/api/conversations/{self.ids[channel]}")
        lines: list[dict[str, Any]] = (await answer.json())["lines"]
        return str(next(line for line in reversed(lines) if line["author"] == "agent")["delivery"])


def arrived(desk: EveryChannel, text: str) -> set[Channel]:
    """Where an answer is at the other end."""
    ends = {
        Channel.TELEGRAM: [one.text for one in desk.telegram.state.sent_to(desk.on_telegram.id)],
        Channel.SLACK: [post.text for post in desk.slack.state.posts],
        Channel.EMAIL: [plain_text(mail) for mail in desk.mails.mails],
    }
    return {channel for channel, texts in ends.items() if any(text in one for one in texts)}


async def test_no_state_says_arrived_before_it_has_on_any_channel(desk: EveryChannel, browser: "Browser") -> None:
    ida = await ChatCustomer.arrive(browser, desk.origin)
    await ida.write("Wo bleibt mein Paket?")
    desk.on_telegram.writes("Wo bleibt mein Paket?")
    await desk.slack.write(desk.on_slack, "Wo bleibt mein Paket?")
    desk.mailbox.deliver(mail_of("Wo bleibt mein Paket?"))
    found = await accept_all(desk, 4)
    chat = ida.page.url
    await ida.page.goto("about:blank")  # the customer has gone

    async with window(browser, desk.origin, AGENT) as page:
        await page.goto("/desk?view=mine")
        talks = Talks(page, found)
        desk.refuse_for_now()
        for channel in found:
            await talks.write(channel, "Es liegt in Köln.")
        await talks.said(Channel.WEBCHAT, re.compile("^noch nicht gesehen, keine Adresse"))
        for channel in OTHERS:
            assert await talks.said(channel, "unterwegs") in ON_ITS_WAY
        assert arrived(desk, "Es liegt in Köln.") == set()

        await desk.take()
        for channel in reversed(OTHERS):  # the last one is open, and learns it by itself
            assert await talks.said(channel, "gesendet") == "sent"
            assert channel in arrived(desk, "Es liegt in Köln.")
        await talks.said(Channel.WEBCHAT, re.compile("^noch nicht gesehen"))
        await look(page, "state-1-unseen")
        await ida.page.goto(chat)
        await ida.sees("Es liegt in Köln.")
        assert await talks.said(Channel.WEBCHAT, "gelesen") == "read"
        await check(page)

        desk.on_telegram.blocks()
        desk.slack.state.revoked = True
        desk.mails.on_recipient = lambda *_: "552 5.3.4 message exceeds our limit"
        for channel in OTHERS:
            await talks.write(channel, "Morgen ist es da.")
            assert await talks.said(channel, re.compile("^nicht gesendet")) == "failed"
        await expect(page.locator(".delivery").last).to_contain_text("zu groß für den Mailserver")
        assert arrived(desk, "Morgen ist es da.") == set()
        await look(page, "state-2-refused")


async def is_loaded(page: "Page", name: str) -> None:
    """The picture of this name is really painted."""
    image = page.locator(f".files img[alt='{name}']")
    await eventually(lambda: image.evaluate("(one) => one.complete && one.naturalWidth > 0"), name)


async def test_screenshots_go_from_the_desk_to_telegram_and_slack_and_come_from_there(
    desk: EveryChannel, browser: "Browser"
) -> None:
    desk.telegram.state.files["f1"] = photo((300, 200))
    size = {"file_id": "f1", "file_unique_id": "f1", "width": 300, "height": 200}
    desk.on_telegram.writes(caption="Was ist das?", photo=[size])
    info = {"id": "F1", "name": "fehler.png", "mimetype": "image/png", "size": 400, "mode": "hosted"}
    info["url_private_download"] = f"{desk.slack.origin}/files/F1"
    desk.slack.state.files["F1"] = (info, picture("PNG", (300, 200), "gold"))
    await desk.slack.write(desk.on_slack, "Was ist das?", subtype="file_share", files=[info])
    found = await accept_all(desk, 2)

    async with window(browser, desk.origin, AGENT) as page:
        await page.goto(f"/desk?conversation={found[Channel.TELEGRAM]}")
        seen = page.locator(".line-item.contact .files img")
        await eventually(lambda: seen.evaluate("(one) => one.complete && one.naturalWidth > 0"), "Telegram's photo")
        shot = base64.b64encode(picture("PNG", (400, 300), "seagreen")).decode()
        await page.evaluate(PASTE, shot)
        await expect(page.locator("#answer-files li")).to_contain_text("bildschirm.png")
        await expect(page.locator("#answer-files [role=status]")).to_have_count(0)
        await page.locator("#text").fill("Bitte hier drücken.")
        await page.locator("#send").click()
        await Talks(page, found).said(Channel.TELEGRAM, "gesendet")
        await is_loaded(page, "bildschirm.png")
        await look(page, "picture-telegram")
        sent = desk.telegram.state.sent_to(desk.on_telegram.id)[-1].file
        assert sent
        assert (sent.kind, sent.name) == ("photo", "bildschirm.png")
        assert Image.open(io.BytesIO(sent.content)).size == (400, 300)
        assert desk.telegram.state.exceeded == []

        await page.goto(f"/desk?conversation={found[Channel.SLACK]}")
        await is_loaded(page, "fehler.png")
        chosen = FilePayload(name="loesung.jpg", mimeType="image/jpeg", buffer=photo((400, 300)))
        await page.locator("#file-picker").set_input_files(chosen)
        await expect(page.locator("#answer-files li")).to_contain_text("loesung.jpg")
        await expect(page.locator("#answer-files [role=status]")).to_have_count(0)
        await page.locator("#text").fill("Bitte hier drücken.")
        await page.locator("#send").click()
        await Talks(page, found).said(Channel.SLACK, "gesendet")
        await is_loaded(page, "loesung.jpg")
        [post] = [post for post in desk.slack.state.posts if post.file]
        assert post.file
        assert post.channel == desk.on_slack.dm
        assert post.file[0] == "loesung.jpg"
        assert Image.open(io.BytesIO(post.file[1])).size == (300, 400), "turned as the camera was held"
        assert b"canary" not in post.file[1]
        await look(page, "picture-slack")
