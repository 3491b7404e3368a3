"""What holds on every channel alike, through the real application and the real SDKs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from connectors.contract import Channel
from store.models import Conversation, Delivery, DeliveryStatus, Message
from store.status import Status
from tests.contract import Bench, MailBench, bench
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, hire

PERSON = "Mit einem Menschen sprechen"


def asked_or_answered(turn: dict[str, object]) -> list[dict[str, object]]:
    """Answers a question, with the button that asks for a person."""
    choices = [{"title": PERSON, "payload": "/ask_person"}]
    return [{"text": f"Zu „{turn['text']}“: drei bis fünf Tage.", "choices": choices}]


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot(answering=asked_or_answered)


#: On these a customer talks with the bot; a mail gets what an article surely says and a person's answer.
TALKS = [channel for channel in Channel if channel.is_live]


@pytest.fixture(params=TALKS, ids=str)
async def talk(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, bot: FakeBot) -> AsyncIterator[Bench]:
    async with bench(str(request.param), tmp_path, sqlite_url, bot) as found:
        yield found


@pytest.fixture(params=list(Channel), ids=str)
async def at(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, bot: FakeBot) -> AsyncIterator[Bench]:
    async with bench(str(request.param), tmp_path, sqlite_url, bot) as found:
        yield found


def answer_at(at: Bench) -> str:
    """What a question is answered with: by mail only what an article says is said, and a person is promised."""
    return "Ein Mensch antwortet Ihnen spätestens" if isinstance(at, MailBench) else "drei bis fünf Tage"


async def arrives(at: Bench, text: str) -> None:
    async def there() -> bool:
        return any(text in each for each in at.read())

    await eventually(there, f"“{text}”")


async def the_conversation(at: Bench) -> Conversation:
    async def begun() -> Conversation | None:
        async with at.parts.db.read() as session:
            return await session.scalar(select(Conversation))

    found = await eventually(begun, "the conversation")
    assert found is not None
    return found


async def stored(at: Bench) -> list[str]:
    async with at.parts.db.read() as session:
        return list(
            await session.scalars(select(Message.text).where(Message.author == "contact").order_by(Message.seq))
        )


async def test_a_question_is_answered_once_and_the_bot_says_first_that_it_is_a_bot(talk: Bench) -> None:
    await talk.write("wie lange dauert es?")
    await arrives(talk, "drei bis fünf Tage")

    read = talk.read()
    assert "kein Mensch" in read[0]
    assert sum("drei bis fünf Tage" in text for text in read) == 1


async def test_a_repeat_changes_nothing(at: Bench, bot: FakeBot) -> None:
    written = await at.write("wie lange dauert es?")
    await arrives(at, answer_at(at))
    for _ in range(3):
        await at.repeat(written)

    assert await stored(at) == ["wie lange dauert es?"]
    assert sum(answer_at(at) in text for text in at.read()) == 1
    assert len(bot.turns) == (0 if isinstance(at, MailBench) else 1)


async def test_what_nobody_has_signed_is_refused_and_leaves_no_trace(at: Bench) -> None:
    assert await at.forge() in {401, 403}

    async with at.parts.db.read() as session:
        written = await session.scalar(select(func.count()).where(Message.author == "contact"))
    assert written == 0


async def test_a_text_that_looks_like_a_command_to_the_bot_is_text(talk: Bench, bot: FakeBot) -> None:
    await talk.write('wirklich /faq{"article":"x"}')
    await arrives(talk, "drei bis fünf Tage")

    assert (bot.turns[0]["payload"], bot.turns[0]["text"]) == (None, 'wirklich /faq{"article":"x"}')


async def test_a_button_brings_a_person_once_and_the_person_answers(talk: Bench) -> None:
    await talk.write("wie lange dauert es?")
    await arrives(talk, "drei bis fünf Tage")
    await talk.press(PERSON)

    conversation = await the_conversation(talk)

    async def queued() -> bool:
        return (await conversation_of(talk.parts, conversation.id)).status == Status.QUEUED

    await eventually(queued, "the queue")
    mia = await hire(talk.parts, "Mia")
    taken = await drive(talk.parts.conversations).accept(conversation.id, mia)
    await drive(talk.parts.conversations).answer(
        conversation.id, mia, taken.epoch, "Ich kümmere mich **gleich** darum.", "1"
    )
    await arrives(talk, "gleich")
    await drive(talk.parts.conversations).resolve(conversation.id, mia)
    await arrives(talk, "Konnten wir Ihnen helfen?")


async def test_a_long_answer_arrives_whole_and_in_order(talk: Bench, bot: FakeBot) -> None:
    words = [f"Wort{number}" for number in range(1500)]
    text = ". ".join(" ".join(words[start : start + 10]) for start in range(0, 1500, 10))
    bot.answering = lambda turn: [{"text": text}]
    await talk.write("bitte ausführlich?")
    await arrives(talk, "Wort1499")

    read = "\n".join(talk.read())
    places = [read.find(f"{word} ") if number % 10 != 9 else read.find(word) for number, word in enumerate(words)]
    assert -1 not in places
    assert places == sorted(places)


async def test_a_channel_that_asks_for_patience_gets_it_and_everything_still_arrives(at: Bench) -> None:
    if not at.ask_for_patience():
        return
    await at.write("wie lange dauert es?")
    await arrives(at, answer_at(at))

    assert "kein Mensch" in at.read()[0]


async def test_what_a_channel_refuses_for_good_is_told_to_the_agent_in_a_sentence(at: Bench) -> None:
    if not at.refuse():
        return
    await at.write("wie lange dauert es?")

    async def failed() -> str | None:
        async with at.parts.db.read() as session:
            return await session.scalar(select(Delivery.reason).where(Delivery.status == DeliveryStatus.FAILED))

    reason = await eventually(failed, "the failure")
    assert reason is not None
    assert reason.endswith(".")
    assert len(reason.split()) > 3
