"""The admin page of the channels: connecting, checking and disconnecting, against a Telegram of our own."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest

from connectors.contract import Account, AsideMailRecord, Channel
from connectors.contract.findings import Finding
from connectors.email.inbound.automatic_mail import AsideReason
from connectors.telegram.connection_setup import connect, examine
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.web.admin.channels.routes import ChannelSetup, channel_routes
from store.db import Database
from store.models import Role
from tests.fakes.telegram import FakeTelegram, telegram
from tests.integration.staff import ORIGIN, House, StaffBrowser, make_house, staff_routes

pytestmark = pytest.mark.sqlite_only

KEY = "k" * 32


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with telegram() as started:
        yield started


@pytest.fixture
def house(db: Database, fake: FakeTelegram) -> House:
    accounts = ChannelAccounts(db, KEY)

    async def connect_telegram(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        return await connect(secrets["token"], accounts, origin=ORIGIN, report=report, api_url=fake.api_url)

    async def examine_telegram(account: Account) -> Sequence[Finding]:
        return await examine(account, origin=ORIGIN, api_url=fake.api_url)

    steps = {Channel.TELEGRAM: ChannelSetup(connect=connect_telegram, examine=examine_telegram)}
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *channel_routes(
                accounts=accounts,
                steps=steps,
                slack_manifest=lambda: "{}",
                pages=pages,
                aside=StoredAsideMails(db),
            ),
        ],
    )


async def test_a_pasted_token_connects_the_bot_and_the_page_shows_it(admin: StaffBrowser, fake: FakeTelegram) -> None:
    made = await admin.post("/admin/api/channels/telegram", json={"secrets": {"token": f" {fake.state.token} "}})
    assert made.status_code == 201, made.text
    assert {finding["level"] for finding in made.json()["findings"]} == {"ok"}

    page = await admin.get("/admin/channels")
    assert fake.state.username in page.text
    assert fake.state.token not in page.text


async def test_a_wrong_token_is_refused_with_what_to_do_and_nothing_is_kept(
    admin: StaffBrowser, fake: FakeTelegram
) -> None:
    refused = await admin.post("/admin/api/channels/telegram", json={"secrets": {"token": "7001:" + "x" * 35}})

    assert refused.json()["connected"] is False
    assert "BotFather" in refused.json()["findings"][-1]["remedy"]
    assert fake.state.username not in (await admin.get("/admin/channels")).text


async def test_a_connected_bot_is_examined_and_disconnected(admin: StaffBrowser, fake: FakeTelegram) -> None:
    await admin.post("/admin/api/channels/telegram", json={"secrets": {"token": fake.state.token}})
    one = f"/admin/api/channels/telegram/{fake.state.bot_id}"
    found = (await admin.post(f"{one}/check", json={})).json()["findings"]
    assert found[0]["level"] == "ok"

    assert (await admin.post(f"{one}/disconnect", json={})).json()["active"] is False
    gone = (await admin.post(f"{one}/check", json={})).json()["findings"]
    assert gone[0]["level"] == "failed"


async def test_channels_and_accounts_that_are_not_there_are_not_found(admin: StaffBrowser) -> None:
    assert (await admin.post("/admin/api/channels/fax", json={"secrets": {}})).status_code == 404
    assert (await admin.post("/admin/api/channels/telegram/1/check", json={})).status_code == 404


async def test_agents_do_not_get_in(house: House) -> None:
    agent = await house.signed_in(Role.AGENT, "mia@example.org", "Mia")

    assert (await agent.get("/admin/channels")).status_code == 403


@pytest.mark.parametrize("reason", AsideReason)
async def test_a_mail_that_was_put_aside_is_shown_with_its_reason_and_as_text(
    admin: StaffBrowser, db: Database, reason: AsideReason
) -> None:
    await StoredAsideMails(db).put(
        AsideMailRecord(
            account="mailbox",
            external_id="1@example.org",
            reason=str(reason),
            sender="anna@example.org",
            subject="<script>alert(1)</script>",
            text="Bis Montag.",
        )
    )

    page = await admin.get("/admin/channels")

    assert page.status_code == 200
    assert "anna@example.org" in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_mailbox_is_not_disconnected_here_because_the_settings_connect_it(
    admin: StaffBrowser, db: Database
) -> None:
    mailbox = Account(channel=Channel.EMAIL, id="mailbox", name="support@example.com", settings={"mode": "imap"})
    await ChannelAccounts(db, KEY).save(mailbox)

    page = await admin.get("/admin/channels")

    assert "support@example.com" in page.text
    assert 'data-do="disconnect"' not in page.text
