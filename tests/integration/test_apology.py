"""A broken promise of an agent's is owned up to: once, in the customer's language, if they still wait for it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.register import NewPromise, record_promise
from helpdesk.views.timeline import Timeline
from store.db import Database
from store.models import Contact, Conversation, Promise, PromiseKind, now
from tests.conversation_driver import PromiseDriver, drive
from tests.integration.promise_samples import activities, assigned, hire, register, vase

LATE = (
    "Zugesagt war Ihnen „Ersatz für die Vase“, spätestens {when}. Diese Zeit ist um, und eine Antwort fehlt noch; "
    "das tut uns leid. Wir haben das Team daran erinnert."
)


@pytest.fixture
async def mia(db: Database) -> str:
    return await hire(db, "Mia")


@pytest.fixture
async def conversation_id(db: Database, mia: str) -> str:
    return await assigned(db, mia)


@pytest.fixture
def promises(db: Database) -> PromiseDriver:
    return register(db, "UTC")


async def broken(promises: PromiseDriver, *made: Promise) -> int:
    """The time of the last one passes; how many turned out broken."""
    return (await promises.remind(max(each.due_at for each in made) + timedelta(seconds=1))).broken


async def told(db: Database, conversation_id: str) -> list[str]:
    """What the customer got to read about broken promises."""
    found = await activities(db, conversation_id)
    return [text for event, text, delivered in found if event == "promise_broken" and delivered]


async def write(conversations: Conversations, conversation_id: str, agent_id: str, text: str) -> None:
    async with conversations.db.read() as session:
        epoch = (await session.get_one(Conversation, conversation_id)).epoch
    await drive(conversations).answer(conversation_id, agent_id, epoch, text, text[:8])


async def test_the_customer_reads_once_that_the_time_has_passed_on_two_instances(
    db: Database, promises: PromiseDriver, mia: str, conversation_id: str
) -> None:
    made = await promises.make(conversation_id, mia, vase(20, shown=True))
    here, there = promises, register(db, "UTC")
    assert sorted(await asyncio.gather(broken(here, made), broken(there, made))) == [0, 1]
    assert await broken(here, made) == 0
    hour, minute = made.due_at.hour, made.due_at.minute
    clock = f"{hour}:{minute:02}" if minute else f"{hour}"
    ((_, text, _),) = [each for each in await activities(db, conversation_id) if each[0] == "promise_broken"]
    assert text.startswith(LATE.split("{when}")[0])
    assert f"{clock} Uhr. Diese Zeit ist um" in text
    assert await told(db, conversation_id) == [text]
    (line,) = [each for each in await Timeline(db, time_zone="UTC").lines(conversation_id) if each.text == text]
    assert line.facts["done"] == text, "the desk shows agents what the customer has read"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"language": "en"}, "You were promised “Ersatz für die Vase”, "), ({"formality": "du"}, "Zugesagt war dir „")],
)
async def test_it_is_said_in_the_customers_language_and_form(
    db: Database, promises: PromiseDriver, mia: str, conversation_id: str, changes: dict[str, Any], words: str
) -> None:
    async with db.write() as session:
        await session.execute(update(Conversation).values(**changes))
        await session.execute(update(Contact).values(time_zone="Asia/Tokyo"))
    await broken(promises, await promises.make(conversation_id, mia, vase(20, shown=True)))
    (text,) = await told(db, conversation_id)
    assert text.startswith(words)


async def test_who_has_been_answered_since_hears_nothing(
    db: Database, promises: PromiseDriver, conversations: Conversations, mia: str, conversation_id: str
) -> None:
    made = await promises.make(conversation_id, mia, vase(20, shown=True))
    await write(conversations, conversation_id, mia, "Der Ersatz ist unterwegs.")
    assert await broken(promises, made) == 1, "on the register it is broken all the same"
    assert await told(db, conversation_id) == []


async def test_in_a_resolved_conversation_nothing_is_said(
    db: Database, promises: PromiseDriver, conversations: Conversations, mia: str, conversation_id: str
) -> None:
    made = await promises.make(conversation_id, mia, vase(20, shown=True))
    await drive(conversations).resolve(conversation_id, mia)
    assert await broken(promises, made) == 1
    assert await told(db, conversation_id) == []


async def test_a_promise_the_customer_never_heard_of_is_not_brought_up(
    db: Database, promises: PromiseDriver, mia: str, conversation_id: str
) -> None:
    await broken(promises, await promises.make(conversation_id, mia, vase(20)))
    assert await told(db, conversation_id) == []


async def test_the_message_that_makes_the_promise_is_no_answer_to_it(
    db: Database, promises: PromiseDriver, conversations: Conversations, mia: str, conversation_id: str
) -> None:
    wanted = NewPromise(text="melde mich bis 15 Uhr", due_at=now() + timedelta(minutes=20))
    made = await promises.make(conversation_id, mia, wanted)
    await write(conversations, conversation_id, mia, "Ich melde  mich bis 15 Uhr.")
    await broken(promises, made)
    assert len(await told(db, conversation_id)) == 1


async def test_two_broken_promises_without_a_word_in_between_are_one_sentence(
    db: Database, promises: PromiseDriver, mia: str, conversation_id: str
) -> None:
    made = [await promises.make(conversation_id, mia, vase(minutes, shown=True)) for minutes in (20, 21)]
    assert await broken(promises, *made) == 2
    assert len(await told(db, conversation_id)) == 1


async def test_what_was_kept_in_time_or_promised_by_staffel_is_not_apologised_for_here(
    db: Database, promises: PromiseDriver, conversations: Conversations, mia: str, conversation_id: str
) -> None:
    kept = await promises.make(conversation_id, mia, vase(20, shown=True))
    await promises.keep(kept.id, mia)
    async with conversations.open(conversation_id) as c:
        own = await record_promise(c, vase(20, shown=True, kind=PromiseKind.ANSWER))
    assert await broken(promises, kept, own) == 1
    assert await told(db, conversation_id) == []
