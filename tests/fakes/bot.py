"""A bot that keeps its protocol without Rasa, for tests to which Rasa's own mind is no matter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot_protocol import BotProtocolError, TurnRequest
from tests.fakes.bot_transport import InProcessTransport

Answering = Callable[[dict[str, Any]], list[dict[str, Any]]]


def echo(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Says what it was asked."""
    return [{"text": f"You said: {turn['text'] or turn['payload']}"}]


@dataclass
class FakeBot:
    """Idempotent on `turn_id`, like the real one. Set `answering`, `wait` or `broken` to try a day of another kind.

    `answered` is the slot that it reads what is written as.
    """

    answering: Answering = echo
    wait: asyncio.Event | None = None
    broken: Callable[[], Response] | None = None
    answered: str | None = None
    turns: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """What listens where the bot would."""
        return Starlette(
            routes=[
                Route("/webhooks/staffel/webhook", self.webhook, methods=["POST"]),
                Route("/webhooks/staffel/health", self.health),
                Route("/webhooks/staffel/conversations/{id}", self.forget, methods=["DELETE"]),
            ]
        )

    def transport(self) -> InProcessTransport:
        """What `create_app(rasa_transport=…)` takes."""
        return InProcessTransport(httpx.ASGITransport(self.app()))

    async def webhook(self, request: Request) -> Response:
        turn = await request.json()
        try:
            TurnRequest.from_json(turn)
        except BotProtocolError as error:
            return JSONResponse({"status": "error", "reason": str(error)}, 400)
        self.turns.append(turn)
        self.headers.append(dict(request.headers))
        if self.wait is not None:
            await self.wait.wait()
        if self.broken is not None:
            return self.broken()
        messages = self.replies.setdefault(turn["turn_id"], self.answering(turn))
        intent = {"name": "faq", "confidence": 1.0}
        read = {"answered": self.answered} if self.answered else {}
        return JSONResponse(
            {"turn_id": turn["turn_id"], "status": "ok", "messages": messages, "intent": intent, **read}
        )

    async def forget(self, request: Request) -> Response:
        if self.broken is not None:
            return self.broken()
        self.forgotten.append(request.path_params["id"])
        return JSONResponse({"status": "ok"})

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "model": "none", "tracker_store": "ok"})
