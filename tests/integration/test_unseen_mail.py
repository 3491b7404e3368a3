"""An answer in the web chat that nobody saw goes by mail, once a pause, and what the desk says of it is so."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import Author
from connectors.contract.reply_address import ReplyAddresses
from helpdesk.app import AppComponents
from helpdesk.conversations.read_marks import mark_read_by_contact
from helpdesk.conversations.unseen_answers import MAX_AUTOMATIC
from helpdesk.delivery import mail_outbox
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from store.models import (
    Contact,
    Conversation,
    Delivery,
    DeliveryStatus,
    Identity,
    MailDelivery,
    MailKind,
    MailRefusal,
    now,
)
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.harness import conversation_of, eventually, hire, inbound_message, run_helpdesk, settings_for
from tests.waiting_contact import asked

SECRET = "s" * 40
ANSWER = "Ihr Paket liegt in **Köln**.\n\n- morgen da"


@asynccontextmanager
async def reachable(
    tmp_path: Path, url: str, server: MailServer | None = None, **settings: Any
) -> AsyncIterator[tuple[AppComponents, MailServer]]:
    """Helpdesk with a mail server that takes what the test says."""
    async with running_mail_server(server) as mails:
        changes = {"smtp_url": mails.url, "mail_from": "Muster <support@example.com>", "mail_after": 1} | settings
        async with run_helpdesk(settings_for(tmp_path, url, secret_key=SECRET, **changes), FakeBot()) as parts:
            yield parts, mails


async def waiting(parts: AppComponents, email: str | None = "ida@example.org") -> tuple[str, str]:
    """A conversation of somebody who left an address and went, and the agent who has it."""
    conversation_id = await asked(parts)
    if email:
        await drive(parts.conversations).leave_email(conversation_id, email)
    agent = await hire(parts, "Mia")
    await drive(parts.conversations).accept(conversation_id, agent)
    return conversation_id, agent


async def answer(parts: AppComponents, conversation_id: str, agent: str, text: str = ANSWER, key: str = "1") -> int:
    epoch = (await conversation_of(parts, conversation_id)).epoch
    return (await drive(parts.conversations).answer(conversation_id, agent, epoch, text, key)).seq


async def mails_of(parts: AppComponents, conversation_id: str) -> list[MailDelivery]:
    async with parts.db.read() as session:
        found = await session.scalars(
            select(MailDelivery)
            .where(MailDelivery.conversation_id == conversation_id)
            .order_by(MailDelivery.created_at)
        )
        return list(found)


async def mail_is(
    parts: AppComponents, conversation_id: str, status: DeliveryStatus, attempts: int = 0
) -> MailDelivery:
    async def look() -> list[MailDelivery]:
        newest = (await mails_of(parts, conversation_id))[-1:]
        return [mail for mail in newest if mail.status == status and mail.attempts >= attempts]

    return (await eventually(look, f"a mail that is {status}"))[0]


async def due_now(parts: AppComponents) -> None:
    """Let what waits for its next try be due."""
    async with parts.db.write() as session:
        await session.execute(
            update(MailDelivery).where(MailDelivery.status == DeliveryStatus.PENDING).values(due_at=now())
        )
    assert parts.mails
    parts.mails.wake()


async def said_of(parts: AppComponents, conversation_id: str, seq: int) -> str:
    """What the desk says of a line."""
    lines = await parts.timeline.lines(conversation_id)
    return next(line.delivery for line in lines if line.seq == seq) or ""


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


async def test_an_answer_that_was_not_seen_goes_by_mail(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        assert await said_of(parts, conversation_id, seq) == "unseen_mail_due"

        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        [mail] = server.mails
        assert mail["To"] == "ida@example.org"
        assert mail["Subject"] == "Antwort auf Ihre Anfrage"
        assert mail["From"].addresses[0].display_name == "Muster"
        text = body(mail)
        assert "Guten Tag," in text
        assert "Mia\n\nIhr Paket liegt in Köln.\n\n• morgen da" in text
        assert "> Sie:\n> Mein Paket 4711 ist seit drei Wochen nicht da." in text
        assert "<strong>Köln</strong>" in body(mail, "html")
        addresses = ReplyAddresses(SECRET, "support@example.com")
        assert addresses.conversation_of_message_ids([mail["Message-ID"]]) == conversation_id
        assert await said_of(parts, conversation_id, seq) == "mailed"
        [row] = await mails_of(parts, conversation_id)
        assert row.content is None, "what it said is in the log, and kept there alone"


async def test_a_customer_whom_the_web_site_has_signed_in_is_greeted_by_name(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        contact_id = (await conversation_of(parts, conversation_id)).contact_id
        async with parts.db.write() as session:
            identity = Identity(contact_id=contact_id, customer_id="K-1", name="Ida *Muster*")
            identity.conversation_id = conversation_id
            session.add(identity)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert body(server.mails[0]).startswith("Guten Tag Ida *Muster*,\n")


async def test_a_seen_answer_stays_in_the_chat(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        await mark_read_by_contact(parts.conversations, conversation_id, seq)
        assert await said_of(parts, conversation_id, seq) == "read"

        async def is_dropped() -> bool:
            return not await mails_of(parts, conversation_id)

        await eventually(is_dropped, "the mail to be dropped")
        assert server.mails == []


async def test_several_answers_are_one_mail_and_no_second_comes_until_they_were_seen(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent, "Erstens", "1")
        await answer(parts, conversation_id, agent, "Zweitens", "2")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert "Mia\n\nErstens\n\nZweitens" in body(server.mails[0])
        assert server.mails[0]["Subject"] == "Antworten auf Ihre Anfrage"

        third = await answer(parts, conversation_id, agent, "Drittens", "3")
        assert len(await mails_of(parts, conversation_id)) == 1
        assert await said_of(parts, conversation_id, third) == "unseen_mailed_before"

        await mark_read_by_contact(parts.conversations, conversation_id, third)
        await answer(parts, conversation_id, agent, "Viertens", "4")
        assert len(await mails_of(parts, conversation_id)) == 2
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert "Drittens" not in body(server.mails[1]).partition("Davor")[0]


async def test_whoever_has_written_since_gets_another_mail(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        await parts.inbox.receive(inbound_message("Danke, und wann genau?"))
        await answer(parts, conversation_id, agent, "Um zehn", "2")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert len(server.mails) == 2


@pytest.mark.parametrize("email", [None, "gone"])
async def test_without_an_address_the_desk_says_so(tmp_path: Path, database_url: str, email: str | None) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts, None if email is None else "ida@example.org")
        if email:
            async with parts.db.write() as session:
                await session.execute(update(Contact).values(mail_refusal=MailRefusal.STOPPED))
        seq = await answer(parts, conversation_id, agent)
        said = "unseen_refused" if email else "unseen_no_address"
        assert await said_of(parts, conversation_id, seq) == said
        assert await mails_of(parts, conversation_id) == []
    assert server.mails == []


async def test_without_a_mail_server_nothing_is_promised(tmp_path: Path, database_url: str) -> None:
    async with run_helpdesk(settings_for(tmp_path, database_url), FakeBot()) as parts:
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        assert await said_of(parts, conversation_id, seq) == "unseen"
        assert await mails_of(parts, conversation_id) == []
        texts = [line.text for line in await parts.timeline.lines(conversation_id) if line.author == "system"]
        assert not any("geht die Antwort" in text or "geht sie auch" in text for text in texts)


async def test_greylisting_and_a_full_box_are_outlived(tmp_path: Path, database_url: str) -> None:
    refusals: list[str | None] = ["450 4.2.0 Greylisted", "452 4.2.2 Mailbox full", None]
    reply: Callable[..., str | None] = lambda server, _: refusals[min(server.tries, 3) - 1]  # noqa: E731
    async with reachable(tmp_path, database_url, MailServer(on_recipient=reply)) as (parts, server):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        for attempt in (1, 2):
            waits = await mail_is(parts, conversation_id, DeliveryStatus.PENDING, attempt)
            assert waits.due_at > now()
            assert await said_of(parts, conversation_id, seq) == "unseen_mail_trying"
            await due_now(parts)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
    assert len(server.mails) == 1


async def test_a_final_no_is_shown_and_the_same_address_not_tried_again(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url, MailServer(on_recipient=lambda *_: "550 5.1.1 No such user")) as (
        parts,
        server,
    ):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        failed = await mail_is(parts, conversation_id, DeliveryStatus.FAILED)
        assert "No such user" in (failed.reason or "")
        assert await said_of(parts, conversation_id, seq) == "mail_failed"
        await answer(parts, conversation_id, agent, "Noch etwas", "2")
        assert len(await mails_of(parts, conversation_id)) == 1

        server.on_recipient = None
        await drive(parts.conversations).leave_email(conversation_id, "richtig@example.org")
        await answer(parts, conversation_id, agent, "Noch etwas", "3")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
    assert server.recipients == ["richtig@example.org"]


async def test_a_server_that_accepts_and_dies_gets_it_once_more_under_the_same_id(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url, MailServer(dies_after_data=True)) as (parts, server):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        doubtful = await mail_is(parts, conversation_id, DeliveryStatus.PENDING, 1)
        assert doubtful.doubts == 1
        await due_now(parts)
        await mail_is(parts, conversation_id, DeliveryStatus.UNKNOWN)
        assert await said_of(parts, conversation_id, seq) == "mail_unknown"
        first, second = server.mails
        assert first["Message-ID"] == second["Message-ID"]


async def test_a_mail_whose_worker_vanished_is_taken_over_and_counted(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url, MailServer(hangs_after_data=True)) as (parts, server):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENDING)
        async with parts.db.write() as session:
            await session.execute(update(MailDelivery).values(lease_owner="gone", lease_until=now()))
        server.hangs_after_data = False
        assert parts.mails
        parts.mails.wake(now())
        sent = await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert (sent.attempts, sent.doubts) == (2, 1)


async def test_a_mail_whose_worker_vanished_twice_is_not_sent_a_third_time(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url, MailServer(hangs_after_data=True)) as (parts, server):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        for attempt in (1, 2):

            async def is_handed_over(attempt: int = attempt) -> bool:
                return len(server.mails) == attempt

            await eventually(is_handed_over, "the mail at the server")
            async with parts.db.write() as session:
                await session.execute(update(MailDelivery).values(lease_owner="gone", lease_until=now()))
            assert parts.mails
            parts.mails.wake(now())
        await mail_is(parts, conversation_id, DeliveryStatus.UNKNOWN)
        assert len(server.mails) == 2


async def test_what_is_said_to_whoever_writes_by_mail_goes_by_mail(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        await drive(parts.conversations).resolve(conversation_id, agent)
        await parts.inbox.receive(replace(inbound_message("Wie lange dauert der Versand?"), external_id="mail:1"))

        async def is_answered() -> bool:
            return len(server.mails) == 2

        await eventually(is_answered, "the bot's answer by mail")
        assert "Wie lange dauert der Versand?" in body(server.mails[1]).partition("Davor:")[0], "the bot's echo"


async def test_two_machines_that_answer_each_other_come_to_an_end(tmp_path: Path, database_url: str) -> None:
    """A ticket system that answers every mail, and says nowhere that it is one."""
    async with reachable(tmp_path, database_url, mail_after=600) as (parts, _):
        conversation_id, agent = await waiting(parts)
        async with parts.db.write() as session:
            session.add_all(
                MailDelivery(
                    kind=MailKind.UNSEEN,
                    conversation_id=conversation_id,
                    first_seq=1,
                    last_seq=1,
                    status=DeliveryStatus.SENT,
                )
                for _ in range(MAX_AUTOMATIC)
            )
        written = replace(inbound_message("Ihre Nachricht ist als Ticket 17 eingegangen."), external_id="mail:1")
        await parts.inbox.receive(written)
        assert len(await mails_of(parts, conversation_id)) == MAX_AUTOMATIC
        await answer(parts, conversation_id, agent)
        assert len(await mails_of(parts, conversation_id)) == MAX_AUTOMATIC + 1


async def test_a_mail_of_the_bots_does_not_stand_in_the_way_of_an_agents(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        async with parts.conversations.open(conversation_id) as c:
            c.conversation.status = Status.QUEUED
            await c.log.append_outgoing(Author.BOT, "Das hilft vielleicht schon.", article="shipping")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        async with parts.conversations.open(conversation_id) as c:
            c.conversation.status = Status.ASSIGNED
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        assert [mail["Subject"] for mail in server.mails] == ["Antwort auf Ihre Anfrage"] * 2


async def test_the_words_that_pass_somebody_on_are_no_answer(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, _):
        conversation_id = await asked(parts)
        await drive(parts.conversations).leave_email(conversation_id, "ida@example.org")
        async with parts.conversations.open(conversation_id) as c:
            await c.log.append_outgoing(Author.BOT, "Ich gebe Sie weiter.")
        assert await mails_of(parts, conversation_id) == []


async def test_one_mail_that_cannot_be_composed_holds_up_no_other(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        async with parts.db.write() as session:  # what the chat takes for an address, and no header could hold
            await session.execute(update(Contact).values(email="ida;jo@example.org"))
            session.add(MailDelivery(kind=MailKind.RESET, agent_id=agent, message_id="<reset@example.com>"))
        seq = await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.FAILED)
        assert await said_of(parts, conversation_id, seq) == "mail_failed"

        async def is_sent() -> bool:
            return server.recipients == ["mia@example.com"]

        await eventually(is_sent, "the other mail")
        await drive(parts.conversations).leave_email(conversation_id, "ida@example.org")
        await answer(parts, conversation_id, agent, "Noch etwas", "2")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)


async def test_a_mail_that_failed_long_ago_does_not_silence_a_conversation(tmp_path: Path, database_url: str) -> None:
    """A mail server that was away for a day says nothing of the address."""
    async with reachable(tmp_path, database_url, MailServer(on_recipient=lambda *_: "550 5.7.1 Not now")) as (
        parts,
        server,
    ):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.FAILED)
        async with parts.db.write() as session:
            await session.execute(update(MailDelivery).values(created_at=now() - timedelta(hours=25)))
        server.on_recipient = None
        await answer(parts, conversation_id, agent, "Noch etwas", "2")
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)


async def test_a_mail_that_waits_for_its_next_try_is_dropped_once_the_answer_was_seen(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url, MailServer(on_recipient=lambda *_: "450 later")) as (parts, server):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.PENDING, 1)
        await mark_read_by_contact(parts.conversations, conversation_id, seq)
        await due_now(parts)

        async def is_dropped() -> bool:
            return not await mails_of(parts, conversation_id)

        await eventually(is_dropped, "the mail to be dropped")
    assert server.mails == []


@pytest.mark.parametrize(
    ("language", "formality", "hello"),
    [("de", "sie", "Guten Tag,"), ("de", "du", "Hallo,"), ("en", "sie", "Hello,"), ("fr", "sie", "Bonjour,")],
)
@pytest.mark.sqlite_only
async def test_the_mail_is_in_the_customers_language(
    tmp_path: Path, database_url: str, language: str, formality: str, hello: str
) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        async with parts.db.write() as session:
            await session.execute(update(Conversation).values(language=language, formality=formality))
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
    text = body(server.mails[0])
    assert text.startswith(hello)
    assert not re.search(r"\{\w+\}", text)
    if formality == "du":
        assert not re.search(r"\b(Ihr|Ihre|Ihnen)\b", text.replace("Ihr Paket", ""))


async def test_what_is_kept_of_mails_is_exported_and_erased(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, _):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        contact_id = (await conversation_of(parts, conversation_id)).contact_id
        exported = await export_contact(parts.db, contact_id)
        [mail] = exported["conversations"][0]["mails"]
        assert (mail["recipient"], mail["status"]) == ("ida@example.org", "sent")
        await erase_contact(parts.db, contact_id)
        assert await mails_of(parts, conversation_id) == []


async def test_a_mail_names_no_address_in_the_log(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with reachable(tmp_path, database_url, MailServer(dies_after_data=True)) as (parts, _):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        await mail_is(parts, conversation_id, DeliveryStatus.PENDING, 1)
    out = "".join(capsys.readouterr())
    assert "ida@" not in out
    assert "Köln" not in out


async def test_the_web_chats_deliveries_do_not_say_that_they_were_sent(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, _):
        conversation_id, agent = await waiting(parts)
        await answer(parts, conversation_id, agent)
        async with parts.db.read() as session:
            found = await session.scalars(select(Delivery).where(Delivery.conversation_id == conversation_id))
            assert {(one.status, one.sent_at) for one in found} == {(DeliveryStatus.STORED, None)}


def test_the_pause_between_tries_grows() -> None:
    pauses = [mail_outbox._backoff(attempts) for attempts in range(1, 8)]
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3] < pauses[4]
    assert max(pauses) <= 3600 * 1.1
