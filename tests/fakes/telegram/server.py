"""The server itself: addresses, tokens, faults, and the answers' form."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from email.utils import formatdate
from time import time
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.telegram.faults import TelegramFault, TelegramFaultKind
from tests.fakes.telegram.methods import TelegramMethods
from tests.fakes.telegram.people import TelegramPerson
from tests.fakes.telegram.rules import TelegramRefusal
from tests.fakes.telegram.state import TelegramCall, TelegramState
from tests.fakes.telegram.updates import Updates
from tests.services import free_port

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}")


class BrokenResponse(Response):
    """Begins to answer and breaks the line."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})
        raise ConnectionResetError


class FakeTelegram:
    """One bot's Telegram. `clock_ahead` is by how many seconds its clock is ahead of ours."""

    def __init__(self, *, scale: float = 0.01, tolerance: float = 0.5, port: int = 0) -> None:
        self.state = TelegramState(
            token="700100:AAfake_token_of_the_fake_telegram_00",
            bot_id=700100,
            username="staffel_test_bot",
            tolerance=tolerance,
        )
        self.updates = Updates(scale=scale)
        self.methods = TelegramMethods(self.state)
        self.clock_ahead = 0.0
        #: While it isn't set, messages are on their way and not taken.
        self.takes_messages = asyncio.Event()
        self.takes_messages.set()
        self.port = port or free_port()
        self._people = 42_000

    @property
    def api_url(self) -> str:
        """What takes the place of https://api.telegram.org."""
        return f"http://127.0.0.1:{self.port}"

    def person(self, name: str = "Ida", *, language: str = "de") -> TelegramPerson:
        """Somebody new."""
        self._people += 1
        return TelegramPerson(server=self, id=self._people, name=name, language=language)

    def app(self) -> Starlette:
        """Its two doors."""
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        params = await _params_of(request)
        self.state.calls.append(TelegramCall(method=method, params=params))
        fault = self.state.fault_for(method, _chat_of(params))
        try:
            self._check_token(request.path_params["token"])
            if fault is not None and fault.mood in (TelegramFaultKind.REFUSE, TelegramFaultKind.NOT_JSON):
                return self._refuse(fault)
            if method.startswith("send") and method != "sendChatAction":
                await self.takes_messages.wait()
            result = await self._do(method, params)
        except TelegramRefusal as refused:
            return self._answer(_refusal(refused), refused.status)
        if fault is not None and fault.mood is TelegramFaultKind.RESET:
            return BrokenResponse()
        if fault is not None and fault.mood is TelegramFaultKind.HANG:
            await _until_gone(request)
        if fault is not None and fault.mood is TelegramFaultKind.ODD_ECHO:
            return self._answer({"ok": True, **fault.echo})
        return self._answer({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise TelegramRefusal(404, "Not Found")
        if token != self.state.token:
            raise TelegramRefusal(401, "Unauthorized")

    async def _do(self, method: str, params: Mapping[str, Any]) -> Any:
        match method:
            case "getUpdates":
                return await self.updates.get_updates(params)
            case "setWebhook":
                return self.updates.set_webhook(params)
            case "deleteWebhook":
                return self.updates.delete_webhook(params)
            case "getWebhookInfo":
                return self.updates.get_webhook_info(params)
        if method not in self.methods.table:
            raise TelegramRefusal(404, "Not Found: method not found")
        return self.methods.table[method](params)

    def _refuse(self, fault: TelegramFault) -> Response:
        if fault.mood is TelegramFaultKind.NOT_JSON:
            return PlainTextResponse("<html>Bad Gateway</html>", fault.status)
        more = {"retry_after": fault.retry_after} if fault.retry_after is not None else {}
        return self._answer(_refusal(TelegramRefusal(fault.status, fault.description, **more)), fault.status)

    def _answer(self, content: Mapping[str, Any], status: int = 200) -> Response:
        return JSONResponse(content, status, headers={"Date": formatdate(time() + self.clock_ahead, usegmt=True)})

    async def _file(self, request: Request) -> Response:
        self._check_token(request.path_params["token"])
        content = self.state.files.get(request.path_params["path"].removeprefix("files/"))
        return Response(content) if content is not None else PlainTextResponse("Not Found", 404)


def _refusal(refused: TelegramRefusal) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    return answer | ({"parameters": refused.parameters} if refused.parameters else {})


async def _params_of(request: Request) -> dict[str, Any]:
    """What a call says; a form of several parts brings files."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _params(request.url.query.encode() + b"&" + await request.body())
    found: dict[str, Any] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                found[name] = value if name == "caption" else _json_or_word(value)
            else:
                found[name] = (value.filename or "", await value.read())
    return found


def _params(body: bytes) -> dict[str, Any]:
    """A form whose values are words or JSON, as the Bot API takes them."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode(), keep_blank_values=True):
        found[name] = value if name in _WORDS else _json_or_word(value)
    return found


_WORDS = frozenset({"text", "description", "short_description", "callback_query_id", "file_id", "secret_token", "url"})


def _json_or_word(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _chat_of(params: Mapping[str, Any]) -> int | None:
    found = params.get("chat_id")
    return found if isinstance(found, int) else None


async def _until_gone(request: Request) -> None:
    async with asyncio.timeout(60):
        while not await request.is_disconnected():
            await asyncio.sleep(0.01)


class _TelegramServer(uvicorn.Server):
    """A server that leaves the signals to the test."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def telegram(*, scale: float = 0.01, tolerance: float = 0.5, port: int = 0) -> AsyncIterator[FakeTelegram]:
    """A running Telegram. `scale`: our seconds for one second of its clocks."""
    fake = FakeTelegram(scale=scale, tolerance=tolerance, port=port)
    config = uvicorn.Config(
        fake.app(), port=fake.port, lifespan="off", log_config=None, access_log=False, date_header=False
    )
    server = _TelegramServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield fake
    finally:
        await fake.updates.stop()
        server.should_exit = server.force_exit = True
        await task
