"""Web chat: the WebSocket of docs/protocol.md. The log is the truth; this socket shows it and hands messages in."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.base import (
    ASK_PERSON,
    Channel,
    Chat,
    ChatState,
    HintStream,
    InboundMessage,
    Introduction,
    LogLine,
    OutboundMessage,
    Receive,
    Tap,
    TypingHint,
    Visit,
)

log = logging.getLogger(__name__)

PROTOCOL = 1
HELLO_WITHIN = 10.0  # seconds
LARGEST_FRAME = 16 * 1024  # bytes
LONGEST_CLIENT_ID = 64
REPLAY_AT_MOST = 500  # lines; a larger gap is a fresh start
QUIET_FOR = 150.0  # seconds without a frame after which a page is taken as gone; hidden tabs are slow to ping
BURST, PER_SECOND = 5.0, 1.0  # messages a visitor may send
SEND_WITHIN = 15.0  # seconds a client may take to read a frame

Frame = dict[str, Any]


class Rejected(Exception):
    """A frame that can't be taken; the connection goes on."""

    def __init__(self, code: str, client_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.client_id = client_id


class Broken(Exception):
    """A frame that isn't of the protocol; the connection ends."""


class Admission(Protocol):
    """Who may open a socket."""

    def allows_origin(self, origin: str | None) -> bool:
        """Whether the page at `origin` may show this chat."""
        ...

    def admits(self, client: str) -> bool:
        """Whether one more connection from the address `client` is fine; counts it."""
        ...


Explain = Callable[[str, str], str]
"""(error code, language) → a sentence for the customer."""


class WebchatConnector:
    """The channel `webchat`."""

    channel = Channel.WEBCHAT

    def __init__(self, chat: Chat, admission: Admission, explain: Explain) -> None:
        self._chat = chat
        self._admission = admission
        self._explain = explain
        self.sockets = 0

    def routes(self, receive: Receive) -> list[BaseRoute]:
        """The socket at /webchat/ws."""

        async def endpoint(socket: WebSocket) -> None:
            await self._serve(socket, receive)

        return [WebSocketRoute("/webchat/ws", endpoint)]

    async def send(self, message: OutboundMessage) -> str:
        """Nothing to push: the line is in the log and its hint has gone out; a browser that is away resumes from it."""
        return message.id

    async def _serve(self, socket: WebSocket, receive: Receive) -> None:
        if not self._admission.allows_origin(socket.headers.get("origin")):
            await socket.close(4403)  # before accept: the upgrade is refused with 403
            return
        await socket.accept()
        if not self._admission.admits(socket.client.host if socket.client else ""):
            await socket.close(4429)
            return
        self.sockets += 1
        try:
            await _Session(socket, self._chat, receive, self._explain).run()
        except* (WebSocketDisconnect, RuntimeError):
            pass  # the browser has gone
        except* Exception as errors:
            log.warning("webchat socket closed: %s", [type(error).__name__ for error in errors.exceptions])
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(1012)
        finally:
            self.sockets -= 1


class _Session:
    """One open chat: what it has been sent, and what it may still send."""

    def __init__(self, socket: WebSocket, chat: Chat, receive: Receive, explain: Explain) -> None:
        self.socket = socket
        self.chat = chat
        self.receive = receive
        self.explain = explain
        self.sent_seq = 0
        self.state: ChatState | None = None
        self.allowance = BURST
        self.asked_at = monotonic()

    async def run(self) -> None:
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                hello = read_hello(await self._read())
        except TimeoutError:
            return await self.socket.close(4408)
        except Broken:
            return await self.socket.close(4400)
        visit = await self.chat.visit(hello.token, hello.introduction)
        async with self.chat.hints(visit.conversation_id) as hints:
            await self._resume(visit, hello)
            await self._converse(visit, hints)
        return None

    async def _resume(self, visit: Visit, hello: "Hello") -> None:
        state = self.state = await self.chat.state(visit.conversation_id)
        welcome = {"type": "welcome", "protocol": PROTOCOL, "token": visit.token}
        await self._write(welcome | self._around(state, visit))
        known = hello.last_seq if visit.token == hello.token else 0
        reason = why_resync(known, state.last_seq, hello.log_epoch, self.chat.log_epoch)
        self.sent_seq = known
        if reason:
            self.sent_seq = max(0, state.last_seq - REPLAY_AT_MOST)
            await self._write({"type": "resync", "reason": reason})
        await self._catch_up(visit.conversation_id)
        await self._write({"type": "ready"})

    def _around(self, state: ChatState, visit: Visit) -> Frame:
        return {
            "conversation": visit.conversation_id,
            "seq": state.last_seq,
            "log_epoch": self.chat.log_epoch,
            "read": state.agent_seen_seq,
        } | _status(state)

    async def _converse(self, visit: Visit, hints: HintStream) -> None:
        async with asyncio.TaskGroup() as tasks:
            talking = tasks.create_task(self._tell(visit.conversation_id, hints))
            try:
                await self._listen(visit)
            except Broken:
                await self.socket.close(4400)
            except TimeoutError:
                await self.socket.close(1001)
            finally:
                talking.cancel()

    async def _listen(self, visit: Visit) -> None:
        while True:
            async with asyncio.timeout(QUIET_FOR):
                frame = await self._read()
            try:
                await self._take(visit, frame)
            except Rejected as error:
                await self._refuse(error.code, error.client_id)

    async def _take(self, visit: Visit, frame: Frame) -> None:
        takers: dict[str, Callable[[Visit, Frame], Awaitable[None]]] = {
            "message": self._take_message,
            "choice": self._take_choice,
            "email": self._take_email,
            "typing": self._take_typing,
            "seen": self._take_seen,
            "ping": self._take_ping,
        }
        taker = takers.get(str(frame.get("type")))
        if taker is None:
            raise Broken
        await taker(visit, frame)

    async def _take_message(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        text = frame.get("text")
        if not isinstance(text, str) or not text.strip():
            raise Rejected("empty", client_id)
        await self._store(visit, client_id, text=text)

    async def _take_choice(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        tap = Tap(seq=read_number(frame, "seq"), choice=read_number(frame, "choice"))
        await self._store(visit, client_id, tap=tap)

    async def _store(self, visit: Visit, client_id: str, *, text: str = "", tap: Tap | None = None) -> None:
        self._ration(client_id)
        inbound = InboundMessage(
            address=visit.address,
            contact_id=visit.address.chat_id,
            external_id=f"{visit.conversation_id}:{client_id}",
            text=text,
            tap=tap,
        )
        with _refusals(client_id):
            received = await self.receive(inbound)
        await self._write(
            {"type": "ack", "client_id": client_id, "seq": received.seq, "at": received.stored_at.isoformat()}
        )

    async def _take_email(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        self._ration(client_id)
        email = frame.get("email")
        if not isinstance(email, str):
            raise Rejected("bad_email", client_id)
        with _refusals(client_id):
            kept = await self.chat.leave_email(visit.conversation_id, client_id, email)
        await self._write({"type": "ack", "client_id": client_id, "seq": kept.seq, "at": kept.stored_at.isoformat()})

    async def _take_typing(self, visit: Visit, frame: Frame) -> None:
        self.chat.typing(visit.conversation_id, on=frame.get("on") is True)

    async def _take_seen(self, visit: Visit, frame: Frame) -> None:
        await self.chat.seen(visit.conversation_id, read_number(frame, "seq"))

    async def _take_ping(self, visit: Visit, frame: Frame) -> None:
        await self._write({"type": "pong"})

    def _ration(self, client_id: str) -> None:
        time = monotonic()
        self.allowance = min(BURST, self.allowance + (time - self.asked_at) * PER_SECOND)
        self.asked_at = time
        if self.allowance < 1:
            raise Rejected("slow_down", client_id)
        self.allowance -= 1

    async def _tell(self, conversation_id: str, hints: HintStream) -> None:
        while True:
            hint = await hints.next()
            if isinstance(hint, TypingHint):
                await self._write({"type": "typing", "author": hint.author, "name": hint.name, "on": hint.on})
            else:
                await self._catch_up(conversation_id)
                await self._tell_state(conversation_id)

    async def _catch_up(self, conversation_id: str) -> None:
        while lines := await self.chat.lines(conversation_id, after=self.sent_seq, limit=REPLAY_AT_MOST):
            for line in lines:
                await self._write(line_frame(line))
                self.sent_seq = line.seq

    async def _tell_state(self, conversation_id: str) -> None:
        before, state = self.state, await self.chat.state(conversation_id)
        self.state = state
        if before is None or _status(before) != _status(state):
            await self._write({"type": "status"} | _status(state))
        if before is None or before.agent_seen_seq != state.agent_seen_seq:
            await self._write({"type": "read", "seq": state.agent_seen_seq})

    async def _refuse(self, code: str, client_id: str | None) -> None:
        language = self.state.language if self.state else "de"
        await self._write({"type": "error", "code": code, "text": self.explain(code, language), "client_id": client_id})

    async def _write(self, frame: Frame) -> None:
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self.socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
        except TimeoutError:
            await self.socket.close(1013)
            raise WebSocketDisconnect(1013) from None

    async def _read(self) -> Frame:
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or 1000)
        return read_frame(message.get("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first frame."""

    token: str | None
    last_seq: int
    log_epoch: str | None
    introduction: Introduction


def read_frame(text: str | None) -> Frame:
    """A frame's object. Raises `Broken` for anything that isn't one JSON object of text."""
    if text is None or len(text.encode("utf-8", "surrogatepass")) > LARGEST_FRAME:
        raise Broken
    try:
        frame = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Broken from error
    if not isinstance(frame, dict):
        raise Broken
    return frame


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_hello(frame: Frame) -> Hello:
    """The hello in a frame. Raises `Broken` when it isn't one of this protocol."""
    if frame.get("type") != "hello" or frame.get("protocol") != PROTOCOL:
        raise Broken
    token = frame.get("token")
    return Hello(
        token=token if isinstance(token, str) and 0 < len(token) <= 200 else None,
        last_seq=_whole(frame.get("last_seq", 0)),
        log_epoch=_text(frame, "log_epoch"),
        introduction=Introduction(
            language=_text(frame, "language"), formality=_text(frame, "formality"), page=_text(frame, "page")
        ),
    )


def _whole(value: object) -> int:
    """A `last_seq` that is no count at all asks for a fresh start, like one beyond the log."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 2**31


def _text(frame: Frame, name: str) -> str | None:
    value = frame.get(name)
    return value if isinstance(value, str) and len(value) <= 2000 else None


def read_client_id(frame: Frame) -> str:
    """The client's id of a frame. Raises `Broken` without one."""
    client_id = frame.get("client_id")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= LONGEST_CLIENT_ID or ":" in client_id:
        raise Broken
    return client_id


def read_number(frame: Frame, name: str) -> int:
    """A count in a frame. Raises `Broken` for anything else."""
    value = frame.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Broken
    return value


def why_resync(known: int, last_seq: int, epoch: str | None, log_epoch: str) -> str | None:
    """Why a client must start over, if it must."""
    if known and epoch != log_epoch:
        return "other_log"
    if known > last_seq:
        return "ahead_of_log"
    return "too_far_behind" if last_seq - known > REPLAY_AT_MOST else None


def line_frame(line: LogLine) -> Frame:
    """The frame of a line of the log."""
    article = {"key": line.article, "title": line.article_title or line.article} if line.article else None
    return {
        "type": "message",
        "seq": line.seq,
        "kind": line.kind,
        "author": line.author,
        "name": line.name,
        "text": line.text,
        "html": line.html,
        "choices": [{"title": each.title, "person": each.payload == ASK_PERSON} for each in line.choices],
        "chosen": line.chosen,
        "article": article,
        "client_id": line.client_id,
        "at": line.at.isoformat(),
    }


def _status(state: ChatState) -> Frame:
    queue = state.queue
    return {
        "status": state.status,
        "language": state.language,
        "agent": {"name": state.agent_name} if state.agent_name else None,
        "queue": {
            "position": queue.position,
            "agents_online": queue.agents_online,
            "wait_minutes": list(queue.wait_minutes) if queue.wait_minutes else None,
        }
        if queue
        else None,
    }


class _refusals:
    """What the helpdesk refuses becomes a frame for the customer; the connection goes on."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        code = getattr(error, "code", None)
        if isinstance(error, Exception) and isinstance(code, str):
            raise Rejected(_CODES.get(code, code), self.client_id) from error


_CODES = {"changed_words": "conflict", "invalid": "bad_frame", "not_found": "not_yours"}
