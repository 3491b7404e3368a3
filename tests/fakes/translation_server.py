"""A translation service on loopback with the doors of LibreTranslate, DeepL and a language model, that also fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.services import free_port

WORDS = {"Hallo": "Hello", "Ihr Paket kommt": "Your parcel arrives", "am Freitag": "on Friday", "Where is": "Wo ist"}


@dataclass(kw_only=True)
class FakeTranslations:
    """What it was asked; `status` other than 200 is what it answers, `stalls` that it never does."""

    url: str = ""
    status: int = 200
    stalls: bool = False
    answer: str | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def _reply(self, request: Request, text: str, form: Any) -> Response:
        self.keys.append(request.headers.get("authorization", ""))
        if self.stalls:
            await asyncio.sleep(30)
        if self.status != 200:
            return PlainTextResponse("no", status_code=self.status)
        for ours, theirs in WORDS.items():
            text = text.replace(ours, theirs)
        return JSONResponse(form(text if self.answer is None else self.answer))

    async def libretranslate(self, request: Request) -> Response:
        asked = await request.json()
        self.asked.append(asked)
        return await self._reply(request, asked["q"], lambda text: {"translatedText": text})

    async def deepl(self, request: Request) -> Response:
        asked = await request.json()
        self.asked.append(asked)
        return await self._reply(request, asked["text"][0], lambda text: {"translations": [{"text": text}]})

    async def model(self, request: Request) -> Response:
        asked = await request.json()
        self.asked.append(asked)
        said = asked["messages"][-1]["content"]
        return await self._reply(request, said, lambda text: {"choices": [{"message": {"content": text}}]})


@asynccontextmanager
async def translation_server() -> AsyncIterator[FakeTranslations]:
    """Runs until the block ends."""
    fake = FakeTranslations()
    app = Starlette(
        routes=[
            Route("/translate", fake.libretranslate, methods=["POST"]),
            Route("/v2/translate", fake.deepl, methods=["POST"]),
            Route("/v1/chat/completions", fake.model, methods=["POST"]),
        ]
    )
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    fake.url = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        server.should_exit = True
        await running
