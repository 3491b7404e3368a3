"""What the end of a call means for a message: done, surely not done, refused, or nobody knows. By real connections."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from connectors.contract import DeliveryUnclear, RetryLater
from connectors.slack.api_client import SlackClient, SlackRefusal
from tests.services import free_port

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(talk: Talk) -> AsyncIterator[str]:
    """Something that talks as it likes to whoever calls."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api/"
    finally:
        listening.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return head + await reader.readexactly(length)


def saying(status: str, body: bytes, kind: str = "application/json", **headers: str) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return talk


async def call(api_url: str, **limits: int) -> Any:
    return await SlackClient(api_url, **limits).call("xoxb-1", "chat.postMessage", channel="C1", text="Hallo")


async def test_an_answer_that_says_ok_is_done() -> None:
    async with server(saying("200 OK", b'{"ok":true,"ts":"1.1"}', X_OAuth_Scopes="chat:write")) as api_url:
        done = await call(api_url)
        assert done.data["ts"] == "1.1"
        assert done.headers["x-oauth-scopes"] == "chat:write"


@pytest.mark.parametrize(
    ("talk", "after"),
    [
        (saying("429 Too Many Requests", b"", "text/plain", Retry_After="7"), 7.0),
        (saying("200 OK", b'{"ok":false,"error":"ratelimited"}', Retry_After="9"), 9.0),
        (saying("429 Too Many Requests", b"{}", Retry_After="soon"), 30.0),
        (saying("429 Too Many Requests", b"{}", Retry_After="99999"), 3600.0),
        (saying("503 Service Unavailable", b"<html>", "text/html"), 1.5),
        (saying("500 Internal Server Error", b"not json"), 1.5),
        (saying("200 OK", b'{"ok":false,"error":"internal_error"}'), 1.5),
        (saying("200 OK", b"<html>sign in to the hotel</html>", "text/html"), 1.5),
        (saying("200 OK", b"not json"), 1.5),
        (saying("200 OK", b"ok", "text/plain"), 1.5),
        (saying("200 OK", b"[1]"), 1.5),
        (saying("200 OK", b'"ok"'), 1.5),
        (saying("200 OK", b"{}"), 1.5),
        (saying("403 Forbidden", b'{"ok":false,"error":"proxy says no"}'), 1.5),
    ],
)
async def test_what_slack_has_not_done_is_worth_another_try(talk: Talk, after: float) -> None:
    async with server(talk) as api_url:
        with pytest.raises(RetryLater) as later:
            await call(api_url)
    assert later.value.after == after


async def test_a_no_is_a_no() -> None:
    async with server(saying("200 OK", b'{"ok":false,"error":"missing_scope","needed":"chat:write"}')) as api_url:
        with pytest.raises(SlackRefusal) as refused:
            await call(api_url)
    assert (refused.value.error, refused.value.needed) == ("missing_scope", "chat:write")


@pytest.mark.parametrize(
    "api_url",
    [
        pytest.param(f"http://127.0.0.1:{free_port()}/api/", id="nobody listens"),
        pytest.param("http://nowhere.invalid/api/", id="no such host"),
    ],
)
async def test_a_connection_that_never_stood_has_carried_nothing(api_url: str) -> None:
    with pytest.raises(RetryLater):
        await call(api_url)


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)


async def _break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"ok":')
    await writer.drain()


async def _talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: never silent for long, never at its end."""
    await _request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "talk", [_hang_up, _break_off, _talk_nonsense, _drip, saying("200 OK", b'{"ok":true,"text":"\xe4"}')]
)
async def test_after_the_words_have_left_nobody_knows_and_nothing_is_sent_twice_by_itself(talk: Talk) -> None:
    calls: list[bool] = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(True)
        await talk(reader, writer)

    async with server(counted) as api_url:
        with pytest.raises(DeliveryUnclear):
            await call(api_url, within=1)
    assert len(calls) == 1
