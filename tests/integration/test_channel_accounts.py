"""Our own ends on the channels: kept encrypted, closed for good, known to every instance."""

import pytest

from connectors.contract import Account, Channel
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.secrets import LostKey
from store.db import Database
from store.models import ChannelAccount

KEY = "k" * 32
SHOP = Account(
    channel=Channel.TELEGRAM, id="7", name="Shop", secrets={"token": "7:secret-canary"}, settings={"mode": "polling"}
)


async def test_secrets_are_stored_encrypted_and_come_back(db: Database) -> None:
    accounts = ChannelAccounts(db, KEY)
    await accounts.save(SHOP)

    found = await accounts.find(Channel.TELEGRAM, "7")
    assert found == SHOP
    async with db.read() as session:
        row = await session.get_one(ChannelAccount, (Channel.TELEGRAM, "7"))
        assert "canary" not in row.secrets
    assert "canary" not in repr(found)
    assert (await accounts.listed())[0].secrets == {}
    with pytest.raises(LostKey):
        await ChannelAccounts(db, "another key" * 4).find(Channel.TELEGRAM, "7")


async def test_a_closed_account_keeps_no_secrets_and_is_not_served(db: Database) -> None:
    accounts = ChannelAccounts(db, KEY)
    await accounts.save(SHOP)
    await accounts.close(Channel.TELEGRAM, "7", "Telegram has taken the token back.")

    assert await accounts.every(Channel.TELEGRAM) == []
    found = await accounts.find(Channel.TELEGRAM, "7")
    assert found is not None
    assert (found.active, found.secrets, found.problem) == (False, {}, "Telegram has taken the token back.")


async def test_what_another_instance_connects_is_known_here_soon(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.channels.accounts.FRESH_FOR", 0.0)
    here, there = ChannelAccounts(db, KEY), ChannelAccounts(db, KEY)
    assert await here.every(Channel.TELEGRAM) == []
    await there.save(SHOP)

    assert await here.every(Channel.TELEGRAM) == [SHOP]
