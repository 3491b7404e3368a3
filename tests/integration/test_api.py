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
from helpdesk.audit.audit_view import AuditFilter, load_entries
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually, hire, settings_for

ALL = ("conversations", "messages", "contacts", "handoff", "agents", "articles", "analytics", "privacy")
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


async def test_a_person_is_found_exported_and_erased_with_a_receipt(program: ApiClient) -> None:
    await program.open()
    [found] = (await program.post("/privacy/search", wanted="order-system-7"))["people"]
    exported = await program.get(f"/privacy/people/{found['contact_id']}")
    assert [each["channel_id"] for each in (exported["contact"], *exported["same_person"])]
    receipt = await program.post(f"/privacy/people/{found['contact_id']}/erasure", reference="CRM 7")
    assert (receipt["status"], receipt["asked_by"], receipt["reference"]) == ("done", "API: tests", "CRM 7")
    assert (await program.get(f"/privacy/receipts/{receipt['receipt']}"))["erased"]["conversations"] == 1
    await program.post("/privacy/search", 404, wanted="order-system-7")
    entered = await load_entries(program.parts.db, AuditFilter(action="privacy"))
    assert [(one.actor_name, one.action, one.subject) for one in reversed(entered)] == [
        ("tests", "privacy.search", ""),
        ("tests", "privacy.people.export", found["contact_id"]),
        ("tests", "privacy.people.erase", found["contact_id"]),
        ("tests", "privacy.search", ""),
    ]
    assert entered[1].after == {"receipt": receipt["receipt"], "status": "done"}


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
    if "application/json" not in content:
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


async def test_a_monitor_switches_a_known_disturbance_on_and_off(program: ApiClient) -> None:
    texts = {"en": "The shop is down."}
    made = await program.post("/notices", 201, name="Shop", texts=texts, words=["shop"])
    assert made["is_told"]
    conversation = await program.open()

    off = await program.post(f"/notices/{made['id']}/switch", is_on=False)

    lines = (await program.get(f"/conversations/{conversation}/messages"))["lines"]
    assert lines[0]["text"].endswith("The shop is down.")
    assert (off["is_told"], off["told"], off["asked"], off["spared"]) == (False, 1, 0, 0)
    assert [one["id"] for one in await program.get("/notices")] == [made["id"]]
    assert (await program.http.delete(f"/notices/{made['id']}")).status_code == 204
    assert await program.get("/notices") == []


async def test_ratings_are_told_by_agent_with_their_conversations(program: ApiClient) -> None:
    mia = await hire(program.parts, "Mia")
    one = f"/conversations/{await program.open()}"
    await program.post(f"{one}/messages", 201, client_id="m1", text="My table wobbles.")
    epoch = (await program.post(f"{one}/accept", agent=mia))["epoch"]
    answer = {"agent": mia, "epoch": epoch, "text": "Tighten the screws.", "client_id": "a1"}
    await program.post(f"{one}/answers", 201, **answer)
    await program.post(f"{one}/resolve", agent=mia)
    question = (await lines_of(program, one))[-1]
    await program.post(f"{one}/messages", 201, client_id="m2", seq=question["seq"], choice=1)

    told = await program.get("/analytics/ratings")

    assert (told["helped"], told["did_not_help"]) == (0, 1)
    assert told["by"]["agent"] == [{"value": mia, "name": "Mia", "helped": 0, "did_not_help": 1}]
    assert [rating["conversation"] for rating in told["ratings"]] == [one.rpartition("/")[2]]


async def contact_at(program: ApiClient, name: str) -> str:
    conversation = (await program.post("/conversations", 201, contact=name))["id"]
    (contact,) = (await program.get(f"/contacts?conversation={conversation}"))["contacts"]
    return str(contact["id"])


async def test_contacts_are_read_named_merged_and_taken_apart(program: ApiClient) -> None:
    one, two = await contact_at(program, "one"), await contact_at(program, "two")
    named = await program.http.patch(f"/contacts/{one}", json={"name": "Ida Muster", "note": "VIP", "email": "i@x.org"})
    assert named.status_code == 200, named.text
    merge = (await program.post(f"/contacts/{one}/merges", 201, contact=two))["id"]
    again = await program.http.post(f"/contacts/{one}/merges", json={"contact": two})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "same_person")
    shown = await program.get(f"/contacts/{two}")
    assert (shown["given_name"], shown["note"], shown["identities"]) == ("Ida Muster", "VIP", [])
    assert [each["id"] for each in shown["contacts"]] == [one]
    assert (await program.http.delete(f"/contacts/merges/{merge}")).status_code == 204
    shown = await program.get(f"/contacts/{two}")
    assert (shown["given_name"], shown["contacts"], shown["email"]) == (None, [], None)
    assert (await program.get(f"/contacts/{one}"))["email"] == "i@x.org"
    assert (await program.http.delete(f"/contacts/merges/{merge}")).status_code == 409
    assert (await program.http.get(f"/contacts/{'0' * 32}")).status_code == 404
    assert (await program.http.patch(f"/contacts/{one}", json={"email": "nonsense"})).status_code == 422


async def test_figures_are_told_with_every_name_and_in_the_same_form(program: ApiClient) -> None:
    told = await program.get("/analytics?first=2026-11-01&last=2026-11-02&by=team")
    assert {
        "first",
        "last",
        "time_zone",
        "as_of",
        "counted_since",
        "of",
        "value",
        "figures",
        "days",
        "by",
        "values",
    } == set(told)
    assert [day["day"] for day in told["days"]] == ["2026-11-01", "2026-11-02"]
    assert told["figures"]["counts"]["inquiries"] == 0
    assert told["figures"]["durations"]["wait"] == {"count": 0, "median_seconds": None, "ninetieth_seconds": None}

    mia = await hire(program.parts, "Mia")
    key = await make_key(program.parts.db, "Mias Helfer", ["analytics"], agent_id=mia)
    hers = {"authorization": f"Bearer {key}"}
    assert (await program.http.get("/analytics", headers=hers)).status_code == 200
    others = f"/analytics?of=agent&value={'0' * 32}"
    assert (await program.http.get(others)).status_code == 200
    assert (await program.http.get(others, headers=hers)).status_code == 403
    assert (await program.http.get(f"/analytics?of=agent&value={mia}", headers=hers)).status_code == 200
