"""The pages for staff in a real browser: a window that has signed in, and what axe finds in it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from axe_playwright_python.async_playwright import Axe

from tests.integration.staff import PASSWORD
from tests.page_errors import page_errors

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

HOSTILE = (
    "<script>window.harmed=1</script><img src=x onerror=window.harmed=1>"
    "<svg/onload=window.harmed=1>[x](javascript:window.harmed=1)\u202e{{7*7}}"
)


async def sign_in(browser: "Browser", address: str, email: str, **options: Any) -> tuple["Page", list[str]]:
    """A signed-in page, and the errors it will have shown by then."""
    context = await browser.new_context(base_url=address, reduced_motion="reduce", **options)
    page = await context.new_page()
    errors = page_errors(page)
    await page.goto("/signin")
    await page.fill("[name=email]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk*")
    return page, errors


@asynccontextmanager
async def window(browser: "Browser", address: str, email: str, **options: Any) -> AsyncIterator["Page"]:
    """A signed-in page that must stay free of errors, those of the content security policy included."""
    page, errors = await sign_in(browser, address, email, **options)
    yield page
    assert errors == []
    await page.context.close()


async def check(page: "Page") -> None:
    found = await Axe().run(page)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]] == []


@asynccontextmanager
async def held_up(page: "Page", address: str) -> AsyncIterator[asyncio.Event]:
    """The next answer to `address` (a pattern) is made at once, arrives when the block ends. The event: it is made."""
    made, may_arrive, has_arrived = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def late(route: "Route") -> None:
        response = await route.fetch()
        made.set()
        await may_arrive.wait()
        await route.fulfill(response=response)
        has_arrived.set()

    await page.route(re.compile(address), late, times=1)
    yield made
    may_arrive.set()
    await has_arrived.wait()
    await page.evaluate("new Promise(requestAnimationFrame)")
