"""The HTTP doors: what Slack signed just now goes to Bolt, and nothing else is even read.

Slack's verifier raises on timestamps that aren't numbers and on signatures and bodies that aren't text, and Bolt reads
a body before it verifies it. So the one is guarded, and asked before the other.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connectors.contract import Accounts, Channel
from connectors.slack.bolt import BoltApp, failure_response

log = logging.getLogger(__name__)

APP = "app"
"""The id of the account that holds what all workspaces share: signing secret, client id and secret, app token."""

MAX_BODY = 1024 * 1024
NEWEST = 300
"""Seconds that a request may be off our clock; https://docs.slack.dev/authentication/verifying-requests-from-slack"""

WITHIN = 10.0
"""Seconds in which a request has to be read and stored. Slack gives up after three, and comes again."""

_TIMESTAMP, _SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
_MAX_DIGITS = 12

Clock = Callable[[], float]


class SlackRoutes:
    """`/slack/events`, `/slack/interactive` and `/slack/commands`: Bolt tells by the body what came."""

    def __init__(self, accounts: Accounts, bolt: BoltApp, clock: Clock = time.time) -> None:
        self._accounts = accounts
        self._bolt = bolt
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Each takes signed requests only."""
        paths = ("/slack/events", "/slack/interactive", "/slack/commands")
        return [Route(path, self._take, methods=["POST"]) for path in paths]

    async def _take(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(WITHIN):
                body = await self._verified(request)
                if body is None:
                    return Response(status_code=401)
                return to_response(await self._bolt.request(body, request.headers.get("content-type", "")))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:
            log.warning("slack: %s wasn't stored (%s)", request.url.path, type(error).__name__)
            return to_response(failure_response())

    async def _verified(self, request: Request) -> str | None:
        """The body, if Slack signed it just now; a request that can't be Slack's isn't read at all."""
        timestamp, signature = request.headers.get(_TIMESTAMP, ""), request.headers.get(_SIGNATURE, "")
        if not is_timely(timestamp, self._clock()) or not signature:
            return None
        app = await self._accounts.find(Channel.SLACK, APP)
        secret = app.secrets.get("signing_secret", "") if app and app.active else ""
        body = await _read(request) if secret else None
        return body if body is not None and is_from_slack(secret, body, timestamp, signature, self._clock()) else None


async def _read(request: Request) -> str | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def is_timely(timestamp: str, time: float) -> bool:
    """Whether a request's time is a plausible number close to ours; asked before the body is read."""
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MAX_DIGITS
    return is_number and abs(time - int(timestamp)) <= NEWEST


def is_from_slack(secret: str, body: str, timestamp: str, signature: str, time: float) -> bool:
    """Whether Slack signed `body`. Never raises."""
    if not secret.strip() or not signature.isascii() or not is_timely(timestamp, time):
        return False
    return SignatureVerifier(secret, _Moment(time)).is_valid(body, timestamp, signature)


class _Moment(SignatureClock):
    """One reading of our clock."""

    def __init__(self, time: float) -> None:
        self._time = time

    def now(self) -> float:
        return self._time


def to_response(answer: BoltResponse) -> Response:
    """Bolt's answer as Starlette's. Bolt's own adapter drops what a cookie says of other sites and insecure origins."""
    response = Response(answer.body, answer.status, headers=answer.first_headers_without_set_cookie())
    for cookie in answer.headers.get("set-cookie", ()):
        response.headers.append("set-cookie", cookie)
    return response
