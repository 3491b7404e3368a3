"""Our own ends on the channels: read often, changed rarely, their secrets never stored readable."""

from time import monotonic

from sqlalchemy import select

from connectors.contract import Account, Channel
from helpdesk.channels.secrets import Vault
from store.db import Database
from store.models import ChannelAccount, now

FRESH_FOR = 5.0
"""Seconds that a look into the database is good for: what another instance connects works here as soon."""


class ChannelAccounts:
    """Keeps the accounts. Connectors know it as the port `Accounts`."""

    def __init__(self, db: Database, secret_key: str) -> None:
        self._db = db
        self._vault = Vault(secret_key)
        self._seen: dict[Channel, tuple[float, dict[str, Account]]] = {}

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
        self._seen.pop(account.channel, None)

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        """Stop using an account; what was stored of its access is erased."""
        async with self._db.write() as session:
            row = await session.get(ChannelAccount, (channel, account_id), with_for_update=True)
            if row is not None:
                row.active, row.problem, row.changed_at = False, problem[:500], now()
                row.secrets = self._vault.close({})
        self._seen.pop(channel, None)

    async def _read(self, channel: Channel) -> dict[str, Account]:
        read_at, known = self._seen.get(channel, (-FRESH_FOR, {}))
        if monotonic() - read_at < FRESH_FOR:
            return known
        async with self._db.read() as session:
            rows = await session.scalars(
                select(ChannelAccount).where(ChannelAccount.channel == channel).order_by(ChannelAccount.account)
            )
            known = {row.account: _account(row, self._vault.open(row.secrets)) for row in rows}
        self._seen[channel] = (monotonic(), known)
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
