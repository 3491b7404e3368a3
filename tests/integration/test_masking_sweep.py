"""Every column of the table of personal data, looked for in every page of somebody who may see none of it."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import JSON, Column, String, select, text, update
from starlette.applications import Starlette
from starlette.routing import Route

from connectors.contract import AttachmentKind, Choice
from helpdesk.accounts.roles import has_capability
from helpdesk.app import AppComponents
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.privacy.data_table import DataKind, TableEntry
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.web.shared.access import Guard, capability_of
from store.models import (
    Agent,
    AttachmentRecord,
    AttachmentStatus,
    Base,
    Contact,
    Conversation,
    Identity,
    Message,
    MessageEdit,
    Person,
    Role,
    now,
)
from store.models.json_value import JsonValue
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.harness import inbound_message
from tests.integration.staff import ORIGIN
from tests.integration.whole_app import whole_app

pytestmark = pytest.mark.sqlite_only

SHOWN_KINDS = (DataKind.WORDS, DataKind.COPY, DataKind.NAME, DataKind.ADDRESS)
DOMAIN = "canary.example"
#: Why a table isn't filled here: nobody who may be masked is shown its rows.
NEVER_SHOWN = {
    "stored_files": "the store of files: the desk shows the name that stands in attachments",
    "mails": "read by the mail outbox only",
    "aside_mails": "for who may connect channels: admins",
    "agent_drafts": "an agent's own, for their own windows",
    "held_actions": "an agent's own, for their own windows",
    "translations": "made for whoever has the conversation, of lines that they see",
    "asked_questions": "for who looks after articles, without conversations and masked",
    "follow_ups": "masked by its card in tests/integration/test_follow_ups.py",
}
#: Typed columns of the tables that are shown, filled by hand in `furnish` with an address `table_json@`.
TYPED = {
    "handoffs": {"triggers", "decision", "summary"},
    "identities": {"attributes"},
    "attachments": {"facts"},
    "messages": {"data", "choices"},
}
#: Columns that no screen shows: indexes, and how a channel calls something.
UNSEEN = {"search_text", "account", "external_id", "chat_id", "thread", "parts"}


def swept_columns(entry: TableEntry) -> list[str]:
    """The columns of a table that can be filled with an address, by what the table of personal data says."""
    columns: dict[str, Column[object]] = dict(Base.metadata.tables[entry.table].columns)
    return [
        name
        for name in entry.of_kind(*SHOWN_KINDS)
        if isinstance(columns[name].type, String)
        and not isinstance(columns[name].type, JSON | JsonValue)
        and not columns[name].primary_key
        and name not in UNSEEN
    ]


SWEPT = {entry.table: names for entry in PERSONAL_DATA.values() if entry.whose and (names := swept_columns(entry))}


@pytest.fixture
async def app(database_url: str, tmp_path: Path) -> AsyncIterator[Starlette]:
    async with whole_app(tmp_path, database_url) as made:
        yield made


async def furnish(parts: AppComponents) -> tuple[str, dict[str, str]]:
    """A conversation of Mia's with a row in every table that a page shows; its id, and the agents' by name."""
    roles = {"Mia": Role.AGENT, "Jo": Role.AGENT, "Sue": Role.SUPERVISOR, "Ro": Role.READER}
    rows = {name: Agent(email=f"{name}@x.org", name=name, role=role, password_hash="x") for name, role in roles.items()}
    async with parts.db.write() as session:
        session.add_all(rows.values())
        await session.flush()
        agents = {name: row.id for name, row in rows.items()}
    desk, promises = drive(parts.conversations), PromiseDriver(parts.conversations)
    asked = f"Bitte an handoffs_json@{DOMAIN} schreiben"
    receipt = await desk.receive(inbound_message(asked))
    conversation_id = receipt.conversation_id
    await desk.request_handoff(conversation_id, (Trigger(kind=TriggerKind.ASKED, turns=(receipt.seq,), text=asked),))
    conversation = await desk.accept(conversation_id, agents["Mia"])
    await desk.note(conversation_id, agents["Mia"], "Notiz", "n1")
    await desk.answer(conversation_id, agents["Mia"], conversation.epoch, "Antwort", "a1")
    await promises.make(conversation_id, agents["Mia"], NewPromise(text="x", due_at=now() + timedelta(hours=1)))
    async with parts.db.write() as session:
        row = await session.get_one(Conversation, conversation_id)
        contact = await session.get_one(Contact, row.contact_id)
        first = select(Message).where(Message.conversation_id == conversation_id, Message.seq == receipt.seq)
        line = (await session.scalars(first)).one()
        before = f"messages_json@{DOMAIN}"
        line.facts = replace(line.facts, attached=("document",), edits=(MessageEdit(edit_id="e", before=before),))
        line.choices = (Choice(title=f"messages_json@{DOMAIN}", payload="x"),)
        person = Person(name="x", note="x")
        session.add(person)
        await session.flush()
        contact.person = person.id
        mail = f"identities_json@{DOMAIN}"
        session.add(Identity(contact_id=contact.id, customer_id="x", attributes={"mail": mail}))
        session.add(
            AttachmentRecord(
                conversation_id=conversation_id,
                message_id=line.id,
                kind=AttachmentKind.DOCUMENT,
                external_id="",
                name="x",
                media_type="text/plain",
                size=1,
                facts={"phone": f"attachments_json@{DOMAIN}"},
                status=AttachmentStatus.KEPT,
            )
        )
    return conversation_id, agents


async def fill(parts: AppComponents) -> set[str]:
    """Write an address that names table and column into every personal column; the tables that had rows."""
    filled = set()
    async with parts.db.write() as session:
        for table, columns in SWEPT.items():
            for column in columns:
                value = f"'{table}_{column}.' || rowid || '@{DOMAIN}'"
                changed = await session.execute(text(f"UPDATE {table} SET {column} = {value} RETURNING 1"))  # noqa: S608
                if changed.all():
                    filled.add(table)
    return filled


async def seen(app: Starlette, agent_id: str, role: Role, conversation_id: str) -> dict[str, set[str]]:
    """The columns whose address somebody reads, by the page."""
    guard: Guard = app.state.guard
    token = await guard.sessions.start(agent_id)
    pages = [f"/desk/api/conversations?view={view}" for view in ("open", "mine", "all&q=canary", "all&q=Antwort")]
    for item in app.routes:
        capability = capability_of(item)
        if (
            isinstance(item, Route)
            and capability
            and "GET" in (item.methods or ())
            and has_capability(role, capability)
        ):
            pages.append(re.sub(r"\{[^}]*\}", conversation_id, item.path))
    found = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=("198.51.100.7", 4711)),
        base_url=ORIGIN,
        cookies={guard.cookies.name("agent"): token},
    ) as browser:
        for page in pages:
            answer = await browser.get(page)
            assert answer.status_code < 500, (page, answer.text)
            if columns := set(re.findall(rf"(\w+)(?:\.\d+)?@{re.escape(DOMAIN)}", answer.text)):
                found[page] = columns
    return found


def test_every_typed_column_is_filled_by_hand() -> None:
    found: dict[str, set[str]] = {}
    for entry in PERSONAL_DATA.values():
        columns: dict[str, Column[object]] = dict(Base.metadata.tables[entry.table].columns)
        typed = {name for name in entry.of_kind(*SHOWN_KINDS) if isinstance(columns[name].type, JSON | JsonValue)}
        if entry.whose and typed - UNSEEN and entry.table not in NEVER_SHOWN:
            found[entry.table] = typed - UNSEEN
    assert found == TYPED, "have furnish() write an address into it, so that its mask is tried, and name it in TYPED"


async def test_no_personal_column_is_read_by_who_has_not_the_conversation(
    app: Starlette, capsys: pytest.CaptureFixture[str]
) -> None:
    parts: AppComponents = app.state.parts
    conversation_id, agents = await furnish(parts)
    filled = await fill(parts)
    assert set(SWEPT) - filled == set(NEVER_SHOWN), (
        "a table with personal words is new: give it a row in furnish(), so that its pages are tried, or say in "
        "NEVER_SHOWN why nobody is shown it"
    )
    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(agent_id=agents["Mia"]))
    owner = set().union(*(await seen(app, agents["Mia"], Role.AGENT, conversation_id)).values())
    assert {"contacts_email", "messages_text", "people_note", "promises_text", "identities_email"} <= owner
    assert {"handoffs_json", "identities_json", "attachments_name", "attachments_json", "messages_json"} <= owner
    for name, role in (("Jo", Role.AGENT), ("Sue", Role.SUPERVISOR), ("Ro", Role.READER)):
        assert await seen(app, agents[name], role, conversation_id) == {}, name
    told = f"{sum(map(len, SWEPT.values()))} personal columns of {len(SWEPT)} tables, {len(owner)} shown to the owner"
    with capsys.disabled():
        print(f"\n{told}, none to the others")  # noqa: T201
