"""Follow-ups where they arrive: by mail after the web chat, with buttons on Telegram, and in a thread of mails."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from connectors.contract import Channel
from helpdesk.conversations.follow_ups.asking import tend_follow_up
from helpdesk.conversations.follow_ups.planning import (
    FollowUpPlan,
    load_outlook,
    plan_follow_up,
)
from store.models import (
    Contact,
    DeliveryStatus,
    Promise,
    now,
)
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import eventually, log_of
from tests.integration.follow_up_customer import QUESTION, YES_AT, Customer
from tests.integration.mail_desk import mail_desk, plain_text, reply_to
from tests.integration.promise_samples import hire
from tests.integration.telegram_desk import telegram_desk
from tests.integration.test_unseen_mail import answer, body, mail_is, reachable, waiting


@pytest.mark.sqlite_only
async def test_who_left_the_web_chat_is_asked_by_mail_though_the_last_one_was_not_opened(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with reachable(tmp_path, sqlite_url) as (parts, server):
        conversation_id, mia = await waiting(parts)
        await answer(parts, conversation_id, mia)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        await drive(parts.conversations).resolve(conversation_id, mia)
        async with parts.db.write() as session:
            await session.execute(update(Promise).values(kept_at=now()))
        async with parts.conversations.open(conversation_id) as c:
            plan = FollowUpPlan(day=now().date() + timedelta(days=4), text="Ist das Paket da?")
            planned = await plan_follow_up(c, mia, plan)
            assert (await load_outlook(c, mia, plan.day)).reach.way == "mail"
        async with parts.conversations.open(conversation_id) as c:
            await tend_follow_up(c, planned.due_at)
        await mail_is(parts, conversation_id, DeliveryStatus.SENT)

        mail = server.mails[-1]
        assert "Ist das Paket da?" in body(mail)
        assert mail["List-Unsubscribe"]
        asked = next(line.seq for line in await log_of(parts, conversation_id) if line.facts.aside)
        lines = await parts.timeline.lines(conversation_id)
        assert next(line.delivery for line in lines if line.seq == asked) == "mailed"
        detail = await parts.timeline.conversation(conversation_id)
        assert detail.follow_up
        assert (detail.follow_up.state, detail.reach.way) == ("asked", "mail")


@pytest.mark.sqlite_only
async def test_on_telegram_the_question_arrives_with_its_buttons_and_a_press_answers_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("Mein Tisch wackelt.")
        await desk.answered(ida, "Mein Tisch wackelt.")
        (found,) = await desk.conversations()
        mia = await hire(desk.parts.db, "Mia")
        customer = Customer(desk.parts.conversations)
        customer.id = found.id
        driver = drive(desk.parts.conversations)
        epoch = (await driver.accept(found.id, mia)).epoch
        await driver.answer(found.id, mia, epoch, "Ziehen Sie die Schrauben nach.", "1")
        await driver.resolve(found.id, mia)
        planned = await customer.plan(mia)
        await customer.tend(planned.due_at)

        question = await desk.answered(ida, QUESTION)
        buttons = [row[0] for row in question.keyboard]
        assert len(buttons) == 3
        ida.presses(question, buttons[YES_AT]["text"])

        async def answered() -> bool:
            return (await customer.card()).state == "answered"

        await eventually(answered, "the answer")
        assert (await customer.card()).settled is True
        assert (await customer.conversation()).status == Status.RESOLVED


@pytest.mark.sqlite_only
async def test_by_mail_a_yes_ends_it_without_another_mail_and_a_no_waits_for_a_person(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Meine Rechnung fehlt.")
        await desk.sent(1)
        (found,) = await desk.conversations()
        mia = await hire(desk.parts.db, "Mia")
        customer = Customer(desk.parts.conversations, Channel.EMAIL)
        customer.id = found.id
        driver = drive(desk.parts.conversations)
        epoch = (await driver.accept(found.id, mia)).epoch
        await driver.answer(found.id, mia, epoch, "Ich schicke sie gleich.", "1")
        await driver.resolve(found.id, mia)
        await desk.sent(3)
        await customer.is_asked(mia)
        question = (await desk.sent(4))[3]
        stop = str(question["List-Unsubscribe"]).strip("<>")
        assert stop in plain_text(question)
        assert question["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Hat sich Ihr Anliegen erledigt? Ein" not in plain_text(question)
        assert "Ein kurzes Ja oder Nein genügt." in plain_text(question)

        desk.mailbox.deliver(reply_to(question, "Ja, danke!"))
        await desk.written(2)
        await desk.quiet(2)
        card = await customer.card()
        assert (card.state, card.settled) == ("answered", True)
        assert (await customer.conversation()).status == Status.RESOLVED
        assert len(desk.server.mails) == 4

        await customer.is_asked(mia, 9)
        again = (await desk.sent(5))[4]
        desk.mailbox.deliver(reply_to(again, "Nein, ich habe noch nichts bekommen."))
        await desk.sent(6)
        assert (await customer.conversation()).status == Status.QUEUED
        assert (await customer.card()).settled is False

        transport = httpx.ASGITransport(app=desk.apps[0])
        async with httpx.AsyncClient(transport=transport, base_url=desk.parts.settings.origin) as mailbox:
            assert (await mailbox.post(stop, data={"List-Unsubscribe": "One-Click"})).text == "ok"
        async with desk.parts.db.read() as session:
            contact = (await session.scalars(select(Contact))).one()
        assert (contact.no_follow_ups, contact.mail_refusal) == (True, None), "answers still come by mail"
