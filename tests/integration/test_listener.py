"""The listening side: parts of a request have deadlines, silent connections go, and whoever asks is answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from helpdesk.web.shared.admission import AdmissionLimits, AdmissionRefused, RequestPlaces
from helpdesk.web.shared.connections import ConnectionLimits, guarded_protocol
from tests.services import free_port

QUICK = ConnectionLimits(
    head_seconds=0.4, body_seconds=0.4, body_bytes_per_second=1_000, max_silent_per_address=3, max_silent=5
)
HEAD = b"POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 1000\r\n\r\n"


async def echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


@asynccontextmanager
async def listening(limits: ConnectionLimits = QUICK) -> AsyncIterator[int]:
    port = free_port()
    app = Starlette(routes=[Route("/echo", echo, methods=["GET", "POST"]), WebSocketRoute("/ws", talk)])
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=port, log_config=None, http=guarded_protocol(limits), ws_ping_interval=0.5, ws_ping_timeout=0.5
        )
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def opened(port: int, first: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)
    await writer.drain()
    return reader, writer


async def dripped(writer: asyncio.StreamWriter, byte: bytes) -> None:
    with suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(byte)
            await writer.drain()
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("first", "drip", "told"),
    [
        (b"", b"", b""),
        (b"GET /echo HTTP/1.1\r\nhost: t", b"", b"HTTP/1.1 408"),
        (b"GET /echo HTTP/1.1\r\nx-slow: ", b"a", b"HTTP/1.1 408"),
        (HEAD, b"", b"HTTP/1.1 408"),
        (HEAD, b"a", b"HTTP/1.1 408"),
    ],
    ids=["silent", "half a head", "dripping head", "no body", "dripping body"],
)
async def test_f75_a_request_that_does_not_come_to_its_end_is_ended(first: bytes, drip: bytes, told: bytes) -> None:
    async with listening() as port, asyncio.timeout(60):
        reader, writer = await opened(port, first)
        dripping = asyncio.create_task(dripped(writer, drip)) if drip else None
        assert (await reader.read()).startswith(told)
        if dripping:
            dripping.cancel()
        writer.close()


async def test_a_long_body_on_a_slow_line_is_taken() -> None:
    async with listening() as port, asyncio.timeout(60):
        reader, writer = await opened(port, HEAD)
        for _ in range(10):  # a second in all, more than twice the deadline, at twice the least speed
            writer.write(b"x" * 100)
            await writer.drain()
            await asyncio.sleep(0.05)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_head_without_end_is_refused() -> None:
    async with listening(ConnectionLimits()) as port, asyncio.timeout(60):
        reader, writer = await opened(port, b"GET /echo HTTP/1.1\r\n" + b"x-a: " + b"a" * 80_000)
        assert (await reader.readline()).startswith(b"HTTP/1.1 431")
        writer.close()


async def test_f75_the_newcomer_pushes_out_the_oldest_silent_connection_and_is_served() -> None:
    limits = ConnectionLimits(max_silent_per_address=3, grace_seconds=0.1)
    async with listening(limits) as port, asyncio.timeout(60):
        silent = [await opened(port) for _ in range(3)]
        await asyncio.sleep(0.2)
        async with httpx.AsyncClient() as browser:
            assert (await browser.get(f"http://127.0.0.1:{port}/echo")).status_code == 200
        assert await silent[0][0].read() == b""
        still_open = [reader for reader, _ in silent[1:] if not reader.at_eof()]
        assert len(still_open) >= 1
        for _, writer in silent:
            writer.close()


async def test_f76_a_hundred_that_come_at_once_from_one_address_are_all_answered() -> None:
    async with listening(ConnectionLimits(max_silent_per_address=3, max_silent=5)) as port, asyncio.timeout(60):
        asked = b"GET /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"
        opened_at_once = await asyncio.gather(*(opened(port, asked) for _ in range(100)))
        answers = await asyncio.gather(*(reader.readline() for reader, _ in opened_at_once))
        for _, writer in opened_at_once:
            writer.close()
    assert set(answers) == {b"HTTP/1.1 200 OK\r\n"}


async def test_a_connection_is_used_again_and_again_and_a_socket_lives_on() -> None:
    async with listening() as port, asyncio.timeout(60):
        async with httpx.AsyncClient() as browser:
            for number in range(5):
                answer = await browser.post(f"http://127.0.0.1:{port}/echo", content=f"{number}")
                assert answer.text == f"{number}"
        async with connect(f"ws://127.0.0.1:{port}/ws") as socket:
            others = [await opened(port) for _ in range(5)]
            await asyncio.sleep(2 * QUICK.head_seconds)  # longer than any deadline of a request
            await socket.send(json.dumps("still here"))
            assert json.loads(await socket.recv()) == "still here"
            for _, writer in others:
                writer.close()


async def test_f73_a_socket_that_answers_no_ping_is_closed() -> None:
    upgrade = (
        b"GET /ws HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    async with listening() as port, asyncio.timeout(60):
        reader, writer = await opened(port, upgrade)
        assert (await reader.readline()).startswith(b"HTTP/1.1 101")
        await reader.read()  # to the end, which the server makes
        writer.close()


async def test_f28_requests_wait_for_a_place_in_order_and_then_are_refused() -> None:
    places = RequestPlaces(AdmissionLimits(at_once=1, per_address=2, wait_seconds=0.2))
    async with places.place("a"):
        waiting = asyncio.create_task(_refusal(places, "a"))
        await asyncio.sleep(0)
        assert await _refusal(places, "a") == 429  # two of this address are here already
        assert await _refusal(places, "b") == 503  # waited for nothing
        assert await waiting == 503
    assert await _refusal(places, "a") is None


async def _refusal(places: RequestPlaces, address: str) -> int | None:
    try:
        async with places.place(address):
            return None
    except AdmissionRefused as refusal:
        return refusal.status
