"""How it was, asked by mail: once, with links that rate only when somebody presses, and never to who wants none."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from helpdesk.texts import Say, say
from store.models import Contact, Rating
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, hire
from tests.integration.mail_desk import MailDesk, mail_desk, plain_text, reply_to

pytestmark = pytest.mark.sqlite_only
QUESTION, BAD = say(Say.HOW_WAS_IT, "de", "sie"), say(Say.WAS_BAD, "de", "sie")


@pytest.fixture
async def desk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[MailDesk]:
    async with mail_desk(tmp_path, sqlite_url) as found:
        yield found


async def help_by_mail(desk: MailDesk, text: str = "Meine Rechnung fehlt.", **headers: str) -> str:
    """Somebody writes, Mia answers and closes it; the conversation's id."""
    before = len(await desk.conversations())
    desk.write(text, subject="Rechnung 4711", **headers)
    await desk.written(before + 1)
    await desk.quiet(before + 1)
    conversation = (await desk.conversations())[-1]
    driver, mia = drive(desk.parts.conversations), await hire(desk.parts, f"Mia{before}")
    epoch = (await driver.accept(conversation.id, mia)).epoch
    await driver.answer(conversation.id, mia, epoch, "Ich schicke sie gleich.", "1")
    await driver.resolve(conversation.id, mia)
    await desk.quiet(before + 1)
    return conversation.id


def questions(desk: MailDesk) -> list[EmailMessage]:
    return [mail for mail in desk.server.mails if QUESTION in plain_text(mail)]


def links_in(mail: EmailMessage) -> list[str]:
    """The two links, as they are in the mail: yes, not really."""
    return re.findall(r"http\S+/mail/rating/[\w=-]+", plain_text(mail))


def browser(desk: MailDesk) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=desk.apps[0])
    headers = {"accept": "text/html", "accept-language": "de"}
    return httpx.AsyncClient(transport=transport, base_url=desk.parts.settings.origin, headers=headers)


async def press(page: httpx.AsyncClient, link: str, helped: str) -> str:
    """Open a link and press a button; the page that comes."""
    shown = await page.get(link)
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown.text)
    assert csrf
    done = await page.post(link, data={"csrf": csrf[1], "helped": helped})
    assert done.status_code == 200
    return done.text


async def rated(desk: MailDesk) -> list[bool | None]:
    async with desk.parts.db.read() as session:
        return list(await session.scalars(select(Rating.helped).order_by(Rating.asked_at)))


async def test_one_mail_says_that_it_is_closed_and_asks_and_a_look_at_its_links_rates_nothing(desk: MailDesk) -> None:
    conversation = await help_by_mail(desk)

    [question] = questions(desk)
    assert say(Say.RESOLVED, "de", "sie") in plain_text(question)
    assert question["Subject"] == "Re: Rechnung 4711"
    assert question["Auto-Submitted"] == "auto-replied"
    assert question["List-Unsubscribe"]
    good, bad = links_in(question)
    async with browser(desk) as scanner:  # opens everything, as mail filters do
        for link in (good, bad, good):
            assert (await scanner.get(link)).status_code == 200
            assert (await scanner.post(link, data={"helped": "no"})).status_code == 403, "without the form of the page"
    assert await rated(desk) == [None]

    async with browser(desk) as page:
        assert say(Say.THANKS_GOOD, "de", "sie") in await press(page, good, "yes")
        await press(page, good, "yes")
    assert await rated(desk) == [True]
    await desk.quiet(1)
    assert (await conversation_of(desk.parts, conversation)).status == Status.RESOLVED
    assert desk.server.mails[-1] is question, "the page thanks, not one more mail"


async def test_a_bad_one_waits_for_a_person_who_is_promised_by_mail(desk: MailDesk) -> None:
    conversation = await help_by_mail(desk)
    _, bad = links_in(questions(desk)[0])
    count = len(desk.server.mails)
    async with browser(desk) as page:
        await press(page, bad, "no")

    promise = (await desk.sent(count + 1))[-1]
    assert promise["Subject"] == "Re: Rechnung 4711"
    assert promise["In-Reply-To"] == questions(desk)[0]["In-Reply-To"]
    assert f"> {BAD}" in plain_text(promise)
    assert (await conversation_of(desk.parts, conversation)).status == Status.QUEUED
    assert await rated(desk) == [False]


async def test_a_word_by_mail_is_an_answer_too(desk: MailDesk) -> None:
    conversation = await help_by_mail(desk)
    count = len(desk.server.mails)
    desk.mailbox.deliver(reply_to(questions(desk)[0], "Ja"))
    await desk.written(2)
    await desk.quiet(2)
    assert await rated(desk) == [True]
    assert (await conversation_of(desk.parts, conversation)).status == Status.RESOLVED
    assert len(desk.server.mails) == count


async def test_nobody_is_asked_twice_a_month_or_against_their_will(desk: MailDesk) -> None:
    await help_by_mail(desk)
    await help_by_mail(desk, "Und die zweite auch.")
    assert len(questions(desk)) == 1, "each mail is a matter of its own, its writer is the same"

    await help_by_mail(desk, "Bitte keine Automaten.", sender="Ben <ben@example.org>", X_Auto_Response_Suppress="All")
    assert len(questions(desk)) == 1

    async with browser(desk) as page:
        stop = str(questions(desk)[0]["List-Unsubscribe"]).strip("<>")
        assert "weiterhin beantwortet" in (await page.get(stop)).text
    async with desk.parts.db.read() as session:
        assert not (await session.scalars(select(Contact.no_follow_ups))).first(), "a look ends nothing"


async def test_a_forged_link_and_one_of_another_kind_lead_nowhere(desk: MailDesk) -> None:
    await help_by_mail(desk)
    good, bad = links_in(questions(desk)[0])
    forged = good[:-6] + bad[-6:]
    stop = str(questions(desk)[0]["List-Unsubscribe"]).strip("<>").replace("/mail/stop/", "/mail/rating/")
    async with browser(desk) as page:
        for link in (forged, stop):
            assert (await page.get(link)).status_code == 404
