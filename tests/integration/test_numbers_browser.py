"""The figures in a real browser: charts, tables beside them, links into the desk, both themes, a phone and paper."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect
from pypdf import PdfReader

from helpdesk.accounts.agents import add_agent
from helpdesk.insights.numbers.day_rows import CountState, keep_state
from store.models import Role, now
from tests.busy_months import fill_months
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

#: Where pictures of the screens go, for people to look at; nothing is written without it.
LOOK = os.environ.get("STAFFEL_LOOK", "")
DAYS = 60
MANY = int(os.environ.get("STAFFEL_LOOK_MANY", "60"))


async def look(page: "Page", name: str) -> None:
    if LOOK:
        await page.screenshot(path=f"{LOOK}/{name}.png", full_page=True)


async def test_figures_are_drawn_told_in_tables_and_lead_to_the_desk(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url) as (parts, address):
        await fill_months(parts.db, MANY, DAYS)
        await add_agent(parts.db, "admin@example.org", "Admin", Role.ADMIN, password=PASSWORD)
        today = now().astimezone(parts.numbers.zone).date()
        first = today - timedelta(days=DAYS)
        await parts.numbers.count_days(first, today)
        await keep_state(
            parts.db, CountState(first=first, as_of=now(), next_at=now() + timedelta(hours=1), night=today)
        )
        sizes: dict[str, dict[str, Any]] = {
            "dark": {"color_scheme": "dark", "viewport": {"width": 1360, "height": 900}},
            "phone": {"viewport": {"width": 390, "height": 844}},
            "light": {"viewport": {"width": 1360, "height": 900}},
        }
        for name, options in sizes.items():
            async with window(browser, f"http://{address}", "admin@example.org", **options) as page:
                await page.goto("/desk/numbers?days=28&by=agent")
                await expect(page.locator(".plot canvas").first).to_be_visible()
                await look(page, f"numbers-{name}")
                await check(page)
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                if name == "light":
                    await page.locator("details > summary", has_text="Als Tabelle").first.click()
                    await expect(page.locator("#came-title")).to_be_visible()
                answer = await page.goto("/desk/numbers/week")
                assert answer is not None
                assert answer.ok
                await check(page)
                await look(page, f"week-{name}")
                if name == "light":
                    await page.emulate_media(media="print")
                    paper = await page.pdf(prefer_css_page_size=True)
                    assert len(PdfReader(io.BytesIO(paper)).pages) == 1
                    if LOOK:
                        Path(LOOK, "week.pdf").write_bytes(paper)  # noqa: ASYNC240 - for people to look at
                    await page.emulate_media(media="screen")
                    await page.goto("/desk/numbers?days=28&by=channel")
                    await page.locator(".figures-table tbody tr").first.locator("td a").click()
                    await page.wait_for_url("**/desk?view=all*")
                    await expect(page.locator("#filter-count")).to_have_text("2")
                    await expect(page.locator("#list li").first).to_be_visible()
