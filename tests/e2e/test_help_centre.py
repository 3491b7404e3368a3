"""The help centre and the chat beside it in a real browser: by keyboard, in both languages and schemes, on a phone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import select

from helpdesk.app import AppComponents, create_app
from knowledge.articles.publishing import archive_all
from store.models import Conversation
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.e2e.people import PATIENCE, picture
from tests.fakes.embedder import LetterCounts
from tests.harness import hire, settings_for
from tests.sample_articles import SHELF, fill, reading_bot
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

QUESTION = "Wie schicke ich etwas zurück?"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1360, "height": 900}


@pytest.fixture
async def helpdesk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[AppComponents]:
    """Helpdesk behind a real port, with the small knowledge base."""
    port = free_port()
    settings = settings_for(tmp_path, sqlite_url, port=port)
    app = create_app(settings, embedder=LetterCounts(), rasa_transport=reading_bot().transport())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    parts: AppComponents = app.state.parts
    await fill(parts)
    yield parts
    server.should_exit = True
    await task


@asynccontextmanager
async def window(
    browser: Browser, helpdesk: AppComponents, path: str, *, may_miss: bool = False, **options: Any
) -> AsyncIterator[Page]:
    """A page that must stay free of errors, those of the content security policy included."""
    context = await browser.new_context(**({"viewport": DESKTOP, "locale": "de-DE"} | options))
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(PATIENCE)
    await page.goto(helpdesk.settings.origin + path)
    yield page
    await context.close()
    assert [said for said in complaints if not (may_miss and "404" in said)] == []


async def is_flawless(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def chat_of(page: Page) -> Locator:
    return page.locator("staffel-chat")


async def test_a_question_is_answered_before_it_is_asked(helpdesk: AppComponents, browser: Browser) -> None:
    async with window(browser, helpdesk, "/help") as page:
        await expect(page).to_have_url(re.compile(r"/help/de$"))
        search = page.locator("main input[type=search]")
        await search.press_sequentially("wie schicke ich etwas zur", delay=10)
        found = page.locator("#results").get_by_role("link", name=QUESTION)
        await expect(found).to_be_visible()
        await picture(page, "help-typing")
        await found.click()

        await expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
        await page.get_by_role("button", name="Ja").click()
        await expect(page.locator("#helped")).to_contain_text("Danke, das freut uns.")
        await page.get_by_role("navigation", name="Sprache").get_by_role("link", name="English").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("How do I return something?")


async def test_a_search_that_finds_nothing_leads_to_the_chat_with_its_words(
    helpdesk: AppComponents, browser: Browser
) -> None:
    async with helpdesk.db.write() as session:
        await archive_all(session, list(SHELF), "test")
    await helpdesk.library.refresh()
    async with window(browser, helpdesk, "/help/en/search?q=qzxj+wvkp") as page:
        await expect(page.get_by_role("heading", name="We have found no answer to this here.")).to_be_visible()
        await is_flawless(page)
        await page.locator("#results").get_by_role("button", name="Ask in the chat").click()
        await expect(chat_of(page).locator("textarea")).to_have_value("qzxj wvkp")


async def test_without_javascript_every_page_works(helpdesk: AppComponents, browser: Browser) -> None:
    async with window(browser, helpdesk, "/help/de", java_script_enabled=False) as page:
        await page.locator("main input[type=search]").fill(QUESTION)
        await page.locator("main input[type=search]").press("Enter")
        await page.locator("#results").get_by_role("link", name=QUESTION).click()
        await page.get_by_role("button", name="Nein").click()
        await expect(page.locator("#helped")).to_contain_text("Danke für die ehrliche Antwort.")
        await expect(page.get_by_role("button", name="Im Chat fragen")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_no_page_has_a_fault_that_axe_finds(
    helpdesk: AppComponents, browser: Browser, language: str, scheme: str, viewport: dict[str, int]
) -> None:
    async with window(
        browser, helpdesk, f"/help/{language}", may_miss=True, viewport=viewport, color_scheme=scheme
    ) as page:
        for name, path in (
            ("start", ""),
            ("article", "/returns"),
            ("search", "/search?q=Rücksendung"),
            ("missing", "/nothing-here"),
            ("topic", "/topic/returns"),
        ):
            await page.goto(f"{helpdesk.settings.origin}/help/{language}{path}")
            await expect(chat_of(page).locator("button.launcher")).to_be_visible()
            await is_flawless(page)
            sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert sideways <= 0, f"{name} scrolls sideways by {sideways} px"
            await picture(page, f"help-{name}-{language}-{scheme}-{viewport['width']}")


async def test_an_article_is_suggested_taken_up_by_keyboard_and_unfolded(
    helpdesk: AppComponents, browser: Browser
) -> None:
    async with window(browser, helpdesk, "/?lang=de") as page:
        chat = chat_of(page)
        await chat.locator("button.launcher").click()
        field = chat.locator("textarea")
        await field.press_sequentially("wie schicke ich etwas", delay=10)
        offered = chat.get_by_role("group", name="Vielleicht hilft das schon").get_by_role("button")
        await expect(offered.first).to_have_text(QUESTION)
        await is_flawless(page)
        await picture(page, "chat-suggestions")

        await field.press("Escape")
        await expect(offered).to_have_count(0)
        await expect(field).to_be_visible()
        await field.press_sequentially(" z")
        await expect(offered.first).to_have_text(QUESTION)
        for _ in range(await offered.count()):
            await page.keyboard.press("ArrowUp")
        await expect(offered.first).to_be_focused()
        await page.keyboard.press("Enter")

        answer = chat.locator(".message.bot").last
        await expect(chat.locator(".message.contact .bubble")).to_have_text(QUESTION)
        await expect(answer).to_contain_text("Sie melden die Rücksendung im Konto an.")
        await expect(field).to_have_value("")
        more = answer.locator("summary")
        await expect(answer.get_by_text("Öffnen Sie")).to_be_hidden()
        await is_flawless(page)
        await picture(page, "chat-folded")
        await more.press("Enter")
        await expect(answer.get_by_text("Öffnen Sie")).to_be_visible()
        await expect(more).to_have_text(re.compile("Weniger anzeigen"))
        await is_flawless(page)
        await picture(page, "chat-unfolded")

        source = answer.get_by_role("link", name=QUESTION)
        assert re.search(r"/help/de/wie-schicke-ich-etwas-zurueck-\w{6}$", await source.get_attribute("href") or "")
        await expect(answer.get_by_role("link", name="Was kostet die Rücksendung?")).to_be_visible()


async def test_enter_sends_what_was_typed_while_suggestions_are_shown(
    helpdesk: AppComponents, browser: Browser
) -> None:
    async with window(browser, helpdesk, "/?lang=de", viewport=PHONE, color_scheme="dark") as page:
        chat = chat_of(page)
        await chat.locator("button.launcher").click()
        await chat.locator("textarea").focus()
        await chat.locator("textarea").press_sequentially("wie schicke ich etwas", delay=10)
        await expect(chat.locator(".suggestions button").first).to_be_visible()
        await is_flawless(page)
        await picture(page, "chat-suggestions-dark-phone")
        await chat.locator("textarea").press("Enter")
        await expect(chat.locator(".message.contact .bubble")).to_have_text("wie schicke ich etwas")
        await expect(chat.locator(".suggestions button")).to_have_count(0)


async def test_an_address_can_be_left_in_a_form_that_is_loaded_for_it(
    helpdesk: AppComponents, browser: Browser
) -> None:
    async with window(browser, helpdesk, "/?lang=de") as page:
        chat = chat_of(page)
        await chat.locator("button.launcher").click()
        await expect(chat.get_by_role("log")).to_contain_text("Staffel")
        wish = Trigger(kind=TriggerKind.ASKED, turns=(), text="Mensch")
        await drive(helpdesk.conversations).request_handoff(await _only_conversation(helpdesk), [wish])
        await chat.get_by_label("E-Mail-Adresse").fill("ida@example.org")
        await is_flawless(page)
        await picture(page, "chat-email")
        await chat.get_by_role("button", name="Adresse senden").click()
        await expect(chat.get_by_role("log")).to_contain_text("ida@example.org")
        await expect(chat.get_by_label("E-Mail-Adresse")).to_be_hidden()


async def test_nothing_is_suggested_while_a_person_answers(helpdesk: AppComponents, browser: Browser) -> None:
    async with window(browser, helpdesk, "/?lang=de") as page:
        chat = chat_of(page)
        await chat.locator("button.launcher").click()
        await chat.locator("textarea").press_sequentially("wie schicke ich etwas", delay=10)
        await expect(chat.locator(".suggestions button").first).to_be_visible()
        mia = await hire(helpdesk, "Mia")
        await drive(helpdesk.conversations).accept(await _only_conversation(helpdesk), mia)
        await expect(chat.get_by_role("heading", name="Mia")).to_be_visible()
        await expect(chat.locator(".suggestions button")).to_have_count(0)


async def _only_conversation(helpdesk: AppComponents) -> str:
    async with helpdesk.db.read() as session:
        return str((await session.scalars(select(Conversation.id))).one())
