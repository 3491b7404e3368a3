"""A web site is entered, watched being read, looked at and brought in, in a real browser."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from helpdesk.accounts.agents import add_agent
from knowledge.articles import drafts
from knowledge.sites.site_readings import SITE_LIMITS
from store.db import Database
from store.lease_worker import LeaseWorker
from store.models import Role
from tests.fakes.web_site import faq_page, serve_site
from tests.integration.staff import PASSWORD, House, served
from tests.integration.staff_windows import check, window
from tests.integration.test_sites import HULL, KEY, OARS, readings_of

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


async def test_a_site_is_read_before_ones_eyes_and_brought_in(house: House, db: Database, browser: "Browser") -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    async with serve_site() as site, served(house) as address, window(browser, address, "mia@example.org") as page:
        site.put("/help", faq_page(OARS, HULL))
        readings = readings_of(db, site)
        worker = LeaseWorker(readings, SITE_LIMITS, store=readings.store)
        await page.goto("/admin/articles")
        await page.click("a[href='/admin/sites']")
        await check(page)
        await page.fill("[name=address]", "no address")
        await page.click("#add button")
        await page.wait_for_selector("#add-problem:has-text('Webadresse')")

        await page.fill("[name=address]", f"{site.url}/help")
        await page.click("#add button")
        await page.wait_for_selector("#progress:visible")
        assert await page.locator("#sentence").inner_text() == "wird gleich gelesen"
        await check(page)
        with db.feed.listening_for_due("sites", worker.wake):
            running = asyncio.create_task(worker.run())
            await page.wait_for_selector("#plan:visible")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

        assert "2 Fragen gefunden" in await page.locator("#sentence").inner_text()
        await check(page)
        await page.uncheck(f"[data-wanted][value='{KEY}']")
        await page.click("#drafts")
        await page.wait_for_selector("#done:has-text('Als Entwürfe behalten: 1 neu')")
        await page.check("[name=nightly]")
        await page.wait_for_selector("#switched:has-text('Gespeichert')")
        await page.goto("/admin/sites")
        await page.wait_for_selector(".badge:has-text('jede Nacht')")

    assert (await drafts.load(db, "what-is-the-hull-made-of")).draft is not None
