"""Follow-ups: asked once on the day where the customer can be reached, answered, ended politely, or called off."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from connectors.contract import Channel, Tap
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.conversations.follow_up_register import load_live_follow_up
from helpdesk.conversations.follow_ups.asking import PATIENCE, to_follow_up
from helpdesk.conversations.follow_ups.planning import (
    call_off_follow_up,
    load_outlook,
    plan_by_article,
)
from helpdesk.conversations.follow_ups.question import NEVER, NO, YES
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.events.event_kinds import notes_of
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed
from store.models import (
    Article,
    ArticleState,
    Conversation,
    Delivery,
    DeliveryStatus,
    FollowUp,
    FollowUpState,
    Handoff,
    Message,
    Variant,
    now,
)
from store.settings import Settings
from store.status import Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message, log_of, wait_for_answers
from tests.integration.follow_up_customer import NEVER_AT, NO_AT, QUESTION, YES_AT, Customer
from tests.integration.promise_samples import hire
from tests.statements import counting, listen


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
