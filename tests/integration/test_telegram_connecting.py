"""`staffel connect telegram` and what the doctor says, on a Telegram that keeps the Bot API's rules."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from connectors.contract import Account, Channel
from connectors.contract.findings import ConnectionFailure, Finding, FindingLevel
from connectors.telegram.connection_setup import connect, examine
from connectors.telegram.parse import ALLOWED_UPDATES
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.host.cli import staffel
from store.db import Database
from store.migrate import upgrade_async
from tests.fakes.telegram import FakeTelegram, TelegramFault, telegram

ORIGIN = "https://desk.example"


class InMemoryAccounts:
    """Accounts in a dictionary."""

    def __init__(self) -> None:
        self.held: dict[str, Account] = {}

    async def find(self, channel: Channel, account_id: str) -> Account | None:
        return self.held.get(account_id)

    async def every(self, channel: Channel) -> list[Account]:
        return list(self.held.values())

    async def save(self, account: Account) -> None:
        self.held[account.id] = account

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        del self.held[account_id]


async def connected(
    fake: FakeTelegram, accounts: InMemoryAccounts, *, origin: str = ORIGIN, mode: str = ""
) -> list[Finding]:
    fake.updates.doors.setdefault(ORIGIN, [httpx.MockTransport(lambda request: httpx.Response(200))])
    told: list[Finding] = []
    await connect(fake.state.token, accounts, origin=origin, report=told.append, mode=mode, api_url=fake.api_url)
    return told


async def worst(fake: FakeTelegram, account: Account, *, origin: str = ORIGIN) -> list[Finding]:
    found = await examine(account, origin=origin, api_url=fake.api_url)
    return [finding for finding in found if finding.level is not FindingLevel.OK and "address" not in finding.name]


async def test_a_pasted_token_is_all_it_takes() -> None:
    async with telegram() as fake:
        accounts = InMemoryAccounts()
        told = await connected(fake, accounts)
        assert {finding.level for finding in told} == {FindingLevel.OK}
        account = accounts.held["700100"]
        assert account.settings == {"mode": "webhook", "username": "staffel_test_bot"}
        hook = fake.updates.webhook
        assert (hook.url, hook.secret) == (f"{ORIGIN}/telegram/700100/webhook", account.secrets["webhook_secret"])
        assert list(hook.allowed) == list(ALLOWED_UPDATES)
        assert set(fake.state.commands) == {"", "de", "en", "fr"}
        assert "kein Mensch" in fake.state.descriptions["de"]
        assert "pas un humain" in fake.state.descriptions["fr"]
        assert "not a person" in fake.state.short_descriptions[""]
        assert await worst(fake, account) == []


async def test_connecting_again_repairs_and_keeps_the_secret() -> None:
    async with telegram() as fake:
        accounts = InMemoryAccounts()
        await connected(fake, accounts)
        before = accounts.held["700100"]
        fake.updates.delete_webhook({})
        assert "no address" in (await worst(fake, before))[0].found
        await connected(fake, accounts)
        assert accounts.held["700100"] == before
        assert await worst(fake, before) == []


async def test_without_https_updates_are_asked_for() -> None:
    async with telegram() as fake:
        accounts = InMemoryAccounts()
        fake.updates.pending.append({"update_id": 1, "message": {}})
        await connected(fake, accounts, origin="http://127.0.0.1:8765")
        assert accounts.held["700100"].settings["mode"] == "polling"
        assert (fake.updates.webhook.url, len(fake.updates.pending)) == ("", 1)


@pytest.mark.parametrize("token", ["", "hello", "123:short", "700100:AAfake_token_of_the_fake_telegram_00 x"])
async def test_what_is_no_token_is_told_without_asking_telegram(token: str) -> None:
    async with telegram() as fake:
        with pytest.raises(ConnectionFailure, match="doesn't look like"):
            await connect(token, InMemoryAccounts(), origin=ORIGIN, report=lambda _: None, api_url=fake.api_url)
        assert fake.state.calls == []


async def test_a_wrong_token_says_where_to_get_the_right_one() -> None:
    async with telegram() as fake:
        wrong = "700100:AAwrong_token_of_the_fake_telegram_0"
        with pytest.raises(ConnectionFailure, match="BotFather"):
            await connect(wrong, InMemoryAccounts(), origin=ORIGIN, report=lambda _: None, api_url=fake.api_url)


async def test_an_address_that_telegram_refuses_is_explained() -> None:
    async with telegram() as fake:
        with pytest.raises(ConnectionFailure, match="STAFFEL_PUBLIC_URL"):
            await connected(fake, InMemoryAccounts(), origin="https://nowhere.example")


async def test_commands_that_cannot_be_set_are_no_reason_to_stop() -> None:
    async with telegram() as fake:
        fake.state.faults.append(TelegramFault(method="setMyDescription", status=429, description="x", retry_after=9))
        told = await connected(fake, InMemoryAccounts())
        assert [finding.level for finding in told].count(FindingLevel.NOTE) == 1


async def test_the_doctor_explains_each_typical_mistake() -> None:
    async with telegram() as fake:
        accounts = InMemoryAccounts()
        await connected(fake, accounts)
        account = accounts.held["700100"]

        fake.updates.webhook.last_error, fake.updates.webhook.last_error_at = (
            "Wrong response from the webhook: 403 Forbidden",
            2**31,
        )
        assert "secret differs" in (await worst(fake, account))[0].found

        fake.updates.doors["https://other.example"] = []
        fake.updates.set_webhook({"url": "https://other.example/hidden-path"})
        (finding,) = await worst(fake, account)
        assert "other.example" in finding.found
        assert "hidden-path" not in finding.found + finding.remedy

        polling = Account(
            channel=Channel.TELEGRAM,
            id=account.id,
            name=account.name,
            secrets=account.secrets,
            settings={**account.settings, "mode": "polling"},
            problem="Another program asks for this bot's updates.",
        )
        elsewhere, poller = await worst(fake, polling)
        assert "although they should be asked for here" in elsewhere.found
        assert poller.found == "Another program asks for this bot's updates."

        fake.updates.delete_webhook({})
        fake.clock_ahead = 240
        assert [finding.name for finding in await worst(fake, polling)] == [
            "telegram @staffel_test_bot polling",
            "telegram clock",
        ]

        fake.state.token = "700100:AAanother_token_given_out_by_botfather"
        (finding,) = await worst(fake, account)
        assert "doesn't accept the token" in finding.found


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("STAFFEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path))
    monkeypatch.setenv("STAFFEL_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("STAFFEL_BOT_SECRET", "b" * 40)
    return tmp_path


async def test_the_command_line_connects_an_empty_installation_in_one_step(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with telegram() as fake:
        monkeypatch.setenv("STAFFEL_TELEGRAM_API_URL", fake.api_url)
        arguments = ["connect", "telegram", "--token-stdin", "--no-test"]
        ran = await asyncio.to_thread(CliRunner().invoke, staffel, arguments, input=fake.state.token + "\n")
        assert ran.exit_code == 0, ran.output
        assert "https://t.me/staffel_test_bot" in ran.output
        assert fake.state.token not in ran.output
        db = Database(f"sqlite+aiosqlite:///{own_home / 'staffel.db'}")
        await upgrade_async(db)
        account = await ChannelAccounts(db, "k" * 40).find(Channel.TELEGRAM, "700100")
        await db.close()
        assert account is not None
        assert (account.secrets["token"], account.settings["mode"]) == (fake.state.token, "polling")
        assert fake.state.token.encode() not in (own_home / "staffel.db").read_bytes()


async def test_the_command_line_says_what_is_wrong_in_one_sentence(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = await asyncio.to_thread(
        CliRunner().invoke, staffel, ["connect", "telegram", "--token-stdin"], input="hello\n"
    )
    assert ran.exit_code == 1
    assert "@BotFather shows it" in ran.output
    assert "Traceback" not in ran.output
