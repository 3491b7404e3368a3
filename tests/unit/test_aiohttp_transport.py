"""HTTP to the bot as it goes over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot_protocol import TurnContext, TurnRequest
from helpdesk.turns.aiohttp_transport import AiohttpTransport
from helpdesk.turns.bot_transport import TransportError
from helpdesk.turns.rasa_client import MAX_ANSWER_BYTES, BotError, RasaClient
from tests.services import free_port

QUESTION = TurnRequest(turn_id="t1", conversation_id="c1", text="Hallo?", payload=None, context=TurnContext())

type Respond = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(respond: Respond) -> AsyncIterator[str]:
    """A server that does with each connection what `respond` does."""
    server = await asyncio.start_server(respond, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Head and body of one request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-length")]
    return head, await reader.readexactly(int(lengths[0]) if lengths else 0)


def response(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


async def test_one_connection_carries_many_questions_with_the_secret() -> None:
    connections, heads = [], []

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        while not reader.at_eof():
            try:
                head, body = await read_request(reader)
            except asyncio.IncompleteReadError:
                break
            heads.append((head, body))
            answer = b'{"turn_id": "t1", "status": "ok", "messages": [{"text": "Guten Tag"}]}'
            writer.write(response(answer))
        writer.close()

    async with listening(respond) as url:
        rasa = RasaClient(url, "s" * 32)
        replies = [await rasa.ask(QUESTION) for _ in range(3)]
        await rasa.close()

    assert [reply.texts[0].text for reply in replies] == ["Guten Tag"] * 3
    assert len(connections) == 1
    assert all(head.startswith("POST /webhooks/staffel/webhook ") for head, _ in heads)
    assert all("x-staffel-secret: " + "s" * 32 in head.lower() for head, _ in heads)
    assert all(body.startswith(b"{") for _, body in heads)


async def test_an_id_that_is_no_path_stays_one_part_of_it() -> None:
    lines = []

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await read_request(reader))[0].splitlines()[0])
        writer.write(response(b"{}"))
        writer.close()

    async with listening(respond) as url:
        rasa = RasaClient(url, "s" * 32)
        await rasa.forget("../health?a=b")
        await rasa.close()

    assert lines == ["DELETE /webhooks/staffel/conversations/..%2Fhealth%3Fa%3Db HTTP/1.1"]


async def test_f34_of_an_endless_answer_no_more_is_read_than_a_reply_may_have() -> None:
    written = 0

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while written < 100 * MAX_ANSWER_BYTES:
                writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
                written += 0x10000
                await writer.drain()
        except ConnectionError:
            return

    async with listening(respond) as url:
        rasa = RasaClient(url, "s" * 32)
        with pytest.raises(BotError, match="answer_too_large"):
            await rasa.ask(QUESTION)
        await rasa.close()

    assert written < 50 * MAX_ANSWER_BYTES


async def test_a_redirect_is_no_answer_and_is_not_followed() -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n"))
        writer.close()

    async with listening(respond) as url:
        rasa = RasaClient(url, "s" * 32)
        with pytest.raises(BotError, match="http_302"):
            await rasa.ask(QUESTION)
        await rasa.close()


async def test_f32_a_bot_that_is_not_there_is_named_as_such() -> None:
    rasa = RasaClient(f"http://127.0.0.1:{free_port()}", "s" * 32)
    with pytest.raises(BotError, match="ClientConnectorError"):
        await rasa.ask(QUESTION)
    await rasa.close()


async def test_a_bot_that_hangs_up_in_the_middle_gives_no_answer() -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        writer.close()

    async with listening(respond) as url:
        rasa = RasaClient(url, "s" * 32)
        with pytest.raises(BotError, match="ClientPayloadError"):
            await rasa.ask(QUESTION)
        await rasa.close()


async def test_a_silent_bot_is_waited_for_no_longer_than_was_said() -> None:
    release = asyncio.Event()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    async with listening(respond) as url:
        transport = AiohttpTransport(url)
        with pytest.raises(TransportError, match="TimeoutError"):
            async with transport.send("GET", "/health", headers={}, seconds=0.05):
                pass
        release.set()
        await transport.close()
