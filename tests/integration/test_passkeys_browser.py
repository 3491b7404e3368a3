"""Passkeys in a real browser, whose device is Chromium's virtual authenticator."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.sessions import FactorPolicy
from store.db import Database
from store.models import Passkey, Role
from tests.harness import eventually
from tests.integration.staff import PASSWORD, make_house, served, staff_routes
from tests.integration.staff_windows import check

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession, Page

pytestmark = pytest.mark.sqlite_only
PAGE = "**/account/passkeys"
DESK = re.compile(r"^http://localhost:\d+/desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The authenticator of a page's browser."""

    chromium: "CDPSession"
    id: str

    async def verify_owner(self, verifies: bool) -> None:
        """Whether it recognises the finger from now on."""
        await self.chromium.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verifies})

    async def count_credentials(self) -> int:
        found = await self.chromium.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return len(found["credentials"])


async def open_page(browser: "Browser", address: str) -> tuple["Page", Device, list[str]]:
    """A page whose browser has a device with passkeys, and the errors it will have shown by then."""
    context = await browser.new_context(
        base_url=address.replace("127.0.0.1", "localhost"), locale="de-DE", reduced_motion="reduce"
    )
    page, errors = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    chromium = await context.new_cdp_session(page)
    await chromium.send("WebAuthn.enable")
    traits = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = await chromium.send("WebAuthn.addVirtualAuthenticator", {"options": traits})
    return page, Device(chromium=chromium, id=made["authenticatorId"]), errors


async def give_password(page: "Page") -> None:
    await page.goto("/signin?next=/desk")
    await page.fill("[name=email]", "mia@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")


async def sign_out(page: "Page") -> None:
    await page.goto("/account")
    await page.click("#account summary")
    await page.click("#sign-out button")
    await page.wait_for_url("**/signin")


async def test_made_signed_in_with_and_removed(db: Database, browser: "Browser") -> None:
    house = make_house(db, lambda pages, guard: staff_routes(db, pages, guard))
    await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    jo = await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    async with db.write() as session:  # so that the button stays when Mia's is gone
        session.add(Passkey(agent_id=jo.id, credential_id="jos", public_key=b"", name="Jos"))
    async with served(house) as address:
        page, device, errors = await open_page(browser, address)
        await give_password(page)
        await page.wait_for_url(DESK)
        await page.goto("/account")
        await page.click("a[href='/account/passkeys']")
        await check(page)
        add = page.locator("form[data-passkey=create]")
        await add.locator("[name=name]").fill("Blauer Laptop")
        await add.locator("[name=proof]").fill("falsch geraten")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-problem]:has-text('stimmt nicht')")
        await check(page)
        await add.locator("[name=proof]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".recovery-codes li")
        assert await device.count_credentials() == 1

        await page.goto("/account/passkeys")
        await page.wait_for_selector(".passkeys :text('Blauer Laptop')")
        await add.locator("[name=proof]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-problem]:has-text('schon einen Passkey')")
        await check(page)

        await sign_out(page)
        await page.goto("/signin?next=/desk")
        await check(page)
        await page.click("form[data-passkey] button")
        await page.wait_for_url(DESK)

        await page.goto("/account/passkeys")
        await page.wait_for_selector(".passkeys :text('zuletzt benutzt')")
        await page.click(".passkeys summary")
        remove = page.locator("form[action$='/remove']")
        await remove.locator("[name=proof]").fill(PASSWORD)
        await remove.locator("button").click()
        await page.wait_for_url("**/account/passkeys?done=removed")
        assert await page.locator(".passkeys li").count() == 0

        await sign_out(page)
        await page.click("form[data-passkey] button")
        await page.wait_for_selector("#problem:has-text('gilt hier nicht')")
        await page.goto("/desk")
        await page.wait_for_url("**/signin?next=/desk")
        assert errors == []
        await page.context.close()


async def test_second_factor_after_the_password(db: Database, browser: "Browser") -> None:
    house = make_house(db, lambda pages, guard: staff_routes(db, pages, guard), policy=FactorPolicy.EVERYBODY)
    await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    async with served(house) as address:
        page, device, errors = await open_page(browser, address)
        await give_password(page)
        await page.wait_for_url("**/account/second-factor")
        await page.click("a[href='/account/passkeys']")
        await page.wait_for_url(PAGE)
        await check(page)
        await page.click("form[data-passkey=create] button")
        await page.wait_for_selector(".recovery-codes li")
        await page.goto("/desk")
        await page.wait_for_url(DESK)

        await sign_out(page)
        await give_password(page)
        await page.wait_for_url("**/signin/code**")
        await check(page)
        await device.verify_owner(False)
        await page.click("form[data-passkey] button")
        await page.wait_for_selector("[data-problem]:has-text('nichts bestätigt')")
        await check(page)
        await device.verify_owner(True)
        button = page.locator("form[data-passkey] button")
        await eventually(button.is_enabled, "it can be tried again")
        await button.click()
        await page.wait_for_url(DESK)
        assert errors == []
        await page.context.close()
