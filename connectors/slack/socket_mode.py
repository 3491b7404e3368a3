"""Socket Mode: the same events through a WebSocket of ours to Slack, for installations without a public address.

Only the connection is ours, Bolt takes the envelopes. The SDK's clients reconnect after the old connection has ended;
here the new one stands before the old one is given up, and what isn't stored is never acknowledged.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
import random
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from connectors.contract import DeliveryUnclear, RetryLater
from connectors.slack.api_client import SlackClient
from connectors.slack.bolt import BoltApp

log = logging.getLogger(__name__)

_OPEN_WITHIN = 10.0
_PING_EVERY = 10.0
_MAX_PAUSE = 30.0
_DRAIN_WITHIN = 30.0  # seconds in which an old connection may still bring envelopes; then we close what Slack hasn't
_MIN_LIFETIME = 1.0  # seconds; a connection that ends sooner doesn't count as one that works
_AT_ONCE = 20  # envelopes of one connection that are stored side by side


class SocketMode:
    """Keeps one connection open; Slack allows ten for an app, so each instance has its own."""

    def __init__(self, slack: SlackClient, bolt: BoltApp, app_token: str) -> None:
        self._slack = slack
        self._bolt = bolt
        self._token = app_token
        self._old: set[asyncio.Task[None]] = set()
        self.connections = 0

    async def run(self) -> None:
        """Receive until cancelled. Raises `SlackRefusal` when Slack doesn't accept the token."""
        failures = 0
        try:
            while True:
                began = monotonic()
                try:
                    await self._serve_one()
                    failures = 0 if monotonic() - began > _MIN_LIFETIME else failures + 1
                    await asyncio.sleep(_pause(failures) if failures else 0)
                except (OSError, TimeoutError, WebSocketException, RetryLater, DeliveryUnclear) as error:
                    failures += 1
                    log.warning("slack: the socket can't be opened (%s)", type(error).__name__)
                    await asyncio.sleep(_pause(failures))
        finally:
            for task in self._old:
                task.cancel()
            await asyncio.gather(*self._old, return_exceptions=True)

    async def _serve_one(self) -> None:
        """Open a connection; return when the next one is needed, while this one still brings what is on its way."""
        opened = await self._slack.call(self._token, "apps.connections.open")
        url = str(opened.data["url"])
        async with asyncio.timeout(_OPEN_WITHIN):
            connection = await connect(url, ping_interval=_PING_EVERY, ping_timeout=_PING_EVERY, max_size=2**21)
        self.connections += 1
        is_ending = asyncio.Event()
        task = asyncio.create_task(self._receive(connection, is_ending))
        self._old.add(task)
        task.add_done_callback(self._old.discard)
        await is_ending.wait()

    async def _receive(self, connection: ClientConnection, is_ending: asyncio.Event) -> None:
        limit = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as storing:
                with suppress(ConnectionClosed):
                    async for frame in connection:
                        envelope = _read(frame)
                        if envelope.get("type") == "disconnect":
                            is_ending.set()
                            asyncio.get_running_loop().call_later(_DRAIN_WITHIN, connection.transport.close)
                        elif envelope.get("envelope_id"):
                            await limit.acquire()
                            storing.create_task(self._take(connection, envelope, limit))
        finally:
            is_ending.set()
            await connection.close()

    async def _take(self, connection: ClientConnection, envelope: Mapping[str, Any], limit: asyncio.Semaphore) -> None:
        """Store, then acknowledge. What wasn't stored isn't acknowledged: Slack brings it again."""
        payload = envelope.get("payload")
        try:
            answer = await self._bolt.envelope(payload if isinstance(payload, dict) else {})
        except Exception as error:
            log.warning("slack: envelope %s wasn't stored (%s)", _id(envelope), type(error).__name__)
            return
        finally:
            limit.release()
        if answer.status != 200:
            log.warning("slack: envelope %s wasn't stored", _id(envelope))
            return
        said = {"envelope_id": envelope["envelope_id"], **({"payload": json.loads(answer.body)} if answer.body else {})}
        with suppress(ConnectionClosed):
            await connection.send(json.dumps(said))


def _read(frame: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(frame)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _id(envelope: Mapping[str, Any]) -> str:
    return str(envelope.get("envelope_id"))[:40]


def _pause(failures: int) -> float:
    longest = min(_MAX_PAUSE, 0.5 * 2.0**failures)
    return longest / 2 + random.uniform(0, longest / 2)
