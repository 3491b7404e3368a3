"""Writing an answer in a real browser: canned replies and articles from the keyboard, and one that is kept."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.canned_replies.reply import ReplyDraft
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations import ownership
from store.models import Contact, Conversation, Message, Role
from tests.conversation_driver import drive
from tests.harness import eventually
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served
from tests.sample_articles import fill, reading_bot

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")
REPLIES = (
    ("gruss", "Begrüßung", {"de": "Guten Tag {name},", "de@informal": "Hallo {first_name},"}),
    ("rueck", "Rücksendung", {"de": "schicken Sie es bitte mit dem Etikett zurück. Ihre Nummer: {number}"}),
    ("sorry", "Entschuldigung", {"en": "We are sorry that {number} took so long."}),
)


async def look(page: "Page", name: str) -> None:
    if LOOK:
        await page.screenshot(path=f"{LOOK}/{name}.png")


async def prepare(parts: AppComponents, name: str | None = "Eva Berg") -> str:
    """Replies, and a conversation of Mia's."""
    await fill(parts)
    await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    replies = CannedReplies(parts.db)
    for shortcut, title, texts in REPLIES:
        await replies.add(ReplyDraft(shortcut=shortcut, title=title, texts=texts), by="Ada")
    conversation_id = await waiting(parts.conversations, "Ich möchte etwas zurückgeben.")
    async with parts.db.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        (await session.get_one(Contact, conversation.contact_id)).name = name
    async with parts.conversations.open(conversation_id) as c:
        await ownership.accept(c, mia.id)
    return conversation_id


async def test_replies_and_articles_are_put_into_an_answer_by_keys(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        conversation_id = await prepare(parts)
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto(f"/desk?conversation={conversation_id}")
            text, options = page.locator("#text"), page.locator("#replies [role=option]")
            search = page.locator("#reply-search")
            await expect(text).to_be_editable()

            await page.keyboard.press("r")
            await page.keyboard.press("/")
            await expect(search).to_be_focused()
            await expect(options).to_have_count(3)
            await check(page)
            await look(page, "replies-list")
            await page.keyboard.press("Escape")
            await expect(text).to_be_focused()
            assert await text.input_value() == ""

            await page.keyboard.type("/begrue")
            await expect(options.first).to_contain_text("Guten Tag Eva Berg")
            await page.keyboard.press("Enter")
            await expect(text).to_have_value("Guten Tag Eva Berg,")
            await page.keyboard.type(" ")

            await page.keyboard.press("Control+/")
            await expect(options).to_have_count(3)
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("ArrowUp")
            await page.keyboard.press("ArrowUp")
            await expect(options.last).to_have_attribute("aria-selected", "true")
            await page.keyboard.type("rueck")
            await expect(options.first).to_contain_text("noch offen: genannte Nummer")
            await expect(page.locator("#replies [role=group]")).to_have_count(2)
            await look(page, "replies-found")
            await page.keyboard.press("Enter")
            half_filled = "Guten Tag Eva Berg, " + REPLIES[1][2]["de"].replace("{number}", "⟨genannte Nummer⟩")
            await expect(text).to_have_value(half_filled)
            await page.keyboard.press("Enter")
            await expect(page.locator("#problem")).to_contain_text("⟨genannte Nummer⟩")
            await look(page, "replies-gap")
            await expect(text).to_have_value(half_filled)

            await text.fill("")
            await page.keyboard.type("/paket")
            article = page.locator("#replies [role=group] .button").first
            await expect(article).to_have_text("Link")
            await look(page, "replies-article")
            await page.keyboard.press("Shift+Enter")
            await expect(text).to_have_value(re.compile(r"^\[.+\]\(http.+/help/de/.+\)$"))

            await text.fill("Liebe Frau Eva Berg, alles ist geklärt. Mia")
            await page.click("#replies-open")
            await page.get_by_role("button", name="Geschriebenes als Textbaustein speichern").click()
            await page.fill("#reply-form [name=title]", "Geklärt")
            await page.fill("#reply-form [name=shortcut]", "gruss")
            await check(page)
            await look(page, "reply-save")
            await page.click("#reply-form .primary")
            await expect(page.locator("#reply-dialog")).to_be_hidden()
            await page.click("#replies-open")
            await page.keyboard.type("geklaert")
            await expect(options.first).to_contain_text("nur Sie")
            await page.get_by_role("button", name="„Geklärt“ entfernen").click()
            await expect(page.get_by_text("nur Sie")).to_have_count(0)

            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 390, "height": 780})
            await page.keyboard.press("Escape")
            await page.click("#replies-open")
            await expect(options).to_have_count(3)
            await check(page)
            await look(page, "replies-phone-dark")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_conversation_is_tagged_found_by_it_and_the_tag_looked_after(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        conversation_id = await prepare(parts)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto(f"/desk?conversation={conversation_id}")
            await page.wait_for_selector("#who:has-text('Eva Berg')")
            await page.keyboard.press("#")
            await expect(page.locator("#tag-new")).to_be_focused()
            await page.keyboard.type("Rücksendung")
            await page.keyboard.press("Enter")
            await page.locator("#tag-new").press_sequentially("Glasbruch")
            await page.keyboard.press("Enter")
            await expect(page.locator("#tags li")).to_have_count(2)
            await page.get_by_role("button", name="„Glasbruch“ entfernen").click()
            await expect(page.locator("#tags li")).to_have_count(1)
            await check(page)
            await page.goto("/admin/tags")
            await check(page)
            await look(page, "admin-tags")
            form = page.locator(".tag-form", has=page.locator("[value=Rücksendung]"))
            await form.locator("select").select_option("danger")
            await form.get_by_role("button", name="Speichern").click()
            await expect(page.locator("a.badge.danger")).to_have_text("Rücksendung")
            await page.click("a.badge.danger")
            await expect(page.locator("#list li")).to_have_count(1)
            await expect(page.locator("#list .badge.danger")).to_have_text("# Rücksendung")
            await page.click("#list li button")
            await page.wait_for_selector("#tags li")
            await look(page, "desk-tags")


async def test_a_conversation_is_put_off_and_taken_up_again(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        conversation_id = await prepare(parts)
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto(f"/desk?conversation={conversation_id}&view=mine")
            await page.wait_for_selector("#who:has-text('Eva Berg')")
            await page.keyboard.press("z")
            await page.click("[data-later=tomorrow]")
            await expect(page.locator("#problem")).to_contain_text("noch keine Antwort")
            await page.fill("#text", "Ich frage nach.")
            await page.keyboard.press("Enter")
            await expect(page.locator(".line-item.agent")).to_have_count(1)
            await page.locator("#who").focus()
            await page.keyboard.press("z")
            await expect(page.locator("#snooze-dialog")).to_be_visible()
            await check(page)
            await look(page, "snooze-dialog")
            await page.click("[data-later=monday]")
            await expect(page.locator("#state")).to_contain_text("Zurückgestellt bis")
            await expect(page.locator("#list li")).to_have_count(0)
            await page.click("[data-view=snoozed]")
            await expect(page.locator("#list li")).to_contain_text("zurückgestellt bis")
            await check(page)
            await look(page, "snoozed")
            await page.locator("#who").focus()
            await page.keyboard.press("z")
            await expect(page.locator("#list li")).to_have_count(0)
            await page.click("[data-view=mine]")
            await expect(page.locator("#list li")).to_have_count(1)
            await expect(page.locator("[data-view=snoozed]")).to_be_hidden()


async def test_an_admin_keeps_the_replies(tmp_path: Path, sqlite_url: str, browser: "Browser") -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        await prepare(parts)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto("/admin/replies")
            await check(page)
            await look(page, "admin-replies")
            await page.click("text=Neuer Textbaustein")
            await page.fill("[name=title]", "Gutschein")
            await page.fill("[name=shortcut]", "/gutschein")
            await page.fill("[name='text-de']", "Als Dank, ")
            await page.click("[data-variable='{name}']")
            await expect(page.locator("[name='text-de']")).to_have_value("Als Dank, {name}")
            await page.locator("[name='text-en']").press_sequentially("Hello {nmae}")
            await page.keyboard.press("Control+s")
            await expect(page.locator("#problem")).to_contain_text("geschweiften")
            await page.fill("[name='text-en']", "Thank you, {name}")
            await check(page)
            await look(page, "admin-reply")
            await page.keyboard.press("Control+s")
            await page.wait_for_url("**/admin/replies")
            async with page.expect_download() as download:
                await page.click("text=Herunterladen")
            table = (await (await download.value).path()).read_text("utf-8-sig")
            await page.set_input_files(
                "#file", {"name": "t.csv", "mimeType": "text/csv", "buffer": (table + '"x y";"X"\n').encode()}
            )
            await expect(page.locator("#outcome li")).to_contain_text("Zeile 6")
            await check(page)
            await look(page, "admin-replies-refused")
            await page.set_input_files(
                "#file",
                {"name": "t.csv", "mimeType": "text/csv", "buffer": table.replace("Gutschein", "Danke").encode()},
            )
            await expect(page.locator("#outcome")).to_contain_text("0 neu, 4 geändert")
            await expect(page.locator(".table")).to_contain_text("Danke")
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 390, "height": 780})
            await page.click("text=Danke")
            await page.wait_for_selector("#reply")
            await check(page)
            await look(page, "admin-reply-phone-dark")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_an_answer_is_corrected_and_taken_back_before_the_customers_eyes(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot()) as (parts, address):
        mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        customer = await browser.new_page(base_url=f"http://{address}", reduced_motion="reduce")
        await customer.goto("/?lang=de")
        await customer.get_by_role("button", name="Chat öffnen").click()
        await expect(customer.locator("staffel-chat .message").first).to_be_visible()
        await customer.locator("staffel-chat textarea").fill("Wann kommt mein Paket?")
        await customer.keyboard.press("Enter")
        conversation = await eventually(lambda: only_conversation(parts), "the conversation")
        assert conversation
        taken = await drive(parts.conversations).accept(conversation, mia.id)
        await drive(parts.conversations).answer(conversation, mia.id, taken.epoch, "Am **Montag**.", "c1")
        bubble = customer.locator("staffel-chat .message.agent .bubble").last
        await expect(bubble).to_have_text("Am Montag.")
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto(f"/desk?conversation={conversation}")
            await page.wait_for_selector("#lines [data-change]")
            await page.keyboard.press("c")
            words = page.locator("#answer-form [name=text]")
            await expect(words).to_have_value("Am **Montag**.")
            await check(page)
            await look(page, "answer-dialog")
            await words.fill("Verworfen")
            await page.keyboard.press("Escape")
            await page.keyboard.press("c")
            await expect(words).to_have_value("Am **Montag**.")
            await words.fill("Am **Dienstag**.")
            await page.click("#answer-correct")
            await expect(bubble).to_have_text("Am Dienstag.")
            await expect(customer.locator("staffel-chat .message.agent .meta").last).to_contain_text("bearbeitet")
            await expect(page.locator("#lines .line-item.agent").last).to_contain_text("Vorher: Am **Montag**.")
            await look(page, "answer-corrected")
            await page.locator("#lines [data-change]").last.click()
            await page.click("#answer-take-back")
            await expect(bubble).to_have_text("Diese Nachricht wurde zurückgenommen.")
            await expect(page.locator("#lines .line-item.agent").last).to_contain_text("Zurückgenommen")
            await expect(page.locator("#lines [data-change]")).to_have_count(0)
            await look(page, "answer-taken-back")
            await look(customer, "widget-taken-back")


async def only_conversation(parts: AppComponents) -> str | None:
    """The conversation in which the customer has written, once there is one."""
    async with parts.db.read() as session:
        return await session.scalar(select(Message.conversation_id).where(Message.author == "contact"))
