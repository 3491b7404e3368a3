"""One connection to PostgreSQL that listens (LISTEN/NOTIFY), and makes itself anew whenever it is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger()

#: Between tries to connect.
RECONNECT_SECONDS = 0.5
#: Notifications that wait at most; one that is dropped costs time only.
MAX_WAITING = 1_000
#: PostgreSQL takes 7999. https://www.postgresql.org/docs/current/sql-notify.html
MAX_PAYLOAD_BYTES = 7_900
#: Without anything to send, the line is tried so often: a firewall may have cut it without a word.
CHECK_SECONDS = 30.0

type Hear = Callable[[str], None]


class PostgresLink:
    """Listens to channels, and sends. What is said while it is down is lost: `when_linked` is for catching up."""

    def __init__(self, engine: AsyncEngine, when_linked: Callable[[], None]) -> None:
        self._engine = engine
        self._heard: dict[str, Hear] = {}
        self._when_linked = when_linked
        self._outgoing: asyncio.Queue[tuple[str, str]] = asyncio.Queue(maxsize=MAX_WAITING)
        self.is_linked = False

    def listen(self, channel: str, hear: Hear) -> None:
        """Hear what is said in a channel from the next connection on."""
        self._heard[channel] = hear

    def send(self, channel: str, payload: str) -> None:
        """Send soon; nobody waits for it, and what is too long is left out."""
        if len(payload.encode()) > MAX_PAYLOAD_BYTES:
            return
        with suppress(asyncio.QueueFull):
            self._outgoing.put_nowait((channel, payload))

    async def run(self) -> None:
        """Listen and send until cancelled."""
        while True:
            try:
                async with self._connected() as connection:
                    await self._serve(connection)
            except Exception as error:  # a connection ends in many ways, and none of them matters
                log.warning("postgres.link_lost", error=type(error).__name__)
            self.is_linked = False
            await asyncio.sleep(RECONNECT_SECONDS)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """The driver's own connection, which is no pool's."""
        async with self._engine.connect() as connection:
            raw = await connection.get_raw_connection()
            yield raw.driver_connection

    async def _serve(self, connection: Any) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        for channel in self._heard:
            await connection.add_listener(channel, self._hear)
        self.is_linked = True
        self._when_linked()
        while not lost.is_set():
            batch = await self._next_batch(lost)
            await connection.execute(*_statement(batch))

    async def _next_batch(self, lost: asyncio.Event) -> list[tuple[str, str]]:
        """What waits to be sent; nothing after a while, and when the connection is lost."""
        first, end = asyncio.ensure_future(self._outgoing.get()), asyncio.ensure_future(lost.wait())
        try:
            await asyncio.wait([first, end], timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            batch = [first.result()] if first.done() else []
        finally:
            first.cancel()
            end.cancel()
        while not self._outgoing.empty():
            batch.append(self._outgoing.get_nowait())
        return batch

    def _hear(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._heard[channel](str(payload))


def _statement(batch: list[tuple[str, str]]) -> tuple[Any, ...]:
    if not batch:
        return ("SELECT 1",)
    channels, payloads = zip(*batch, strict=True)
    return (
        "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS news (channel, payload)",
        list(channels),
        list(payloads),
    )
