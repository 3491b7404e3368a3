"""What a turn hands to the bot, what it keeps of what was asked, and what it says while the bot is away."""

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.responses import PlainTextResponse

from connectors.contract import Tap
from helpdesk.app import AppComponents
from helpdesk.conversations.bot_replies import TurnLease
from helpdesk.conversations.bot_reply import TurnQuestion
from helpdesk.conversations.log.transcript import Transcript
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.turn_questions import tapped_question
from knowledge.formats.transfer import import_articles
from store.models import AskedQuestion, Message, QuestionCandidate, now
from tests.fakes.bot import FakeBot
from tests.harness import eventually, inbound_message, log_of, run_helpdesk, settings_for

pytestmark = pytest.mark.sqlite_only

STEPS = "Sie gehen in wenigen Schritten vor, und es dauert nicht lange.\n\n" + "1. Ein Schritt von vielen.\n" * 20
ARTICLES: dict[str, dict[str, tuple[str, str]]] = {
    "delivery": {"de": ("Wo ist mein Paket?", "Im Konto."), "en": ("Where is my parcel?", "In your account.")},
    "returns": {"de": ("Wie sende ich etwas zurück?", STEPS)},
    "parrots": {"en": ("Verkauft ihr Spielzeug für Papageien?", "We do.")},
}


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as started:
        lines = (
            json.dumps(
                {
                    "key": key,
                    "variants": {
                        language: {"question": question, "phrasings": [], "answer": answer}
                        for language, (question, answer) in variants.items()
                    },
                }
            )
            for key, variants in ARTICLES.items()
        )
        file = io.BytesIO("\n".join(lines).encode())
        await import_articles(started.db, started.library.embedder, file, by="import")
        await started.library.refresh()
        yield started


async def answered(parts: AppComponents, text: str, lines: int = 1) -> list[Message]:
    """The bot's lines after the greeting, once there are so many."""
    received = await parts.inbox.receive(inbound_message(text))

    async def look() -> list[Message]:
        said = [line for line in await log_of(parts, received.conversation_id) if line.author == "bot"][1:]
        return said if len(said) >= lines else []

    return await eventually(look, f"{lines} lines of the bot")


async def kept(parts: AppComponents) -> list[tuple[str, str, str | None]]:
    async with parts.db.read() as session:
        rows = await session.scalars(select(AskedQuestion).order_by(AskedQuestion.seq))
        return sorted(((row.text, row.outcome, row.article) for row in rows), key=str)


def away(bot: FakeBot) -> None:
    bot.broken = lambda: PlainTextResponse("down", 502)


def saying(*messages: dict[str, Any]) -> Any:
    return lambda turn: list(messages)


async def test_the_bot_is_told_of_each_question_in_a_message(parts: AppComponents, bot: FakeBot) -> None:
    await answered(parts, "Hallo! Wo ist mein Paket? Und wie sende ich etwas zurück?")

    metadata = bot.turns[-1]["metadata"]
    told = [(part["text"], part["outcome"], part["candidates"][0]["article"]) for part in metadata["parts"]]
    assert told == [
        ("Wo ist mein Paket?", "answer", "delivery"),
        ("wie sende ich etwas zurück?", "answer", "returns"),
    ]
    assert bot.turns[-1]["text"] == "Hallo! Wo ist mein Paket? Und wie sende ich etwas zurück?"


async def test_what_answers_the_bots_own_question_is_kept_as_that(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = saying({"text": "Wann passt es?", "custom": {"awaits": "callback_time"}})
    await answered(parts, "Ich hätte gern einen Termin")
    bot.answering, bot.answered = saying({"text": "Gut."}), "callback_time"

    await answered(parts, "Donnerstag", lines=2)

    lines = await log_of(parts, bot.turns[-1]["sender"])
    said = [(line.text, line.facts.awaits, line.facts.answers) for line in lines if not line.facts.greeting]
    assert said == [
        ("Ich hätte gern einen Termin", None, None),
        ("Wann passt es?", "callback_time", None),
        ("Donnerstag", None, "callback_time"),
        ("Gut.", None, None),
    ]


async def test_a_single_question_has_no_parts(parts: AppComponents, bot: FakeBot) -> None:
    await answered(parts, "Wo ist mein Paket?")

    assert "parts" not in bot.turns[-1]["metadata"]


async def test_short_messages_in_a_row_are_cut_at_their_lines(parts: AppComponents, bot: FakeBot) -> None:
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket"))
    await parts.inbox.receive(inbound_message("Wie sende ich etwas zurück"))

    await eventually(lambda: _asked(bot), "the bot to be asked")
    assert received.conversation_id == bot.turns[-1]["sender"]
    assert [part["text"] for part in bot.turns[-1]["metadata"]["parts"]] == [
        "Wo ist mein Paket",
        "Wie sende ich etwas zurück",
    ]


async def _asked(bot: FakeBot) -> bool:
    return bool(bot.turns)


async def test_each_question_is_kept_with_the_article_that_was_said(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = saying(
        {"text": "Im Konto.", "custom": {"article": "delivery"}}, {"text": "Offen bleibt: das andere."}
    )
    await answered(parts, "Wo ist mein Paket? Wie sende ich etwas zurück?", lines=2)

    assert await kept(parts) == [
        ("Wie sende ich etwas zurück?", "answer", None),
        ("Wo ist mein Paket?", "answer", "delivery"),
    ]


async def test_without_the_bot_each_sure_answer_is_said_and_kept(parts: AppComponents, bot: FakeBot) -> None:
    away(bot)
    said = await answered(parts, "Wo ist mein Paket? Wie sende ich etwas zurück?", lines=3)

    assert [line.article for line in said] == ["delivery", "returns", None]
    assert said[1].text.rstrip().endswith(STEPS.rstrip())
    assert [article for _, _, article in await kept(parts)] == ["returns", "delivery"]


async def test_without_the_bot_an_answer_in_the_other_language_says_so_first(
    parts: AppComponents, bot: FakeBot
) -> None:
    away(bot)
    (line,) = await answered(parts, "Verkauft ihr Spielzeug für Papageien?")

    assert line.text == "Diese Antwort gibt es bisher nur auf Englisch:\n\nWe do."
    assert [choice.title for choice in line.choices] == [
        "Hat geholfen",
        "Hat nicht geholfen",
        "Mit einem Menschen sprechen",
    ]


OFFERED = (QuestionCandidate("delivery", 0.5), QuestionCandidate("returns", 0.3))
ASKED_BACK = TurnQuestion(text="paket", language="de", outcome="clarify", candidates=OFFERED)


def claim(*last_asked: TurnQuestion) -> ClaimedTurn:
    return ClaimedTurn(
        lease=TurnLease(
            turn_id="t", owner="w", conversation_id="c", epoch=1, first_seq=1, last_seq=2, read_to=2, lines=()
        ),
        heard=Transcript(),
        channel="webchat",
        language="de",
        formality="sie",
        last_article=None,
        last_asked=last_asked,
        text="",
        payload='/faq{"article": "returns"}',
        seqs=(1,),
        arrived_at=now(),
        opened_at=now(),
        attempts=1,
    )


def test_a_tapped_choice_is_what_the_question_meant() -> None:
    asked = tapped_question(claim(ASKED_BACK), "returns", "Wie sende ich etwas zurück?")

    assert (asked.text, asked.outcome, asked.article) == ("paket", "answer", "returns")
    assert asked.candidates == ASKED_BACK.candidates


def test_a_tap_on_another_article_asks_its_own_question() -> None:
    asked = tapped_question(claim(ASKED_BACK), "gifts", "Verpacken Sie Geschenke?")

    assert (asked.text, asked.outcome, asked.article) == ("Verpacken Sie Geschenke?", "answer", "gifts")


async def test_a_tap_on_a_choice_is_kept_for_the_question_it_clears_up(parts: AppComponents, bot: FakeBot) -> None:
    choices = [{"title": "Wo ist mein Paket?", "payload": '/faq{"article": "delivery"}'}]
    bot.answering = saying({"text": "Was davon?", "choices": choices})
    offered = (await answered(parts, "paket"))[-1]
    bot.answering = saying({"text": "Im Konto.", "custom": {"article": "delivery"}})

    await parts.inbox.receive(inbound_message(tap=Tap(seq=offered.seq, choice=0)))

    async def look() -> bool:
        return any(article == "delivery" for _, _, article in await kept(parts))

    await eventually(look, "the tap to be kept")
