"""Promises: made, told, kept, reminded of in time, and counted when they are broken; each once."""

import asyncio
from datetime import timedelta

import pytest

from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.promise_reminders import remind_at
from helpdesk.conversations.promises.register import NewPromise, keep_answers, record_promise
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import Contact, Conversation, Promise, PromiseKind, Role, now
from store.settings import Settings
from tests.conversation_driver import PromiseDriver, drive
from tests.integration.promise_samples import activities, assigned, hire, register, vase


@pytest.fixture
def promises(db: Database) -> PromiseDriver:
    return register(db)


async def stored(db: Database, promise_id: str) -> Promise:
    async with db.read() as session:
        return await session.get_one(Promise, promise_id)


async def test_a_promise_stands_in_the_log_and_the_customer_is_told_if_wished(
    db: Database, promises: PromiseDriver
) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    shown = await promises.make(conversation_id, mia, vase(shown=True))
    await promises.make(conversation_id, mia, vase())
    told, quiet = await activities(db, conversation_id)
    assert told[0] == quiet[0] == "promised"
    assert told[1].startswith("Mia hat Ihnen zugesagt: „Ersatz für die Vase“, spätestens ")
    assert (told[2], quiet[1:]) == (True, ("", False))
    assert next(card.id for card in await promises.of(conversation_id)) == shown.id


async def test_the_time_is_told_by_the_customers_clock(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    async with db.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        (await session.get_one(Contact, conversation.contact_id)).time_zone = "Asia/Tokyo"
        conversation.language = "en"
    wanted = vase(shown=True)
    await promises.make(conversation_id, mia, wanted)
    ((_, text, _),) = await activities(db, conversation_id)
    hour = (wanted.due_at + timedelta(hours=9)).hour
    assert f" at {hour % 12 or 12}" in text


async def test_where_the_customers_clock_is_not_known_the_installations_counts(db: Database) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    async with db.write() as session:
        (await session.get_one(Conversation, conversation_id)).language = "en"
    wanted = vase(shown=True)
    await register(db, "Asia/Tokyo").make(conversation_id, mia, wanted)
    ((_, text, _),) = await activities(db, conversation_id)
    assert f" at {(wanted.due_at + timedelta(hours=9)).hour % 12 or 12}" in text


async def test_the_same_form_sent_twice_is_one_promise(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    made = await asyncio.gather(*(promises.make(conversation_id, mia, vase(client_id="c1")) for _ in range(3)))
    assert len({promise.id for promise in made}) == 1
    assert len(await activities(db, conversation_id)) == 1


async def test_who_does_not_have_the_conversation_notes_a_promise_but_tells_nobody(
    db: Database, promises: PromiseDriver
) -> None:
    mia, jo = await hire(db, "Mia"), await hire(db, "Jo")
    conversation_id = await assigned(db, mia)
    with pytest.raises(NotAllowed):
        await promises.make(conversation_id, jo, vase(shown=True))
    await promises.make(conversation_id, jo, vase())
    assert [card.agent_name for card in await promises.mine(jo)] == ["Jo"]


async def test_what_is_no_promise_is_refused(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    for wanted in (
        vase(-1),
        vase(60 * 24 * 400),
        NewPromise(text="   ", due_at=now() + timedelta(hours=1)),
        NewPromise(text="x" * 501, due_at=now() + timedelta(hours=1)),
        NewPromise(text="x", due_at=(now() + timedelta(hours=1)).replace(tzinfo=None)),
    ):
        with pytest.raises(Invalid):
            await promises.make(conversation_id, mia, wanted)
    with pytest.raises(NotFound):
        await promises.make("0" * 32, mia, vase())
    with pytest.raises(NotFound):
        await promises.keep("0" * 32, mia)
    assert await promises.of(conversation_id) == []


async def test_only_those_concerned_end_a_promise(db: Database, promises: PromiseDriver) -> None:
    mia, jo, ada = await hire(db, "Mia"), await hire(db, "Jo"), await hire(db, "Ada", Role.ADMIN)
    conversation_id = await assigned(db, mia)
    first, second = [await promises.make(conversation_id, mia, vase()) for _ in range(2)]
    with pytest.raises(NotAllowed):
        await promises.keep(first.id, jo)
    assert (await promises.keep(first.id, mia)).kept_at
    assert (await promises.withdraw(second.id, ada)).withdrawn_at
    await promises.keep(first.id, mia)  # again: no harm
    with pytest.raises(Conflict):
        await promises.withdraw(first.id, mia)
    events = [event for event, _, _ in await activities(db, conversation_id)]
    assert events == ["promised", "promised", "promise_kept", "promise_withdrawn"]


async def test_a_customer_who_was_told_is_told_when_it_no_longer_stands(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    promise = await promises.make(conversation_id, mia, vase(shown=True))
    await promises.withdraw(promise.id, mia)
    event, text, delivered = (await activities(db, conversation_id))[-1]
    assert (event, delivered) == ("promise_withdrawn", True)
    assert "Ersatz für die Vase" in text


async def test_a_reminder_comes_in_time_and_once_on_two_instances(db: Database) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    here, there = register(db), register(db)
    promise = await here.make(conversation_id, mia, vase(120))
    early, late = promise.due_at - timedelta(minutes=31), promise.due_at - timedelta(minutes=29)
    assert (await here.remind(early)).reminded == 0
    looks = await asyncio.gather(here.remind(late), there.remind(late))
    assert sum(look.reminded for look in looks) == 1
    assert (await here.remind(late)).reminded == 0
    assert [event for event, _, _ in await activities(db, conversation_id)] == ["promised", "promise_due"]
    assert [card.state for card in await here.mine(mia)] == ["due"]


def test_a_short_promise_is_reminded_of_in_its_last_quarter() -> None:
    made = now()
    assert remind_at(made, made + timedelta(minutes=20)) == made + timedelta(minutes=15)
    assert remind_at(made, made + timedelta(days=2)) == made + timedelta(days=2, minutes=-30)


async def test_a_broken_promise_is_found_once_and_can_still_be_made_good(db: Database) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    here, there = register(db), register(db)
    promise = await here.make(conversation_id, mia, vase(20))
    after = promise.due_at + timedelta(seconds=1)
    looks = await asyncio.gather(here.remind(after), there.remind(after))
    assert sum(look.broken for look in looks) == 1
    assert sum(look.reminded for look in looks) == 0, "it is too late for a reminder"
    assert [card.state for card in await here.mine(mia)] == ["broken"]
    await here.keep(promise.id, mia)
    row = await stored(db, promise.id)
    assert row.broken_at
    assert row.kept_at
    assert await here.mine(mia) == []


async def test_what_has_ended_is_never_reminded_of(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, mia)
    kept, withdrawn = [await promises.make(conversation_id, mia, vase(20)) for _ in range(2)]
    await promises.keep(kept.id, mia)
    await promises.withdraw(withdrawn.id, mia)
    looked = await promises.remind(kept.due_at + timedelta(hours=1))
    assert (looked.reminded, looked.broken) == (0, 0)


async def test_an_answer_keeps_what_staffel_promised_and_nothing_else(db: Database, promises: PromiseDriver) -> None:
    mia = await hire(db, "Mia")
    conversation_id = await assigned(db, None)
    due = now() + timedelta(hours=2)
    conversations = Conversations(db, ChangeHints(), Settings(_env_file=None))
    async with conversations.open(conversation_id) as c:
        for kind in (PromiseKind.ANSWER, PromiseKind.CALLBACK):
            await record_promise(c, NewPromise(text="Antwort", due_at=due, kind=kind))
    await drive(conversations).accept(conversation_id, mia)
    assert len(await promises.mine(mia)) >= 2, "Staffel's promises are the owner's to keep"
    async with conversations.open(conversation_id) as c:
        assert await keep_answers(c) >= 1
        assert await keep_answers(c) == 0
    assert {card.kind for card in await promises.mine(mia)} == {"callback"}
