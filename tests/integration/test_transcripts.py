"""A customer takes their conversation along: what they saw and nothing else, by a signed link or by a rationed mail."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from connectors.contract import TRANSCRIPT, Address, Channel, InboundMessage, Tap
from helpdesk.app import AppComponents, create_app
from helpdesk.conversations.log.transcript_file import load_transcript_file
from helpdesk.conversations.transcript_requests import MAIL_TRANSCRIPT, MAX_AN_HOUR, asks_for_transcript
from helpdesk.mail.mail_content import read_mail
from helpdesk.texts import Say, say
from store.models import Contact, Conversation, MailDelivery, MailKind, Message, now
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import conversation_of, eventually, hire, log_of, run_helpdesk, settings_for

LINK = re.compile(r"https://help\.example\.org(/transcript/[\w=-]+)")


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    settings = settings_for(
        tmp_path,
        database_url,
        public_url="https://help.example.org",
        smtp_url="smtp://127.0.0.1:9",
        mail_from="help@example.org",
    )
    async with run_helpdesk(settings, bot) as running:
        yield running


def message(text: str, *, name: str = "42", payload: str | None = None, tap: Tap | None = None) -> InboundMessage:
    return InboundMessage(
        address=Address(channel=Channel.TELEGRAM, account="bot", chat_id=name),
        contact_id=name,
        external_id=f"{name}:{now().timestamp()}",
        text=text,
        payload=payload,
        tap=tap,
    )


async def write(parts: AppComponents, text: str, *, name: str = "42", payload: str | None = None) -> str:
    return str((await parts.inbox.receive(message(text, name=name, payload=payload))).conversation_id)


async def last(parts: AppComponents, conversation_id: str) -> Message:
    return (await log_of(parts, conversation_id))[-1]


async def mails(parts: AppComponents) -> list[MailDelivery]:
    async with parts.db.read() as session:
        return list(await session.scalars(select(MailDelivery).where(MailDelivery.kind == MailKind.TRANSCRIPT)))


@pytest.mark.parametrize(
    "text", ["Verlauf", "gesprächsverlauf bitte", "Transcript", "transcript, please", "Historique"]
)
def test_the_word_alone_is_the_wish(text: str) -> None:
    assert asks_for_transcript(text)


@pytest.mark.parametrize(
    "text", ["Der Verlauf der Lieferung ist unklar", "Wie ist der Verlauf?", "transcript of my order", ""]
)
def test_the_word_in_a_sentence_is_not(text: str) -> None:
    assert not asks_for_transcript(text)


async def test_the_file_has_what_the_customer_saw_in_local_time_and_nothing_else(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await write(parts, "Mein <b>Tisch</b> wackelt.")
    driver = drive(parts.conversations)
    epoch = (await driver.accept(id_, mia)).epoch
    await driver.answer(id_, mia, epoch, "Ziehen Sie die **Schrauben** nach.", "a1")
    await driver.note(id_, mia, "Kunde ist schwierig", "n1")
    async with parts.db.write() as session:
        await session.execute(update(Contact).values(time_zone="Asia/Tokyo", name="Ida"))
        await session.execute(
            update(Message).where(Message.author == "contact").values(created_at=now().replace(hour=20, minute=30))
        )
    async with parts.db.read() as session:
        file = await load_transcript_file(session, await session.get_one(Conversation, id_), "Europe/Berlin")

    page, text = file.as_html(), file.as_text()
    assert "Mein &lt;b&gt;Tisch&lt;/b&gt; wackelt." in page
    assert "<strong>Schrauben</strong>" in page
    assert "Ida · 05:30" in page
    assert "Mia" in page
    for kept in (page, text):
        assert "schwierig" not in kept
        assert mia not in kept
    assert "Asia/Tokyo" in text


async def test_a_customer_downloads_it_by_a_signed_link_that_ends(tmp_path: Path, sqlite_url: str) -> None:
    settings = settings_for(tmp_path, sqlite_url, public_url="https://help.example.org")
    app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
    async with app.router.lifespan_context(app):
        parts: AppComponents = app.state.parts
        id_ = await write(parts, "Mein Tisch wackelt.")
        await write(parts, "Verlauf")
        found = LINK.search((await last(parts, id_)).text)
        assert found
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="https://help.example.org"
        ) as browser:
            answer = await browser.get(found[1])
            forged = await browser.get(found[1][:-6] + "AAAAA=")
        over = parts.mail_links.transcript_link(id_, now() - timedelta(seconds=1)).rpartition("/")[2]

    assert answer.status_code == 200
    assert "Mein Tisch wackelt." in answer.text
    assert "/transcript/" not in answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="gespraech-')
    assert answer.headers["cache-control"] == "no-store"
    assert forged.status_code == 404
    assert parts.mail_links.read_transcript(over) is None


async def test_who_has_left_an_address_gets_it_there_once_an_hour(parts: AppComponents) -> None:
    id_ = await write(parts, "Mein Tisch wackelt.")
    async with parts.db.write() as session:
        await session.execute(update(Contact).values(email="ida@example.org"))

    await write(parts, "/verlauf", payload=TRANSCRIPT)
    await write(parts, "Per E-Mail", payload=MAIL_TRANSCRIPT)
    await write(parts, "Per E-Mail", payload=MAIL_TRANSCRIPT)

    [mail] = await mails(parts)
    assert (mail.recipient, mail.conversation_id) == ("ida@example.org", id_)
    assert (await last(parts, id_)).text == say(Say.TRANSCRIPT_LATER, "de", "sie")


async def test_an_address_that_is_typed_gets_one_a_day_and_is_not_kept(parts: AppComponents) -> None:
    asked = []
    for name in ("1", "2"):
        asked.append(await write(parts, "Mein Tisch wackelt.", name=name))
        await write(parts, "Per E-Mail", name=name, payload=MAIL_TRANSCRIPT)
        await write(parts, "Victim@example.org", name=name)

    assert [mail.recipient for mail in await mails(parts)] == ["Victim@example.org"]
    assert (await last(parts, asked[1])).text == say(Say.TRANSCRIPT_LATER, "de", "sie")
    async with parts.db.read() as session:
        assert set(await session.scalars(select(Contact.email))) == {None}


async def test_many_conversations_are_no_cannon(parts: AppComponents) -> None:
    id_ = await write(parts, "Mein Tisch wackelt.")
    async with parts.db.write() as session:
        session.add_all(
            MailDelivery(kind=MailKind.TRANSCRIPT, conversation_id=id_, recipient=f"{n}@example.org")
            for n in range(MAX_AN_HOUR)
        )
    await write(parts, "Hallo", name="other")
    await write(parts, "Per E-Mail", name="other", payload=MAIL_TRANSCRIPT)
    await write(parts, "me@example.org", name="other")

    assert len(await mails(parts)) == MAX_AN_HOUR


async def test_a_closed_conversation_stays_closed(parts: AppComponents) -> None:
    id_ = await write(parts, "Mein Tisch wackelt.")
    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(status=Status.RESOLVED))

    await write(parts, "Verlauf")

    assert (await conversation_of(parts, id_)).status == Status.RESOLVED


@pytest.mark.parametrize("has_agent", [True, False])
async def test_the_mail_is_composed_when_it_leaves(parts: AppComponents, has_agent: bool) -> None:
    """What nobody of ours has looked at goes to no address that may be a stranger's: only a link does."""
    id_ = await write(parts, "Mein Tisch wackelt.")
    if has_agent:
        driver, mia = drive(parts.conversations), await hire(parts, "Mia")
        epoch = (await driver.accept(id_, mia)).epoch
        await driver.answer(id_, mia, epoch, "Ziehen Sie die Schrauben nach.", "a1")
    async with parts.db.write() as session:
        await session.execute(update(Contact).values(email="ida@example.org"))
    await write(parts, "Per E-Mail", payload=MAIL_TRANSCRIPT)
    assert parts.mails is not None

    async def composed() -> MailDelivery | None:
        [mail] = await mails(parts)
        return mail if mail.content else None

    mail = await eventually(composed, "the mail")
    assert mail is not None
    assert mail.content is not None
    outgoing = read_mail(mail.content)
    assert outgoing.recipient == "ida@example.org"
    for body in (outgoing.text, outgoing.html or ""):
        assert ("Mein Tisch wackelt." in body) is has_agent
        assert ("/transcript/" in body) is not has_agent
    assert outgoing.headers["Auto-Submitted"] == "auto-generated"
    assert id_ in str(mail.conversation_id)


async def test_without_a_mail_server_no_mail_is_offered(tmp_path: Path, sqlite_url: str) -> None:
    async with run_helpdesk(settings_for(tmp_path, sqlite_url), FakeBot()) as parts:
        id_ = await write(parts, "Verlauf")
        said = await last(parts, id_)

    assert said.text == say(Say.TRANSCRIPT_NOWHERE, "de", "sie")
    assert said.choices == ()
