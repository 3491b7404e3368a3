"""One open web chat: what it has been sent, and what it may still send."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from math import ceil
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.contract import (
    AccessHint,
    Attachment,
    AttachmentKind,
    Chat,
    ChatState,
    HintStream,
    InboundMessage,
    LogLine,
    LogNews,
    Receive,
    Tap,
    TypingHint,
    Visit,
    command_in,
)
from connectors.webchat.entrance import FULL_RETRY_SECONDS, Entrance, EntranceFull
from connectors.webchat.frames import (
    PROTOCOL,
    REPLAY_AT_MOST,
    Frame,
    FrameRejection,
    Hello,
    ProtocolError,
    identity_frame,
    line_frame,
    privacy_frame,
    read_article,
    read_client_id,
    read_draft,
    read_files,
    read_frame,
    read_hello,
    read_number,
    status_frame,
    why_resync,
)
from connectors.webchat.passing_faults import RETRY_AFTER_SECONDS, is_passing, persist
from connectors.webchat.person_button import wish_in
from connectors.webchat.read_marks import ReadMarks
from connectors.webchat.suggestions import DraftSuggestions

HELLO_WITHIN = 10.0  # seconds
QUIET_FOR = 150.0  # seconds without a frame after which a page is taken as gone; hidden tabs are slow to ping
SIGNED_OUT = 4401  # the close code: forget what was shown, and begin anew
OTHER_CONVERSATION = 1012  # the close code: come again at once
SEND_WITHIN = 15.0  # seconds a client may take to read a frame

Explain = Callable[[str, str], str]
"""(error code, language) → a sentence for the customer."""

_BOT_ANSWERS = frozenset({"bot", "resolved"})


class VisitorAllowance(Protocol):
    """How much a visitor may ask for, over all their tabs."""

    def message_wait_seconds(self, visitor: str) -> float:
        """How long to wait before one more message is fine; 0 when it is now, and counts it then."""
        ...

    def takes_suggestion(self, visitor: str) -> bool:
        """Whether one more look-up of a draft is fine; counts it."""
        ...

    def takes_sign(self, visitor: str) -> bool:
        """Whether one more sign of life, `typing` or `ping`, is fine; counts it."""
        ...


class Session:
    """One open chat: what it has been sent, and what it may still send."""

    def __init__(
        self,
        socket: WebSocket,
        chat: Chat,
        receive: Receive,
        *,
        explain: Explain,
        rations: VisitorAllowance,
        entrance: Entrance,
    ) -> None:
        self.socket = socket
        self.chat = chat
        self.receive = receive
        self.explain = explain
        self.entrance = entrance
        self.sent_seq = 0
        self.state: ChatState | None = None
        self.read_marks: ReadMarks
        self.rations = rations
        self.suggesting = DraftSuggestions(chat, self._write)

    async def run(self) -> None:
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                hello = read_hello(await self._read())
        except TimeoutError:
            return await self.socket.close(4408)
        except ProtocolError:
            return await self.socket.close(4400)
        async with AsyncExitStack() as resources:
            try:
                async with self.entrance.place(partial(self._ask_for_patience, hello)):
                    opened = await self._open(hello, resources)
            except EntranceFull:
                await self._ask_for_patience(hello, FULL_RETRY_SECONDS)
                return await self.socket.close(4429)
            await self._resume(opened, hello)
            await self._converse(opened.visit, opened.hints)
        return None

    async def _open(self, hello: Hello, resources: AsyncExitStack) -> "_OpenedChat":
        """Everything that a chat begins with. While the log can't be read, the customer waits here, connected."""
        found: list[_OpenedChat] = []

        async def load() -> None:
            try:
                found.append(await self._load(hello, resources))
            except Exception as error:
                if is_passing(error):
                    await self._ask_for_patience(hello, RETRY_AFTER_SECONDS)
                raise

        await persist(load)
        return found[0]

    async def _load(self, hello: Hello, resources: AsyncExitStack) -> "_OpenedChat":
        visit = await self.chat.visit(hello.token, hello.introduction, hello.proof)
        hints = await resources.enter_async_context(self.chat.hints(visit.conversation_id))
        state = await self.chat.state(visit.conversation_id)
        known = hello.last_seq if visit.token == hello.token else 0
        reason = why_resync(known, state.last_seq, hello.log_epoch, self.chat.log_epoch)
        after = max(0, state.last_seq - REPLAY_AT_MOST) if reason else known
        lines = await self.chat.lines(visit.conversation_id, after=after, limit=REPLAY_AT_MOST)
        return _OpenedChat(visit=visit, hints=hints, state=state, resync=reason, after=after, lines=lines)

    async def _resume(self, opened: "_OpenedChat", hello: Hello) -> None:
        visit, state = opened.visit, opened.state
        self.state, self.sent_seq = state, opened.after
        welcome = {"type": "welcome", "protocol": PROTOCOL, "token": visit.token}
        told = await self.chat.privacy_notice(hello.introduction.language or state.language)
        await self._write(welcome | self._around(state, visit) | identity_frame(visit) | privacy_frame(told))
        if opened.resync:
            await self._write({"type": "resync", "reason": opened.resync})
        await self._write_lines(opened.lines)
        await self._write({"type": "ready"})

    async def _ask_for_patience(self, hello: Hello, seconds: int) -> None:
        """Say that it takes a while, so that the client stays instead of coming again."""
        text = self.explain("busy", hello.introduction.language or "de")
        await self._write(
            {"type": "error", "code": "slow_down", "text": text, "client_id": None, "retry_after": seconds}
        )

    def _around(self, state: ChatState, visit: Visit) -> Frame:
        return {
            "conversation": visit.conversation_id,
            "seq": state.last_seq,
            "log_epoch": self.chat.log_epoch,
            "read": state.agent_seen_seq,
        } | status_frame(state)

    async def _converse(self, visit: Visit, hints: HintStream) -> None:
        self.read_marks = ReadMarks(partial(self.chat.seen, visit.conversation_id))
        async with asyncio.TaskGroup() as tasks:
            talking = tasks.create_task(self._tell(visit, hints))
            guarding = tasks.create_task(self._guard(visit)) if visit.customer else None
            suggesting = tasks.create_task(self.suggesting.run())
            marking = tasks.create_task(self.read_marks.run())
            try:
                await self._listen(visit)
            except ProtocolError:
                await self.socket.close(4400)
            except TimeoutError:
                await self.socket.close(1001)
            finally:
                talking.cancel()
                suggesting.cancel()
                marking.cancel()
                if guarding:
                    guarding.cancel()

    async def _listen(self, visit: Visit) -> None:
        while True:
            async with asyncio.timeout(QUIET_FOR):
                frame = await self._read()
            try:
                await self._take(visit, frame)
            except FrameRejection as error:
                await self._refuse(error)

    async def _take(self, visit: Visit, frame: Frame) -> None:
        takers: dict[str, Callable[[Visit, Frame], Awaitable[None]]] = {
            "message": self._take_message,
            "choice": self._take_choice,
            "suggest": self._take_draft,
            "suggestion": self._take_suggestion,
            "email": self._take_email,
            "typing": self._take_typing,
            "seen": self._take_seen,
            "ping": self._take_ping,
        }
        taker = takers.get(str(frame.get("type")))
        if taker is None:
            raise ProtocolError
        await taker(visit, frame)

    async def _take_message(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        text, files = frame.get("text"), read_files(frame)
        if not isinstance(text, str) or not (text.strip() or files):
            raise FrameRejection("empty", client_id)
        await self._store(visit, client_id, text=text, payload=command_in(text) or wish_in(text), files=files)

    async def _take_choice(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        tap = Tap(seq=read_number(frame, "seq"), choice=read_number(frame, "choice"))
        await self._store(visit, client_id, tap=tap)

    async def _take_draft(self, visit: Visit, frame: Frame) -> None:
        draft, state = read_draft(frame), self.state
        is_wanted = draft.text and state is not None and state.status in _BOT_ANSWERS
        if state and is_wanted and self.rations.takes_suggestion(visit.address.chat_id):
            self.suggesting.look_up(draft, state.language)
        else:
            self.suggesting.drop()

    async def _take_suggestion(self, visit: Visit, frame: Frame) -> None:
        """The customer takes up an article: their own words are its question, and the bot need not search."""
        client_id, article = read_client_id(frame), read_article(frame)
        choice = self.chat.suggested(article, self.state.language if self.state else "de")
        if choice is None:
            raise FrameRejection("unknown_choice", client_id)
        await self._store(visit, client_id, text=choice.title, payload=choice.payload)

    async def _store(
        self,
        visit: Visit,
        client_id: str,
        *,
        text: str = "",
        payload: str | None = None,
        tap: Tap | None = None,
        files: tuple[str, ...] = (),
    ) -> None:
        self._ration(visit, client_id)
        inbound = InboundMessage(
            address=visit.address,
            contact_id=visit.address.chat_id,
            external_id=f"{visit.conversation_id}:{client_id}",
            text=text,
            payload=payload,
            tap=tap,
            signed_in=visit.customer is not None,
            attachments=tuple(Attachment(kind=AttachmentKind.DOCUMENT, upload=key) for key in files),
        )
        await self._check_customer(visit)
        with _RefusalFrames(client_id):
            received = await self.receive(inbound)
        await self._write(
            {"type": "ack", "client_id": client_id, "seq": received.seq, "at": received.stored_at.isoformat()}
        )
        if received.conversation_id != visit.conversation_id:
            await self._go_on_in(visit, received.conversation_id)

    async def _go_on_in(self, visit: Visit, conversation_id: str) -> None:
        """What the browser shows was erased, and its line has begun a new conversation: it comes again, for that."""
        await self.chat.move(visit, conversation_id)
        await self.socket.close(OTHER_CONVERSATION)
        raise WebSocketDisconnect(OTHER_CONVERSATION)

    async def _take_email(self, visit: Visit, frame: Frame) -> None:
        client_id = read_client_id(frame)
        self._ration(visit, client_id)
        email = frame.get("email")
        if not isinstance(email, str):
            raise FrameRejection("bad_email", client_id)
        await self._check_customer(visit)
        with _RefusalFrames(client_id):
            kept = await self.chat.leave_email(visit.conversation_id, client_id, email)
        await self._write({"type": "ack", "client_id": client_id, "seq": kept.seq, "at": kept.stored_at.isoformat()})

    async def _take_typing(self, visit: Visit, frame: Frame) -> None:
        if self.rations.takes_sign(visit.address.chat_id):
            self.chat.typing(visit.conversation_id, on=frame.get("on") is True)

    async def _take_seen(self, visit: Visit, frame: Frame) -> None:
        self.read_marks.note(read_number(frame, "seq"))

    async def _take_ping(self, visit: Visit, frame: Frame) -> None:
        if self.rations.takes_sign(visit.address.chat_id):
            await self._write({"type": "pong"})

    def _ration(self, visit: Visit, client_id: str) -> None:
        wait = self.rations.message_wait_seconds(visit.address.chat_id)
        if wait:
            raise FrameRejection("slow_down", client_id, retry_after=wait)

    async def _check_customer(self, visit: Visit) -> None:
        """Before a signed-in customer writes or is shown something. Nobody else costs a look."""
        if visit.customer is not None:
            await self._check_admission(visit)

    async def _check_admission(self, visit: Visit) -> datetime:
        """Until when this browser may stay. Closes the socket when it has signed out or its time is up, and when its
        conversation is another one now: that one it gets when it comes again.
        """
        admission = await self.chat.find_admission(visit)
        if admission is not None and admission.conversation_id == visit.conversation_id:
            return admission.until
        code = SIGNED_OUT if admission is None else OTHER_CONVERSATION
        await self.socket.close(code)
        raise WebSocketDisconnect(code)

    async def _check_access(self, visit: Visit) -> None:
        await self._check_admission(visit)

    async def _guard(self, visit: Visit) -> None:
        """Let nobody stay longer than the web site has signed them in; another page may have done so anew."""
        until = visit.expires_at
        while until is not None:
            await asyncio.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 0.1)
            until = await self._check_admission(visit)

    async def _tell(self, visit: Visit, hints: HintStream) -> None:
        conversation_id = visit.conversation_id
        while True:
            hint = await hints.next()
            if isinstance(hint, TypingHint):
                await self._write({"type": "typing", "author": hint.author, "name": hint.name, "on": hint.on})
            elif isinstance(hint, AccessHint):
                await persist(partial(self._check_access, visit))
            else:
                await persist(partial(self._check_customer, visit))
                await persist(partial(self._follow, conversation_id, hint.news))

    async def _follow(self, conversation_id: str, news: LogNews | None) -> None:
        """Send what is new in the log and around it, as the news has it; what is missing there is read."""
        lines = news.after(self.sent_seq) if news else None
        if news is None or lines is None:
            await self._catch_up(conversation_id)
            return await self._tell_state(await self.chat.state(conversation_id))
        await self._write_lines(lines)
        return await self._tell_state(news.state or await self.chat.state(conversation_id))

    async def _catch_up(self, conversation_id: str) -> None:
        is_more = True
        while is_more:
            lines = await self.chat.lines(conversation_id, after=self.sent_seq, limit=REPLAY_AT_MOST)
            await self._write_lines(lines)
            is_more = len(lines) == REPLAY_AT_MOST

    async def _write_lines(self, lines: Sequence[LogLine]) -> None:
        for line in lines:
            await self._write(line_frame(line))
            self.sent_seq = line.seq

    async def _tell_state(self, state: ChatState) -> None:
        before = self.state
        self.state = state
        if before is None or status_frame(before) != status_frame(state):
            await self._write({"type": "status"} | status_frame(state))
        if before is None or before.agent_seen_seq != state.agent_seen_seq:
            await self._write({"type": "read", "seq": state.agent_seen_seq})

    async def _refuse(self, refusal: FrameRejection) -> None:
        language = self.state.language if self.state else "de"
        text = self.explain(refusal.code, language)
        frame = {"type": "error", "code": refusal.code, "text": text, "client_id": refusal.client_id}
        retry = {} if refusal.retry_after is None else {"retry_after": ceil(refusal.retry_after)}
        await self._write(frame | retry)

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
class _OpenedChat:
    """What a chat begins with; `lines` come after line `after`, and `resync` says why the client must start over."""

    visit: Visit
    hints: HintStream
    state: ChatState
    resync: str | None
    after: int
    lines: Sequence[LogLine]


class _RefusalFrames:
    """What the helpdesk refuses becomes a frame for the customer; the connection goes on."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        code = getattr(error, "code", None)
        if isinstance(error, Exception) and isinstance(code, str):
            retry_after = RETRY_AFTER_SECONDS if is_passing(error) else None
            raise FrameRejection(_CODES.get(code, code), self.client_id, retry_after=retry_after) from error


_CODES = {"changed_words": "conflict", "invalid": "bad_frame", "not_found": "not_yours"}
