"""A client behind the guard goes to no address of the inside, and reads no endless answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from helpdesk.outgoing.guarded_transport import AnswerTooLarge, GuardedTransport
from store.outgoing_addresses import ForbiddenAddress


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that says the same to everybody; its port and the requests that came."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], requests


async def get(address: str, *own_hosts: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=GuardedTransport(own_hosts, max_bytes=100)) as client:
        return await client.get(address)


async def test_an_own_host_is_called_by_its_name() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as (port, requests):
        assert (await get(f"http://localhost:{port}/a?b=c", f"localhost:{port}")).text == "ok"
    assert requests[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert f"host: localhost:{port}".encode() in requests[0].lower()


async def test_the_inside_is_not_called_unless_it_is_named() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\n\r\n") as (port, requests):
        for address, hosts in ((f"http://127.0.0.1:{port}/", ()), ("http://169.254.169.254/", ("169.254.169.254",))):
            with pytest.raises(ForbiddenAddress):
                await get(address, *hosts)
    assert not requests


@pytest.mark.parametrize("head", [b"Content-Length: 101\r\n\r\n", b"\r\n", b"Content-Encoding: gzip\r\n\r\n"])
async def test_no_more_is_read_than_there_may_be(head: bytes) -> None:
    async with answering(b"HTTP/1.1 200 OK\r\n" + head + b"x" * 101) as (port, _):
        with pytest.raises(AnswerTooLarge):
            await get(f"http://127.0.0.1:{port}/", "127.0.0.1")
