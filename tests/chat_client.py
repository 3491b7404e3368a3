"""A web chat without a screen: keeps what it got, repeats what was not acknowledged, comes back by `last_seq`."""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

PATIENCE = 60.0  # seconds for what ought to happen, restarts included


@dataclass
class ChatClient:
    """One visitor. `lines` is what the screen would show; a line that comes twice or out of order fails the test."""

    url: str
    origin: str
    language: str = "de"
    token: str | None = None
    log_epoch: str | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    acks: dict[str, int] = field(default_factory=dict)
    unacknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    connections: int = 0
    _is_foreign: bool = False
    _socket: ClientConnection | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "ChatClient":
        self._task = asyncio.create_task(self._stay_connected())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @property
    def is_ready(self) -> bool:
        """Whether it has caught up and can send."""
        return self._socket is not None

    @property
    def last_seq(self) -> int:
        """The highest line it holds."""
        return int(self.lines[-1]["seq"]) if self.lines else 0

    def say(self, text: str) -> str:
        """Send a message, now or when connected again; returns its client id."""
        return self._send({"type": "message", "text": text})

    def tap(self, seq: int, choice: int) -> str:
        """Press a button."""
        return self._send({"type": "choice", "seq": seq, "choice": choice})

    def email(self, address: str) -> str:
        """Leave an address."""
        return self._send({"type": "email", "email": address})

    def raw(self, frame: dict[str, Any]) -> None:
        """Send any frame, once."""
        if self._socket:
            asyncio.get_running_loop().create_task(self._put(frame))

    def _send(self, frame: dict[str, Any]) -> str:
        client_id = secrets.token_hex(8)
        self.unacknowledged[client_id] = frame | {"client_id": client_id}
        if self._socket:
            asyncio.get_running_loop().create_task(self._put(self.unacknowledged[client_id]))
        return client_id

    async def until(self, condition: Callable[["ChatClient"], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait for the screen to look as expected."""
        try:
            async with asyncio.timeout(seconds):
                while not condition(self):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            shown = [(line["seq"], line["author"], line["text"][:60]) for line in self.lines]
            raise AssertionError(f"waited {seconds:g} s for {what}; the screen shows {shown}") from None

    def texts(self, author: str) -> list[str]:
        """What one author said."""
        return [line["text"] for line in self.lines if line["author"] == author]

    async def _stay_connected(self) -> None:
        while True:
            with suppress(ConnectionClosed, OSError, InvalidHandshake, TimeoutError):
                async with connect(self.url, origin=self.origin, open_timeout=5) as socket:  # type: ignore[arg-type]
                    self.connections += 1
                    await self._converse(socket)
            self._socket = None
            await asyncio.sleep(0.05)

    async def _converse(self, socket: ClientConnection) -> None:
        hello = {
            "type": "hello",
            "protocol": 1,
            "token": self.token,
            "last_seq": self.last_seq,
            "log_epoch": self.log_epoch,
            "language": self.language,
        }
        await socket.send(json.dumps(hello))
        async for body in socket:
            frame = json.loads(body)
            self.frames.append(frame)
            self._take(frame)
            if frame["type"] == "ready" and self._is_foreign:
                self._is_foreign = False
                if len(self.lines) < self.state["seq"]:  # counted off by the other's `last_seq`: ask from 0
                    self.lines.clear()
                    return
            if frame["type"] == "ready":
                self._socket = socket
                for waiting in list(self.unacknowledged.values()):
                    await self._put(waiting)
            self._news.set()

    async def _put(self, frame: dict[str, Any]) -> None:
        if self._socket:
            with suppress(ConnectionClosed):
                await self._socket.send(json.dumps(frame))

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "welcome":
            if self.lines and self.state["conversation"] != frame["conversation"]:
                self.lines.clear()
                self._is_foreign = True
            self.token, self.log_epoch = frame["token"], frame["log_epoch"]
            self.state = frame
        elif frame["type"] == "status":
            self.state = self.state | frame
        elif frame["type"] == "resync":
            self.lines.clear()
        elif frame["type"] == "message":
            expected = self.last_seq + 1
            assert not self.lines or frame["seq"] == expected, f"line {frame['seq']} came, {expected} was next"
            self.lines.append(frame)
        elif frame["type"] == "ack":
            self.acks[frame["client_id"]] = frame["seq"]
            self.unacknowledged.pop(frame["client_id"], None)
        elif frame["type"] == "error":
            self.unacknowledged.pop(str(frame.get("client_id")), None)
