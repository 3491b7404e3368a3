"""In real browsers: a mail is on the desk, and the admin sees the mailbox and what was put aside."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from helpdesk.accounts.agents import add_agent
from store.models import Role
from tests.e2e.people import picture
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import running_mail_server
from tests.harness import eventually
from tests.imap_server import imap_server
from tests.integration.mail_desk import US, mail_of, plain_text
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


async def test_a_customer_writes_by_mail_alone_and_is_answered_from_the_desk(
    tmp_path: Path, database_url: str, browser: "Browser"
) -> None:
    with imap_server() as mailbox:
        async with (
            running_mail_server() as server,
            served(
                tmp_path,
                database_url,
                bot=FakeBot(),
                smtp_url=server.url,
                mail_from=f"Muster AG <{US}>",
                imap_url=mailbox.url,
            ) as (parts, address),
        ):
            await add_agent(parts.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
            mailbox.deliver(mail_of("Meine Rechnung fehlt.\n\nViele Grüße\nAnna", subject="Rechnung 4711"))
            mailbox.deliver(mail_of("Kaufen!", subject="<b>Angebote</b>", X_Spam_Flag="YES"))

            async def sent() -> bool:
                return len(server.mails) == 1

            await eventually(sent, "the first answer")
            async with window(browser, f"http://{address}", "mia@example.org") as page:
                await page.goto("/admin/channels")
                await expect(page.get_by_text(US).first).to_be_visible()
                await expect(page.get_by_text("<b>Angebote</b>")).to_be_visible()
                await page.locator("tr[data-channel=email] [data-do=check]").click()
                await expect(page.locator("#findings")).to_contain_text("INBOX")
                await check(page)
                await picture(page, "email-channels-page")
                await page.set_viewport_size({"width": 360, "height": 740})
                await check(page)
                await picture(page, "email-channels-page-phone")
                await page.set_viewport_size({"width": 1280, "height": 800})
                await page.locator("tr[data-aside]").get_by_role("button").click()
                await page.wait_for_url("**/desk?conversation=*")
                await expect(page.get_by_text("<b>Angebote</b>").first).to_be_visible()
                await page.goto("/desk")
                await page.get_by_text("Anna Beispiel").first.click()
                await expect(page.get_by_text("Rechnung 4711").first).to_be_visible()
                await picture(page, "email-desk")
            assert len(server.mails) == 1, "what was put aside is a person's alone"
            letter = await browser.new_page(viewport={"width": 420, "height": 760})
            part = server.mails[0].get_body(("html",))
            assert part is not None
            await letter.set_content(part.get_content())
            await picture(letter, "email-first-answer")
            await letter.close()
            assert "kein Mensch" in plain_text(server.mails[0])
