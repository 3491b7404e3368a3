"""Whatever leaves the house as a file, or is read or changed by a program, is in the audit log: by a sweep."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk.accounts.keys import make_key
from helpdesk.accounts.roles import Capability
from helpdesk.app import AppComponents
from helpdesk.audit.audit_view import EXPORTS, AuditFilter, load_entries
from helpdesk.host.cli import COMMANDS, load
from helpdesk.web.api.app import ROUTERS
from helpdesk.web.api.keys import EnteredRoute, Scope
from helpdesk.web.shared.access import Guard, capability_of
from helpdesk.web.shared.acts import act_of
from store.models import Agent, AuditEntry, Conversation, ErasureRecord, ErasureStatus, Role, now
from tests.conversation_driver import drive
from tests.harness import inbound_message
from tests.integration.staff import ORIGIN
from tests.integration.whole_app import whole_app

pytestmark = pytest.mark.sqlite_only

SECRET_WORDS = "Kanarienvogel-4711"
#: Whatever can be taken out in the browser, by its name in the log.
TAKEN_OUT = {
    "articles.export",
    "audit.export",
    "conversations.transcript",
    "export.conversations",
    "export.dialogues",
    "export.figures",
    "export.ratings",
    "numbers.export",
    "privacy.people.export",
    "privacy.receipts.export",
    "replies.export",
}
#: Commands that change nothing, read nothing out but ids that mean nobody, or ask another command to; every other one
#: enters what it does.
NOT_ENTERED = {
    "agent list", "audit verify", "contact clean", "contact erased", "doctor", "handoff score", "handoff summarise",
    "key list", "knowledge ask", "knowledge list", "migrate", "rasa", "train", "up",
}  # fmt: skip


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, AppComponents, Any]]:
    """The browser of an admin, the parts of the whole helpdesk, and the app."""
    async with whole_app(tmp_path, database_url) as app:
        parts: AppComponents = app.state.parts
        guard: Guard = app.state.guard
        async with parts.db.write() as session:
            admin = Agent(email="ada@example.org", name="Ada", role=Role.ADMIN, password_hash="x")
            session.add(admin)
            await session.flush()
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=("198.51.100.7", 4711)),
            base_url=ORIGIN,
            cookies={guard.cookies.name("agent"): await guard.sessions.start(admin.id)},
        ) as browser:
            yield browser, parts, app


async def entered(parts: AppComponents, action: str = "") -> list[AuditEntry]:
    return list(await load_entries(parts.db, AuditFilter(action=action), limit=500))


async def test_every_file_that_staff_take_along_is_entered(
    desk: tuple[httpx.AsyncClient, AppComponents, Any],
) -> None:
    browser, parts, app = desk
    conversation = (await drive(parts.conversations).receive(inbound_message(SECRET_WORDS))).conversation_id
    async with parts.db.write() as session:
        row = await session.get_one(Conversation, conversation)
        row.agent_id = await session.scalar(select(Agent.id))  # a transcript is for whoever reads it unmasked
        contact = row.contact_id
        session.add(ErasureRecord(id="e" * 32, contact_id="", asked_by="Ada", status=ErasureStatus.DONE, ends_at=now()))
    files = 0
    for path in addresses(app, conversation=conversation, contact=contact, receipt="e" * 32):
        before = len(await entered(parts))
        answer = await browser.get(path)
        if answer.headers.get("content-disposition", "").startswith("attachment"):
            files += 1
            assert len(await entered(parts)) == before + 1, path
    found = await entered(parts, EXPORTS)
    assert {entry.action for entry in found} == TAKEN_OUT
    assert len(found) == files
    assert {(entry.actor_name, entry.address) for entry in found} == {("Ada", "198.51.100.…")}
    facts = {entry.action: entry.after for entry in found}
    assert facts["numbers.export"].keys() == {"days", "by", "of", "format"}
    assert facts["export.dialogues"] == {"format": "jsonl", "days": "all"}
    assert SECRET_WORDS not in str([vars(entry) for entry in found])


def addresses(app: Any, *, conversation: str, contact: str, receipt: str) -> Iterator[str]:
    """Every page and file that an admin may get, about something that is there."""
    ids = {"/desk/": conversation, "/admin/privacy/people/": contact, "/admin/privacy/receipts/": receipt}
    for item in app.routes:
        if isinstance(item, Route) and capability_of(item) and "GET" in (item.methods or ()):
            known = next((value for begin, value in ids.items() if item.path.startswith(begin)), "0a" * 16)
            kinds = ("conversations", "ratings", "figures") if item.path == "/admin/export/{kind}" else (known,)
            yield from (re.sub(r"\{[^}]*\}", value, item.path) for value in kinds)


def test_a_file_of_any_route_would_be_entered_whoever_adds_one() -> None:
    file = Response(headers={"content-disposition": 'attachment; filename="x.csv"'})
    request = Request({"type": "http", "method": "GET", "path": "/desk/new/file", "path_params": {}, "headers": []})
    for capability in Capability:
        act = act_of(request, "/desk/new/file", capability, file)
        assert act is not None
        assert act.action == "new.file"
        assert act_of(request, "/desk/new/file", capability, Response()) is None


async def test_what_a_program_reads_is_entered_once_an_hour_and_what_it_changes_each_time(
    desk: tuple[httpx.AsyncClient, AppComponents, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, parts, _ = desk
    time = now()
    monkeypatch.setattr("helpdesk.audit.audit_log.now", lambda: time)  # no hour ends meanwhile
    conversation = (await drive(parts.conversations).receive(inbound_message(SECRET_WORDS))).conversation_id
    async with parts.db.read() as session:
        contact = (await session.get_one(Conversation, conversation)).contact_id
    key = await make_key(parts.db, "Lager", tuple(Scope))
    headers = {"authorization": f"Bearer {key}"}
    read = ("/conversations?view=all", "/contacts?conversation=" + conversation, f"/contacts/{contact}", "/analytics",
        "/analytics/ratings", "/events", "/agents", "/articles", f"/conversations/{conversation}")  # fmt: skip
    for _ in range(2):
        for path in read:
            assert (await browser.get(f"/api/v1{path}", headers=headers)).status_code == 200, path
    assert (await browser.get(f"/api/v1/contacts/{'0b' * 16}", headers=headers)).status_code == 404
    changed = await browser.patch(f"/api/v1/contacts/{contact}", json={"name": SECRET_WORDS}, headers=headers)
    notice = {"name": "Störung", "texts": {"de": "Heute ist alles langsam.", "en": "Slow."}, "words": ["langsam"]}
    added = await browser.post("/api/v1/notices", json=notice, headers=headers)
    removed = await browser.delete(f"/api/v1/notices/{added.json()['id']}", headers=headers)
    assert (changed.status_code, added.status_code, removed.status_code) == (200, 201, 204)
    found = await entered(parts)
    told = sorted((entry.action, entry.subject, entry.after.get("what", "")) for entry in found)
    assert told == sorted([
        ("conversation.read", conversation, ""),
        ("program.read", "", "conversations"),
        ("program.read", "", "contacts"),
        ("program.read", contact, "contacts"),
        ("program.read", "", "analytics"),
        ("program.read", "", "analytics.ratings"),
        ("program.read", "", "events"),
        ("program.read", "", "agents"),
        ("program.read", "", "articles"),
        ("contacts.save", contact, ""),
        ("notices.new", "", ""),
        ("notices.remove", added.json()["id"], ""),
    ])  # fmt: skip
    assert {(entry.actor_kind, entry.actor_name) for entry in found} == {("key", "Lager")}
    assert SECRET_WORDS not in str([vars(entry) for entry in found])


def test_every_route_for_programs_enters_what_it_does() -> None:
    bare = [item for router in ROUTERS for item in router.routes if not isinstance(item, EnteredRoute)]
    assert bare == []
    assert sum(isinstance(item, APIRoute) for router in ROUTERS for item in router.routes) > 30


def test_every_command_enters_what_it_does_or_stands_in_the_list_of_those_that_need_not() -> None:
    silent = {name for name, command in leaves() if not _enters(command)}
    assert silent == NOT_ENTERED


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    for entry in COMMANDS:
        command = load(entry)
        if isinstance(command, click.Group):
            yield from ((f"{entry.name} {name}", one) for name, one in command.commands.items())
        else:
            yield entry.name, command


def _enters(command: click.Command) -> bool:
    """Whether a command's function, or one of ours that it calls, enters something."""
    seen: set[Any] = set()

    def look(function: Any) -> bool:
        code = getattr(function, "__code__", None)
        if code is None or code in seen or not function.__module__.startswith("helpdesk.host.cli"):
            return False
        seen.add(code)
        names = set(_names(code))
        return "enter_command" in names or any(look(function.__globals__.get(name)) for name in names)

    return look(command.callback)


def _names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            yield from _names(inner)
