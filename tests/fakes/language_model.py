"""A language model's door on loopback that is honest, lies, stalls and breaks, as the name of the model says."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.services import free_port

METADATA = "http://169.254.169.254/latest/meta-data/iam"
HUGE = 50 * 1024 * 1024  # bytes

type Reword = Callable[[str, str], str]


def honest(text: str, question: str) -> str:
    """The same, a little friendlier."""
    return f"Gern: {text}" if re.search(r"\b(?:die|der|das|Sie|du|ist)\b", text) else f"Here, please: {text}"


LIES: dict[str, Reword] = {
    "lies-number": lambda text, _: re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=1),
    "lies-negation": lambda text, _: re.sub(r"\b(?:nicht|keine?|not|never)\b ?", "", text, count=1),
    "lies-not": lambda text, _: re.sub(r"\b(kostet|können|ist|is|can)\b", r"\1 nicht", text, count=1),
    "lies-name": lambda text, _: f"{text} Das sagt Ihnen Frau Schneider.",
    "lies-promise": lambda text, _: f"{text} Wir erstatten Ihnen den vollen Betrag noch heute.",
    "lies-link": lambda text, _: f"{text} Mehr unter https://evil.example/login",
    "lies-markup": lambda text, _: f"[{text[:10]}](javascript:alert(1)){text[10:]}",
    "lies-mark": lambda text, _: f"{text} ⟦7⟧",
    "lies-half": lambda text, _: text.partition(".")[0] + ".",
    "obeys": lambda _, question: question.partition("schreib:")[2].strip() or question,
    "other-language": lambda *_: "You can send everything back for free within the next hundred days, no problem.",
}


class DroppedResponse(Response):
    """Begins to answer and breaks the line."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"choices":', "more_body": True})
        raise ConnectionResetError


@dataclass(kw_only=True)
class EndlessResponse(Response):
    """Sends `chunk` again and again until nobody listens; `pause` is in seconds."""

    chunk: bytes
    pause: float
    sent: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        gone = asyncio.create_task(_until_gone(receive))
        while not gone.done() and self.sent < HUGE:
            await send({"type": "http.response.body", "body": self.chunk, "more_body": True})
            self.sent += len(self.chunk)
            await asyncio.sleep(self.pause)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """What came in."""

    authorization: str
    host: str
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """The texts that were sent."""
        data: dict[str, Any] = json.loads(self.body["messages"][-1]["content"])
        return data


@dataclass
class FakeLanguageModel:
    """Keeps the contract of POST /v1/chat/completions. `answers` has honest rewordings for texts; else a friendly word.

    `followed` counts who followed a redirect.
    """

    port: int = field(default_factory=free_port)
    key: str = "sk-of-the-fake"
    answers: dict[str, str] = field(default_factory=dict)
    calls: list[ModelCall] = field(default_factory=list)
    followed: int = 0
    flood: EndlessResponse | None = None

    @property
    def url(self) -> str:
        """What an admin enters."""
        return f"http://127.0.0.1:{self.port}/v1"

    def app(self) -> Starlette:
        """Its doors."""
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
                Route("/elsewhere", self._elsewhere, methods=["GET", "POST"]),
            ]
        )

    async def _elsewhere(self, request: Request) -> Response:
        self.followed += 1
        return PlainTextResponse("secret")

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        self.calls.append(
            ModelCall(
                authorization=request.headers.get("authorization", ""),
                host=request.headers.get("host", ""),
                body=body,
            )
        )
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return JSONResponse({"error": {"message": "Incorrect API key provided"}}, 401)
        if body["model"] in self._broken:
            return await self._broken[body["model"]](self, request)
        return JSONResponse(completion(self._reworded(body["model"], self.calls[-1].data)))

    def _reworded(self, model: str, data: dict[str, Any]) -> str:
        reword = LIES.get(model, honest)
        if "lines" in data:
            return "\n".join(
                f"{number}. {self.answers.get(line) or reword(line, '')}"
                for number, line in enumerate(data["lines"], start=1)
            )
        own = self.answers.get(data["text"]) if model == "honest" else None
        return own or reword(data["text"], data["question"])

    async def _stall(self, request: Request) -> Response:
        async with asyncio.timeout(60):
            while not await request.is_disconnected():
                await asyncio.sleep(0.01)
        return PlainTextResponse("too late")

    async def _dribble(self, request: Request) -> Response:
        return EndlessResponse(chunk=b" ", pause=0.02)

    async def _flood(self, request: Request) -> Response:
        self.flood = EndlessResponse(chunk=b" " * 65_536, pause=0)
        return self.flood

    async def _fail(self, request: Request) -> Response:
        return JSONResponse({"error": {"message": "overloaded"}}, 500)

    async def _html(self, request: Request) -> Response:
        return PlainTextResponse("<html><h1>Bad Gateway</h1></html>", media_type="text/html")

    async def _half(self, request: Request) -> Response:
        return PlainTextResponse(json.dumps(completion("Gern."))[:60], media_type="application/json")

    async def _close(self, request: Request) -> Response:
        return DroppedResponse()

    async def _redirect_to_metadata(self, request: Request) -> Response:
        return RedirectResponse(METADATA, 307)

    async def _redirect(self, request: Request) -> Response:
        return RedirectResponse("/elsewhere", 307)

    async def _pack(self, request: Request) -> Response:
        bomb = gzip.compress(b" " * HUGE, compresslevel=1)
        return Response(bomb, headers={"content-encoding": "gzip"}, media_type="application/json")

    async def _deep(self, request: Request) -> Response:
        return PlainTextResponse("[" * 100_000, media_type="application/json")

    async def _other_form(self, request: Request) -> Response:
        return JSONResponse({"choices": [{"message": {"content": None}}]})

    async def _unfinished(self, request: Request) -> Response:
        return JSONResponse(completion("Gern.", finished="length"))

    async def _wrong_list(self, request: Request) -> Response:
        return JSONResponse({"choices": {"0": "Gern."}})

    _broken = {  # noqa: RUF012 - a table of methods, never changed
        "stalls": _stall,
        "dribbles": _dribble,
        "floods": _flood,
        "fails": _fail,
        "html": _html,
        "half": _half,
        "closes": _close,
        "redirects-to-metadata": _redirect_to_metadata,
        "redirects": _redirect,
        "packs": _pack,
        "deep": _deep,
        "other-form": _other_form,
        "unfinished": _unfinished,
        "wrong-list": _wrong_list,
    }


STALLS = ("stalls", "dribbles")
BREAKS = tuple(name for name in FakeLanguageModel._broken if name not in STALLS)


def completion(text: str, *, finished: str = "stop") -> dict[str, Any]:
    """An answer as the API gives it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": finished, "message": {"role": "assistant", "content": text}},
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


class _LanguageModelServer(uvicorn.Server):
    """A server that leaves the signals to the test."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def language_model() -> AsyncIterator[FakeLanguageModel]:
    """A running model."""
    fake = FakeLanguageModel()
    config = uvicorn.Config(fake.app(), port=fake.port, lifespan="off", log_config=None, access_log=False)
    server = _LanguageModelServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield fake
    finally:
        server.should_exit = server.force_exit = True
        await task
