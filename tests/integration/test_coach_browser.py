"""The coach below the answer in a browser: said after a pause, reasons on demand, offers that write, switched off."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from helpdesk.accounts.agents import add_agent
from helpdesk.allowances.allowance import Allowance
from helpdesk.allowances.allowance_store import AllowanceStore
from helpdesk.conversations import Conversations
from helpdesk.views.draft_coach import load_kinds_off
from store.models import Role
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

REFUSAL = "Guten Tag, das geht leider nicht. Liebe Grüße, Mia"


async def test_a_hint_after_a_pause_its_reason_an_offer_and_no_more_of_its_kind(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    conversation_id = await waiting(conversations, "Kann ich das noch umtauschen?")
    await drive(conversations).accept(conversation_id, mia.id)
    offer = Allowance(name="Gutschein", topic="", texts={"de": "Ich biete Ihnen einen Gutschein über … € an."})
    await AllowanceStore(house.db).add(offer, by="Mia")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?conversation={conversation_id}")
        await expect(page.locator("#allowances button")).to_have_text("Gutschein")
        await page.fill("#text", REFUSAL)
        before = await page.locator("#text").bounding_box()
        await expect(page.locator("#noticed .coach-words")).to_have_text("Ein Nein ohne Ausweg.")
        assert await page.locator("#text").bounding_box() == before  # nothing jumps
        await page.click("#noticed .why-button")
        await expect(page.locator("#coach-more .hint")).to_contain_text("Besser gleich sagen, was geht")
        await check(page)

        await page.click("#noticed button >> nth=0")
        await expect(page.locator("#text")).to_have_value(f"{REFUSAL} Ich biete Ihnen einen Gutschein über ⟨…⟩ € an.")
        assert await page.evaluate("document.querySelector('#text').selectionEnd - text.selectionStart") == 3
        await page.keyboard.type("20")
        await expect(page.locator("#noticed")).to_be_hidden()

        await page.fill("#text", REFUSAL)
        await page.click("#noticed .why-button")
        await page.click("#coach-more button >> text=Keine Hinweise dieser Art")
        await expect(page.locator("#said")).to_contain_text("Abgeschaltet")
        assert await load_kinds_off(house.db, mia.id) == ("refusal",)
        await page.fill("#text", "Das geht nicht, wie ich schon gesagt habe.")
        await expect(page.locator("#noticed .coach-words")).to_contain_text("Vorwurf")
        await expect(page.locator("#noticed .why-button")).to_have_text("Warum?")
        await page.press("#text", "Enter")  # a hint holds nothing up
        await expect(page.locator("#lines")).to_contain_text("wie ich schon gesagt habe")
        await expect(page.locator("#noticed")).to_be_hidden()

        await page.click("#account summary")
        await page.click("#account [data-opens=help]")
        await page.click("#coach-settings")
        await expect(page.locator("#coach-form [name=refusal]")).not_to_be_checked()
        await check(page)
        async with page.expect_response("**/desk/api/coach"):
            await page.check("#coach-form [name=refusal]")
        assert await load_kinds_off(house.db, mia.id) == ()


async def test_an_admin_writes_what_may_be_offered(house: House, browser: "Browser") -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/allowances")
        form = page.locator("form[data-allowance=new]")
        await form.locator("[name=name]").fill("Ersatz")
        await form.locator("button.primary").click()
        await expect(form.locator(".notice")).to_contain_text("Satz")
        await form.locator("[name=en]").fill("We can send you a replacement.")
        await form.locator("button.primary").click()
        await expect(page.locator("details.card summary")).to_contain_text("Ersatz")
        await check(page)
        await page.click("details.card summary")
        await page.click("details.card [data-remove]")
        await page.click("#sure button[value=yes]")
        await expect(page.locator("details.card")).to_have_count(0)
