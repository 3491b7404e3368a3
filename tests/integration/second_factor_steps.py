"""What staff do with a second factor: set one up, stop before its code, have a code that counts again."""

import re
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import update

from helpdesk.accounts.sessions import FactorPolicy
from store.db import Database
from store.models import SecondFactor
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes

if TYPE_CHECKING:
    pass

PAGE = "/account/second-factor"
CODE = "/signin/code"


def house_with(db: Database, policy: FactorPolicy) -> House:
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard), policy=policy)


async def set_up(house: House, browser: StaffBrowser) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    await browser.fill(PAGE, to=f"{PAGE}/begin")
    shown = (await browser.get(PAGE)).text
    found = re.search(r'id="secret">([^<]+)<', shown)
    assert found, shown
    secret = found[1].replace(" ", "")
    done = await browser.fill(PAGE, to=f"{PAGE}/confirm", code=pyotp.TOTP(secret).now())
    assert done.status_code == 200, done.text
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)


async def half_signed_in(house: House, email: str = "mia@example.org") -> StaffBrowser:
    browser = house.browser()
    assert (await browser.sign_in(email)).status_code == 303
    return browser


async def next_code(db: Database, secret: str) -> str:
    """A code that counts again: as if half a minute had passed since the last one was used."""
    async with db.write() as session:
        await session.execute(update(SecondFactor).values(last_step=0))
    return pyotp.TOTP(secret).now()


async def partial_csrf(browser: StaffBrowser, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', (await browser.get(page)).text)
    assert found
    return found[1]
