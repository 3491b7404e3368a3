"""A web site of a test's own on loopback: pages, redirects, moods, and a list of what was asked of it."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class HostedPage:
    """One answer of the site."""

    body: bytes | str = ""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class WebSite:
    """What stands where. Pages have an ETag, and those asked for by it that haven't changed are answered by 304."""

    pages: dict[str, HostedPage] = field(default_factory=dict)
    #: What is answered first, each once, before the page itself.
    first: dict[str, list[HostedPage]] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)
    port: int = 0
    under_way: int = 0
    most_under_way: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.requests]

    def put(self, path: str, body: bytes | str, **how: object) -> None:
        """A page, in place of another."""
        self.pages[path] = HostedPage(body, **how)  # type: ignore[arg-type]

    def app(self) -> Starlette:
        """The site as a server."""
        return Starlette(routes=[Route("/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            return self._respond(request)
        finally:
            self.under_way -= 1

    def _respond(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.requests.append((path, dict(request.headers)))
        page = self.first[path].pop(0) if self.first.get(path) else self.pages.get(path)
        if page is None:
            return Response("Nothing here.", status_code=404, media_type="text/html")
        body = page.body.encode() if isinstance(page.body, str) else page.body
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if page.status == 200 and request.headers.get("if-none-match") == etag:
            self.unchanged[path] += 1
            return Response(status_code=304, headers={"ETag": etag})
        headers = {"ETag": etag, "Content-Type": page.media_type, **page.headers}
        return Response(body, status_code=page.status, headers=headers)


class _SiteServer(uvicorn.Server):
    """A server that leaves the signals to the test."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve_site() -> AsyncIterator[WebSite]:
    """An empty site on a port of its own of loopback."""
    site = WebSite()
    server = _SiteServer(uvicorn.Config(site.app(), port=0, lifespan="off", log_config=None, access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    site.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.should_exit = server.force_exit = True
        await task


def packed(text: str) -> bytes:
    """As a sitemap that ends in .gz holds it."""
    return gzip.compress(text.encode())


def faq_page(*questions: tuple[str, str], language: str = "en", more: str = "", title: str = "Questions") -> str:
    """A page with schema.org's microdata, which any reader of FAQs reads, amid navigation and a footer."""
    items = "".join(
        f'<div itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">{question}</h3>'
        f'<div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer">'
        f'<div itemprop="text"><p>{answer}</p></div></div></div>'
        for question, answer in questions
    )
    return site_page(f'<div itemscope itemtype="https://schema.org/FAQPage">{items}</div>{more}', title, language)


def site_page(content: str, title: str, language: str = "en") -> str:
    """A page as a shop has them: navigation above, a footer below."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{title} – Boat House</title></head><body>'
        '<header><a href="/">Boat House</a></header><nav><a href="/shop">Shop</a> <a href="/help">Help</a></nav>'
        f'<main>{content}</main><footer><p>Boat House Ltd, 4 Quay Street</p><a href="/imprint">Imprint</a></footer>'
        "</body></html>"
    )
