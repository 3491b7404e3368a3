"""The clients of our bots: made when first needed, kept while the token stands, closed when nobody uses them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from telegram import Bot

from connectors.contract import Accounts, Channel, Undeliverable
from connectors.telegram.api_client import close_bot, make_bot

NOT_CONNECTED = "Telegram isn't connected any more. An admin can connect it again: staffel connect telegram."
_CLOSE_WITHIN = 12.0  # seconds; longer than a call may take


@dataclass(frozen=True, slots=True)
class _BotClient:
    """A bot to call, and the token it was made with."""

    token: str
    bot: Bot


class BotClients:
    """One client for each connected bot."""

    def __init__(self, accounts: Accounts, api_url: str) -> None:
        self._accounts = accounts
        self._api_url = api_url
        self._known: dict[str, _BotClient] = {}
        self._retired: list[Bot] = []
        self._in_use = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @asynccontextmanager
    async def using(self, account_id: str) -> AsyncIterator[Bot]:
        """The client of an account, which isn't closed meanwhile. Raises `Undeliverable` without such an account."""
        account = await self._accounts.find(Channel.TELEGRAM, account_id)
        token = account.secrets.get("token") if account and account.active else None
        if not token:
            raise Undeliverable(NOT_CONNECTED)
        with self._counted():
            yield self.of(account_id, token)

    def of(self, account_id: str, token: str) -> Bot:
        """The client for a token; an older one of the same account is no longer given out."""
        known = self._known.get(account_id)
        if known is not None and known.token == token:
            return known.bot
        if known is not None:
            self._retired.append(known.bot)
        made = self._known[account_id] = _BotClient(token, make_bot(token, self._api_url))
        return made.bot

    async def close(self) -> None:
        """Close all of them, once the calls that are on their way have come to an end."""
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._unused.wait()
        except TimeoutError:
            pass
        bots = [*self._retired, *(client.bot for client in self._known.values())]
        self._known, self._retired = {}, []
        await asyncio.gather(*(close_bot(bot) for bot in bots))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._in_use += 1
        self._unused.clear()
        try:
            yield
        finally:
            self._in_use -= 1
            if self._in_use == 0:
                self._unused.set()
