"""The desk's socket: hints at what has changed, which the page then fetches. It ends soon after the session does."""

import asyncio
import hmac
import json
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from helpdesk.accounts.agents import note_presence
from helpdesk.accounts.sessions import Sessions, SignedInAgent
from helpdesk.observability.change_hints import DESK, ChangeHints, ConversationChange, Hint, QueueChange, Subscription
from helpdesk.web.shared.access import REFUSED, SIGNED_OUT
from store.db import Database
from store.errors import Unavailable
from store.write_feed import deleted

log = structlog.get_logger()

BAD_FRAME = 4400
NO_HELLO = 4408
SLOW_READER = 1013
HELLO_WITHIN = 10.0  # seconds
SESSION_CHECKED_EVERY = 30.0  # seconds, while no session is heard to have ended
PRESENT_EVERY = 20.0
SENT_WITHIN = 10.0
PING_EVERY = 0.5


class SocketClosure(Exception):
    """The socket has to end, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"close with {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class DeskSocket:
    """One endpoint for all desks."""

    db: Database
    sessions: Sessions
    live: ChangeHints

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one desk until it leaves, its session ends or it stops reading."""
        agent: SignedInAgent = socket.state.agent
        await socket.accept()
        try:
            await self._hear_hello(socket, agent)
            await self._serve(socket, agent)
        except* SocketClosure as ended:
            await _close(socket, _first(ended).code)
        except* (WebSocketDisconnect, ConnectionError):
            pass

    async def _serve(self, socket: WebSocket, agent: SignedInAgent) -> None:
        async with self.live.subscribe(DESK) as subscription, asyncio.TaskGroup() as tasks:
            await _send(socket, {"type": "ready"})  # from here on no hint is missed
            tasks.create_task(_tell(socket, agent, subscription))
            tasks.create_task(_answer_pings(socket))
            tasks.create_task(self._watch_session(agent))
            tasks.create_task(self._be_present(agent))

    async def _hear_hello(self, socket: WebSocket, agent: SignedInAgent) -> None:
        """The cookie alone opens nothing: the page shows that it is ours by the token of its session."""
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                frame = await _receive(socket)
        except TimeoutError:
            raise SocketClosure(NO_HELLO) from None
        given = frame.get("csrf")
        if frame.get("type") != "hello" or not isinstance(given, str):
            raise SocketClosure(BAD_FRAME)
        if not hmac.compare_digest(given.encode(), agent.csrf_token.encode()):
            raise SocketClosure(REFUSED)

    async def _watch_session(self, agent: SignedInAgent) -> None:
        news = asyncio.Event()
        with self.db.feed.listening((deleted("agent_sessions"),), news.set):
            while True:
                news.clear()
                with suppress(Unavailable):  # a database that is away has revoked nothing
                    if await self.sessions.find_by_hash(agent.session) is None:
                        raise SocketClosure(SIGNED_OUT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(SESSION_CHECKED_EVERY * random.uniform(0.8, 1.0)):
                        await news.wait()

    async def _be_present(self, agent: SignedInAgent) -> None:
        first = True
        while True:
            with suppress(Unavailable):
                await note_presence(self.db, agent.id)
                if first:
                    self.live.queue_changed()
                    first = False
            await asyncio.sleep(PRESENT_EVERY)


def as_frame(hint: Hint, agent: SignedInAgent) -> dict[str, object] | None:
    """What the page is told; agents aren't told that they themselves are writing."""
    if isinstance(hint, QueueChange):
        return {"type": "queue"}
    if isinstance(hint, ConversationChange):
        return {"type": "conversation", "id": hint.conversation_id, "seq": hint.seq}
    if hint.author == "agent" and hint.name == agent.name:
        return None
    return {"type": "typing", "id": hint.conversation_id, "author": hint.author, "name": hint.name, "on": hint.on}


async def _tell(socket: WebSocket, agent: SignedInAgent, subscription: Subscription) -> None:
    while True:
        frame = as_frame(await subscription.next(), agent)
        if frame:
            await _send(socket, frame)


async def _answer_pings(socket: WebSocket) -> None:
    while True:
        if (await _receive(socket)).get("type") != "ping":
            raise SocketClosure(BAD_FRAME)
        await _send(socket, {"type": "pong"})
        await asyncio.sleep(PING_EVERY)  # frames that come faster stay with the page


async def _receive(socket: WebSocket) -> dict[str, Any]:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    try:
        frame = json.loads(message.get("text") or "")
    except ValueError:
        raise SocketClosure(BAD_FRAME) from None
    if not isinstance(frame, dict):
        raise SocketClosure(BAD_FRAME)
    return frame


async def _send(socket: WebSocket, frame: dict[str, object]) -> None:
    try:
        async with asyncio.timeout(SENT_WITHIN):
            await socket.send_text(json.dumps(frame))
    except TimeoutError:
        raise SocketClosure(SLOW_READER) from None


async def _close(socket: WebSocket, code: int) -> None:
    with suppress(RuntimeError, ConnectionError, TimeoutError):
        if socket.application_state is WebSocketState.CONNECTED:
            async with asyncio.timeout(SENT_WITHIN):
                await socket.close(code)


def _first(group: BaseExceptionGroup[SocketClosure]) -> SocketClosure:
    leaves = group.exceptions[0]
    return _first(leaves) if isinstance(leaves, BaseExceptionGroup) else leaves
