"""The doctor's questions to real databases, a real Redis and programs that answer in every way."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from helpdesk.host.cli import probes
from helpdesk.host.cli.checks import CheckStatus
from helpdesk.host.cli.programs import ListenAddresses
from store import migrate
from store.db import Database
from store.settings import Settings

SECRET = "s" * 32


class StubServer:
    """An HTTP server that gives the same answer to everything and keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.body = 200, "{}"
        self.heard = ""
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard = (await reader.readuntil(b"\r\n\r\n")).decode()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + self.body).encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def program() -> AsyncIterator[StubServer]:
    answering = StubServer()
    server = await asyncio.start_server(answering.answer, "127.0.0.1", 0)
    answering.port = server.sockets[0].getsockname()[1]
    async with server:
        yield answering


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Taken by something that does not answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))  # not listening: refuses connections, and has the port
        yield listener.getsockname()[1]


def place(port: int, *, bot_here: bool = True) -> ListenAddresses:
    url = f"http://127.0.0.1:{port}"
    return ListenAddresses(host="127.0.0.1", port=port, rasa_url=url, bot_port=port if bot_here else None)


def settings(home: Path, **values: str) -> Settings:
    return Settings.model_validate({"home": home, **values})


async def test_a_database_without_our_tables_fails_until_migrated(empty_database_url: str, tmp_path: Path) -> None:
    chosen = settings(tmp_path, database_url=empty_database_url)
    assert (await probes.check_database(chosen, migrate.head())).status is CheckStatus.FAILED
    database = Database(empty_database_url)
    await migrate.upgrade_async(database)
    await database.close()
    assert (await probes.check_database(chosen, migrate.head())).status is CheckStatus.OK
    outdated = await probes.check_database(chosen, "9999")
    assert (outdated.status, outdated.remedy) == (CheckStatus.FAILED, "./staffel up brings it up to date.")


async def test_a_new_installation_has_no_database_yet(tmp_path: Path) -> None:
    assert (await probes.check_database(settings(tmp_path), migrate.head())).status is CheckStatus.SKIPPED


@pytest.mark.postgres
async def test_f30_the_clock_of_postgres_is_compared_with_ours(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings(tmp_path, database_url=postgres_url)
    assert (await probes.check_database_clock(chosen)).status is CheckStatus.OK
    monkeypatch.setattr(probes, "MAX_SKEW", -1)
    assert (await probes.check_database_clock(chosen)).status is CheckStatus.WARNING


@pytest.mark.redis
async def test_redis_answers_or_is_not_needed(redis_url: str, tmp_path: Path) -> None:
    assert (await probes.check_redis(settings(tmp_path, redis_url=redis_url))).status is CheckStatus.OK
    assert (await probes.check_redis(settings(tmp_path))).status is CheckStatus.SKIPPED


@pytest.mark.parametrize(
    ("status", "expected"), [(200, CheckStatus.OK), (503, CheckStatus.FAILED), (404, CheckStatus.FAILED)]
)
async def test_helpdesk_is_asked_whether_it_is_ready(program: StubServer, status: int, expected: CheckStatus) -> None:
    program.status, program.body = status, '{"database": "cannot be reached"}'
    found = await probes.check_helpdesk(place(program.port))
    assert found.status is expected
    assert program.heard.startswith("GET /readyz ")
    assert expected is CheckStatus.OK or "cannot be reached" in found.found


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (200, CheckStatus.OK, "answers"),
        (403, CheckStatus.FAILED, "refuses our secret"),
        (503, CheckStatus.FAILED, "answers 503"),
    ],
)
async def test_the_bot_is_asked_with_the_secret(
    program: StubServer, status: int, expected: CheckStatus, words: str
) -> None:
    program.status = status
    found = await probes.check_bot(place(program.port), SECRET)
    assert found.status is expected
    assert words in found.found
    assert f"x-staffel-secret: {SECRET}" in program.heard.lower()
    assert SECRET not in found.found + found.remedy


async def test_what_does_not_run_is_not_a_failure(unused_tcp_port: int) -> None:
    assert (await probes.check_helpdesk(place(unused_tcp_port))).status is CheckStatus.SKIPPED
    assert (await probes.check_bot(place(unused_tcp_port), SECRET)).status is CheckStatus.SKIPPED


async def test_a_port_in_foreign_hands_is(silent_port: int) -> None:
    assert "STAFFEL_PORT" in (await probes.check_helpdesk(place(silent_port))).remedy
    assert "STAFFEL_BOT_PORT" in (await probes.check_bot(place(silent_port), SECRET)).remedy


async def test_a_bot_elsewhere_that_does_not_answer_is(unused_tcp_port: int) -> None:
    found = await probes.check_bot(place(unused_tcp_port, bot_here=False), SECRET)
    assert (found.status, found.found) == (CheckStatus.FAILED, f"does not answer at http://127.0.0.1:{unused_tcp_port}")
