"""From an empty installation and a stranger's Excel file to the first right answer in the web chat."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.e2e.installation import Installation, installed
from tests.e2e.people import PATIENCE, ChatCustomer, Staff, picture
from tests.rental_faq import rental_workbook

pytestmark = [pytest.mark.browser, pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(420)]

CHOSEN: Any = {"name": "FAQ Verleih.xlsx", "mimeType": "", "buffer": rental_workbook()}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("home"), sample=False) as found:
        yield found


async def has_no_fault(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_an_excel_file_answers_customers_five_clicks_later(installation: Installation, browser: Browser) -> None:
    page = (await Staff.join(browser, installation.first_admin_link)).page
    await page.click("header nav a[href='/admin/articles']")
    await page.click("main a.primary[href='/admin/articles/import']")
    await page.set_input_files("[name=file]", CHOSEN)  # two clicks: the button, and the file in the system's dialog
    await expect(page.locator("#plan-shown")).to_contain_text("Nicht übernommen, und warum", timeout=PATIENCE)
    await expect(page.locator("#plan-shown")).to_contain_text("Zeile 14")
    await expect(page.locator("#publish")).to_have_text("37 Artikel veröffentlichen")
    await has_no_fault(page)
    await picture(page, "16-import-columns")
    await page.locator("#plan").scroll_into_view_if_needed()
    await page.evaluate("document.getElementById('plan').scrollIntoView()")
    await picture(page, "17-import-preview")

    await page.click("#publish")
    await expect(page.locator("#done-shown")).to_contain_text("37 Artikel sind live", timeout=PATIENCE)
    await page.keyboard.type("was kostet eine fahrt")
    await page.keyboard.press("Enter")
    await expect(page.locator("#ask-result")).to_contain_text("Die ersten 30 Minuten 1 €", timeout=PATIENCE)
    await has_no_fault(page)
    await picture(page, "18-import-done")

    async with page.context.expect_page() as opened:
        await page.click("text=Web-Chat öffnen")
    await (await opened.value).close()
    customer = await ChatCustomer.arrive(browser, installation.origin)
    await customer.write("was kostet eine fahrt")
    await customer.sees(re.compile("Die ersten 30 Minuten 1 €"))
