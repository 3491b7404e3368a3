"""Browsers that make passkeys, sign in with them, and what is entered of it."""

import re
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from store.db import Database
from store.models import AuditEntry
from tests.integration.staff import ORIGIN, PASSWORD, House, StaffBrowser, make_house, staff_routes
from tests.passkey_device import PasskeyDevice

PUBLIC = "https://desk.example.org"
PAGE = "/account/passkeys"
SIGN_IN = "/signin/passkey"
AFTER = "/signin/code/passkey"
MIA = "mia@example.org"


def make_passkey_house(db: Database, **options: Any) -> House:
    """The browsers of these tests are at `ORIGIN`; the address that the installation is known by says the rest."""
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard), public_url=PUBLIC, **options)


def new_device(**traits: Any) -> PasskeyDevice:
    return PasskeyDevice(**{"origin": PUBLIC, "rp_id": "desk.example.org"} | traits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page, open in a browser, with its token."""

    browser: StaffBrowser
    csrf: str

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await self.browser.post(path, data={"csrf": self.csrf, **fields}, headers={"origin": ORIGIN})

    async def options(self, path: str, **fields: str) -> dict[str, Any]:
        answer = await self.send(f"{path}/options", **fields)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def visit(browser: StaffBrowser, page: str) -> Visit:
    found = re.search(r'name="csrf" (?:value|content)="([^"]*)"', (await browser.get(page)).text)
    assert found
    return Visit(browser=browser, csrf=found[1])


async def add(browser: StaffBrowser, device: PasskeyDevice, *, name: str = "Laptop", proof: str = PASSWORD) -> Any:
    """Add a passkey; the server's last answer."""
    page = await visit(browser, PAGE)
    return await page.send(PAGE, name=name, answer=device.create(await page.options(PAGE, proof=proof)))


async def with_passkey(house: House, device: PasskeyDevice, email: str = MIA) -> StaffBrowser:
    browser = await house.signed_in(email=email, name=email.partition("@")[0].title())
    assert (await add(browser, device)).status_code == 200
    return browser


async def sign_in(house: House, device: PasskeyDevice, browser: StaffBrowser | None = None) -> Any:
    page = await visit(browser or house.browser(), "/signin?next=/desk")
    return await page.send(SIGN_IN, next="/desk?view=mine", answer=device.get(await page.options(SIGN_IN)))


async def entries(db: Database, action: str) -> list[AuditEntry]:
    async with db.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def reasons(db: Database) -> list[str]:
    return [entry.after["reason"] for entry in await entries(db, "sign_in.failed")]
