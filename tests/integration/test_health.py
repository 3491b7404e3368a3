"""Alive, ready, counted: what a load balancer and a monitor are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from helpdesk.app import AppComponents, create_app
from helpdesk.turns.bot_transport import BotTransport
from helpdesk.web.shared.admission import AdmissionLimits
from tests.fakes.bot import FakeBot
from tests.fakes.bot_transport import answering
from tests.fakes.embedder import LetterCounts
from tests.harness import inbound_message, settings_for


@asynccontextmanager
async def serving(
    home: Path, url: str, bot: BotTransport, *, client: str = "127.0.0.1", **settings: Any
) -> AsyncIterator[tuple[AppComponents, httpx.AsyncClient]]:
    app = create_app(settings_for(home, url, **settings), embedder=LetterCounts(), rasa_transport=bot)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as http:
            yield app.state.parts, http


async def test_ready_when_everything_is_as_it_should_be(tmp_path: Path, database_url: str) -> None:
    async with serving(tmp_path, database_url, FakeBot().transport()) as (_, http):
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        ready = await http.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.json().values()) == {"ok"}


@pytest.mark.parametrize("path", ["/desk/api/conversations/a%00b", "/help/de?q=a%00b", "/api/v1/conversations/%00"])
async def test_a_nul_in_an_address_is_refused_before_a_database_sees_it(
    tmp_path: Path, database_url: str, path: str
) -> None:
    async with serving(tmp_path, database_url, FakeBot().transport()) as (_, http):
        refused = await http.get(path, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")


async def test_f75_alive_while_every_place_is_taken_and_others_are_told_when_to_come_again(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = AdmissionLimits(at_once=0, wait_seconds=0.01)
    monkeypatch.setattr("helpdesk.web.shared.admission.AdmissionLimits", lambda: none)
    async with serving(tmp_path, sqlite_url, FakeBot().transport()) as (_, http):
        assert (await http.get("/healthz")).status_code == 200
        refused = await http.get("/signin", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "slow_down")
    assert "retry-after" in refused.headers


async def test_not_ready_while_the_bot_is_away_but_alive(tmp_path: Path, sqlite_url: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with serving(tmp_path, sqlite_url, answering(refuse)) as (_, http):
        assert (await http.get("/healthz")).status_code == 200
        ready = await http.get("/readyz")
        assert (await http.get("/readyz?for=traffic")).status_code == 200
    assert ready.status_code == 503
    assert ready.json()["bot"] == "doesn't answer (ConnectError)"
    assert ready.json()["database"] == "ok"


async def test_f36_not_ready_while_the_bots_tracker_store_is_broken(tmp_path: Path, sqlite_url: str) -> None:
    def unwell(_: httpx.Request) -> httpx.Response:
        return httpx.Response(503, json={"status": "error", "tracker_store": "disk is full"})

    async with serving(tmp_path, sqlite_url, answering(unwell)) as (_, http):
        assert (await http.get("/readyz")).json()["bot"] == "doesn't answer (http_503)"


async def test_f9_not_ready_on_a_database_of_another_version(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(tmp_path, sqlite_url, FakeBot().transport()) as (parts, http):
        async with parts.db.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        ready = await http.get("/readyz")
        assert (await http.get("/readyz?for=traffic")).status_code == 200, "newer: the one before works on"
        async with parts.db.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert (await http.get("/readyz?for=traffic")).status_code == 503, "older: columns are missing"
    assert ready.status_code == 503
    assert ready.json()["database"].startswith("has revision 9999, expected ")


async def test_f12_not_ready_while_stopping(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(tmp_path, sqlite_url, FakeBot().transport()) as (parts, http):
        parts.health.draining = True
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/readyz?for=traffic")).status_code == 503


async def test_metrics_count_without_anybodys_words(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(tmp_path, sqlite_url, FakeBot().transport()) as (parts, http):
        before = (await http.get("/metrics")).text
        await parts.inbox.receive(inbound_message("canary-7431 is my secret."))
        after = (await http.get("/metrics")).text
    assert count(after, 'staffel_messages_received_total{channel="webchat"}') == 1 + count(
        before, 'staffel_messages_received_total{channel="webchat"}'
    )
    assert count(after, 'staffel_conversations{status="bot"}') == 1
    assert "canary" not in after


def count(page: str, name: str) -> float:
    """A metric's value; 0 while it hasn't been counted."""
    return next((float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(name)), 0.0)


@pytest.mark.parametrize(
    ("client", "token", "given", "status"),
    [
        ("127.0.0.1", "", "", 200),
        ("203.0.113.9", "", "", 403),
        ("203.0.113.9", "a-token", "Bearer a-token", 200),
        ("127.0.0.1", "a-token", "Bearer another", 403),
        ("127.0.0.1", "a-token", "", 403),
    ],
)
async def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(
    tmp_path: Path, sqlite_url: str, client: str, token: str, given: str, status: int
) -> None:
    async with serving(tmp_path, sqlite_url, FakeBot().transport(), client=client, metrics_token=token) as (_, http):
        answer = await http.get("/metrics", headers={"Authorization": given})
    assert answer.status_code == status


async def test_the_bots_door_is_shut_without_its_secret(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(tmp_path, sqlite_url, FakeBot().transport()) as (_, http):
        for headers in ({}, {"X-Staffel-Secret": "guess"}):
            answer = await http.post("/internal/actions/webhook", json={}, headers=headers)
            assert answer.status_code == 403
