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
from helpdesk.observability.change_hints import (
    DESK,
    AccessChange,
    AgentVisit,
    AgentWorkChange,
    ChangeHints,
    ConversationChange,
    DeliveryChange,
    Erasure,
    Hint,
    QueueChange,
    Subscription,
    Typing,
    Whisper,
    agent_topic,
)
from helpdesk.web.desk.hint_readers import HintReaders
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
#: Seconds between two questions whether the page is still there. Each answer is what makes an agent present.
PRESENT_EVERY = 20.0
#: A page that answers nothing for so long is gone, whether or not anybody has closed the connection.
SILENT_FOR = 40.0
SENT_WITHIN = 10.0
PING_EVERY = 0.5
DOING = frozenset({"look", "note", "answer"})
MAX_ID_LENGTH = 64


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
    readers: HintReaders

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
        visit = DeskVisit(self.live, agent)
        topics = (DESK, agent_topic(agent.id))
        try:
            async with self.live.subscribe(*topics) as subscription, asyncio.TaskGroup() as tasks:
                await _send(socket, {"type": "ready"})  # from here on no hint is missed
                tasks.create_task(self._tell(socket, agent, subscription))
                tasks.create_task(visit.hear(socket))
                tasks.create_task(self._watch_session(agent))
                tasks.create_task(self._be_present(socket, visit))
        finally:
            visit.look_at(None)

    async def _tell(self, socket: WebSocket, agent: SignedInAgent, subscription: Subscription) -> None:
        while True:
            hint = await subscription.next()
            frame = as_frame(hint, agent)
            if frame and await self.readers.may_hear(hint, agent.id):
                await _send(socket, frame)

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

    async def _be_present(self, socket: WebSocket, visit: "DeskVisit") -> None:
        """Note that the agent is there as often as the page shows that it is, and end a socket that is silent.

        The page is asked, because a browser holds back the timers of a page that nobody looks at; and because a
        computer that was closed closes no connection.
        """
        first = True
        while True:
            with suppress(Unavailable):
                await note_presence(self.db, visit.agent.id)
                if first:
                    self.live.queue_changed()
                    first = False
            await asyncio.sleep(PRESENT_EVERY)
            visit.heard.clear()
            await _send(socket, {"type": "ask"})
            try:
                async with asyncio.timeout(SILENT_FOR):
                    await visit.heard.wait()
            except TimeoutError:
                raise SocketClosure(SLOW_READER) from None


class DeskVisit:
    """What one open page says of itself: that it is there, which conversation it shows and what is done in it."""

    def __init__(self, live: ChangeHints, agent: SignedInAgent) -> None:
        self._live = live
        self.agent = agent
        self.heard = asyncio.Event()
        self._looks_at: str | None = None

    async def hear(self, socket: WebSocket) -> None:
        """Take the page's frames until it leaves."""
        while True:
            frame = await _receive(socket)
            self.heard.set()
            if frame.get("type") == "ping":
                await _send(socket, {"type": "pong"})
            elif frame.get("type") == "here":
                self._take(frame)
            elif frame.get("type") != "present":
                raise SocketClosure(BAD_FRAME)
            await asyncio.sleep(PING_EVERY)  # frames that come faster stay with the page

    def _take(self, frame: dict[str, Any]) -> None:
        where, doing = frame.get("id"), frame.get("doing")
        if where is None:
            self.look_at(None)
        elif isinstance(where, str) and len(where) <= MAX_ID_LENGTH and doing in DOING:
            self.look_at(where, str(doing))
        else:
            raise SocketClosure(BAD_FRAME)

    def look_at(self, conversation_id: str | None, doing: str = "look") -> None:
        """Tell the colleagues; nothing of it is stored."""
        before, self._looks_at = self._looks_at, conversation_id
        if before is not None and before != conversation_id:
            self._live.visited(before, agent_id=self.agent.id, name=self.agent.name, doing="gone")
        if conversation_id is not None:
            self._live.visited(conversation_id, agent_id=self.agent.id, name=self.agent.name, doing=doing)


def as_frame(hint: Hint, agent: SignedInAgent) -> dict[str, object] | None:
    """What the page is told; agents aren't told that they themselves are writing."""
    if isinstance(hint, QueueChange):
        return {"type": "queue"}
    if isinstance(hint, ConversationChange):
        return {"type": "conversation", "id": hint.conversation_id, "seq": hint.seq}
    if isinstance(hint, DeliveryChange):
        return {"type": "delivery", "id": hint.conversation_id}
    if isinstance(hint, AgentWorkChange):
        return {"type": "work", "id": hint.conversation_id} if hint.agent_id == agent.id else None
    if isinstance(hint, Erasure):
        return {"type": "erasure"}
    if isinstance(hint, AccessChange):
        return None
    if isinstance(hint, Whisper):
        return {"type": "whisper", "id": hint.conversation_id, "name": hint.name}
    if isinstance(hint, AgentVisit):
        told = {"id": hint.conversation_id, "agent": hint.agent_id, "name": hint.name, "doing": hint.doing}
        return {"type": "here", **told} if hint.agent_id != agent.id else None
    return _as_typing(hint, agent)


def _as_typing(hint: Typing, agent: SignedInAgent) -> dict[str, object] | None:
    if hint.author == "agent" and hint.name == agent.name:
        return None
    return {"type": "typing", "id": hint.conversation_id, "author": hint.author, "name": hint.name, "on": hint.on}


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
