"""Mails that were put aside hold personal data: they end, are exported and are erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from connectors.contract import AsideMailRecord, Channel
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.terms import erase_ended_rows
from store.db import Database
from store.errors import NotFound
from store.models import AsideMail, Contact, now
from store.status import Status
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, log_of, run_helpdesk, settings_for

ANNA = "anna@example.org"


async def put(db: Database, number: int, sender: str = ANNA) -> None:
    await StoredAsideMails(db).put(
        AsideMailRecord(
            account="mailbox",
            external_id=f"{number}@example.org",
            reason="auto_reply",
            sender=sender,
            subject="Abwesend",
            text="Bis Montag.\0",
        )
    )


async def count(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(AsideMail)) or 0


async def add_anna(db: Database) -> str:
    async with db.write() as session:
        anna = Contact(channel=Channel.EMAIL, account="mailbox", external_id=ANNA, email=ANNA)
        session.add(anna)
        await session.flush()
        return anna.id


async def test_a_repeat_is_kept_once(db: Database) -> None:
    await put(db, 1)
    await put(db, 1)

    (view,) = await StoredAsideMails(db).newest()
    assert (view.reason, view.text) == ("auto_reply", "Bis Montag.")


async def test_they_end_after_thirty_days(db: Database) -> None:
    await put(db, 1)
    await put(db, 2)
    async with db.write() as session:
        old = update(AsideMail).where(AsideMail.external_id == "1@example.org")
        await session.execute(old.values(created_at=now() - timedelta(days=30, minutes=1)))

    async with db.write() as session:
        await erase_ended_rows(session, now())

    assert [view.subject for view in await StoredAsideMails(db).newest()] == ["Abwesend"]


async def test_one_that_a_person_finds_wrongly_put_aside_is_a_conversation_that_no_machine_answers(
    tmp_path: Path, database_url: str
) -> None:
    async with run_helpdesk(settings_for(tmp_path, database_url), FakeBot()) as parts:
        await put(parts.db, 1)
        [mail] = await StoredAsideMails(parts.db).newest()
        conversation = await StoredAsideMails(parts.db).open(mail.id, parts.inbox)

        assert (await conversation_of(parts, conversation)).status == Status.QUEUED
        assert [line.text for line in await log_of(parts, conversation) if line.text] == ["Abwesend\n\nBis Montag."]
        assert await count(parts.db) == 0
        with pytest.raises(NotFound):
            await StoredAsideMails(parts.db).open(mail.id, parts.inbox)


async def test_they_are_exported_and_erased_with_their_sender(db: Database) -> None:
    contact_id = await add_anna(db)
    await put(db, 1)
    await put(db, 2, sender="kurt@example.net")

    exported = await export_contact(db, contact_id)
    assert [mail["text"] for mail in exported["mails_put_aside"]] == ["Bis Montag."]
    await erase_contact(db, contact_id)

    assert await count(db) == 1
