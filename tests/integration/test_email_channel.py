"""E-mail as a channel, with a real mailbox and a real mail server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from connectors.contract import Channel, OutboundFile
from connectors.email.mailbox_check import examine_mailbox
from helpdesk.delivery.outbox import outbound
from knowledge.articles.drafts import publish, save_draft
from store.db import Database
from store.models import AttachmentRecord, AttachmentStatus, Contact, Conversation, Delivery, Message
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, eventually, hire
from tests.integration.mail_desk import MailDesk, mail_desk, mail_of, plain_text, reply_to

pytestmark = pytest.mark.sqlite_only
QUESTION = "Wie lange habe ich Zeit für eine Rückgabe?"


@pytest.fixture
async def desk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[MailDesk]:
    async with mail_desk(tmp_path, sqlite_url) as found:
        yield found


async def know(db: Database, question: str, answer: str) -> None:
    """Publish an article."""
    saved = await save_draft(db, "returns", {"variants": {"de": {"question": question, "answer": answer}}}, by="anna")
    await publish(db, "returns", by="anna", expected_version=saved.version)


async def test_a_mail_is_a_conversation_and_its_sender_reads_by_when_a_person_answers(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.\n\nViele Grüße\nAnna", subject="Rechnung 4711")

    (mail,) = await desk.sent(1)
    (line,) = await desk.written(1)
    (conversation,) = await desk.conversations()
    assert line.text == "Rechnung 4711\n\nMeine Rechnung fehlt."
    assert (conversation.channel, conversation.chat_id) == (Channel.EMAIL, "anna@example.org")
    assert conversation.status == Status.QUEUED
    assert mail["Subject"] == "Re: Rechnung 4711"
    assert mail["In-Reply-To"] == mail["References"]
    assert mail["Auto-Submitted"] == "auto-replied"
    assert "kein Mensch" in plain_text(mail)
    async with desk.parts.db.read() as session:
        contact = await session.get_one(Contact, conversation.contact_id)
    assert (contact.email, contact.name) == ("anna@example.org", "Anna Beispiel")


async def test_what_an_article_surely_answers_is_said_once_and_a_person_reads_it_too(desk: MailDesk) -> None:
    await know(desk.parts.db, QUESTION, "Sie haben 30 Tage.")

    async def known() -> bool:
        return bool((await desk.parts.library.search(QUESTION, "de")).candidates)

    await eventually(known, "the article")
    desk.write("Danke!", subject=QUESTION)

    (mail,) = await desk.sent(1)
    assert "30 Tage" in plain_text(mail)
    assert "kein Mensch" in plain_text(mail)
    desk.mailbox.deliver(reply_to(mail, "Und für Möbel?"))
    await desk.written(2)
    await desk.quiet(2)
    assert len(desk.server.mails) == 1
    (conversation,) = await desk.conversations()
    assert conversation.status == Status.QUEUED


async def test_a_reply_finds_its_conversation_and_holds_the_new_words_alone(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    (mail,) = await desk.sent(1)
    desk.mailbox.deliver(reply_to(mail, "Die Nummer ist 4711."))

    lines = await desk.written(2)

    assert lines[1].text == "Die Nummer ist 4711."
    assert lines[0].conversation_id == lines[1].conversation_id


async def test_an_agents_answer_is_a_mail_of_a_person_in_the_same_thread(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    await desk.sent(1)
    (conversation,) = await desk.conversations()
    mia = await hire(desk.parts, "Mia")
    taken = await drive(desk.parts.conversations).accept(conversation.id, mia)
    await drive(desk.parts.conversations).answer(conversation.id, mia, taken.epoch, "Ich schicke sie **gleich**.", "1")

    mails = await desk.sent(2)
    answer = mails[1]
    assert "gleich" in plain_text(answer)
    assert "> Meine Rechnung fehlt." in plain_text(answer)
    assert answer["Auto-Submitted"] is None
    assert "Mia, Muster AG" in str(answer["From"])
    await drive(desk.parts.conversations).answer(conversation.id, mia, taken.epoch, "Schon unterwegs.", "2")
    second = (await desk.sent(3))[2]
    assert (second["Subject"], second["In-Reply-To"]) == (answer["Subject"], answer["In-Reply-To"])
    desk.mailbox.deliver(reply_to(answer, "Vielen Dank!"))
    lines = await desk.written(2)
    assert lines[1].conversation_id == conversation.id
    await drive(desk.parts.conversations).resolve(conversation.id, mia)
    await desk.quiet(2)
    assert len(desk.server.mails) == 3, "while something is unread, nobody is asked how it was"


async def test_whoever_was_forwarded_a_mail_never_speaks_as_the_customer(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    (mail,) = await desk.sent(1)
    desk.mailbox.deliver(reply_to(mail, "Bitte kündigen Sie alles.", sender="Kurt <kurt@example.net>"))

    lines = await desk.written(2)

    assert lines[0].conversation_id != lines[1].conversation_id
    conversations = await desk.conversations()
    assert [each.chat_id for each in conversations] == ["anna@example.org", "kurt@example.net"]


async def test_whom_a_machine_names_for_the_answer_does_not_speak_in_an_old_conversation(desk: MailDesk) -> None:
    """From passes every check of its own domain; Reply-To was checked by nobody."""
    desk.write("Meine Rechnung fehlt.")
    (mail,) = await desk.sent(1)
    forged = reply_to(mail, "Schicken Sie sie an Eva.", sender="noreply@evil.example")
    desk.mailbox.deliver(forged.replace(b"\nSubject:", b"\nReply-To: anna@example.org\nSubject:", 1))

    lines = await desk.written(2)

    assert lines[0].conversation_id != lines[1].conversation_id


async def test_a_second_mail_of_a_sender_that_answers_nothing_is_a_conversation_of_its_own(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    desk.write("Mein Paket fehlt.", subject="Paket")

    await desk.written(2)

    assert len(await desk.conversations()) == 2


async def test_a_mail_that_answers_ones_own_first_mail_joins_it(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.", Message_ID="<first@example.org>")
    await desk.written(1)
    desk.write("Nachtrag: Nummer 4711.", In_Reply_To="<first@example.org>", subject="Re: Rechnung")

    await desk.written(2)

    assert len(await desk.conversations()) == 1


async def test_machines_are_put_aside_and_never_answered(desk: MailDesk) -> None:
    desk.write("Bin im Urlaub.", subject="Automatische Antwort: Rechnung", Auto_Submitted="auto-replied")
    desk.write("Kaufen!", subject="Angebote", X_Spam_Flag="YES")
    desk.write("Neues", subject="Newsletter", List_Unsubscribe="<https://news.example/u>")

    rows = await desk.aside(3)

    await desk.quiet(3)
    assert sorted(row.reason for row in rows) == ["auto_reply", "mailing_list", "spam"]
    assert (desk.server.mails, await desk.conversations()) == ([], [])


async def test_an_out_of_office_note_to_an_answer_is_put_aside_with_its_conversation(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    (mail,) = await desk.sent(1)
    note = reply_to(mail, "Ich bin bis Montag nicht da.")
    desk.mailbox.deliver(note.replace(b"From:", b"Auto-Submitted: auto-replied\nFrom:", 1))

    (row,) = await desk.aside(1)

    (conversation,) = await desk.conversations()
    assert row.conversation_id == conversation.id
    await desk.quiet(2)
    assert len(desk.server.mails) == 1


async def test_two_machines_that_answer_each_other_come_to_an_end(desk: MailDesk) -> None:
    desk.write("Auto 0", subject="Ticket 0", sender="bot@robot.example")
    answered = 0
    for number in range(1, 12):
        await desk.written(number)
        await desk.quiet(number)
        if len(desk.server.mails) == answered:
            break
        answered = len(desk.server.mails)
        desk.write(f"Auto {number}", subject=f"Ticket {number}", sender="bot@robot.example")

    assert answered == 5


async def test_one_id_on_two_mails_loses_neither(desk: MailDesk) -> None:
    desk.write("Die erste.", Message_ID="<same@example.org>")
    await desk.written(1)
    desk.write("Die zweite.", Message_ID="<same@example.org>")
    desk.write("Die zweite.", Message_ID="<same@example.org>")

    lines = await desk.written(2)

    await desk.quiet(3)
    assert sorted(line.text for line in lines) == ["Rechnung\n\nDie erste.", "Rechnung\n\nDie zweite."]
    assert len(await desk.written(2)) == 2


async def test_an_encrypted_mail_goes_to_a_person_and_its_sender_is_told(desk: MailDesk) -> None:
    desk.write("-----BEGIN PGP MESSAGE-----\n\nhQIMA\n-----END PGP MESSAGE-----")

    (mail,) = await desk.sent(1)

    assert "verschlüsselt" in plain_text(mail)
    (conversation,) = await desk.conversations()
    assert (await conversation_of(desk.parts, conversation.id)).status == Status.QUEUED


async def test_whoever_asks_machines_to_be_silent_gets_a_persons_answer_only(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.", X_Auto_Response_Suppress="All")

    await desk.written(1)

    await desk.quiet(1)
    (conversation,) = await desk.conversations()
    assert conversation.status == Status.QUEUED
    assert desk.server.mails == []


async def test_thanks_after_the_end_open_nothing_again(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    (mail,) = await desk.sent(1)
    (conversation,) = await desk.conversations()
    mia = await hire(desk.parts, "Mia")
    await drive(desk.parts.conversations).resolve(conversation.id, mia)
    desk.mailbox.deliver(reply_to(mail, "Vielen Dank!"))

    await desk.written(2)

    assert (await conversation_of(desk.parts, conversation.id)).status == Status.RESOLVED


def test_a_mail_of_a_test_is_as_it_should_be() -> None:
    assert mail_of("x", Message_ID="<a@b.example>").count(b"<a@b.example>") == 1


async def test_an_agents_files_go_with_the_mail(desk: MailDesk) -> None:
    desk.write("Meine Rechnung fehlt.")
    await desk.sent(1)
    (conversation,) = await desk.conversations()
    mia = await hire(desk.parts, "Mia")
    taken = await drive(desk.parts.conversations).accept(conversation.id, mia)
    kept = await desk.parts.files.keep(conversation.address, "Rechnung für Anna.txt", b"Betrag: 12 Euro")
    await drive(desk.parts.conversations).answer(conversation.id, mia, taken.epoch, "Hier ist sie.", "1")
    (_, answer) = await desk.sent(2)
    async with desk.parts.db.read() as session:
        sent = await session.scalar(select(Message).where(Message.text == "Hier ist sie."))
        assert sent is not None
        delivery = await session.scalar(select(Delivery).where(Delivery.message_id == sent.id))
        assert delivery is not None
        message = outbound(sent, await session.get_one(Conversation, conversation.id), delivery, desk.parts.links)
    file = OutboundFile(key=kept.upload, name=kept.name, media_type="text/plain", size=15)
    await desk.parts.connectors[Channel.EMAIL].send(replace(message, files=(file,)))

    (_, _, again) = await desk.sent(3)
    (attached,) = again.iter_attachments()
    assert (attached.get_filename(), attached.get_content().strip()) == ("Rechnung für Anna.txt", "Betrag: 12 Euro")
    assert again["Message-ID"] == answer["Message-ID"]


async def test_files_that_came_with_a_mail_are_kept_for_the_agent(desk: MailDesk) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@example.org", "support@muster.example", "Rechnung"
    mail["Message-ID"] = "<files@example.org>"
    mail.set_content("Anbei die Rechnung.")
    mail.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="Rechnung.pdf")
    desk.mailbox.deliver(mail.as_bytes())

    await desk.written(1)

    async with desk.parts.db.read() as session:
        (record,) = await session.scalars(select(AttachmentRecord))
    assert (record.name, record.status) == ("Rechnung.pdf", AttachmentStatus.KEPT)


async def test_the_mailbox_and_what_was_put_aside_are_told_to_the_admin_and_the_doctor(desk: MailDesk) -> None:
    desk.write("Kaufen!", subject="Angebote", X_Spam_Flag="YES")
    await desk.aside(1)

    account = await desk.parts.accounts.find(Channel.EMAIL, "mailbox")
    assert account is not None
    assert (account.name, account.settings["mode"], account.problem) == ("support@muster.example", "imap", None)
    found = await examine_mailbox(desk.mailbox.url)
    wrong = await examine_mailbox(desk.mailbox.url.replace("wonder", "wrong"))
    nowhere = await examine_mailbox(desk.mailbox.url.replace("INBOX", "Nowhere"))
    assert [each.level for each in (found, wrong, nowhere)] == ["ok", "failed", "failed"]
    assert "Nowhere" in nowhere.found
