"""Customers of a past month, for pages that look back: `python -m tests.past_questions DATABASE_URL [MANY]` fills one.

The questions are our own (tests/data/faq_questions.jsonl); what becomes of each is what the library really finds, and
customers judge it by whether that is the right article.
"""

import asyncio
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from connectors.contract import Channel
from knowledge.articles.drafts import publish, save_draft
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.models import AskedQuestion, Contact, Conversation, Feedback, Handoff, new_id, now

QUESTIONS = Path(__file__).parent / "data" / "faq_questions.jsonl"
SHOP = Path(__file__).parents[1] / "data" / "faq" / "shop.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One question of one customer, and what became of it. `words` are (article, helped); `ago` is before now."""

    text: str
    customer: str
    language: str = "de"
    outcome: str = "none"
    article: str | None = None
    confidence: float = 0.2
    candidates: tuple[tuple[str, float], ...] = ()
    words: tuple[tuple[str, bool], ...] = ()
    handed_over: bool = False
    ago: timedelta = field(default=timedelta(days=1))


async def store_questions(
    db: Database, askings: Iterable[PastQuestion], *, at: datetime | None = None
) -> dict[str, str]:
    """Store them, each customer in one conversation; returns the conversations by customer."""
    time = at or now()
    conversations: dict[str, str] = {}
    async with db.write() as session:
        for asking in sorted(askings, key=lambda one: -one.ago):
            if asking.customer not in conversations:
                contact = Contact(channel=Channel.WEBCHAT, account="default", external_id=asking.customer)
                session.add(contact)
                await session.flush()
                conversation = Conversation(
                    contact_id=contact.id, channel=Channel.WEBCHAT, account="default", chat_id=asking.customer
                )
                session.add(conversation)
                await session.flush()
                conversations[asking.customer] = conversation.id
            session.add_all(_rows(asking, conversations[asking.customer], time - asking.ago))
    return conversations


def _rows(asking: PastQuestion, conversation_id: str, moment: datetime) -> list[AskedQuestion | Feedback | Handoff]:
    question = AskedQuestion(
        conversation_id=conversation_id,
        turn_id=new_id(),
        seq=1,
        text=asking.text,
        language=asking.language,
        outcome=asking.outcome,
        article=asking.article,
        confidence=asking.confidence,
        candidates=[list(candidate) for candidate in asking.candidates],
        asked_at=moment,
    )
    words = [
        Feedback(
            conversation_id=conversation_id,
            turn_id=new_id(),
            article=article,
            helpful=helped,
            created_at=moment + timedelta(seconds=20 + number),
        )
        for number, (article, helped) in enumerate(asking.words)
    ]
    ended = moment + timedelta(minutes=9)
    handoff = Handoff(conversation_id=conversation_id, asked_at=moment + timedelta(minutes=1), ended_at=ended)
    return [question, *words, *([handoff] if asking.handed_over else [])]


def question_outcome(
    found: SearchResult, text: str, expected: str | None, customer: str, ago: timedelta, chance: random.Random
) -> PastQuestion:
    """What a customer would have made of what the library found."""
    first = found.candidates[0] if found.candidates else None
    article = first.article if first and found.outcome is SearchOutcome.ANSWER else None
    words: tuple[tuple[str, bool], ...] = ()
    if article and chance.random() < 0.6:
        words = ((article, article == expected),)
    elif found.outcome is SearchOutcome.CLARIFY and expected in [one.article for one in found.candidates[:3]]:
        words = ((str(expected), True),) if chance.random() < 0.7 else ()
    is_lost = not any(helped for _, helped in words) and (article != expected or expected is None)
    return PastQuestion(
        text=text,
        customer=customer,
        language=found.language or "de",
        outcome=str(found.outcome),
        article=article,
        confidence=first.confidence if first else 0.0,
        candidates=tuple((one.article, one.confidence) for one in found.candidates[:5]),
        words=words,
        handed_over=is_lost and chance.random() < 0.35,
        ago=ago,
    )


async def open_shop(db: Database, articles: int = 11) -> None:
    """Publish the first articles of the sample shop, in German and with few phrasings: quick, and real enough."""
    for line in SHOP.read_text(encoding="utf-8").splitlines()[:articles]:
        article = json.loads(line)
        wording = article["variants"]["de"]
        draft = {"variants": {"de": {**wording, "phrasings": wording["phrasings"][:3]}}}
        saved = await save_draft(db, article["key"], draft, by="anna")
        await publish(db, article["key"], by="anna", expected_version=saved.version)


async def store_month(db: Database, library: Library, *, many: int, seed: int = 7, days: int = 30) -> int:
    """`many` questions spread over `days`, some asked by many customers and most by few; how many were kept."""
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(seed)
    chosen = chance.choices(lines, weights=[1 / (1 + number % 37) for number in range(len(lines))], k=many)
    found = await _search(library, [(line["text"], line["language"]) for line in chosen])
    askings = [
        question_outcome(
            hit, line["text"], line["expected"], f"c{number // 2}", timedelta(minutes=_ago(chance, days)), chance
        )
        for number, (line, hit) in enumerate(zip(chosen, found, strict=True))
    ]
    await store_questions(db, askings)
    return len(askings)


def _ago(chance: random.Random, days: int) -> int:
    return int(chance.triangular(5, days * 1440 - 60, 0))


async def _search(library: Library, asked: Sequence[tuple[str, str]]) -> list[SearchResult]:
    distinct = list(dict.fromkeys(asked))
    hits: list[SearchResult] = []
    for start in range(0, len(distinct), 64):
        hits += await library.search_many(distinct[start : start + 64])
    by_question = dict(zip(distinct, hits, strict=True))
    return [by_question[question] for question in asked]


async def _fill(url: str, many: int) -> None:
    db = Database(url)
    library = Library(db, ThreeModels())
    await library.start()
    await library.learn()
    await store_month(db, library, many=many)
    await db.close()


if __name__ == "__main__":
    asyncio.run(_fill(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600))
