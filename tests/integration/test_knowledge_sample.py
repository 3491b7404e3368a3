"""The sample knowledge base answers questions in other words than its phrasings have."""

import asyncio
import io
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions import Actions
from helpdesk.turns.bot_request import candidates_of
from knowledge.formats.transfer import import_articles
from knowledge.message.understanding import ConversationTopic, understand
from knowledge.search.embedder import E5_DIMENSIONS, ThreeModels
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.migrate import upgrade_async

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "data" / "faq" / "shop.jsonl"
QUESTIONS = ROOT / "tests" / "data" / "faq_questions.jsonl"
MESSAGES = ROOT / "tests" / "data" / "messages"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, three_models: ThreeModels) -> Path:
    """A database that holds the sample articles with their vectors: half a minute of work, done once."""
    path = tmp_path_factory.mktemp("sample") / "staffel.db"

    async def fill() -> None:
        db = Database(f"sqlite+aiosqlite:///{path}")
        await upgrade_async(db)
        with ARTICLES.open("rb") as file:
            await import_articles(db, three_models, file, by="import")
        await db.close()

    asyncio.run(fill())
    return path


@pytest.fixture
async def library(tmp_path: Path, embedded: Path, three_models: ThreeModels) -> AsyncIterator[Library]:
    copy = shutil.copy(embedded, tmp_path / "staffel.db")
    db = Database(f"sqlite+aiosqlite:///{copy}")
    library = Library(db, three_models)
    await library.start()
    await library.learn()
    yield library
    await db.close()


def _questions() -> Iterator[dict[str, str | None]]:
    for line in QUESTIONS.read_text("utf-8").splitlines():
        yield json.loads(line)


async def test_the_right_article_comes_first_often_enough(library: Library) -> None:
    """Measured when this was written: de 76.0 %, en 78.4 %, a `none` for 62 % of the questions from outside."""
    questions = list(_questions())
    asked = [(str(question["text"]), question["language"]) for question in questions]
    found = await library.search_many(asked, certain=True)
    pairs = list(zip(questions, found, strict=True))
    assert _first_places(pairs, "de") >= 0.71
    assert _first_places(pairs, "en") >= 0.75
    outside = [each for question, each in pairs if question["expected"] is None]
    assert sum(each.outcome is SearchOutcome.NONE for each in outside) / len(outside) >= 0.55
    answered = [
        question["expected"] == each.candidates[0].article for question, each in pairs if each.outcome == "answer"
    ]
    assert sum(answered) / len(answered) >= 0.82
    assert len(answered) >= 0.45 * len(pairs)


async def test_the_questions_of_the_main_line(library: Library) -> None:
    german = await library.search("wo bleibt mein paket")
    english = await library.search("how do I return something")
    assert (german.language, german.outcome, german.candidates[0].article) == ("de", "answer", "delivery-status")
    assert (english.language, english.outcome, english.candidates[0].article) == ("en", "answer", "returns")
    assert german.embedding.shape == (E5_DIMENSIONS,)


async def test_a_question_is_found_with_a_number_in_it_as_well_as_without(library: Library) -> None:
    """60 questions that nothing was tuned on; 59 when they were first asked, 49 before identifiers were taken out."""
    held_out = [pair for pair in _lines("identifiers") if pair["half"] == "held out"]
    differ = [
        pair["told"] for pair in held_out if await _first(library, pair, "plain") != await _first(library, pair, "told")
    ]
    assert len(held_out) == 60
    assert len(differ) <= 1, differ


def _lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (MESSAGES / f"{name}.jsonl").read_text("utf-8").splitlines()]


async def _first(library: Library, pair: dict[str, str], form: str) -> tuple[str, str, int]:
    understood = await understand(library, pair[form], pair["language"])
    return understood.whole.candidates[0].article, str(understood.whole.outcome), len(understood.parts)


async def test_questions_in_other_languages_are_found_across_languages(library: Library) -> None:
    """Of 34 held out 33 are right first or among three choices; before, every model was asked in every language."""
    held_out = [one for one in _lines("foreign") if one["half"] == "held out" and one["articles"]]
    helped = [one["text"] for one in held_out if await _is_found(library, one)]
    assert len(held_out) == 34
    assert len(helped) >= 29, {one["text"] for one in held_out} - set(helped)


async def _is_found(library: Library, one: dict[str, str]) -> bool:
    found = (await understand(library, one["text"], "de", for_others="en")).whole
    shown = found.candidates[
        : {SearchOutcome.ANSWER: 1, SearchOutcome.CLARIFY: 3, SearchOutcome.NONE: 0}[found.outcome]
    ]
    return any(candidate.article in one["articles"] for candidate in shown)


async def test_the_question_in_a_long_story_is_found(library: Library) -> None:
    """Of 40 held out 37 are answered or asked back about, 33 with one answer; 34 and 28 at first sight, 19 before."""
    held_out = [one for one in _lines("stories") if one["half"] == "held out"]
    helped = [one["text"] for one in held_out if await _is_found(library, one)]
    assert len(held_out) == 40
    assert len(helped) >= 33, {one["text"] for one in held_out} - set(helped)


async def test_a_follow_up_is_looked_for_in_the_article_just_shown(library: Library) -> None:
    """Of 46 held out 40 are answered from the right article, 32 before; none that is about another stays with it."""
    held_out = [one for one in _lines("follow_ups") if one["half"] == "held out"]
    right = [one["text"] for one in held_out if await _goes_on_rightly(library, one)]
    assert len(held_out) == 46
    assert len(right) >= 38, {one["text"] for one in held_out} - set(right)


async def _goes_on_rightly(library: Library, one: dict[str, str]) -> bool:
    shown = await library.answer(one["shown"], one["language"])
    assert shown is not None
    topic = ConversationTopic(article=shown.key, question=shown.question)
    found = (await understand(library, one["text"], one["language"], topic)).whole
    return found.outcome is SearchOutcome.ANSWER and found.candidates[0].article in one["articles"]


async def test_a_number_alone_leads_to_where_orders_are_seen(library: Library) -> None:
    for text in ("LH-2024-88317", "88317", "hier meine bestellnummer: 4711-22"):
        understood = await understand(library, text, "de")
        assert understood.is_number_alone
        assert understood.identifiers[0].kind == "order_number"
        assert understood.whole.candidates[0].article == "order-status"


async def test_small_talk_is_left_to_the_intents(library: Library) -> None:
    """None of these sentences is in the background; some German, some English, some with a word that articles use."""
    said = [
        "huhu, ist da wer",
        "schönen guten abend wünsche ich",
        "vielen lieben dank dir",
        "ok das reicht mir, tschüssi",
        "erzähl mal was lustiges",
        "wer bist du denn",
        "good evening to all of you",
        "cool, thanks a million",
        "so long, bye",
        "are you a robot or what",
        "how tall is the eiffel tower",
        "wie ist das wetter in hamburg",
    ]
    found = await library.search_many([(text, None) for text in said])
    assert sum(each.outcome is SearchOutcome.ANSWER for each in found) <= 1
    assert sum(each.outcome is SearchOutcome.NONE for each in found) >= 8


async def test_a_question_finds_an_article_that_exists_only_in_the_other_language(library: Library) -> None:
    text = json.dumps(
        {
            "key": "parrot-toys",
            "variants": {"en": {"question": "Do you sell toys for parrots?", "phrasings": [], "answer": "We do."}},
        }
    )
    await import_articles(library.db, library.embedder, io.BytesIO(text.encode()), by="import")
    await library.refresh()
    found = await library.search("verkauft ihr spielzeug für papageien", "de")
    assert found.language == "de"
    assert found.candidates[0].article == "parrot-toys"


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("Liefern Sie nach Frankreich?", "de", "Für Speditionsware und für andere Länder geben Sie eine Lieferadresse"),
        ("Do you ship to Norway?", "en", "For freight items and for other countries, give a delivery address"),
        ("Wie lange dauert die Rückzahlung mit Kreditkarte?", "de", "**Kreditkarte:** 5 Werktage"),
        (
            "How much does a return from Switzerland cost?",
            "en",
            "**Parcel from Austria or Switzerland:** €6.95",
        ),
    ],
)
async def test_the_sentence_with_the_value_that_is_asked_for_is_read_first(
    library: Library, text: str, language: str, first: str
) -> None:
    (reply,) = await _replies(library, (text,), language)
    shown = reply["text"][: reply["custom"]["lead"]]
    assert shown.rpartition(": ")[2].startswith(first.rpartition(": ")[2])
    assert first in shown


async def test_a_way_of_paying_that_no_article_names_gets_no_yes(library: Library) -> None:
    (reply,) = await _replies(library, ("Kann ich mit Klarna bezahlen?",), "de")
    assert reply["text"].startswith("„Klarna“ wird hier nicht erwähnt. Dazu steht hier nur:")


@pytest.mark.parametrize(
    ("asked", "follow_up", "language", "said"),
    [
        (
            "How long can I return an item?",
            "and if I bought it on 20 november as a xmas present?",
            "en",
            "Purchases from 15 November to 24 December can come back until 31 January.",
        ),
        ("Was kostet der Versand?", "und in die Schweiz?", "de", "**Schweiz:** 14,95 €"),
        ("Kann ich ein Gerät reparieren lassen?", "und wie lange dauert das?", "de", "10 Werktagen"),
    ],
)
async def test_what_follows_is_told_from_the_article_just_shown(
    library: Library, asked: str, follow_up: str, language: str, said: str
) -> None:
    first, second = await _replies(library, (asked, follow_up), language)
    assert second["custom"]["article"] == first["custom"]["article"]
    assert said in second["text"]
    assert len(second["text"]) < len(first["text"]) / 2


async def _replies(library: Library, texts: tuple[str, ...], language: str) -> list[dict[str, Any]]:
    """What the actions answer to one message after the other, with Rasa's part played here."""
    actions, events, replies = Actions(library), list[dict[str, Any]](), list[dict[str, Any]]()
    topic: ConversationTopic | None = None
    for text in texts:
        understood = await understand(library, text, language, topic)
        candidates = [one.to_json() for one in candidates_of(understood.whole)]
        metadata = {"language": language, "outcome": str(understood.whole.outcome), "candidates": candidates}
        latest = {"text": text, "metadata": metadata}
        events.append({"event": "user", **latest})
        tracker = {"latest_message": latest, "events": events}
        (reply,) = (await actions.run({"next_action": "action_answer", "tracker": tracker}))["responses"]
        events.append({"event": "bot", "text": reply["text"], "data": {"custom": reply["custom"]}})
        replies.append(reply)
        article = await library.answer(reply["custom"]["article"], language)
        topic = ConversationTopic(article=article.key, question=article.question) if article else None
    return replies


def _first_places(pairs: list[tuple[dict[str, str | None], SearchResult]], language: str) -> float:
    inside = [(q, f) for q, f in pairs if q["language"] == language and q["expected"] is not None]
    return sum(f.candidates[0].article == q["expected"] for q, f in inside) / len(inside)
