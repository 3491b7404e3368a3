"""Web chat: the WebSocket of docs/protocol.md. The log is the truth; the socket shows it and hands messages in."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from math import ceil
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.contract import (
    Address,
    Attachment,
    Channel,
    Chat,
    Inbox,
    OutboundMessage,
    Receive,
    SendLimit,
    SentPart,
    Undeliverable,
)
from connectors.webchat.entrance import FULL_RETRY_SECONDS, Entrance
from connectors.webchat.session import Explain, Session, VisitorAllowance

log = logging.getLogger(__name__)

#: Open chats of one instance. Each holds a file descriptor and some 60 kB.
MAX_SOCKETS = 8_000
MAX_SIGN_OUT_BYTES = 200


class SocketAdmission(VisitorAllowance, Protocol):
    """Who may open a socket, and how much they may ask for."""

    def allows_origin(self, origin: str | None) -> bool:
        """Whether the page at `origin` may show this chat."""
        ...

    def connection_wait_seconds(self, client: str, *, is_forwarded: bool) -> float:
        """How long to wait before one more connection from the address `client` is fine; 0 when it is now, and counts
        it then. `is_forwarded`: a proxy says that it speaks for others.
        """
        ...


class WebchatConnector:
    """The channel `webchat`."""

    channel = Channel.WEBCHAT

    def __init__(self, chat: Chat, admission: SocketAdmission, explain: Explain) -> None:
        self._chat = chat
        self._admission = admission
        self._explain = explain
        self._entrance = Entrance()
        self.sockets = 0

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The socket at /webchat/ws, and the way out for customers whom the web site has signed in."""

        async def endpoint(socket: WebSocket) -> None:
            await self._serve(socket, inbox.receive)

        return [
            WebSocketRoute("/webchat/ws", endpoint),
            Route("/webchat/sign-out", self._sign_out, methods=["POST"], max_body_size=MAX_SIGN_OUT_BYTES),
        ]

    async def run(self, inbox: Inbox) -> None:
        """Everything happens in the sockets."""

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """Our own sockets set none."""
        return ()

    async def send(self, message: OutboundMessage) -> SentPart:
        """Nothing to push: the line is in the log and its hint has gone out; a browser that is away resumes from it."""
        return SentPart(external_id=message.id)

    async def close(self) -> None:
        """Nothing to close: the sockets are the server's."""

    async def show_typing(self, address: Address) -> None:
        """Nothing to do: the sockets follow the same hints."""

    def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """There is nothing to fetch: a browser hands its files in before the message."""
        raise Undeliverable("The web chat's files are handed in before.")

    async def _sign_out(self, request: Request) -> Response:
        """The body is the visitor's token; a page that is being left can still send it, where a socket can not."""
        if not self._admission.allows_origin(request.headers.get("origin")):
            return Response(status_code=403)
        client = request.client.host if request.client else ""
        if self._admission.connection_wait_seconds(client, is_forwarded="x-forwarded-for" in request.headers):
            return Response(status_code=429)
        token = (await request.body()).decode("ascii", "ignore").strip()
        if token:
            await self._chat.sign_out(token)
        return Response(status_code=204)

    async def _serve(self, socket: WebSocket, receive: Receive) -> None:
        if not self._admission.allows_origin(socket.headers.get("origin")):
            await socket.close(4403)  # before accept: the upgrade is refused with 403
            return
        await socket.accept()
        client = socket.client.host if socket.client else ""
        wait = self._admission.connection_wait_seconds(client, is_forwarded="x-forwarded-for" in socket.headers)
        if self.sockets >= MAX_SOCKETS:
            wait = max(wait, float(FULL_RETRY_SECONDS))
        if wait:
            await self._turn_away(socket, ceil(wait))
            return
        self.sockets += 1
        try:
            await Session(
                socket,
                self._chat,
                receive,
                explain=self._explain,
                rations=self._admission,
                entrance=self._entrance,
            ).run()
        except* (WebSocketDisconnect, RuntimeError):
            pass  # the browser has gone
        except* Exception as errors:
            log.warning("webchat socket closed: %s", [type(error).__name__ for error in errors.exceptions])
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(1012)
        finally:
            self.sockets -= 1

    async def _turn_away(self, socket: WebSocket, seconds: int) -> None:
        """Too many connections: say when to come again."""
        text = self._explain("busy", "de")
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json(
                {"type": "error", "code": "slow_down", "text": text, "client_id": None, "retry_after": seconds}
            )
            await socket.close(4429)
