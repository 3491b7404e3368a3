"""Keys of programs: what a scope shows, whose a key is, how often it may ask, its end and its exchange."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.contract import Channel
from helpdesk.accounts.keys import find_key, list_keys, make_key, rotate_key
from helpdesk.app import create_app
from store.models import Rating, Role, Team, TeamMember, now
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import hire, settings_for
from tests.integration.test_api import ALL, ApiClient

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
async def program(tmp_path: Path, database_url: str) -> AsyncIterator[ApiClient]:
    app = create_app(
        settings_for(tmp_path, database_url), embedder=LetterCounts(), rasa_transport=FakeBot().transport()
    )
    async with app.router.lifespan_context(app):
        headers = {"Authorization": f"Bearer {await make_key(app.state.parts.db, 'tests', ALL)}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://staffel.test/api/v1", headers=headers
        ) as http:
            yield ApiClient(http, app.state.parts)


async def test_a_key_shows_what_its_scopes_say_and_says_how_often_it_may_ask(program: ApiClient) -> None:
    parts = program.parts
    conversation = await program.open()
    text = "Meine Nummer ist +49 170 1234567, ida@example.org"
    await program.post(f"/conversations/{conversation}/messages", 201, client_id="m1", text=text)
    path = f"/conversations/{conversation}"

    async def shown(*scopes: str, **settings: Any) -> httpx.Response:
        key = await make_key(parts.db, "-".join(scopes), scopes, **settings)
        return await program.http.get(path, headers={"authorization": f"Bearer {key}"})

    bare = await shown("conversations")
    assert "Nummer" not in bare.text
    assert (bare.json()["contact"], bare.json()["card"]["contact_name"]) == (None, None)
    words = await shown("conversations", "messages")
    assert "Nummer" in words.text
    assert "1234567" in words.text
    assert words.json()["contact"] is None
    everything = await shown("conversations", "messages", "contacts")
    assert "1234567" in everything.text
    assert everything.headers["ratelimit-limit"] == "6000"
    assert everything.headers["ratelimit-remaining"] == "5999"

    slow = {"authorization": f"Bearer {await make_key(parts.db, 'slow', ['conversations'], per_minute=1)}"}
    assert (await program.http.get(path, headers=slow)).status_code == 200
    refused = await program.http.get(path, headers=slow)
    assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 60) == (429, True)


async def test_an_agents_key_acts_as_this_agent_only_and_the_log_names_the_program(program: ApiClient) -> None:
    parts = program.parts
    mia, jo = await hire(parts, "Mia"), await hire(parts, "Jo")
    conversation = await program.open()
    key = await make_key(parts.db, "Mias Helfer", ["handoff", "messages"], agent_id=mia)
    headers = {"authorization": f"Bearer {key}"}
    path = f"/conversations/{conversation}"
    foreign = await program.http.post(f"{path}/accept", json={"agent": jo}, headers=headers)
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "other_agent")
    accepted = await program.http.post(f"{path}/accept", json={}, headers=headers)
    assert accepted.json()["agent"] == mia
    answer = {"epoch": accepted.json()["epoch"], "text": "Ich sehe nach.", "client_id": "a1"}
    assert (await program.http.post(f"{path}/answers", json=answer, headers=headers)).status_code == 201
    lines = await parts.timeline.lines(conversation)
    assert {line.program for line in lines if line.name == "Mia"} == {"Mias Helfer"}


async def test_a_key_is_exchanged_with_overlap_and_its_last_use_is_noted_once_an_hour(program: ApiClient) -> None:
    db = program.parts.db
    old = await make_key(db, "crm", ["conversations"], days=30)
    (kept,) = [one for one in await list_keys(db) if one.name == "crm"]
    for minutes, noted in ((0, 0), (30, 0), (61, 61)):
        assert await find_key(db, old, at=kept.created_at + timedelta(minutes=minutes))
        (again,) = [one for one in await list_keys(db) if one.name == "crm"]
        assert again.last_used_at == kept.created_at + timedelta(minutes=noted)
    new = await rotate_key(db, kept.id)
    at = now()
    assert await find_key(db, old, at=at + timedelta(hours=23))
    assert await find_key(db, old, at=at + timedelta(hours=25)) is None
    assert await find_key(db, new, at=at + timedelta(days=29))
    assert await find_key(db, new, at=at + timedelta(days=31)) is None


async def test_an_agents_key_shows_the_ratings_that_the_agent_sees(program: ApiClient) -> None:
    parts = program.parts
    mia, jo, sue = await hire(parts, "Mia"), await hire(parts, "Jo"), await hire(parts, "Sue", Role.SUPERVISOR)
    conversation = await program.open()
    async with parts.db.write() as session:
        session.add_all([Team(id="t1", name="Versand"), TeamMember(team_id="t1", agent_id=jo)])
        for agent, team in ((mia, None), (mia, "t1"), (jo, None)):
            session.add(
                Rating(
                    conversation_id=conversation,
                    channel=Channel.WEBCHAT,
                    agent_id=agent,
                    team_id=team,
                    asked_seq=1,
                    helped=True,
                    rated_at=now(),
                )
            )

    async def seen_by(agent: str | None) -> list[tuple[str, str | None]]:
        key = await make_key(parts.db, "figures", ["analytics"], agent_id=agent)
        answer = await program.http.get("/analytics/ratings", headers={"authorization": f"Bearer {key}"})
        found = [(one["agent"], one["team"]) for one in answer.json()["ratings"]]
        assert answer.json()["helped"] == len(found)
        assert sum(one["helped"] for one in answer.json()["by"]["agent"]) == len(found)
        return sorted(found, key=str)

    everything = sorted([(mia, None), (mia, "t1"), (jo, None)], key=str)
    assert await seen_by(None) == await seen_by(sue) == everything
    assert await seen_by(jo) == sorted([(mia, "t1"), (jo, None)], key=str)
    assert await seen_by(mia) == sorted([(mia, None), (mia, "t1")], key=str)
