"""Macros in a real browser: made by an admin, looked at and run by an agent from the keyboard."""

import os
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
from store.models import Contact, Conversation, MacroRecord, Role
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


async def look(page: "Page", name: str) -> None:
    if LOOK:
        await page.screenshot(path=f"{LOOK}/{name}.png")


async def prepare(parts: AppComponents) -> str:
    """A canned reply, and a conversation of Mia's."""
    await fill(parts)
    await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    reply = ReplyDraft(shortcut="weg", title="Unterwegs", texts={"de": "Guten Tag {name}, das Paket ist unterwegs."})
    await CannedReplies(parts.db).add(reply, by="Ada")
    conversation_id = await waiting(parts.conversations, "Wo bleibt mein Paket?")
    async with parts.db.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        (await session.get_one(Contact, conversation.contact_id)).name = "Eva Berg"
    async with parts.conversations.open(conversation_id) as c:
        await ownership.accept(c, mia.id)
    return conversation_id


async def add_step(page: "Page", kind: str) -> None:
    await page.select_option("#kind", kind)
    await page.click("#add")


async def test_a_macro_is_made_looked_at_and_run_by_keys(tmp_path: Path, sqlite_url: str, browser: "Browser") -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot(), undo_seconds=10) as (parts, address):
        conversation_id = await prepare(parts)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto("/admin/macros")
            await check(page)
            await page.click("text=Neues Makro")
            await page.wait_for_url("**/admin/macros/new")
            await page.fill("[name=name]", "Unterwegs und zu")
            await add_step(page, "resolve")
            await add_step(page, "answer")
            await page.locator(".step[data-kind=answer] [data-choice]").select_option(label="Unterwegs")
            await page.click(".step[data-kind=answer] [data-move='-1']")
            await add_step(page, "note")
            await page.click("[data-variable='{first_name}']")
            await expect(page.locator(".step[data-kind=note] [data-text]")).to_have_value("{first_name}")
            await page.keyboard.press("Control+s")
            await expect(page.locator("#problem")).to_contain_text("letzte Schritt")
            await page.click(".step[data-kind=note] [data-drop]")
            await check(page)
            await look(page, "macro-editor")
            await page.keyboard.press("Control+s")
            await page.wait_for_url("**/admin/macros")
            await expect(page.locator(".table")).to_contain_text("Antwort senden")
            await check(page)
            await look(page, "macros-admin")
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 390, "height": 780})
            await page.click("text=Unterwegs und zu")
            await expect(page.locator(".step")).to_have_count(2)
            await check(page)
            await look(page, "macro-editor-phone-dark")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        async with parts.db.write() as session:
            lament = {"steps": [{"kind": "add_tag", "text": "Klage"}, {"kind": "snooze", "choice": "hours"}]}
            session.add(MacroRecord(name="Klage", steps=lament, changed_by="Ada", uses=9))

        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto(f"/desk?conversation={conversation_id}&view=mine")
            await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")
            entries, preview = page.locator("#macros [role=option]"), page.locator("#macro-preview")
            await page.locator("#who").focus()
            await page.keyboard.press("m")
            await expect(entries).to_have_count(2)
            await expect(preview).to_contain_text("Hier endet es")
            await check(page)
            await look(page, "macros-desk-stops")
            await page.keyboard.press("Enter")
            await expect(page.locator("#problem")).to_contain_text("nach Schritt 1 von 2")
            await expect(page.locator("#tags li")).to_contain_text("Klage")
            await look(page, "macros-desk-refused")

            await page.keyboard.press("m")
            await expect(page.locator("#macro-search")).to_be_focused()
            await page.keyboard.type("zu")
            await expect(entries).to_have_count(1)
            await expect(preview).to_contain_text("Guten Tag Eva Berg, das Paket ist unterwegs.")
            await look(page, "macros-desk")
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": 390, "height": 780})
            await check(page)
            await look(page, "macros-desk-phone-dark")
            await page.set_viewport_size({"width": 1360, "height": 850})
            await page.keyboard.press("Escape")
            await expect(page.locator("#macros")).to_be_hidden()
            await page.keyboard.press("Control+k")
            await expect(page.locator(".palette-input")).to_be_focused()
            await page.keyboard.type("makro: unterwegs")
            await expect(page.locator("#palette-list [role=option]")).to_have_count(1)
            await page.keyboard.press("Enter")
            await expect(entries).to_have_count(2)
            await expect(entries.last).to_have_attribute("aria-selected", "true")
            await expect(preview).to_contain_text("Guten Tag Eva Berg")
            await page.keyboard.press("Enter")
            await expect(page.locator("#pending .held")).to_have_count(2)
            await look(page, "macros-desk-done")
            await page.keyboard.press("u")
            await expect(page.locator("#pending .held")).to_have_count(1)

            async def counted() -> bool:
                async with parts.db.read() as session:
                    rows = await session.execute(select(MacroRecord.name, MacroRecord.uses))
                    return dict(rows.all()) == {"Klage": 10, "Unterwegs und zu": 1}

            await eventually(counted, "both uses to be counted")
