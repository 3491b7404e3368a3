"""Which connections may stay. uvicorn waits for ever for the rest of a request; here each part of one has a deadline.

A connection that asks for nothing costs a file descriptor. Refusing the next one would shut out whoever comes from the
same address; so the newcomer pushes out the oldest silent one.
"""

import asyncio
import resource
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from ipaddress import ip_network
from time import monotonic
from typing import Any, Protocol, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from helpdesk.web.shared.security import is_in

MAX_HEAD = 64 * 1024  # bytes of request line and headers
#: File descriptors that are asked for at start, where the system allows as many.
WANTED_FILES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Deadlines of a request's parts, and how many connections may ask for nothing.

    A body gets `body_seconds` and, so that a slow line may send a long one, a second more for each
    `body_bytes_per_second` that have come. `grace_seconds` is how long a connection may ask for nothing before it makes
    room for others, unless there are `most_silent` of them: when a thousand browsers come back, what they ask has come
    in already and is only not read yet.
    """

    head_seconds: float = 10.0
    body_seconds: float = 10.0
    body_bytes_per_second: int = 8_000
    max_silent_per_address: int = 64
    max_silent: int = 1_000
    grace_seconds: float = 3.0
    most_silent: int = 8_000


class SilentConnection(Protocol):
    """A connection that can be ended because it asks for nothing."""

    def push_out(self) -> None:
        """End it."""
        ...


class SilentConnections:
    """The connections that ask for nothing, each address's in the order in which they fell silent.

    `trusted` are proxies: many people's connections come from their one address.
    """

    def __init__(self, limits: ConnectionLimits, trusted: Iterable[str] = ()) -> None:
        self._limits = limits
        self._trusted = [ip_network(proxy, strict=False) for proxy in trusted]
        self._by_address: dict[str, dict[SilentConnection, float]] = {}
        self._all: dict[SilentConnection, str] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, connection: SilentConnection, address: str) -> None:
        """This one asks for nothing from now on; the oldest go where there are too many."""
        self.discard(connection)
        self._all[connection] = address
        others = self._by_address.setdefault(address, {})
        others[connection] = monotonic()
        if not is_in(address, self._trusted):
            self._make_room(others, self._limits.max_silent_per_address)
        self._make_room(self._all, self._limits.max_silent)

    def _make_room(self, connections: Mapping[SilentConnection, object], most: int) -> None:
        while len(connections) > most:
            oldest = next(iter(connections))
            if not self._is_old(oldest) and len(self._all) <= self._limits.most_silent:
                return
            self._push_out(oldest)

    def _is_old(self, connection: SilentConnection) -> bool:
        since = self._by_address[self._all[connection]][connection]
        return monotonic() - since > self._limits.grace_seconds

    def discard(self, connection: SilentConnection) -> None:
        """This one asks for something, or has ended."""
        address = self._all.pop(connection, None)
        if address is None:
            return
        others = self._by_address[address]
        del others[connection]
        if not others:
            del self._by_address[address]

    def _push_out(self, connection: SilentConnection) -> None:
        self.discard(connection)
        connection.push_out()


class _Stage(Enum):
    """What a connection is waiting for."""

    REQUEST = auto()
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()


class GuardedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with deadlines for head and body, and a limit on connections that ask for nothing."""

    def __init__(self, *, limits: ConnectionLimits, silent: SilentConnections, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._limits = limits
        self._silent = silent
        self._stage = _Stage.REQUEST
        self._deadline: asyncio.TimerHandle | None = None
        self._received = 0  # bytes of the part that is awaited

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._enter(_Stage.REQUEST, within=self._limits.head_seconds)
        self._silent.add(self, self._address)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._stage is _Stage.REQUEST:
            self._enter(_Stage.HEAD, within=self._limits.head_seconds)
        self._received += len(data)
        super().data_received(data)
        if self._stage is _Stage.HEAD and self._received > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        self._silent.discard(self)
        self._enter(_Stage.BODY, within=self._limits.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._enter(_Stage.ANSWER)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._stage is _Stage.ANSWER and not self.transport.is_closing() and not self.pipeline:
            self._enter(_Stage.REQUEST)  # uvicorn's own deadline for idle connections is set
            self._silent.add(self, self._address)

    def handle_websocket_upgrade(self) -> None:
        self._leave()
        super().handle_websocket_upgrade()

    def push_out(self) -> None:
        """End a connection that asks for nothing."""
        self._leave()
        self.transport.close()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _enter(self, stage: _Stage, *, within: float | None = None) -> None:
        """Wait for the next part, `within` seconds if there is a deadline for it."""
        self._forget_deadline()
        self._stage, self._received = stage, 0
        if within is not None:
            self._deadline = self.loop.call_later(within, self._be_late, self.loop.time())

    def _be_late(self, since: float) -> None:
        """A deadline has passed; a body that comes fast enough, or that we have stopped reading, gets another."""
        self._deadline = None
        if self._stage is _Stage.BODY:
            earned = self._received / self._limits.body_bytes_per_second
            left = since + self._limits.body_seconds + earned - self.loop.time()
            if self.flow.read_paused or left > 0:
                self._deadline = self.loop.call_later(max(left, 1.0), self._be_late, since)
                return
        self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._leave()
        cycle: Any = self.cycle  # none before the first request, whatever uvicorn's types say
        is_answering = cycle is not None and cycle.response_started and not cycle.response_complete
        if not is_answering and self._stage is not _Stage.REQUEST and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def _leave(self) -> None:
        self._forget_deadline()
        self._silent.discard(self)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def guarded_protocol(
    limits: ConnectionLimits | None = None, trusted_proxies: Iterable[str] = ()
) -> type[asyncio.Protocol]:
    """What `uvicorn.Config(http=…)` makes connections with; all of one server know of one another."""
    limits = limits or ConnectionLimits()
    silent = SilentConnections(limits, trusted_proxies)
    return cast("type[asyncio.Protocol]", partial(GuardedHttpProtocol, limits=limits, silent=silent))


def raise_file_limit() -> int:
    """Allow this process as many open files as the system lets it have, up to `WANTED_FILES`; how many there are."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if most == resource.RLIM_INFINITY else min(WANTED_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return max(now, wanted) if now != resource.RLIM_INFINITY else wanted
