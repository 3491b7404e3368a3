"""The door for Telegram's updates: who knocks without our secret isn't even listened to."""

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.contract import Account, Accounts, Channel
from connectors.telegram.inbound import UpdateReceiver
from connectors.telegram.parse import BotIdentity

log = logging.getLogger(__name__)

PATH = "/telegram/{account}/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MAX_SECRET_LENGTH = 256
MAX_BYTES = 1024 * 1024  # an update holds 4,096 characters and some facts
READ_WITHIN = 10.0  # seconds
_NOBODYS = secrets.token_urlsafe(32)


class UpdateTooLarge(Exception):
    """More than `MAX_BYTES` have come."""


class Webhook:
    """Checks the secret, then reads, stores and acknowledges."""

    def __init__(
        self, accounts: Accounts, receiver: UpdateReceiver, introduce: Callable[[Account], BotIdentity]
    ) -> None:
        self._accounts = accounts
        self._receiver = receiver
        self._introduce = introduce

    def route(self) -> Route:
        """Where `staffel connect telegram` sends Telegram."""
        return Route(PATH, self._serve, methods=["POST"])

    async def _serve(self, request: Request) -> Response:
        try:
            account = await self._accounts.find(Channel.TELEGRAM, request.path_params["account"])
        except Exception as error:
            log.warning("telegram: accounts can't be read (%s)", type(error).__name__)
            return _later()
        if not _knows_secret(request, account) or account is None:
            return Response(status_code=403)
        try:
            update = await _read(request)
        except UpdateTooLarge:
            return Response(status_code=413)
        except (ClientDisconnect, TimeoutError):
            return Response(status_code=408)
        except (ValueError, RecursionError):
            log.warning("telegram: an update for bot %s isn't JSON", account.id)
            return Response(status_code=200)
        return await self._store(update, account)

    async def _store(self, update: Mapping[str, Any], account: Account) -> Response:
        try:
            await self._receiver.receive(update, self._introduce(account))
        except Exception as error:  # Telegram keeps the update and repeats it, in order
            log.warning("telegram: an update for bot %s wasn't stored (%s)", account.id, type(error).__name__)
            return _later()
        return Response(status_code=200)


def _knows_secret(request: Request, account: Account | None) -> bool:
    """Compared in constant time, also when there is no such account, so that nothing can be learnt from trying."""
    own = account.secrets.get("webhook_secret", "") if account and account.active else ""
    given = request.headers.get(SECRET_HEADER, "")
    fits = 0 < len(given) <= MAX_SECRET_LENGTH
    same = hmac.compare_digest((given if fits else "").encode(), (own or _NOBODYS).encode())
    return same and fits and bool(own)


async def _read(request: Request) -> Mapping[str, Any]:
    if int(request.headers.get("content-length") or 0) > MAX_BYTES:
        raise UpdateTooLarge
    body = bytearray()
    async with asyncio.timeout(READ_WITHIN):
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BYTES:
                raise UpdateTooLarge
    update = json.loads(body)
    if not isinstance(update, dict):
        raise ValueError("expected an object")  # noqa: TRY004 - told like other bad JSON
    return update


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": "1"})
