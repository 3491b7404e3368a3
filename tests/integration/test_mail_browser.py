"""In real browsers: a customer leaves an address and goes, the answer comes by mail, and its link leads back to it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from store.models import Agent, Availability, Conversation, Role
from store.status import Status
from tests.conversation_driver import drive
from tests.e2e.people import PATIENCE, ChatCustomer, picture
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import running_mail_server
from tests.harness import conversation_of, eventually
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.test_unseen_mail import answer, body
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


async def queued_conversation(parts: AppComponents) -> str:
    async def look() -> str | None:
        async with parts.db.read() as session:
            return await session.scalar(select(Conversation.id).where(Conversation.status == Status.QUEUED))

    found = await eventually(look, "somebody who waits")
    assert found
    return found


@pytest.mark.parametrize("language", ["de", "en"])
async def test_an_answer_finds_whoever_has_left(
    tmp_path: Path, database_url: str, browser: "Browser", language: str
) -> None:
    german = language == "de"
    async with (
        running_mail_server() as server,
        served(
            tmp_path, database_url, bot=FakeBot(), smtp_url=server.url, mail_from="support@example.com", mail_after=2
        ) as (parts, address),
    ):
        origin = f"http://{address}"
        customer = await ChatCustomer.arrive(browser, origin, language=language)
        await customer.write("Ich möchte mit einem Menschen sprechen" if german else "I want to talk to a person")
        await customer.sees("Die Antwort geht dann auch dorthin" if german else "the answer goes there as well")
        form = customer.chat.locator(".email")
        await form.locator("input").fill("ida@example.org")
        await form.locator("button").click()
        await customer.sees("geht sie auch an ida@example.org" if german else "it goes to ida@example.org as well")
        conversation_id = await queued_conversation(parts)
        await customer.page.context.close()

        agent = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        async with parts.db.write() as session:
            await session.execute(update(Agent).values(availability=Availability.ONLINE))
        await drive(parts.conversations).accept(conversation_id, agent.id)
        words = "Ihr Paket liegt in Köln." if german else "Your parcel is in Cologne."
        async with window(browser, origin, "mia@example.org") as desk:
            await desk.goto(f"/desk?conversation={conversation_id}")
            await answer(parts, conversation_id, agent.id, words)
            line = desk.locator(".delivery").last
            await expect(line).to_contain_text(
                re.compile("noch nicht gesehen, geht per E-Mail|E-Mail gesendet"), timeout=PATIENCE
            )

            async def arrived() -> bool:
                return bool(server.mails)

            await eventually(arrived, "the mail")
            await expect(line).to_contain_text("E-Mail gesendet", timeout=PATIENCE)
            await picture(desk, f"mail-desk-{language}")

            link = re.search(rf"{re.escape(origin)}/continue/mail/[\w=-]+", body(server.mails[0]))
            assert link
            elsewhere = await browser.new_context(locale=language)  # another device, which knows nothing
            page = await elsewhere.new_page()
            await page.goto(link[0])
            await check(page)
            await picture(page, f"mail-return-{language}")
            assert (await conversation_of(parts, conversation_id)).contact_seen_seq < 100
            await expect(line).to_contain_text("E-Mail gesendet")  # a look at the link has read nothing
            await page.get_by_role("button", name="Gespräch öffnen" if german else "Open the conversation").click()
            log = page.locator("staffel-chat").get_by_role("log")
            await expect(log).to_contain_text(words, timeout=PATIENCE)
            await picture(page, f"mail-chat-{language}")
            await expect(line).to_contain_text("gelesen", timeout=PATIENCE)
            await elsewhere.close()


async def test_staff_choose_their_mails_and_an_admin_tries_the_server(
    tmp_path: Path, database_url: str, browser: "Browser"
) -> None:
    async with (
        running_mail_server() as server,
        served(tmp_path, database_url, smtp_url=server.url, mail_from="support@example.com") as (parts, address),
    ):
        await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto("/admin/channels")
            await page.click("[data-mail=test]")
            await page.wait_for_selector("#findings:has-text('250 2.0.0 queued')")
            assert server.recipients == ["ada@example.org"]
            await check(page)
            await picture(page, "mail-admin")
            await page.goto("/account/mails")
            await page.check("[name=digest][value=daily]")
            await page.check("[name=promises]")
            await page.click("button:has-text('Speichern')")
            await page.wait_for_selector("[role=status]")
            assert await page.is_checked("[name=digest][value=daily]")
            assert await page.is_checked("[name=promises]")
            await check(page)
            await picture(page, "mail-choices")
        async with await browser.new_context(locale="de") as fresh:
            page = await fresh.new_page()
            await page.goto(f"http://{address}/signin")
            await page.click("a[href='/forgotten']")
            await check(page)
            await page.fill("[name=email]", "ada@example.org")
            await page.click("button:has-text('Link schicken')")
            await page.wait_for_selector("[role=status]")
            await check(page)
            await picture(page, "mail-forgotten")
