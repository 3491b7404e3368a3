"""Follow-ups: asked once on the day where the customer can be reached, answered, ended politely, or called off."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from connectors.contract import Address, Channel, InboundMessage, Tap
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.conversations.follow_up_register import load_live_follow_up
from helpdesk.conversations.follow_ups.asking import PATIENCE, tend_follow_up, to_follow_up
from helpdesk.conversations.follow_ups.cards import FollowUpCard, load_newest_card
from helpdesk.conversations.follow_ups.planning import (
    FollowUpPlan,
    call_off_follow_up,
    load_outlook,
    plan_by_article,
    plan_follow_up,
)
from helpdesk.conversations.follow_ups.question import NEVER, NO, YES
from helpdesk.conversations.promises import NewPromise
from helpdesk.events.event_kinds import notes_of
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed
from store.models import (
    Article,
    ArticleState,
    Contact,
    Conversation,
    Delivery,
    DeliveryStatus,
    FollowUp,
    FollowUpState,
    Handoff,
    Message,
    Promise,
    Variant,
    now,
)
from store.settings import Settings
from store.status import Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.bot import FakeBot
from tests.harness import eventually, inbound_message, log_of, wait_for_answers
from tests.integration.mail_desk import mail_desk, plain_text, reply_to
from tests.integration.promise_samples import hire
from tests.integration.telegram_desk import telegram_desk
from tests.integration.test_unseen_mail import answer, body, mail_is, reachable, waiting
from tests.statements import counting, listen

YES_AT, NO_AT, NEVER_AT = 0, 1, 2
QUESTION = "Mia möchte gern wissen: Hat sich Ihr Anliegen erledigt?"


class Customer:
    """Somebody on one channel, and the helpdesk that they write to."""

    def __init__(self, conversations: Conversations, channel: Channel = Channel.TELEGRAM, name: str = "42") -> None:
        self.conversations = conversations
        self.db = conversations.db
        self.address = Address(channel=channel, account="bot", chat_id=name)
        self.id = ""
        self._count = 0

    async def writes(self, text: str = "", tap: Tap | None = None) -> int:
        self._count += 1
        external_id = f"{self.address.chat_id}:{self._count}"
        received = await drive(self.conversations).receive(
            InboundMessage(
                address=self.address, contact_id=self.address.chat_id, external_id=external_id, text=text, tap=tap
            )
        )
        self.id = received.conversation_id
        return received.seq

    async def taps(self, choice: int) -> int:
        card = await self.card()
        return await self.writes(tap=Tap(seq=card.asked_seq or 0, choice=choice))

    async def is_helped_by(self, agent: str, *, resolved: bool = True) -> None:
        await self.writes("Mein Tisch wackelt.")
        driver = drive(self.conversations)
        trigger = Trigger(kind=TriggerKind.ASKED, turns=(2,), text="Mein Tisch wackelt.")
        await driver.request_handoff(self.id, [trigger])
        epoch = (await driver.accept(self.id, agent)).epoch
        await driver.answer(self.id, agent, epoch, "Ziehen Sie die Schrauben nach.", "1")
        if resolved:
            await driver.resolve(self.id, agent)

    async def plan(self, agent: str, days: int = 5, text: str = "") -> FollowUp:
        day = now().date() + timedelta(days=days)
        async with self.conversations.open(self.id) as c:
            return await plan_follow_up(c, agent, FollowUpPlan(day=day, text=text))

    async def tend(self, at: datetime, conversations: Conversations | None = None) -> bool:
        async with (conversations or self.conversations).open(self.id) as c:
            return await tend_follow_up(c, at)

    async def is_asked(self, agent: str, days: int = 5, text: str = "") -> FollowUpCard:
        planned = await self.plan(agent, days, text)
        await self.tend(planned.due_at)
        return await self.card()

    async def card(self) -> FollowUpCard:
        async with self.db.read() as session:
            found = await load_newest_card(session, self.id)
        assert found
        return found

    async def conversation(self) -> Conversation:
        async with self.db.read() as session:
            return await session.get_one(Conversation, self.id)

    async def lines(self) -> list[Message]:
        async with self.db.read() as session:
            found = await session.scalars(
                select(Message).where(Message.conversation_id == self.id).order_by(Message.seq)
            )
            return list(found)

    async def last_said(self) -> str:
        return [line.text for line in await self.lines() if line.kind == "outgoing"][-1]

    async def is_(self, **fields: object) -> None:
        """Change what is known of the contact."""
        async with self.db.write() as session:
            await session.execute(update(Contact).values(**fields))


@pytest.fixture
def customer(conversations: Conversations) -> Customer:
    return Customer(conversations)


async def test_it_is_asked_once_on_two_instances_and_is_no_answer(db: Database, customer: Customer) -> None:
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    planned = await customer.plan(mia)
    other = Conversations(db, ChangeHints(), Settings(_env_file=None))
    before = await customer.conversation()
    assert not await customer.tend(planned.due_at - timedelta(seconds=1))
    asked = await asyncio.gather(customer.tend(planned.due_at), customer.tend(planned.due_at, other))

    assert sorted(asked) == [False, True]
    [line] = [line for line in await customer.lines() if line.facts.aside]
    assert line.text == f"{QUESTION}\n\nOhne Antwort fragen wir nicht noch einmal."
    assert [choice.payload for choice in line.choices] == [YES, NO, NEVER]
    assert notes_of([line], is_new=False) == []
    after = await customer.conversation()
    assert (after.status, after.answered_seq, after.epoch) == (Status.RESOLVED, before.answered_seq, before.epoch)
    async with db.read() as session:
        assert await session.scalar(select(Delivery.status).where(Delivery.message_id == line.id)) == "pending"
        assert not await session.scalar(select(to_follow_up(planned.due_at).exists()))


async def test_a_yes_is_thanked_and_stays_closed_and_may_become_a_no(db: Database, customer: Customer) -> None:
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    await customer.is_asked(mia, text="Wackelt der Tisch noch?")
    seq = await customer.taps(YES_AT)

    card = await customer.card()
    assert (card.state, card.settled, card.answered_seq) == ("answered", True, seq)
    assert await customer.last_said() == "Das freut uns. Wenn noch etwas ist, schreiben Sie einfach hier."
    assert (await customer.conversation()).status == Status.RESOLVED
    await customer.taps(NO_AT)
    assert (await customer.conversation()).status == Status.QUEUED


async def test_a_no_goes_to_the_person_who_had_it_with_everything_that_was_said(
    db: Database, customer: Customer
) -> None:
    jo, mia = await hire(db, "Jo"), await hire(db, "Mia")
    await customer.is_helped_by(mia)
    await customer.is_asked(mia)
    seq = await customer.writes("Nein, er wackelt immer noch!")

    async with db.read() as session:
        handoff = await session.scalar(select(Handoff).where(Handoff.ended_at.is_(None)))
    assert handoff
    assert (handoff.preferred_agent, handoff.urgency) == (mia, 1)
    assert jo != handoff.preferred_agent
    [trigger] = handoff.triggers
    assert (trigger.kind, trigger.turns, trigger.text) == (
        TriggerKind.FOLLOW_UP,
        (seq,),
        "Nein, er wackelt immer noch!",
    )
    card = await customer.card()
    assert (card.state, card.settled) == ("answered", False)


@pytest.mark.sqlite_only
async def test_a_question_is_a_question_and_whoever_does_not_want_to_be_asked_is_not(
    db: Database, conversations: Conversations
) -> None:
    mia = await hire(db, "Mia")
    ida, max_ = Customer(conversations, name="1"), Customer(conversations, name="2")
    for each in (ida, max_):
        await each.is_helped_by(mia)
        await each.is_asked(mia)
    await ida.writes("Was kostet der Versand nach Österreich?")
    card = await ida.card()
    assert (card.state, card.settled) == ("answered", None)
    assert (await ida.conversation()).status == Status.BOT

    await max_.taps(NEVER_AT)
    assert (await max_.conversation()).status == Status.RESOLVED
    assert "fragen nicht mehr nach" in await max_.last_said()
    with pytest.raises(Conflict):
        await max_.plan(mia)
    async with conversations.open(max_.id) as c:
        assert (await load_outlook(c, mia, now().date() + timedelta(days=3))).reach.problem == "declined"


async def test_no_answer_ends_it_without_a_word(db: Database, customer: Customer) -> None:
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    asked = await customer.is_asked(mia)
    assert asked.asked_at
    said = await customer.last_said()
    assert await customer.tend(asked.due_at)
    assert (await customer.card()).state == "asked"
    assert not await customer.tend(asked.asked_at + PATIENCE - timedelta(seconds=1))
    assert await customer.tend(asked.asked_at + PATIENCE)

    assert (await customer.card()).state == "ended"
    assert await customer.last_said() == said
    assert (await customer.lines())[-1].event == "follow_up_ended"
    assert (await customer.conversation()).follow_up is None
    await customer.taps(NO_AT)  # late, and still heard
    assert (await customer.conversation()).status == Status.QUEUED


@pytest.mark.sqlite_only
async def test_whom_nothing_reaches_is_shown_with_the_reason(db: Database, conversations: Conversations) -> None:
    mia = await hire(db, "Mia")
    blocked, lost, away = (
        Customer(conversations, name="1"),
        Customer(conversations, name="2"),
        Customer(conversations, Channel.WEBCHAT, name="3"),
    )
    for each in (blocked, lost, away):
        await each.is_helped_by(mia)
    planned = await blocked.plan(mia)
    await blocked.is_(reachable=False)
    await blocked.tend(planned.due_at)
    assert ((await blocked.card()).state, (await blocked.card()).reason) == ("impossible", "blocked")
    with pytest.raises(Conflict):
        await blocked.plan(mia)
    await blocked.is_(reachable=True)

    asked = await lost.is_asked(mia)
    async with db.write() as session:
        await session.execute(update(Delivery).values(status=DeliveryStatus.FAILED))
    await lost.tend(asked.due_at)
    assert ((await lost.card()).state, (await lost.card()).reason) == ("impossible", "undelivered")
    assert (await lost.lines())[-1].event == "follow_up_impossible"

    async with db.write() as session:
        await session.execute(update(Delivery).values(status=DeliveryStatus.STORED))
    async with conversations.open(away.id) as c:
        assert (await load_outlook(c, mia, now().date() + timedelta(days=3))).reach.way == "chat_only"
    asked = await away.is_asked(mia)
    assert asked.asked_at
    await away.tend(asked.asked_at + PATIENCE)
    assert ((await away.card()).state, (await away.card()).reason) == ("impossible", "unseen")


async def wrote_lately(customer: Customer, _agent: str, due_at: datetime) -> None:
    await customer.writes("Der Tisch wackelt weniger.")
    async with customer.db.write() as session:
        newest = select(Message).where(Message.kind == "incoming").order_by(Message.seq.desc()).limit(1)
        line = (await session.scalars(newest)).one()
        line.created_at = due_at - timedelta(hours=20)
        (await session.scalars(select(Conversation))).one().answered_seq = line.seq


async def settled(customer: Customer, _agent: str, _due_at: datetime) -> None:
    await customer.writes("Hat sich erledigt, danke!")


async def asked_for_person(customer: Customer, _agent: str, _due_at: datetime) -> None:
    await customer.writes("Es wackelt doch.")
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(2,), text="Es wackelt doch.")
    await drive(customer.conversations).request_handoff(customer.id, [trigger])


async def promised(customer: Customer, agent: str, due_at: datetime) -> None:
    wanted = NewPromise(text="Anruf", due_at=due_at + timedelta(hours=1))
    await PromiseDriver(customer.conversations).make(customer.id, agent, wanted)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("happens", "reason"),
    [(wrote_lately, "wrote"), (settled, "settled"), (asked_for_person, "handed_over"), (promised, "promise")],
)
async def test_nobody_is_asked_what_they_just_told_us(
    db: Database, customer: Customer, happens: Callable[[Customer, str, datetime], Awaitable[None]], reason: str
) -> None:
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    planned = await customer.plan(mia)
    await happens(customer, mia, planned.due_at)
    await customer.tend(planned.due_at)

    card = await customer.card()
    assert (card.state, card.reason) == ("called_off", reason)
    assert not [line for line in await customer.lines() if line.facts.aside]


@pytest.mark.sqlite_only
async def test_who_waits_for_the_agents_answer_is_not_asked_and_thanks_change_nothing(
    db: Database, conversations: Conversations
) -> None:
    mia = await hire(db, "Mia")
    waits, thanks = Customer(conversations, name="1"), Customer(conversations, name="2")
    for each, words in ((waits, "Welche Schrauben?"), (thanks, "Vielen Dank!")):
        await each.is_helped_by(mia, resolved=each is thanks)
        planned = await each.plan(mia)
        await each.writes(words)
        await each.tend(planned.due_at)
    assert ((await waits.card()).state, (await waits.card()).reason) == ("called_off", "waits")
    assert (await thanks.card()).state == "asked"


@pytest.mark.sqlite_only
async def test_agents_change_and_call_off_and_only_the_owner_plans(db: Database, customer: Customer) -> None:
    mia, jo = await hire(db, "Mia"), await hire(db, "Jo")
    await customer.is_helped_by(mia, resolved=False)
    with pytest.raises(NotAllowed):
        await customer.plan(jo)
    for days in (-1, 200):
        with pytest.raises(Invalid):
            await customer.plan(mia, days)
    first = await customer.plan(mia)
    changed = await customer.plan(mia, 12, "Steht er wieder?")
    assert (changed.id, changed.text) == (first.id, "Steht er wieder?")
    async with customer.conversations.open(customer.id) as c:
        await call_off_follow_up(c, mia)
    events = [line.event for line in await customer.lines() if "follow_up" in str(line.event)]
    assert events == ["follow_up_planned", "follow_up_changed", "follow_up_called_off"]
    await customer.is_asked(mia)
    with pytest.raises(Conflict):
        await customer.plan(mia)


async def test_an_article_that_helped_asks_again_once(db: Database, customer: Customer) -> None:
    async with db.write() as session:
        session.add(Article(key="refund", state=ArticleState.PUBLISHED, ask_again_after=6))
        session.add(Article(key="hours", state=ArticleState.PUBLISHED))
        await session.flush()
        session.add(Variant(article_key="refund", language="de", question="Wann kommt mein Geld?", answer="Bald."))
    await customer.writes("Wann kommt mein Geld?")

    async def helped(key: str) -> None:
        async with customer.conversations.open(customer.id) as c:
            await plan_by_article(c, key)

    await helped("hours")
    assert (await customer.conversation()).follow_up is None
    await helped("refund")
    card = await customer.card()
    assert (card.state, card.article_title) == ("planned", "Wann kommt mein Geld?")
    assert date.fromisoformat(card.day) - now().date() in {timedelta(days=6), timedelta(days=7)}
    async with db.write() as session:
        (await session.scalars(select(Conversation))).one().answered_seq = 2
    await customer.tend(card.due_at)
    assert (await customer.last_said()).startswith("Sie haben uns neulich gefragt: „Wann kommt mein Geld?“.")
    await customer.taps(YES_AT)
    await helped("refund")
    assert (await customer.conversation()).follow_up is None, "once in a conversation"
    assert (await customer.conversation()).status == Status.BOT


async def test_the_turn_in_which_an_article_helped_plans_what_it_wants(parts: AppComponents, bot: FakeBot) -> None:
    async with parts.db.write() as session:
        session.add(Article(key="refund", state=ArticleState.PUBLISHED, ask_again_after=6))
        await session.flush()
        session.add(Variant(article_key="refund", language="de", question="Wann kommt mein Geld?", answer="Bald."))
    helped = {"title": "Hat geholfen", "payload": "/feedback_helpful"}
    bot.answering = lambda turn: [{"text": "Bald.", "choices": [helped]}]
    received = await parts.inbox.receive(inbound_message("Wann kommt mein Geld?"))
    await wait_for_answers(parts, received.conversation_id, 1)
    offer = (await log_of(parts, received.conversation_id))[-1]
    feedback = {"feedback": {"article": "refund", "helpful": True}}
    bot.answering = lambda turn: [{"text": "Gern geschehen.", "custom": feedback}]
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=0)))
    await wait_for_answers(parts, received.conversation_id, 2)

    async with parts.db.read() as session:
        planned = (await session.scalars(select(FollowUp))).one()
    assert (planned.article, planned.state) == ("refund", FollowUpState.PLANNED)


@pytest.mark.sqlite_only
async def test_another_question_calls_off_what_an_article_planned(parts: AppComponents) -> None:
    customer = Customer(parts.conversations, Channel.WEBCHAT)
    await customer.writes("Wann kommt mein Geld?")
    async with parts.db.write() as session:
        session.add(Article(key="refund", state=ArticleState.PUBLISHED, ask_again_after=6))
    async with parts.conversations.open(customer.id) as c:
        await plan_by_article(c, "refund")
        trigger = Trigger(kind=TriggerKind.ASKED, turns=(2,))
    await drive(parts.conversations).request_handoff(customer.id, [trigger])
    card = await customer.card()
    assert (card.state, card.reason) == ("called_off", "handed_over")


async def test_export_and_erasure_hold_it(db: Database, customer: Customer) -> None:
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    await customer.plan(mia, text="Steht er?")
    contact = (await customer.conversation()).contact_id
    [exported] = (await export_contact(db, contact))["conversations"]
    assert [one["text"] for one in exported["follow_ups"]] == ["Steht er?"]
    await erase_contact(db, contact)
    async with db.read() as session:
        assert await session.scalar(select(FollowUp.id)) is None


async def test_a_message_costs_no_statement_more_while_nothing_is_planned(db: Database, customer: Customer) -> None:
    listen()
    mia = await hire(db, "Mia")
    await customer.is_helped_by(mia)
    async with customer.conversations.open(customer.id) as c:
        with counting() as count:
            assert await load_live_follow_up(c) is None
    assert count.statements == 0


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
