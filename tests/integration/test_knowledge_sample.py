"""The sample knowledge base answers questions in other words than its phrasings have."""

import asyncio
import io
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from knowledge.formats.transfer import import_articles
from knowledge.search.embedder import E5_DIMENSIONS, ThreeModels
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.migrate import upgrade_async

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "data" / "faq" / "shop.jsonl"
QUESTIONS = ROOT / "tests" / "data" / "faq_questions.jsonl"

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


def _first_places(pairs: list[tuple[dict[str, str | None], SearchResult]], language: str) -> float:
    inside = [(q, f) for q, f in pairs if q["language"] == language and q["expected"] is not None]
    return sum(f.candidates[0].article == q["expected"] for q, f in inside) / len(inside)
