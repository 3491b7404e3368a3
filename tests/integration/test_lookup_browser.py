"""A service is connected, tried and switched on in a real browser."""

from typing import TYPE_CHECKING

import pytest

from helpdesk.accounts.agents import add_agent
from store.db import Database
from store.models import Role
from tests.fakes.order_service import FakeOrderService
from tests.integration.staff import PASSWORD, House, served
from tests.integration.staff_windows import check, window
from tests.integration.test_admin_lookups import house, lookups, shop

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator

__all__ = ["house", "lookups", "shop"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


async def fill(row: "Locator", **fields: str) -> None:
    for name, value in fields.items():
        await row.locator(f"[data-field={name}]").fill(value)


async def say_both(place: "Locator", name: str, german: str, english: str) -> None:
    pair = place.locator(f"[data-both={name}]")
    await pair.locator("[data-language=de]").fill(german)
    await pair.locator("[data-language=en]").fill(english)


async def test_a_service_is_connected_tried_and_switched_on(
    house: House, shop: FakeOrderService, db: Database, browser: "Browser"
) -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/lookups")
        await check(page)
        await page.click("a[href='/admin/lookups/new']")
        form = page.locator("#lookup")
        await page.click("#save")
        await page.wait_for_selector("#lookup-problem:has-text('Kurzname')")

        await form.locator("section").nth(0).locator("[data-field=name]").fill("orders")
        await say_both(form, "title", "Stand der Bestellung", "Order status")
        await page.fill("[data-field=phrasings]", "Wo ist meine Bestellung?\nWhere is my order?")
        await page.fill("[data-field=address]", shop.address)
        await page.fill("[data-field=header]", "Authorization")
        await page.fill("[data-field=secret]", shop.secret)
        number = page.locator("#asked .lookup-row").nth(0)
        await fill(number, name="order_number", forms="####")
        await say_both(number, "label", "Bestellnummer", "order number")
        await say_both(number, "question", "Wie lautet die Bestellnummer?", "What is the order number?")
        await page.click("[data-add=asked]")
        proof = page.locator("#asked .lookup-row").nth(1)
        await fill(proof, name="postcode")
        await proof.locator("[data-field=kind]").select_option("postcode")
        await proof.locator("[data-field=is_proof]").check()
        await say_both(proof, "label", "Postleitzahl", "postcode")
        await say_both(proof, "question", "Wie lautet die Postleitzahl?", "What is the postcode?")
        await fill(page.locator("#shown .lookup-row"), name="state", path="order.state", said_as="shipped = da | there")
        await say_both(form, "found", "Sie ist {state}.", "It is {state}.")
        await page.click("#save")

        await page.wait_for_selector("#try")
        await check(page)
        assert await page.locator("#asked .lookup-row").count() == 2
        assert await page.input_value("[data-field=secret]") == ""
        await page.click("#switch")
        await page.wait_for_selector("#switch-problem:has-text('aus')")
        await page.fill("[data-value=order_number]", "4711")
        await page.fill("[data-value=postcode]", "79098")
        await page.click("#try button")
        await page.wait_for_selector("#result:visible")
        assert await page.inner_text("#said-de") == "Sie ist da."
        assert "order.state" in await page.inner_text("#fields")
        await check(page)
        await page.click("#switch")
        await page.wait_for_selector("#state:has-text('eingeschaltet')")
