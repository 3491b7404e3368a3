"""A channel whose code is loaded when it is first connected or asked for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from threading import Lock

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from connectors.contract import (
    Accounts,
    Address,
    Attachment,
    Channel,
    Connector,
    Inbox,
    OutboundMessage,
    SendLimit,
    SentPart,
)
from helpdesk.web.shared.app_on_demand import AppOnDemand
from store.errors import Unavailable

_LOOK_EVERY = 2.0  # seconds between looks whether the channel has been connected


class ConnectorOnDemand:
    """Stands for a connector whose doors are known: by path, the method.

    The SDKs of channels take a second of start and thirty megabytes, and many installations have the web chat alone.
    """

    def __init__(
        self,
        channel: Channel,
        accounts: Accounts,
        make: Callable[[], Connector],
        *,
        doors: Mapping[str, str],
        is_set_up: bool | None = None,
    ) -> None:
        """`is_set_up`: whether the settings connect it; `None` where an account in the database does."""
        self.channel = channel
        self._doors = doors
        self._is_set_up = is_set_up
        self._accounts = accounts
        self._make = make
        self._making = Lock()
        self._made: Connector | None = None

    @property
    def connector(self) -> Connector:
        """The connector itself, which is made now if it wasn't yet."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The connector's doors, with the connector behind them."""

        def connector_routes() -> ASGIApp:
            return Router(self.connector.routes(inbox))

        behind = AppOnDemand(connector_routes)
        return [Route(path, behind, methods=[method]) for path, method in self._doors.items()]

    async def run(self, inbox: Inbox) -> None:
        """The connector's work, as soon as it is connected; returns when the settings don't connect it."""
        if self._is_set_up is False:
            return None
        while True:
            if self._is_set_up or self._made is not None or await self._is_connected():
                connector = await asyncio.to_thread(lambda: self.connector)
                return await connector.run(inbox)
            await asyncio.sleep(_LOOK_EVERY)

    async def close(self) -> None:
        """The connector, if it was made: a door or a message may have made it before `run` looked."""
        if self._made is not None:
            await self._made.close()

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """The connector's."""
        return self.connector.limits(address)

    async def send(self, message: OutboundMessage) -> SentPart:
        """By the connector."""
        return await self.connector.send(message)

    async def show_typing(self, address: Address) -> None:
        """By the connector."""
        await self.connector.show_typing(address)

    def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """By the connector."""
        return self.connector.fetch(account, attachment)

    async def _is_connected(self) -> bool:
        try:
            return bool(await self._accounts.every(self.channel))
        except Unavailable:
            return False
