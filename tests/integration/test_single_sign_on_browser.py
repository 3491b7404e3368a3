"""Signing in with a real OpenID Connect provider in a real browser: through its page and back, and out of both."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from helpdesk.accounts.agents import find_agent
from store.db import Database
from store.models import Role
from tests.integration.single_sign_on_desk import ID, PEOPLE, make_desk
from tests.integration.staff import served
from tests.integration.staff_windows import check
from tests.oidc_directory import running_directory
from tests.services import free_port

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.sqlite_only
BUTTON = "text=Anmelden mit Directory"


@asynccontextmanager
async def sign_in_page(db: Database, browser: "Browser") -> AsyncIterator["Page"]:
    """Our sign-in page in German, beside a provider on another host, so that cookies go as between two sites."""
    port = free_port()
    origin = f"http://localhost:{port}"
    with running_directory([f"{origin}/signin/with/{ID}/back"], PEOPLE) as directory:
        desk = await make_desk(db, directory, origin=origin)
        async with served(desk.house, port=port):
            context = await browser.new_context(base_url=origin, locale="de-DE", reduced_motion="reduce")
            page, errors = await context.new_page(), list[str]()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None)
            await page.goto("/signin?next=/desk%3Fview%3Dmine")
            yield page
            assert errors == []
            await context.close()


async def give_name(page: "Page", name: str) -> None:
    """What is done on the provider's page."""
    await page.click(BUTTON)
    await page.wait_for_url(re.compile(r"^http://127\.0\.0\.1:\d+/interaction/"))
    await page.fill("[name=login]", name)
    await page.click("button")


async def test_through_the_providers_page_and_back_and_out_of_both(db: Database, browser: "Browser") -> None:
    async with sign_in_page(db, browser) as page:
        await check(page)
        await give_name(page, "mia")
        await page.wait_for_url(re.compile(r"^http://localhost:\d+/desk\?view=mine"))
        mia = await find_agent(db, "mia@example.org")
        assert (mia.name, mia.role, mia.language) == ("Mia Berg", Role.SUPERVISOR, "de")

        await page.goto("/account")
        await page.wait_for_selector("text=Sie haben keines")
        await page.click("#account summary")
        await page.click("#sign-out button")
        await page.wait_for_selector("text=Bei Directory sind Sie es vielleicht noch nicht")
        await check(page)
        await page.click(f"a[href='/signin/with/{ID}/out']")
        await page.wait_for_url(re.compile(r"^http://127\.0\.0\.1:\d+/session/end"))
        await page.click("button[name=logout]")
        await page.wait_for_url(re.compile(r"^http://localhost:\d+/signin"))
        await page.click(BUTTON)
        await page.wait_for_selector("[name=login]")  # it knows nobody any more


async def test_cancelled_there_the_page_here_says_so(db: Database, browser: "Browser") -> None:
    async with sign_in_page(db, browser) as page:
        await give_name(page, "nobody-of-this-name")
        await page.wait_for_selector("#problem:has-text('Directory hat Sie nicht hereingelassen')")
        await check(page)
        await page.goto("/desk")
        await page.wait_for_url("**/signin?next=/desk")
