"""Everything at 200 % zoom, where 1360 pixels are 680: read by axe in light and dark, nothing cut off or covered."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.canned_replies.reply import ReplyDraft
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations import ownership
from store.models import Role
from tests.e2e.people import ChatCustomer
from tests.fakes.bot import FakeBot
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served
from tests.sample_articles import fill

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

WIDTH, HEIGHT = 1360 // 2, 850 // 2
ZOOMED: dict[str, Any] = {"viewport": {"width": WIDTH, "height": HEIGHT}, "device_scale_factor": 2}
#: What leads to a page of staff's; files and pages that end the session are left out.
PLACE = re.compile(r"^/(desk|admin|account)(/[a-z0-9/_.-]*)?$")
NO_PAGE = re.compile(r"\.(csv|xlsx|json|jsonl|zip)$|/export|/transcript|sign-?out|/fetch")
#: One of each kind is enough.
ID = re.compile(r"/[0-9a-f]{32}(?=/|$)|(?<=/edit)/[^/]+|(?<=/history)/[^/]+")
MIN_PAGES = 50
#: Controls whose middle isn't theirs, though they have been brought into view: something lies on them.
COVERED = """(isChat) => {
  const root = isChat ? document.querySelector("staffel-chat").shadowRoot : document;
  return [...root.querySelectorAll("button, input, select, textarea, a:not(.skip)")]
    .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.closest("dialog"))
    .filter((one) => getComputedStyle(one).pointerEvents !== "none")
    .filter((one) => {
      one.scrollIntoView({ block: "center", inline: "center" });
      const [box] = one.getClientRects();
      if (!box || box.width < 4 || box.height < 4) return false;
      const hit = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return !hit || !(one.contains(hit) || hit.contains(one) || hit.closest("label")?.control === one);
    })
    .map((one) => `${one.tagName} ${one.id} ${one.textContent.trim().slice(0, 40)}`);
}"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map((one) => new URL(one.href))
  .filter((one) => one.origin === location.origin).map((one) => one.pathname)"""


async def prepare(parts: AppComponents) -> str:
    """Articles, a canned reply, and a conversation of Ada's."""
    await fill(parts)
    ada = await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    await CannedReplies(parts.db).add(ReplyDraft(shortcut="gruss", title="Gruß", texts={"de": "Guten Tag,"}), by="Ada")
    conversation_id = await waiting(parts.conversations, "Ich möchte etwas zurückgeben.", "ida")
    await waiting(parts.conversations, "Wo ist mein Paket?", "ben")
    async with parts.conversations.open(conversation_id) as c:
        await ownership.accept(c, ada.id)
    return conversation_id


async def is_whole(page: "Page", where: str, *, is_chat: bool = False) -> None:
    """What is on the screen can be read and pressed, in both colours."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH, f"{where} is cut off"
    assert await page.evaluate(COVERED, is_chat) == [], f"{where}: something is covered"
    await page.evaluate("scrollTo(0, 0)")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await check(page)


async def test_every_page_of_staff_is_whole_at_200_percent(tmp_path: Path, sqlite_url: str, browser: "Browser") -> None:
    async with served(tmp_path, sqlite_url, bot=FakeBot()) as (parts, address):
        conversation_id = await prepare(parts)
        async with window(browser, f"http://{address}", "ada@example.org", **ZOOMED) as page:
            await page.goto(f"/desk?conversation={conversation_id}")
            await page.wait_for_selector("#line-2")
            await is_whole(page, "the desk")
            seen, ahead = set[str](), ["/desk", "/admin", "/account"]
            while ahead:
                path = ahead.pop(0)
                if ID.sub("/*", path) in seen:
                    continue
                seen.add(ID.sub("/*", path))
                answer = await page.goto(path)
                assert answer
                assert answer.ok, f"{path}: {answer.status}"
                await page.wait_for_load_state("networkidle")
                await is_whole(page, path)
                links = await page.evaluate(LINKS)
                ahead += [link for link in links if PLACE.match(link) and not NO_PAGE.search(link)]
    assert len(seen) >= MIN_PAGES, sorted(seen)


async def test_the_web_chat_is_whole_at_200_percent(tmp_path: Path, sqlite_url: str, browser: "Browser") -> None:
    async with served(tmp_path, sqlite_url, bot=FakeBot()) as (_, address):
        ida = await ChatCustomer.arrive(browser, f"http://{address}", **ZOOMED)
        await ida.write("Ich möchte mit einem Menschen sprechen")
        await expect(ida.log.locator(".message.contact")).to_have_count(1)
        await is_whole(ida.page, "the web chat", is_chat=True)
        assert ida.errors == []
        await ida.page.context.close()
