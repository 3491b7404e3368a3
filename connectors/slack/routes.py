"""The HTTP doors: verify, store, 200. Neither Bolt's nor anybody else's loop stands between Slack and the database."""

import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.contract import Accounts, Channel
from connectors.slack.inbound import SlackReceiver, is_refusal, read_json
from connectors.slack.signing import SIGNATURE, TIMESTAMP, is_from_slack, is_timely

log = logging.getLogger(__name__)

APP = "app"
"""The id of the account that holds what all workspaces share: signing secret, client id and secret, app token."""

MAX_BODY = 1024 * 1024
Clock = Callable[[], float]
_Door = Callable[[bytes], Awaitable[Response]]


class SlackRoutes:
    """`/slack/events`, `/slack/interactive` and `/slack/commands`."""

    def __init__(self, accounts: Accounts, receiver: SlackReceiver, clock: Clock = time.time) -> None:
        self._accounts = accounts
        self._receiver = receiver
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Each takes signed requests only."""
        return [
            Route("/slack/events", self._signed(self._event), methods=["POST"]),
            Route("/slack/interactive", self._signed(self._interaction), methods=["POST"]),
            Route("/slack/commands", self._signed(self._command), methods=["POST"]),
        ]

    def _signed(self, door: _Door) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                body = await self._verified(request)
                return PlainTextResponse("", 401) if body is None else await door(body)
            except ClientDisconnect:
                return PlainTextResponse("", 400)
            except Exception as error:  # Slack repeats what it hears no 200 for
                log.warning("slack: %s wasn't stored (%s)", request.url.path, type(error).__name__)
                return PlainTextResponse("", 503)

        return endpoint

    async def _verified(self, request: Request) -> bytes | None:
        """The body, if Slack signed it just now; a request that can't be Slack's isn't read at all."""
        timestamp, signature = request.headers.get(TIMESTAMP), request.headers.get(SIGNATURE)
        if not is_timely(timestamp, self._clock()) or not signature:
            return None
        app = await self._accounts.find(Channel.SLACK, APP)
        secret = app.secrets.get("signing_secret", "") if app and app.active else ""
        if not secret:
            return None
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                return None
        return bytes(body) if is_from_slack(secret, bytes(body), timestamp, signature, self._clock()) else None

    async def _event(self, body: bytes) -> Response:
        try:
            envelope = read_json(body)
        except ValueError:
            log.warning("slack: a signed event isn't JSON")
            return PlainTextResponse("")
        if envelope.get("type") == "url_verification":
            return PlainTextResponse(str(envelope.get("challenge", ""))[:500])
        await self._receiver.event(envelope)
        return PlainTextResponse("")

    async def _interaction(self, body: bytes) -> Response:
        try:
            payload = read_json(_form(body)["payload"])
        except (ValueError, KeyError):
            log.warning("slack: a signed interaction can't be read")
            return PlainTextResponse("")
        try:
            await self._receiver.interaction(payload)
        except Exception as error:
            if not is_refusal(error):
                raise
            log.info("slack: an interaction was refused (%s)", getattr(error, "code", ""))
        return PlainTextResponse("")

    async def _command(self, body: bytes) -> Response:
        try:
            form = _form(body)
        except ValueError:
            return PlainTextResponse("")
        answer = await self._receiver.command(form)
        return JSONResponse(answer) if answer else PlainTextResponse("")


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form. Raises ValueError when there are absurdly many."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
