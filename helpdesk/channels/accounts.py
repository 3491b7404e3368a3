"""Our own ends on the channels: read often, changed rarely, their secrets never stored readable."""

from sqlalchemy import select

from connectors.contract import Account, Channel
from helpdesk.channels.secrets import Vault
from store.db import Database
from store.freshness import Freshness
from store.models import ChannelAccount, now

FRESH_FOR = 60.0
"""Seconds that a look into the database is good for, as long as no change is heard of."""


class ChannelAccounts:
    """Keeps the accounts. Connectors know it as the port `Accounts`."""

    def __init__(self, db: Database, secret_key: str) -> None:
        self._db = db
        self._vault = Vault(secret_key)
        self._seen: dict[Channel, dict[str, Account]] = {}
        self._is_fresh = {channel: Freshness(db.feed, ("channel_accounts",), seconds=FRESH_FOR) for channel in Channel}

    async def find(self, channel: Channel, account_id: str) -> Account | None:
        """The account, active or not. Raises `Unavailable`."""
        return (await self._read(channel)).get(account_id)

    async def every(self, channel: Channel) -> list[Account]:
        """All active accounts of a channel, by id."""
        return [account for account in (await self._read(channel)).values() if account.active]

    async def listed(self) -> list[Account]:
        """All accounts of all channels, without their secrets, for an admin."""
        async with self._db.read() as session:
            rows = await session.scalars(
                select(ChannelAccount).order_by(ChannelAccount.channel, ChannelAccount.account)
            )
            return [_account(row, {}) for row in rows]

    async def save(self, account: Account) -> None:
        """Keep an account, new or changed."""
        async with self._db.write() as session:
            row = await session.get(ChannelAccount, (account.channel, account.id), with_for_update=True)
            if row is None:
                row = ChannelAccount(channel=account.channel, account=account.id)
                session.add(row)
            row.name, row.secrets = account.name[:200], self._vault.close(account.secrets)
            row.settings, row.active = dict(account.settings), account.active
            row.problem, row.changed_at = (account.problem or "")[:500] or None, now()

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        """Stop using an account; what was stored of its access is erased."""
        async with self._db.write() as session:
            row = await session.get(ChannelAccount, (channel, account_id), with_for_update=True)
            if row is not None:
                row.active, row.problem, row.changed_at = False, problem[:500], now()
                row.secrets = self._vault.close({})

    async def _read(self, channel: Channel) -> dict[str, Account]:
        if channel in self._seen and self._is_fresh[channel]:
            return self._seen[channel]
        mark = self._is_fresh[channel].begin()
        async with self._db.read() as session:
            rows = await session.scalars(
                select(ChannelAccount).where(ChannelAccount.channel == channel).order_by(ChannelAccount.account)
            )
            known = {row.account: _account(row, self._vault.open(row.secrets)) for row in rows}
        self._seen[channel] = known
        self._is_fresh[channel].renew(mark)
        return known


def _account(row: ChannelAccount, secrets: dict[str, str]) -> Account:
    return Account(
        channel=row.channel,
        id=row.account,
        name=row.name,
        secrets=secrets,
        settings=row.settings,
        active=row.active,
        problem=row.problem,
    )
