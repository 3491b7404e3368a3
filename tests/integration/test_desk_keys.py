"""What agents do most, done by keys in a browser: as many as docs/desk.md says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.canned_replies.reply import ReplyDraft
from helpdesk.canned_replies.reply_store import CannedReplies
from store.models import Agent, AskedQuestion, Availability, QuestionCandidate, Role
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import window
from tests.integration.webchat_server import served
from tests.sample_articles import fill, reading_bot

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

UNDO_SECONDS = 5.0
PAGE = Path(__file__).resolve().parents[2] / "docs/desk.md"
ROW = re.compile(r"^\| ([^|]+) \| `[^|]+ \| (\d+) \|", re.MULTILINE)


class Keys:
    """A keyboard that counts, by what is being done."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.pressed: dict[str, int] = {}
        self._what = ""

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Count what is pressed from here on for `what`."""
        self._what, self.pressed[what] = what, 0
        yield

    async def press(self, *chords: str) -> None:
        for chord in chords:
            self.pressed[self._what] += chord.count("+") + 1
            await self.page.keyboard.press(chord)

    async def write(self, words: str) -> None:
        """Words, which are not counted."""
        await self.page.keyboard.type(words)


async def prepare(parts: AppComponents) -> str:
    """Mia, Jo and Kim, and six customers who wait; the first one's conversation, with an article that answers it."""
    await fill(parts)
    for name in ("Mia", "Jo", "Kim"):
        await add_agent(parts.db, f"{name.lower()}@example.org", name, Role.AGENT, password=PASSWORD)
    await CannedReplies(parts.db).add(ReplyDraft(shortcut="gruss", title="Gruß", texts={"de": "Guten Tag,"}), by="Mia")
    first = await waiting(parts.conversations, "Ich möchte etwas zurückgeben.", "ida")
    await waiting(parts.conversations, "Wo ist mein Paket?", "ben")
    await waiting(parts.conversations, "Meine Rechnung fehlt.", "cem")
    await waiting(parts.conversations, "Der Deckel klemmt.", "dora")
    await waiting(parts.conversations, "Wann haben Sie offen?", "emil")
    await waiting(parts.conversations, "Gibt es Gutscheine?", "fritz")
    async with parts.db.write() as session:
        await session.execute(update(Agent).values(availability=Availability.ONLINE, capacity=0))
        candidates = (QuestionCandidate("returns", 0.6),)
        asked = {"turn_id": "t", "seq": 1, "text": "?", "language": "de", "outcome": "none"}
        session.add(AskedQuestion(conversation_id=first, candidates=candidates, **asked))
    return first


async def test_what_agents_do_most_takes_as_many_keys_as_the_page_says(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot(), undo_seconds=UNDO_SECONDS) as (parts, address):
        first = await prepare(parts)
        site = f"http://{address}"
        async with (
            window(browser, site, "jo@example.org") as jos,
            window(browser, site, "kim@example.org") as kims,
            window(browser, site, "mia@example.org") as page,
        ):
            for desk in (jos, kims):
                await desk.goto("/desk")
                await desk.wait_for_selector("#availability input[value=online]:checked", state="attached")
            await page.goto(f"/desk?conversation={first}")
            await page.wait_for_selector("#open:not([hidden])")
            keys = await do_all(Keys(page))
    assert keys.pressed == {what.strip(): int(number) for what, number in ROW.findall(PAGE.read_text("utf-8"))}


async def do_all(keys: Keys) -> Keys:
    page = keys.page
    text, lines = page.locator("#text"), page.locator("#scroll")
    with keys.doing("take the next who waits"):
        await keys.press("a")
        await expect(text).to_be_focused()
    with keys.doing("send the answer, after taking it"):
        await keys.write("Ich sehe nach.")
        await keys.press("Enter")
        await expect(lines).to_contain_text("Ich sehe nach.")
    await page.keyboard.press("Escape")
    with keys.doing("undo an answer"):
        await expect(page.locator(".held .undo")).to_be_visible()
        await keys.press("u")
        await expect(text).to_have_value("Ich sehe nach.")
    await text.fill("")
    await page.keyboard.press("Escape")
    with keys.doing("put in the suggested article"):
        await keys.press("1")
        await expect(text).to_have_value(re.compile("Mein Konto"))
    await text.fill("")
    with keys.doing("put in a canned reply"):
        await keys.press("/")
        await expect(page.locator("#reply-search")).to_be_focused()
        await keys.write("gruss")
        await expect(page.locator("#replies [role=option]")).to_have_count(1)
        await keys.press("Enter")
        await expect(text).to_have_value("Guten Tag,")
    await page.keyboard.press("Enter")
    await expect(lines).to_contain_text("Guten Tag,")
    await page.keyboard.press("Escape")
    with keys.doing("a note for colleagues"):
        await keys.press("n")
        await keys.write("Ruft morgen an.")
        await keys.press("Enter")
        await expect(lines).to_contain_text("Ruft morgen an.")
    await page.keyboard.press("Escape")
    with keys.doing("give it a tag"):
        await keys.press("#")
        await keys.write("Rückruf")
        await keys.press("Enter")
        await expect(page.locator("#tags")).to_contain_text("Rückruf")
    await page.evaluate("document.activeElement.blur()")
    with keys.doing("hand it to a colleague, without a word"):
        await keys.press("t")
        await expect(page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an Jo")
        await keys.press("Enter")
        await expect(page.locator("#transfer-dialog")).to_be_hidden()
        await expect(page.locator("#state")).to_contain_text("Jo ist um Übernahme gebeten")
    await page.get_by_role("button", name="Zurückholen").click()
    await expect(page.locator("#state")).to_be_hidden()
    with keys.doing("hand it to a colleague by name, with a note"):
        await keys.press("t")
        await expect(page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an Jo")
        await keys.write("@ki bitte die Rücksendung")
        await expect(page.locator("#transfer-chosen")).to_contain_text("Enter gibt es an Kim")
        await keys.press("Enter")
        await expect(page.locator("#state")).to_contain_text("Kim ist um Übernahme gebeten")
    await expect(lines.locator(".note").last).to_contain_text("bitte die Rücksendung")
    await expect(lines).not_to_contain_text("@ki")
    await leave(keys)
    return keys


async def leave(keys: Keys) -> None:
    """On to the next two: one is put off, one resolved."""
    page = keys.page
    with keys.doing("search"):
        await keys.press("/")
        await expect(page.locator("#search")).to_be_focused()
    await page.click(".views button[data-view=queue]")
    await expect(page.locator("#list li")).to_contain_text(["Paket", "Rechnung", "Deckel", "offen", "Gutscheine"])
    await page.evaluate("document.activeElement.blur()")
    with keys.doing("the next conversation"):
        await keys.press("j")
        await expect(page.locator("#lines")).to_contain_text("Wo ist mein Paket?")
    await take_and_answer(page)
    await expect(page.locator(".held")).to_have_count(0, timeout=4 * UNDO_SECONDS * 1000)
    with keys.doing("put it off for three hours"):
        await keys.press("z")
        await expect(page.locator("#snooze-dialog")).to_be_visible()
        await keys.press("Enter")
        await expect(page.locator("#state")).to_be_visible()
    await resolve(keys)


async def resolve(keys: Keys) -> None:
    """The last three: resolved alone, with the answer, and on from there."""
    page = keys.page
    held = page.locator("#pending .activity.held")
    await go_on_in_queue(page, "Meine Rechnung fehlt.")
    await take_and_answer(page)
    with keys.doing("resolve"):
        await keys.press("e")
        await expect(held).to_be_visible()
    await go_on_in_queue(page, "Der Deckel klemmt.")
    await page.keyboard.press("a")
    await expect(page.locator("#text")).to_be_focused()
    with keys.doing("send the answer and resolve"):
        await keys.write("Drehen Sie ihn nach links.")
        await keys.press("Alt+Enter")
        await expect(held).to_be_visible()
    await expect(page.locator(".held .bubble")).to_have_text("Drehen Sie ihn nach links.")
    await go_on_in_queue(page, "Wann haben Sie offen?")
    await take_and_answer(page)
    await page.click(".views button[data-view=queue]")
    await expect(page.locator("#list li")).to_contain_text(["Gutscheine"])
    await page.evaluate("document.activeElement.blur()")
    with keys.doing("resolve and on to the next"):
        await keys.press("e", "j")
        await expect(page.locator("#lines")).to_contain_text("Gibt es Gutscheine?")


async def go_on_in_queue(page: "Page", request: str) -> None:
    await page.click(".views button[data-view=queue]")
    await expect(page.locator("#list li").first).to_contain_text(request)
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("j")
    await expect(page.locator("#lines")).to_contain_text(request)


async def take_and_answer(page: "Page") -> None:
    await page.keyboard.press("a")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("Das sehe ich mir an.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".held .bubble")).to_have_text("Das sehe ich mir an.")
    await page.keyboard.press("Escape")
