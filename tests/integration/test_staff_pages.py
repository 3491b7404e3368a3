"""Desk and admin pages in a real browser: by keyboard, in both languages, light and dark, on a phone."""

from typing import TYPE_CHECKING, Any

import pytest

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from knowledge.articles import drafts
from store.db import Database
from store.models import Role
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import HOSTILE, check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(autouse=True)
async def mia_and_jo(db: Database) -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD, language="en")


async def waiting(
    conversations: Conversations, text: str = "Wo bleibt mein Paket?", *, chat_id: str = "v1", name: str | None = None
) -> str:
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    received = await drive(conversations).receive(
        InboundMessage(address=address, contact_id=chat_id, external_id="1", text=text, contact_name=name)
    )
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=text)
    await drive(conversations).request_handoff(received.conversation_id, [trigger])
    return received.conversation_id


async def test_a_conversation_is_held_with_the_keyboard_alone(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations, name="Karin")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.wait_for_selector("#list .conversation")
        assert await page.title() == "(1) Gespräche · Staffel"
        await page.keyboard.press("j")
        await page.wait_for_selector("#line-2")
        await page.keyboard.press("a")
        await page.wait_for_selector("#text:focus")
        await page.keyboard.type("Guten Tag, **gleich**.")
        await page.keyboard.press("Enter")
        answer = page.locator("#lines .line-item.agent .bubble")
        await answer.wait_for()
        assert await answer.inner_html() == "<p>Guten Tag, <strong>gleich</strong>.</p>\n"
        assert await page.locator("#pending li").count() == 0
        await page.keyboard.press("Escape")
        await page.keyboard.press("e")
        await page.wait_for_selector("#state:has-text('abgeschlossen')")
        async with house.db.read():
            found = await conversations_status(house, conversation_id)
        assert found == "resolved"


async def conversations_status(house: House, conversation_id: str) -> str:
    from helpdesk.views.timeline import Timeline

    return (await Timeline(house.db, time_zone="Europe/Berlin").conversation(conversation_id)).card.status


async def test_a_colleague_sees_at_once_who_has_it_and_can_not_answer(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    mia = await agent_by_email(house.db, "mia@example.org")
    async with served(house) as address, window(browser, address, "jo@example.org") as page:
        await page.click("#list .conversation")
        await page.wait_for_selector("[data-do=accept]:visible")
        await drive(conversations).accept(conversation_id, mia.id)
        await page.wait_for_selector("#state:has-text('Mia has accepted')")
        assert await page.locator("[data-do=accept]").is_hidden()
        assert await page.locator("#mode [value=answer]").is_disabled()


async def test_words_that_come_too_late_go_back_into_the_field(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    jo, mia = [(await agent_by_email(house.db, f"{name}@example.org")).id for name in ("jo", "mia")]
    async with served(house) as address, window(browser, address, "jo@example.org") as page:
        await page.click("#list .conversation")
        await page.click("[data-do=accept]")
        await page.wait_for_selector("#text:focus")
        await page.fill("#text", "A long answer")
        await page.route(
            "**/desk/api/conversations**",
            lambda route: route.abort() if route.request.method == "GET" else route.continue_(),
        )
        await drive(conversations).transfer(conversation_id, jo, mia)
        await page.press("#text", "Enter")
        await page.wait_for_selector("#problem:has-text('not sent')")
        assert await page.input_value("#text") == "A long answer"
        assert await page.locator("#pending li").count() == 0


async def test_f82_a_draft_survives_a_reload(house: House, conversations: Conversations, browser: "Browser") -> None:
    conversation_id = await waiting(conversations)
    await drive(conversations).accept(conversation_id, (await agent_by_email(house.db, "mia@example.org")).id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?view=mine&conversation={conversation_id}")
        await page.wait_for_selector("#text:visible")
        await page.fill("#text", "Halb fertig")
        await page.reload()
        await page.wait_for_selector("#draft-state:has-text('Entwurf')")
        assert await page.input_value("#text") == "Halb fertig"
        await page.click("#account summary")
        await page.click("#sign-out button")
        await page.wait_for_url("**/signin")
        assert await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


async def test_new_messages_appear_by_themselves_and_are_read_out(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await waiting(conversations, name="Karin")
    async with served(house) as address, window(browser, address, "jo@example.org") as page:
        await page.click("#list .conversation")
        await page.wait_for_selector("#line-2")
        address_of_karin = Address(channel=Channel.WEBCHAT, account="main", chat_id="v1")
        await drive(conversations).receive(
            InboundMessage(address=address_of_karin, contact_id="v1", external_id="2", text="Noch etwas")
        )
        await page.wait_for_selector(".bubble:has-text('Noch etwas')")
        await page.wait_for_selector("#said:has-text('New message from Karin: Noch etwas')", state="attached")


async def test_what_strangers_write_stays_text(house: House, conversations: Conversations, browser: "Browser") -> None:
    conversation_id = await waiting(conversations, HOSTILE, name="<b onmouseover=window.harmed=1>Eve</b>")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?conversation={conversation_id}")
        await page.wait_for_selector("#line-2")
        assert HOSTILE in await page.locator("#line-2 .bubble").inner_text()
        await page.click("[data-do=accept]")
        await page.wait_for_selector("#text:focus")
        await page.fill("#text", HOSTILE)
        await page.click("#preview-toggle")
        await page.wait_for_selector("#preview:has-text('onerror')")
        assert await page.locator("#preview a[href^=javascript], #preview img, #preview svg").count() == 0
        assert await page.evaluate("window.harmed") is None
        assert await page.evaluate("document.querySelectorAll('main script, main img, bdi b').length") == 0


async def test_an_article_is_written_previewed_and_published(house: House, browser: "Browser") -> None:
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/articles/new")
        await page.fill("[name=key]", "opening-hours")
        await page.fill("[name=de-question]", "Wann habt ihr geöffnet?")
        await page.fill("[name=de-answer]", "Von **9 bis 17** Uhr.")
        await page.fill("[name=en-question]", "When are you open?")
        await page.wait_for_selector("[data-preview=de] strong")
        await page.click("#save")
        await page.wait_for_selector("#article-problem:has-text('Jede Sprache')")
        await page.fill("[name=en-answer]", "From 9 to 5.")
        await page.fill("[name=en-phrasings]", "opening hours\n\nopening hours\nare you open today")
        await page.click("#publish")
        await page.wait_for_url("**/edit/opening-hours")
        await page.wait_for_selector("#article-status:has-text('nächsten Frage')")
    view = await drafts.load(house.db, "opening-hours")
    assert view.published
    assert view.published.variants["en"].phrasings == ("opening hours", "are you open today")
    assert (view.draft, view.changed_by) == (None, "Mia")


async def test_a_colleague_is_invited_and_sets_a_password(house: House, browser: "Browser") -> None:
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/agents")
        await page.fill("#add [name=name]", "Lena")
        await page.fill("#add [name=email]", "lena@example.org")
        await page.click("#add button")
        await page.wait_for_selector("#link[open]")
        link = await page.input_value("#link-text")
        guest = await (await browser.new_context(locale="en-GB")).new_page()
        await guest.goto(address + "/invitation/" + link.rpartition("/")[2])
        await guest.fill("[name=password]", PASSWORD)
        await guest.click("button.primary")
        await guest.wait_for_url("**/desk")
        assert await guest.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
async def test_the_pages_have_no_fault_that_axe_finds(
    house: House, conversations: Conversations, browser: "Browser", scheme: str, width: int
) -> None:
    conversation_id = await waiting(conversations, name="Karin")
    draft = {"variants": {"de": {"question": "Wie?", "answer": "So.", "phrasings": []}}}
    await drafts.save_draft(house.db, "how", draft, by="Mia")
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    async with served(house) as address, window(browser, address, "mia@example.org", **options) as page:
        await page.wait_for_selector("#list .conversation")
        await check(page)
        await page.goto(f"/desk?conversation={conversation_id}")
        await page.wait_for_selector("#line-2")
        await check(page)
        for path in ("/admin", "/admin/articles", "/admin/articles/edit/how", "/admin/agents", "/nowhere"):
            await page.goto(path)
            await check(page)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
