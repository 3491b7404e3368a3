"""An order service on loopback that answers, stalls, floods and talks nonsense, as the order's number says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.language_model import DroppedResponse, EndlessResponse, _LanguageModelServer
from tests.services import free_port

ORDER = {
    "order": {
        "number": "4711",
        "state": "shipped",
        "expected_on": "2026-03-12",
        "items": [{"name": "Lampe <b>rot</b> [klick](https://evil.example)"}],
        "total": "89.90",
        "tracking": "https://track.example.org/4711",
        "postcode": "79 098",
        "paid": True,
    }
}


@dataclass
class FakeOrderService:
    """`calls` are the requests that came in: method, path with query, headers, JSON body."""

    port: int = field(default_factory=free_port)
    secret: str = "Bearer of-the-shop"
    calls: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    followed: int = 0
    flood: EndlessResponse | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """What an admin enters."""
        return f"http://{self.host}/orders/{{order_number}}?postcode={{postcode}}"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/orders/{number:path}", self._order, methods=["GET", "POST"]),
                Route("/elsewhere", self._elsewhere),
            ]
        )

    async def _elsewhere(self, request: Request) -> Response:
        self.followed += 1
        return JSONResponse(ORDER)

    async def _order(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode()
        body = await request.json() if request.method == "POST" else None
        self.calls.append((request.method, raw, dict(request.headers), body))
        if request.headers.get("authorization") != self.secret:
            return JSONResponse({"error": "who are you?"}, 401)
        number = body["number"] if body else request.path_params["number"]
        match number:
            case "4711":
                return JSONResponse(ORDER)
            case "1000":
                await asyncio.sleep(30)
            case "1001":
                return JSONResponse({"error": "broken"}, 500)
            case "1002":
                self.flood = EndlessResponse(chunk=b" " * 16_384, pause=0)
                return self.flood
            case "1003":
                return RedirectResponse("/elsewhere", 307)
            case "1004":
                return RedirectResponse("http://169.254.169.254/latest/meta-data", 302)
            case "1005":
                return PlainTextResponse("<html>oops", media_type="application/json")
            case "1006":
                content = '{"order": {"state": "überfällig"}}'.encode("latin-1")
                return Response(content, media_type="application/json; charset=iso-8859-1")
            case "1007":
                content = '{"order": {"state": "überfällig"}}'.encode("latin-1")
                return Response(content, media_type="application/json")
            case "1008":
                return Response(b'{"a": 1}', media_type="application/json; charset=klingon")
            case "1009":
                return Response(b"[" * 60_000, media_type="application/json")
            case "1010":
                return DroppedResponse()
            case "1011":
                return JSONResponse([])
            case "1012":
                return EndlessResponse(chunk=b" ", pause=0.05)
        return JSONResponse({"error": "no such order"}, 404)


@asynccontextmanager
async def order_service() -> AsyncIterator[FakeOrderService]:
    """A running service."""
    fake = FakeOrderService()
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
