"""The REST API: a conversation driven from outside, end to end, and nothing without the right key."""

import gc
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk.accounts.keys import make_key, revoke_key
from helpdesk.app import AppComponents, create_app
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually, hire, settings_for

ALL = ("conversations", "messages", "handoff", "agents", "articles")
ARTICLE = {"variants": {"en": {"question": "How do I return an item?", "phrasings": [], "answer": "Send it back."}}}


class ApiClient:
    """A program with a key."""

    def __init__(self, http: httpx.AsyncClient, parts: AppComponents) -> None:
        self.http = http
        self.parts = parts

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, expected: int = 200, **body: Any) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == expected, answer.text
        return answer.json()

    async def open(self) -> str:
        """A conversation's id."""
        return str((await self.post("/conversations", 201, contact="order-system-7"))["id"])


@pytest.fixture
async def program(tmp_path: Path, database_url: str) -> AsyncIterator[ApiClient]:
    app = create_app(
        settings_for(tmp_path, database_url), embedder=LetterCounts(), rasa_transport=FakeBot().transport()
    )
    async with app.router.lifespan_context(app):
        key = await make_key(app.state.parts.db, "tests", ALL)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://staffel.test/api/v1", headers=headers
        ) as http:
            yield ApiClient(http, app.state.parts)


async def test_a_conversation_from_opening_to_resolving(program: ApiClient) -> None:
    mia = await hire(program.parts, "Mia")
    one = f"/conversations/{await program.open()}"
    await program.post(f"{one}/messages", 201, client_id="m1", text="Where is my parcel?")

    async def answered() -> bool:
        return len([line for line in await lines_of(program, one) if line["author"] == "bot"]) == 2

    await eventually(answered, "the bot's answer")
    assert (await program.post(f"{one}/handoff"))["status"] == "queued"
    accepted = await program.post(f"{one}/accept", agent=mia)
    await program.post(f"{one}/answers", 201, agent=mia, epoch=accepted["epoch"], text="Here you are.", client_id="a1")
    assert (await program.post(f"{one}/resolve", agent=mia))["status"] == "resolved"

    assert [line["text"] for line in await lines_of(program, one) if line["author"] == "agent"] == ["Here you are."]


async def lines_of(program: ApiClient, one: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await program.get(f"{one}/messages"))["lines"]
    return found


async def test_a_repeated_message_gets_the_first_receipt(program: ApiClient) -> None:
    one = f"/conversations/{await program.open()}"
    first = await program.post(f"{one}/messages", 201, client_id="m1", text="Hello there.")
    again = await program.post(f"{one}/messages", 201, client_id="m1", text="Hello there.")

    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["seq"] == again["seq"]
    await program.post(f"{one}/messages", 409, client_id="m1", text="Other words.")


async def test_the_same_contact_gets_the_same_conversation(program: ApiClient) -> None:
    assert await program.open() == await program.open()


async def test_a_second_owner_is_refused_with_the_first_ones_name(program: ApiClient) -> None:
    mia, jonas = await hire(program.parts, "Mia"), await hire(program.parts, "Jonas")
    one = f"/conversations/{await program.open()}"
    await program.post(f"{one}/accept", agent=mia)

    refusal = await program.post(f"{one}/accept", 409, agent=jonas)
    assert refusal["error"]["owner"] == "Mia"


async def test_an_article_is_written_published_and_found(program: ApiClient) -> None:
    draft = await program.http.put("/articles/returns/draft", json={"content": ARTICLE})
    await program.post("/articles/returns/publish", version=draft.json()["version"])

    async def found() -> bool:
        asked = await program.post("/articles/ask", text="How do I return an item?")
        return [one["article"] for one in asked["candidates"]][:1] == ["returns"]

    await eventually(found, "the article")
    assert (await program.get("/articles/returns"))["state"] == "published"


async def test_an_article_is_reviewed_and_rolled_back_by_a_program(program: ApiClient) -> None:
    one = "/articles/returns"

    async def publish(answer: str, version: int | None) -> int:
        content = {"variants": {"en": {"question": "How do I return it?", "answer": answer}}}
        draft = await program.http.put(f"{one}/draft", json={"content": content, "version": version})
        asked = await program.post(f"{one}/submit", version=draft.json()["version"], comment="Right?")
        assert asked["stage"] == "review"
        shown = await program.post(f"{one}/publish", version=asked["version"])
        return int(shown["version"])

    first = await publish("First.", None)
    second = await publish("Second.", first)
    back = await program.post(f"{one}/rollback", version=second, to=first)
    assert back["published"]["variants"]["en"]["answer"] == "First."
    versions = await program.get(f"{one}/versions")
    assert [version["event"] for version in versions][:2] == ["rollback", "publish"]
    assert {version["comment"] for version in versions if version["event"] == "submit"} == {"Right?"}


async def test_unknown_fields_and_wrong_forms_are_refused_by_name(program: ApiClient) -> None:
    refusal = await program.post("/conversations", 422, contact="x", status="resolved", epoch=7)
    assert {problem["where"] for problem in refusal["error"]["fields"]} == {"body.status", "body.epoch"}
    await program.post("/conversations/not-an-id/messages", 422, client_id="a", text="x")
    await program.post(f"/conversations/{'0' * 32}/messages", 404, client_id="a", text="x")


async def test_every_route_needs_a_key_with_its_scope(program: ApiClient) -> None:
    description = await program.get("/openapi.json")
    other = await make_key(program.parts.db, "other", ["nothing"])
    tried = 0
    for path, verbs in description["paths"].items():
        address = path.replace("{id}", "0" * 32).replace("{key}", "returns")
        for verb in verbs:
            for headers, expected in (({"Authorization": ""}, 401), ({"Authorization": f"Bearer {other}"}, 403)):
                answer = await program.http.request(verb, address, headers=headers, json=_body(description, path, verb))
                assert answer.status_code == expected, f"{verb} {path}: {answer.status_code} {answer.text}"
                tried += 1
    assert tried >= 30


def _body(description: dict[str, Any], path: str, verb: str) -> dict[str, Any] | None:
    """The smallest body a route takes, so that only the key can be what's wrong."""
    content = description["paths"][path][verb].get("requestBody", {}).get("content", {})
    if not content:
        return None
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = description["components"]["schemas"][name]
    examples = {"string": "x", "integer": 1, "object": ARTICLE, "boolean": True}
    return {field: examples[schema["properties"][field]["type"]] for field in schema.get("required", [])}


async def test_a_revoked_key_opens_nothing(program: ApiClient) -> None:
    await revoke_key(program.parts.db, "tests")
    assert (await program.http.get("/conversations")).status_code == 401


async def test_a_crm_says_who_is_important(program: ApiClient) -> None:
    conversation = await program.open()
    (contact,) = (await program.get(f"/contacts?conversation={conversation}"))["contacts"]
    assert contact["important"] is False
    marked = await program.http.patch(f"/contacts/{contact['id']}", json={"important": True})
    assert [one["important"] for one in marked.json()["contacts"]] == [True]
    assert (await program.get(f"/contacts?conversation={conversation}"))["contacts"][0]["important"] is True
    assert (await program.http.patch(f"/contacts/{'0' * 32}", json={"important": True})).status_code == 404
    assert (await program.http.patch(f"/contacts/{contact['id']}", json={"important": "yes"})).status_code == 422
    assert (await program.http.get("/contacts")).status_code == 422


@pytest.mark.sqlite_only
async def test_an_app_that_has_answered_is_forgotten(tmp_path: Path, database_url: str) -> None:
    """FastAPI remembers functions for as long as the program runs; none of them may hold an app."""
    app = create_app(
        settings_for(tmp_path, database_url), embedder=LetterCounts(), rasa_transport=FakeBot().transport()
    )
    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://staffel.test") as http:
            assert (await http.get("/api/v1/agents")).status_code == 401
        gone = weakref.ref(app)
    del app, http
    gc.collect()
    assert gone() is None
