"""The audit log: who did what, in a chain that nobody can change, add to or take from without being noticed."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from helpdesk.accounts.agents import add_agent
from helpdesk.audit import Actor, AuditAct, AuditLog, BrokenChain, verify_chain
from helpdesk.audit.audit_view import AuditFilter, load_entries
from helpdesk.conversations import Conversations
from store.db import Database
from store.models import AuditEntry, Contact, Conversation, Role, UnmaskGrant, now
from tests.integration.desk_client import waiting
from tests.integration.staff import ORIGIN, PASSWORD, House, make_house, staff_routes

MIA = Actor(kind="agent", id="a" * 32, name="Mia", address="198.51.100.…")


async def entries(db: Database, subject: str = "") -> list[AuditEntry]:
    return list(await load_entries(db, AuditFilter(subject=subject)))


async def verified(db: Database, expected: tuple[int, str] | None = None) -> int:
    async with db.read() as session:
        return (await verify_chain(session, expected=expected)).entries


async def test_entries_of_two_instances_make_one_chain(db: Database, database_url: str) -> None:
    other = Database(database_url)
    logs = [AuditLog(db), AuditLog(other)]
    await asyncio.gather(
        *(
            logs[n % 2].record(MIA, AuditAct(action="teams.save", subject=str(n), after={"n": str(n)}))
            for n in range(20)
        )
    )
    await other.close()
    assert await verified(db) == 20
    assert sorted(int(entry.subject) for entry in await entries(db)) == list(range(20))


async def test_nothing_is_changed_or_removed_and_who_gets_round_that_is_noticed(db: Database) -> None:
    log = AuditLog(db)
    for number in range(4):
        await log.record(MIA, AuditAct(action="agents.role", subject=str(number)))
    for statement in (
        update(AuditEntry).where(AuditEntry.number == 2).values(actor_name="Jo"),
        delete(AuditEntry).where(AuditEntry.number == 2),
    ):
        with pytest.raises(DBAPIError, match="only ever added"):
            async with db.write() as session:
                await session.execute(statement)
    newest = (await entries(db))[0]
    noted = (newest.number, newest.hash)
    assert await verified(db, noted) == 4
    off, on = (
        ("DROP TRIGGER audit_entry_changed", "DROP TRIGGER audit_entry_gone")
        if db.is_sqlite
        else ("ALTER TABLE audit_entries DISABLE TRIGGER audit_entry_kept", "SELECT 1")
    )
    async with db.write() as session:
        await session.execute(text(off))
        await session.execute(text(on))
        await session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(actor_name="Jo"))
    with pytest.raises(BrokenChain, match="Entry 2"):
        await verified(db)
    async with db.write() as session:
        await session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(actor_name="Mia"))
        await session.execute(delete(AuditEntry).where(AuditEntry.number == 4))
    with pytest.raises(BrokenChain, match="newest entries are missing"):
        await verified(db)


async def test_what_is_too_old_goes_and_the_rest_is_still_verified(db: Database) -> None:
    log, long_ago = AuditLog(db, days=365), now() - timedelta(days=400)
    async with db.write() as session:
        for number in range(3):
            await log.add(session, MIA, AuditAct(action="old", subject=str(number)), at=long_ago)
    await log.record(MIA, AuditAct(action="new"))
    assert await log.forget_old() == 3
    assert [entry.action for entry in await entries(db)] == ["audit.retention", "new"]
    assert await verified(db) == 2
    assert await log.forget_old() == 0
    with pytest.raises(DBAPIError, match="only ever added"):
        async with db.write() as session:
            await session.execute(delete(AuditEntry))


@pytest.mark.sqlite_only
async def test_entries_are_streamed_as_lines_of_json_once_they_are_stored(db: Database, tmp_path: Path) -> None:
    log = AuditLog(db, str(tmp_path / "audit.jsonl"))
    with suppress(ZeroDivisionError):
        async with db.write() as session:
            await log.add(session, MIA, AuditAct(action="undone"))
            assert 1 / 0
    change = AuditAct(action="agents.role", subject="b" * 32, before={"role": "agent"}, after={"role": "admin"})
    await log.record(MIA, change)
    line = json.loads((tmp_path / "audit.jsonl").read_text(encoding="utf-8"))
    assert (line["number"], line["action"], line["actor"]["name"]) == (1, "agents.role", "Mia")
    assert (line["before"], line["after"]) == ({"role": "agent"}, {"role": "admin"})
    assert line["hash"] == (await entries(db))[0].hash


@pytest.fixture
def house(db: Database) -> House:
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard))


@pytest.mark.sqlite_only
async def test_who_read_a_conversation_is_entered_once_an_hour_and_its_owner_is_not(
    house: House, db: Database, conversations: Conversations
) -> None:
    conversation = await waiting(conversations)
    browser = await house.signed_in()
    for path in ("", "/summary", "/history"):
        assert (await browser.get(f"/desk/api/conversations/{conversation}{path}")).status_code == 200
    (read,) = await entries(db, subject=conversation)
    assert (read.action, read.actor_name, read.address) == ("conversation.read", "Mia", "198.51.100.…")
    house.guard.audit._entered.clear()  # another instance doesn't know
    await browser.get(f"/desk/api/conversations/{conversation}")
    assert len(await entries(db, subject=conversation)) == 1
    jo = await house.signed_in(email="jo@example.org", name="Jo")
    headers = {"x-csrf-token": await jo.csrf(db), "origin": ORIGIN}
    await jo.post(f"/desk/api/conversations/{conversation}/accept", headers=headers)
    await jo.get(f"/desk/api/conversations/{conversation}")
    assert [entry.actor_name for entry in await entries(db, subject=conversation)] == ["Mia"]
    assert await verified(db) > 0


@pytest.mark.sqlite_only
async def test_what_is_masked_in_one_view_is_masked_in_all_until_it_is_unmasked(
    house: House, db: Database, conversations: Conversations
) -> None:
    conversation = await waiting(conversations, "Meine Lampe, ida@example.org, +49 170 1234567")
    async with db.write() as session:
        row = await session.get_one(Conversation, conversation)
        contact = await session.get_one(Contact, row.contact_id)
        contact.email, contact.phone = "ida@example.org", "+49 170 1234567"
    browser = await house.signed_in()
    views = [
        f"/desk/api/conversations/{conversation}",
        f"/desk/api/conversations/{conversation}/summary",
        "/desk/api/conversations?view=all",
        "/desk/api/conversations?view=all&q=Lampe",
    ]
    for path in views:
        shown = await browser.get(path)
        assert "ida@example.org" not in shown.text, path
        assert "1234567" not in shown.text, path
    assert (await browser.get(f"/desk/conversations/{conversation}/transcript")).status_code == 403
    headers = {"x-csrf-token": await browser.csrf(db), "origin": ORIGIN}
    masked = {"email": "i•••@example.org"}
    refused = await browser.post(f"/desk/api/conversations/{conversation}/contact", json=masked, headers=headers)
    assert refused.status_code == 422
    unmasked = await browser.post(f"/desk/api/conversations/{conversation}/unmask", headers=headers)
    assert unmasked.json()["conversation"]["is_masked"] is False
    for path in (views[0], views[3]):
        assert "ida@example.org" in (await browser.get(path)).text, path
    assert (await browser.get(f"/desk/conversations/{conversation}/transcript")).status_code == 200
    assert [entry.action for entry in await entries(db, subject=conversation)] == [
        "conversations.transcript",
        "conversation.unmask",
        "conversation.read",
    ]
    async with db.write() as session:
        await session.execute(update(UnmaskGrant).values(until=now()))
    assert "ida@example.org" not in (await browser.get(views[0])).text
    reader = await house.signed_in(Role.READER, email="ro@example.org", name="Ro")
    headers = {"x-csrf-token": await reader.csrf(db), "origin": ORIGIN}
    assert (await reader.post(f"/desk/api/conversations/{conversation}/unmask", headers=headers)).status_code == 403


@pytest.mark.sqlite_only
async def test_sign_ins_failures_and_roles_are_entered_without_what_was_typed(house: House, db: Database) -> None:
    admin = await house.signed_in(Role.ADMIN, email="ada@example.org", name="Ada")
    jo = await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    await house.browser().sign_in("jo@example.org", "not the password")
    await house.browser().sign_in("stranger@example.org", "not the password")
    headers = {"x-csrf-token": await admin.csrf(db), "origin": ORIGIN}
    await admin.post(f"/admin/api/agents/{jo.id}/role", json={"role": "supervisor"}, headers=headers)
    role, stranger, failed, *_ = await entries(db)
    assert (role.action, role.subject, role.actor_name) == ("agents.role", jo.id, "Ada")
    assert (role.before, role.after) == ({"role": "agent"}, {"role": "supervisor"})
    assert (failed.action, failed.subject, failed.after) == ("sign_in.failed", jo.id, {"reason": "wrong_sign_in"})
    assert (stranger.subject, stranger.actor_kind) == ("", "nobody")
    async with db.read() as session:
        kept = str([vars(entry) for entry in await session.scalars(select(AuditEntry))])
    assert "stranger" not in kept
    assert "not the password" not in kept
