"""A shop signs its customer in, in real browsers: one history on two devices, and nothing left when they have gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpdesk.app import AppComponents
from tests.integration.identity_site import Site
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

XSS = "<img src=x onerror=document.title='broken'>"


class Shop:
    """A web site of its own; `identity` is what its pages say, `None` for pages without the attribute."""

    def __init__(self, chat: str) -> None:
        self.chat = chat
        self.identity: str | None = None
        self.address = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Shop"]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        said = "" if self.identity is None else f' data-identity="{self.identity}"'
        script = f'<script src="http://{self.chat}/webchat.js" data-open data-language="de"{said} async></script>'
        page = f"<!doctype html><html lang=de><meta charset=utf-8><title>Shop</title><h1>Shop</h1>{script}".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + page)
        await writer.drain()
        writer.close()


@pytest.fixture
async def house_and_shop(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[AppComponents, Shop]]:
    async with served(tmp_path, database_url) as (parts, address), Shop(address).open() as shop:
        yield parts, shop


async def visit(browser: "Browser", shop: Shop) -> "Page":
    """A device of its own, on the shop's page."""
    context = await browser.new_context(locale="de")
    page = await context.new_page()
    await page.goto(shop.address)
    return page


async def sees(page: "Page", text: str) -> None:
    await page.get_by_text(text, exact=False).first.wait_for(timeout=20_000)


async def say(page: "Page", text: str) -> None:
    field = page.locator("staffel-chat textarea")
    await field.fill(text)
    await field.press("Enter")
    await sees(page, text)


async def told(page: "Page") -> str:
    return str(await page.locator("staffel-chat").evaluate("chat => chat.shadowRoot.textContent"))


async def test_a_customer_has_one_history_on_two_devices_and_none_after_signing_out(
    house_and_shop: tuple[AppComponents, Shop], browser: "Browser"
) -> None:
    parts, shop = house_and_shop
    site = Site(await parts.identity_keys.add("Mia"), parts.identity_keys.audience)
    laptop = await visit(browser, shop)
    await sees(laptop, "digitaler Assistent")
    await say(laptop, "Noch bin ich niemand")
    await laptop.evaluate("token => document.querySelector('staffel-chat').identify(token)", site.token())

    shop.identity = site.token()
    phone = await visit(browser, shop)
    await sees(phone, "Noch bin ich niemand")
    await say(phone, "Vom Handy geschrieben")
    await sees(laptop, "Vom Handy geschrieben")

    second = await laptop.context.new_page()
    shop.identity = None
    await second.goto(shop.address)
    await sees(second, "Vom Handy geschrieben")

    await laptop.evaluate("document.querySelector('staffel-chat').signOut()")
    async with asyncio.timeout(20):
        for page in (laptop, second):
            while "Vom Handy" in await told(page):
                await asyncio.sleep(0.05)
    assert "Vom Handy" in await told(phone)
    kept = await laptop.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Handy" not in kept
    assert "K-1" not in kept
    await laptop.reload()
    await sees(laptop, "digitaler Assistent")
    assert "Handy" not in await told(laptop)


async def test_another_customer_on_the_same_browser_sees_nothing_of_the_former_one(
    house_and_shop: tuple[AppComponents, Shop], browser: "Browser"
) -> None:
    parts, shop = house_and_shop
    site = Site(await parts.identity_keys.add("Mia"), parts.identity_keys.audience)
    shop.identity = site.token("K-1")
    page = await visit(browser, shop)
    await sees(page, "Ida Muster")
    await say(page, "Geheimes von Ida")
    shop.identity = site.token("K-2", name=XSS)
    shown: list[str] = []
    await page.reload()
    while "ich bin" not in "".join(shown[-1:]):
        found = page.locator("staffel-chat")
        shown.append(await told(page) if await found.count() and await found.evaluate("it => !!it.shadowRoot") else "")
    assert not [each for each in shown if "Geheimes" in each], "not even for a moment"
    assert XSS in await told(page), "a name is words"
    assert await page.title() == "Shop"


async def test_a_page_that_nobody_is_signed_in_on_signs_out_who_was(
    house_and_shop: tuple[AppComponents, Shop], browser: "Browser"
) -> None:
    parts, shop = house_and_shop
    site = Site(await parts.identity_keys.add("Mia"), parts.identity_keys.audience)
    shop.identity = site.token("K-1")
    page = await visit(browser, shop)
    await sees(page, "Ida Muster")
    await say(page, "Geheimes von Ida")
    shop.identity = ""
    await page.reload()
    await sees(page, "digitaler Assistent")
    assert "Geheimes" not in await told(page)
    await say(page, "Ein anonymes Wort")
    await page.reload()
    await sees(page, "Ein anonymes Wort")
