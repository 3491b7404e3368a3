"""Fixtures of the tests that store something: a database, a helpdesk at work, the pages for staff and who opens them.

A module that needs another bot, other settings or other routes overrides the one fixture that makes them.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from connectors.contract import SendLimit
from helpdesk.accounts import passwords
from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.delivery import outbox as outbox_module
from helpdesk.delivery import rate_limits
from helpdesk.delivery.outbox import DueDelivery, Outbox
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.models import Pace, Role
from store.settings import Settings
from tests.fakes.bot import FakeBot
from tests.harness import run_helpdesk, settings_for
from tests.integration.send_permissions import Permissions
from tests.integration.staff import PASSWORD, House, StaffBrowser, make_house, staff_routes


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost next to nothing; their strength is tried in `tests/unit/test_accounts_passwords.py`."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A database with our tables and nothing in them."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def live() -> ChangeHints:
    """What tells open pages that something has changed."""
    return ChangeHints()


@pytest.fixture
def conversations(db: Database, live: ChangeHints) -> Conversations:
    return Conversations(db, live, Settings(_env_file=None))


@pytest.fixture
def house(db: Database, live: ChangeHints) -> House:
    """The pages for staff, without a bot behind them."""
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard, live=live))


@pytest.fixture
async def admin(house: House) -> StaffBrowser:
    """Ada, an admin who has signed in; her browser sends what the pages' scripts send."""
    browser = await house.signed_in(Role.ADMIN, "ada@example.org", "Ada")
    browser.headers.update({"x-csrf-token": await browser.csrf(house.db), "accept": "application/json"})
    return browser


@pytest.fixture
async def two_admins(house: House) -> House:
    """A house with Mia, and Jo who reads English; both may do everything."""
    await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    await add_agent(house.db, "jo@example.org", "Jo", Role.ADMIN, password=PASSWORD, language="en")
    return house


@pytest.fixture
def permissions(monkeypatch: pytest.MonkeyPatch) -> Permissions:
    """When parts were allowed to leave under each limit, as all instances agreed on it.

    Arrivals would tell how busy this machine is: it may stall between a permission and the sending.
    """
    granted: Permissions = defaultdict(list)
    asked: ContextVar[list[tuple[SendLimit, datetime]]] = ContextVar("asked")
    claim = Outbox.claim

    def take(limits: Iterable[SendLimit], paces: Mapping[str, Pace], time: datetime) -> None:
        limits = tuple(limits)
        rate_limits.take(limits, paces, time)
        asked.get().extend((limit, time) for limit in limits)

    async def claim_and_note(outbox: Outbox, limit: int) -> list[DueDelivery]:
        asked.set([])
        found = await claim(outbox, limit)  # raises what a rolled back transaction does
        for one, time in asked.get():
            granted[one].append(time)
        return found

    monkeypatch.setattr(outbox_module, "take", take)
    monkeypatch.setattr(Outbox, "claim", claim_and_note)
    return granted


@pytest.fixture
def bot() -> FakeBot:
    """A bot whose answers the test decides."""
    return FakeBot()


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    """Helpdesk at work, with `bot`."""
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as started:
        yield started
