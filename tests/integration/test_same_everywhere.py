"""One knowledge base for all channels: the same question gets the same article on each."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from helpdesk.app import AppComponents
from knowledge.articles.content import read_content
from knowledge.search.embedder import ThreeModels
from store.models import Conversation, Message
from tests.fakes.bot import FakeBot
from tests.fakes.slack import slack
from tests.harness import eventually, inbound_message
from tests.integration import slack_rooms
from tests.integration.telegram_desk import ORIGIN, telegram_desk
from tests.sample_articles import fill

ROOT = Path(__file__).parents[2]
QUESTIONS = 50

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def first_candidate(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers with what the search found first; an article is an article, however sure."""
    found = turn["metadata"].get("candidates") or []
    return [{"text": "Antwort.", "custom": {"article": found[0]["article"]}}] if found else [{"text": "Nichts."}]


def questions() -> list[str]:
    lines = (ROOT / "tests/data/faq_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[:: len(lines) // QUESTIONS]][:QUESTIONS]


async def said(parts: AppComponents, channel: str) -> dict[str, str | None]:
    """The article that each question got on a channel, once all have one."""

    async def all_answered() -> dict[str, str | None]:
        async with parts.db.read() as session:
            rows = await session.execute(
                select(Message.conversation_id, Message.author, Message.text, Message.article)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(Conversation.channel == channel, Message.seq > 1)
                .order_by(Message.seq)
            )
        asked, found = {}, {}
        for conversation, author, text, article in rows:
            if author == "contact":
                asked[conversation] = text
            else:
                found[asked[conversation]] = article
        return found if len(found) == QUESTIONS else {}

    return await eventually(all_answered, f"{QUESTIONS} answers on {channel}", patience=120)


async def test_fifty_questions_get_the_same_articles_on_three_channels(
    tmp_path: Path, sqlite_url: str, three_models: ThreeModels
) -> None:
    sample = (ROOT / "data/faq/shop.jsonl").read_text(encoding="utf-8").splitlines()
    contents = {}
    for line in sample:
        article = json.loads(line)
        key = article.pop("key")
        contents[key] = read_content(article)
    bot = FakeBot(answering=first_candidate)
    async with (
        slack() as other,
        telegram_desk(
            tmp_path, sqlite_url, bot, embedder=three_models, slack_api_url=other.api_url, turn_deadline=60.0
        ) as desk,
        httpx.AsyncClient(transport=httpx.ASGITransport(desk.apps[0]), base_url=ORIGIN) as door,
    ):
        parts, other.target = desk.parts, door
        await slack_rooms.connect(parts, other)
        await fill(parts, contents)
        await parts.library.embed()
        await parts.library.learn()  # else some are asked before and some after
        for number, text in enumerate(questions()):
            await parts.inbox.receive(inbound_message(text, name=f"visitor-{number}"))
            desk.fake.person().writes(text)
            await other.write(other.state.person(), text)

        answers = [await said(parts, channel) for channel in ("webchat", "telegram", "slack")]

    assert set(answers[0]) == set(questions())
    assert answers[0] == answers[1] == answers[2]
    assert len({article for article in answers[0].values() if article}) > QUESTIONS // 3
