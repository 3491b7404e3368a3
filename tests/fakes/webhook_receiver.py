"""A receiver of webhooks on loopback: checks each signature, and answers, refuses or stalls as it is told."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.services import free_port

MAX_AGE_SECONDS = 300


@dataclass
class WebhookReceiver:
    """`answers` are given one after the other, the last one for ever: a status, "redirect" or "stall".

    `taken` are the documents of the calls that were answered with 200, `ids` the `webhook-id` of every call.
    """

    port: int = field(default_factory=free_port)
    secret: str = ""
    answers: list[int | str] = field(default_factory=lambda: [200])
    taken: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    forged: int = 0
    followed: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/hook?of=shop"

    @property
    def kinds(self) -> list[str]:
        """What was taken, in order."""
        return [document["type"] for document in self.taken]

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/hook", self._take, methods=["POST"]),
                Route("/elsewhere", self._elsewhere, methods=["POST"]),
            ]
        )

    async def _elsewhere(self, request: Request) -> Response:
        self.followed += 1
        return Response(status_code=200)

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        if not is_signed(self.secret, request, body):
            self.forged += 1
            return Response(status_code=401)
        self.ids.append(request.headers["webhook-id"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "redirect":
            return RedirectResponse("/elsewhere", status_code=307)
        if answer == "stall":
            await self.released.wait()
            return Response(status_code=200)
        if answer == 200:
            self.taken.append(json.loads(body))
        return Response(status_code=int(answer), headers=self.headers)


def is_signed(secret: str, request: Request, body: bytes) -> bool:
    """The check as docs/webhooks.md shows it."""
    message, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.digest(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256)).decode()
    fitting = any(hmac.compare_digest(f"v1,{digest}", one) for one in request.headers["webhook-signature"].split())
    return fitting and abs(time.time() - int(stamp)) < MAX_AGE_SECONDS


@asynccontextmanager
async def webhook_receiver() -> AsyncIterator[WebhookReceiver]:
    """A receiver at work."""
    receiver = WebhookReceiver()
    server = uvicorn.Server(uvicorn.Config(receiver.app(), port=receiver.port, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.should_exit = True
        await task
