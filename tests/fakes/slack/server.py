"""The server itself: tokens, scopes, faults, deliveries with Slack's retry clock, and the socket."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from time import monotonic, time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.fakes.slack.methods import JSON_ONLY_FORMS, NEEDED, SlackMethods
from tests.fakes.slack.people import SlackUserActions
from tests.fakes.slack.rules import SlackMethodRefusal
from tests.fakes.slack.state import SlackCall, SlackFault, SlackFaultKind, SlackState
from tests.services import free_port

RETRIES = (0.0, 0.0, 60.0, 300.0)
"""Seconds before each attempt: at once, at once again, after a minute, after five."""

ACK_WITHIN = 3.0


@dataclass(slots=True, kw_only=True)
class DeliveryRecord:
    """How a delivery went: what each attempt was answered with, and after how many seconds."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    body: str = ""


class Reset(Response):
    """Breaks the line instead of answering."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})
        raise ConnectionResetError


class FakeSlack(SlackUserActions):
    """A workspace, its people and Slack itself. `scale`: our seconds for one second of its retry clock."""

    def __init__(self, *, scale: float = 0.01, port: int = 0) -> None:
        self.port = port or free_port()
        self.state = SlackState()
        self.methods = SlackMethods(self.state, self.origin)
        self.scale = scale
        self.target: httpx.AsyncClient | None = None
        self.sockets: list[WebSocket] = []
        self.envelopes: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.acknowledged: list[str] = []
        self.connections = 0
        self.no_gap = True
        #: While it isn't set, posts are on their way and not taken.
        self.takes_posts = asyncio.Event()
        self.takes_posts.set()

    @property
    def origin(self) -> str:
        """Where this Slack is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What takes the place of https://slack.com/api/."""
        return f"{self.origin}/api/"

    def app(self) -> Starlette:
        """All of its addresses."""
        return Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["POST"]),
                Route("/files/{file}", self._file),
                Route("/upload/{file}", self._upload, methods=["POST"]),
                Route("/whisper", self._whisper, methods=["POST"]),
                Route("/authorize", self._authorize),
                WebSocketRoute("/socket", self._socket),
            ]
        )

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        arguments, is_json = await _arguments(request)
        self.state.calls.append(SlackCall(method=method, token=token, arguments=arguments))
        fault = self.state.faults[method].pop(0) if self.state.faults[method] else None
        if fault and fault.kind not in (SlackFaultKind.RESET_AFTER, SlackFaultKind.ODD_ECHO):
            return _broken(fault)
        if method in {"chat.postMessage", "files.completeUploadExternal"}:
            await self.takes_posts.wait()
        answer = self._answer(method, token, arguments, is_json=is_json)
        if fault and fault.kind == SlackFaultKind.ODD_ECHO:
            return self._form({"ok": True, "message": ["a", "new", "form"]})
        return Reset() if fault else self._form(answer)

    def _answer(self, method: str, token: str, arguments: dict[str, Any], *, is_json: bool) -> dict[str, Any]:
        try:
            self._admit(method, token)
            if is_json and method in JSON_ONLY_FORMS:
                raise SlackMethodRefusal("invalid_arguments")  # noqa: TRY301 - every refusal takes one way out
            return {"ok": True, **self.methods.call(method, arguments)}
        except SlackMethodRefusal as refused:
            return {"ok": False, "error": refused.error, **refused.more}

    def _admit(self, method: str, token: str) -> None:
        if method == "oauth.v2.access":
            return
        if self.state.revoked:
            raise SlackMethodRefusal("token_revoked")
        expected = self.state.app_token if method == "apps.connections.open" else self.state.bot_token
        if token != expected:
            raise SlackMethodRefusal("invalid_auth" if token else "not_authed")
        needed = NEEDED.get(method)
        if needed and needed not in self.state.scopes.split(","):
            raise SlackMethodRefusal("missing_scope", needed=needed, provided=self.state.scopes)

    def _form(self, answer: dict[str, Any]) -> Response:
        headers = {
            "x-oauth-scopes": self.state.scopes,
            "date": formatdate(time() + self.state.clock_ahead, usegmt=True),
        }
        return JSONResponse(answer, headers=headers)

    async def _file(self, request: Request) -> Response:
        self.state.file_requests.append(request.headers.get("authorization", ""))
        info, content = self.state.files[request.path_params["file"]]
        if info.get("elsewhere"):
            return RedirectResponse(info["elsewhere"])
        if self.state.file_requests[-1] != f"Bearer {self.state.bot_token}":
            return Response("<html>sign in</html>", media_type="text/html")
        return Response(content, media_type=info["mimetype"])

    async def _upload(self, request: Request) -> Response:
        """Where a file is handed in; no token comes along."""
        file, content = request.path_params["file"], await request.body()
        if "authorization" in request.headers or len(content) != self.state.announced.get(file):
            return Response(status_code=400)
        self.state.uploads[file] = content
        return Response(f"OK - {len(content)}")

    async def _whisper(self, request: Request) -> Response:
        self.state.whispers.append(await request.json())
        return Response("ok")

    async def _authorize(self, request: Request) -> Response:
        given = request.query_params
        self.state.code = f"code-{self.state.number()}"
        return RedirectResponse(
            f"{given['redirect_uri']}?{urlencode({'code': self.state.code, 'state': given['state']})}"
        )

    async def _socket(self, socket: WebSocket) -> None:
        await socket.accept()
        self.connections += 1
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        try:
            while True:
                said = await socket.receive_json()
                self.acknowledged.append(said["envelope_id"])
                waiting = self.envelopes.get(said["envelope_id"])
                if waiting and not waiting.done():
                    waiting.set_result(said)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.remove(socket)
            self.no_gap = self.no_gap and bool(self.sockets)

    async def disconnect(self) -> None:
        """Ask the oldest connection to leave, as Slack does every few hours; end it once there is another."""
        old = self.sockets[0]
        before = self.connections
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        async with asyncio.timeout(60):
            while self.connections == before:
                await asyncio.sleep(0.01)
        await old.close()

    async def send_envelope(self, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Through the newest connection; what it was acknowledged with."""
        envelope_id = f"env-{self.state.number()}"
        waiting = self.envelopes[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": True}
        await self.sockets[-1].send_json(envelope)
        return await asyncio.wait_for(waiting, 10)

    def signed(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers of a signed request."""
        timestamp = str(int(time() if at is None else at))
        base = b"v0:" + timestamp.encode() + b":" + body
        digest = hmac.new(self.state.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}

    async def request(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Ask helpdesk."""
        assert self.target is not None, "nobody is listening: set `target`"
        return await self.target.post(path, content=body, headers=dict(headers), timeout=ACK_WITHIN)

    async def deliver(self, envelope: Mapping[str, Any]) -> DeliveryRecord:
        """An event, until it is acknowledged or the retries are used up."""
        if self.target is None:
            await self.send_envelope("events_api", envelope)
            return DeliveryRecord(statuses=[200])
        body, delivered = json.dumps(envelope).encode(), DeliveryRecord()
        for attempt, pause in enumerate(RETRIES):
            await asyncio.sleep(pause * self.scale)
            retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"} if attempt else {}
            began = monotonic()
            headers = {**self.signed(body), **retry, "Content-Type": "application/json"}
            try:
                response = await self.request("/slack/events", body, headers)
                delivered.statuses.append(response.status_code)
                delivered.body = response.text
            except httpx.HTTPError:
                delivered.statuses.append(0)
            delivered.seconds.append(monotonic() - began)
            if 200 <= delivered.statuses[-1] < 300:
                break
        return delivered

    async def interact(self, payload: Mapping[str, Any]) -> int:
        """A press, shortcut or modal; Slack doesn't repeat these."""
        if self.target is None:
            await self.send_envelope("interactive", payload)
            return 200
        return (await self._send_form("/slack/interactive", {"payload": json.dumps(payload)})).status_code

    async def send_command(self, form: Mapping[str, str]) -> dict[str, Any]:
        """A slash command; what its user sees at once."""
        if self.target is None:
            answer: dict[str, Any] = (await self.send_envelope("slash_commands", form)).get("payload", {})
            return answer
        response = await self._send_form("/slack/commands", form)
        assert response.status_code == 200, response.text
        return dict(response.json()) if response.text else {}

    async def _send_form(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        body = urlencode(form).encode()
        headers = {**self.signed(body), "Content-Type": "application/x-www-form-urlencoded"}
        return await self.request(path, body, headers)


async def _arguments(request: Request) -> tuple[dict[str, Any], bool]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(body or b"{}")), True
    return dict(parse_qsl(body.decode())), False


def _broken(fault: SlackFault) -> Response:
    if fault.kind == SlackFaultKind.RESET_BEFORE:
        return Reset()
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    if fault.kind == SlackFaultKind.STATUS:
        return Response("sorry", fault.status, headers=headers)
    return JSONResponse({"ok": False, "error": fault.error}, fault.status, headers=headers)


class _SlackServer(uvicorn.Server):
    """A server that leaves the signals to the test."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def slack(*, scale: float = 0.01, port: int = 0) -> AsyncIterator[FakeSlack]:
    """A running Slack, at a port of its own or at `port`."""
    fake = FakeSlack(scale=scale, port=port)
    config = uvicorn.Config(
        fake.app(), port=fake.port, lifespan="off", log_config=None, access_log=False, date_header=False
    )
    server = _SlackServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield fake
    finally:
        server.should_exit = server.force_exit = True
        await task
        if fake.target is not None:
            await fake.target.aclose()
