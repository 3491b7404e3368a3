"""Our channel: one turn of a conversation in, what the bot says out, and the truth about how it went.

Rasa's own REST channel knows no caller, answers failures with `200 []` and runs a repeated message again. This one asks
for a shared secret, runs each `turn_id` once however often it is sent, and calls an empty reply a failure.
See docs/decisions/0003-own-rasa-channel-and-tracker-store.md.
"""

import ctypes
import gc
import hmac
import json
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

import tracing
from bot import custom_actions
from bot.checks import complaint_about_host, complaint_about_secret
from bot.custom_actions import CustomActionError, CustomActions
from bot.model_file import complaint_about_model, sha256_of
from bot.processor import TurnProcessor
from bot.runner import TurnRunner
from bot_protocol import BotProtocolError, TurnContext, TurnRequest
from bot_protocol.turn_request import EMBEDDING_BYTES

SECRET_HEADER = "X-Staffel-Secret"  # noqa: S105 - the name of a header
MAX_REQUEST_BYTES = 256 * 1024
"""Bytes."""
WARM_UP = TurnContext(embedding=bytes(EMBEDDING_BYTES))
"""The first message through the model takes longest; this one is nobody's, and needs no embedder."""


class StartupError(RasaException):
    """The bot must not start like this; Rasa's command line prints the sentence and ends."""


class RequestTooLarge(Exception):
    """The request's body is longer than MAX_REQUEST_BYTES."""


class StaffelInput(InputChannel):
    """`POST …/webhook`, `GET …/health` and `DELETE …/conversations/ID`, under `/webhooks/staffel`."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._runner: TurnRunner | None = None
        self._processor: TurnProcessor | None = None
        self._model = ""

    @classmethod
    def name(cls) -> str:
        return "staffel"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "StaffelInput":
        """Nothing secret stands in credentials.yml; the secret comes from the environment."""
        secret = os.environ.get("STAFFEL_BOT_SECRET", "")
        _refuse_if(complaint_about_secret(secret))
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`on_new_message` is Rasa's way in, which hides failures; ours is `bot.runner`."""
        blueprint = Blueprint("staffel")

        @blueprint.post("/webhook", stream=True)
        async def webhook(request: Request) -> HTTPResponse:
            return await self._webhook(request)

        @blueprint.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return self._health(request)

        @blueprint.delete("/conversations/<sender:str>")
        async def forget(request: Request, sender: str) -> HTTPResponse:
            return await self._forget(request, sender)

        blueprint.listener("before_server_start")(self._check_server)
        blueprint.listener("after_server_start")(self._take_over)
        blueprint.listener("after_server_stop")(self._close)
        return blueprint

    async def _webhook(self, request: Request) -> HTTPResponse:
        if not self._knows_secret(request):
            return json_response({"status": "error", "reason": f"{SECRET_HEADER} is missing or wrong"}, status=403)
        if self._runner is None:
            return json_response({"status": "error", "reason": "the model is being loaded"}, status=503)
        try:
            turn = TurnRequest.from_json(json.loads(await _body(request)))
            self._runner.check(turn)
        except RequestTooLarge:
            reason = f"the request is longer than {MAX_REQUEST_BYTES} bytes"
            return json_response({"status": "error", "reason": reason}, status=413)
        except ValueError as error:
            return json_response({"status": "error", "reason": _why(error)}, status=400)
        with tracing.carry_on(request.headers, "bot.turn", turn=turn.turn_id, conversation=turn.conversation_id):
            answer = await self._runner.answer(turn)
            tracing.note(status=answer["status"])
        return json_response(answer, ensure_ascii=False)

    def _health(self, request: Request) -> HTTPResponse:
        if not self._knows_secret(request):
            return json_response({"status": "error", "reason": f"{SECRET_HEADER} is missing or wrong"}, status=403)
        if self._processor is None:
            return json_response({"status": "error", "reason": "the model is being loaded"}, status=503)
        try:
            self._processor.tracker_store.check()
        except sqlite3.Error as error:
            wrong = {"status": "error", "model": self._model, "tracker_store": str(error)}
            return json_response(wrong, status=503)
        return json_response({"status": "ok", "model": self._model, "tracker_store": "ok"})

    async def _forget(self, request: Request, sender: str) -> HTTPResponse:
        """Of an erased customer nothing stays in the bot's memory; forgetting what isn't known is no mistake."""
        if not self._knows_secret(request):
            return json_response({"status": "error", "reason": f"{SECRET_HEADER} is missing or wrong"}, status=403)
        if self._runner is None:
            return json_response({"status": "error", "reason": "the model is being loaded"}, status=503)
        try:
            await self._runner.forget(sender)
        except sqlite3.Error:
            return json_response({"status": "error", "reason": "the tracker store failed"}, status=503)
        return json_response({"status": "ok"})

    def _knows_secret(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret)

    async def _check_server(self, app: Sanic, loop: Any) -> None:
        """Before the model is loaded: is this server closed enough?"""
        if any("model" in route.path.split("/") for route in app.router.routes):
            raise StartupError(
                "The bot does not start with --enable-api: Rasa's own API would let its callers load a model."
            )
        _refuse_if(complaint_about_host(app.state.host or "127.0.0.1"))

    async def _take_over(self, app: Sanic, loop: Any) -> None:
        """After the model has been loaded: is it the one that was trained, and can the memory be written?"""
        loaded = app.ctx.agent.processor
        if loaded is None:
            raise StartupError(
                "Rasa could not load the model. The lines above say why; ./staffel train makes a new one."
            )
        _refuse_if(complaint_about_model(loaded.model_path))
        processor = TurnProcessor(loaded, _load_custom_actions())
        processor.tracker_store.check()
        tracing.begin(os.environ.get("STAFFEL_TRACES_URL", ""), "bot", instance=str(os.getpid()), on_lost=_pass_over)
        self._model = sha256_of(loaded.model_path)
        await processor.parse_message(UserMessage("Guten Tag", metadata=WARM_UP.to_json()))
        self._processor, self._runner = processor, TurnRunner(processor, self._model)
        _give_back_memory()

    async def _close(self, app: Sanic, loop: Any) -> None:
        if self._processor is not None:
            await self._processor.close()
        tracing.end()


def _give_back_memory() -> None:
    """What loading has left over, 6 MB; only glibc can be told."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _pass_over(_lost: int) -> None:
    """The log says it; the bot has no page of figures."""


def _load_custom_actions() -> CustomActions | None:
    """Those in the working directory, which is the project's root."""
    try:
        return custom_actions.load(Path.cwd())
    except CustomActionError as error:
        raise StartupError(f"{error}. The bot does not start with an action that can not be loaded.") from error


def _refuse_if(complaint: str | None) -> None:
    if complaint:
        raise StartupError(complaint)


async def _body(request: Request) -> bytes:
    body = b""
    while True:
        chunk = await request.stream.read() if request.stream else None
        if not chunk:
            return body
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            raise RequestTooLarge


def _why(error: ValueError) -> str:
    return str(error) if isinstance(error, BotProtocolError) else "expected JSON in UTF-8"
