"""What everyday messages are taken for: opening hours, thanks, short replies to an answer, signs.

`python -m benchmarks.everyday` asks tests/data/everyday.jsonl (ours, German and English) of the sample shop: real
search, real Rasa, the actions that helpdesk runs. Some messages stand first, some after an answer, some after choices.
It prints how many were taken for what is expected, by kind, and each that was not (docs/messages.md).
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from actions import Actions
from benchmarks.faq import fill
from bot_protocol import TurnContext
from helpdesk.turns.bot_request import candidates_of, message_questions
from knowledge.message.understanding import ConversationTopic, understand
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from store.db import Database
from store.migrate import upgrade_async
from tests.bot.action_server import running_action_server
from tests.bot.process import Bot
from tests.fixed_hours import FixedHours

ROOT = Path(__file__).parent.parent
MESSAGES = ROOT / "tests" / "data" / "everyday.jsonl"
SHOP = ROOT / "data" / "faq" / "shop.jsonl"
FIRST = {"de": "wo ist mein paket", "en": "where is my parcel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EverydayMessage:
    """A message, what stands before it, and the intents that are right."""

    set: str
    kind: str
    language: str
    after: str
    text: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EverydayReply:
    """What a message was taken for, and the bot's words."""

    asked: EverydayMessage
    intent: str
    text: str

    @property
    def is_right(self) -> bool:
        """Whether it was taken for what is expected."""
        return self.intent in self.asked.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The library and the bot, and a conversation's turn through both."""

    library: Library
    bot: Bot

    async def say(self, sender: str, text: str, language: str, before: str | None, outcome: str = "") -> dict[str, Any]:
        """One turn. `before` is the key of the article that was said last."""
        article = await self.library.answer(before, language) if before else None
        topic = ConversationTopic(article=article.key, question=article.question) if article else None
        understood = await understand(self.library, text, language, topic)
        whole = understood.whole
        context = TurnContext(
            language=language,
            formality="sie",
            channel="webchat",
            last_article=before,
            outcome=outcome or str(whole.outcome),
            candidates=candidates_of(whole),
            questions=message_questions(understood) if understood.is_several else (),
            embedding=whole.embedding.astype("<f4").tobytes(),
        )
        return await asyncio.to_thread(self.bot.ask, text, sender, metadata=context.to_json())


async def ask_all(line: Line, messages: Iterable[EverydayMessage]) -> list[EverydayReply]:
    """Each message in a conversation of its own."""
    return [await _ask(line, message) for message in messages]


async def _ask(line: Line, message: EverydayMessage) -> EverydayReply:
    sender, before = uuid4().hex, None
    if message.after != "first":
        outcome = "clarify" if message.after == "choices" else ""
        said = await line.say(sender, FIRST[message.language], message.language, None, outcome)
        before = next(
            (one["custom"]["article"] for one in said["messages"] if one.get("custom", {}).get("article")), None
        )
    came = await line.say(sender, message.text, message.language, before)
    text = " ".join(one.get("text", "") for one in came["messages"])
    return EverydayReply(asked=message, intent=(came["intent"] or {}).get("name", ""), text=text)


def messages_of(file: Path = MESSAGES) -> list[EverydayMessage]:
    """The messages of the file."""
    rows = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    return [EverydayMessage(**{**row, "expected": tuple(row["expected"])}) for row in rows]


async def measure(home: Path, messages: Iterable[EverydayMessage]) -> list[EverydayReply]:
    """Fills a library with the sample shop, starts a bot, and asks."""
    db, embedder = Database(f"sqlite+aiosqlite:///{home / 'everyday.db'}"), ThreeModels()
    try:
        await upgrade_async(db)
        library = Library(db, embedder)
        await library.refresh()
        if not library.snapshot.entries:
            await fill(db, embedder, SHOP)
        await library.start()
        await library.embed()
        await library.learn()
        loop, actions = asyncio.get_running_loop(), Actions(library, hours=FixedHours())

        def run(call: dict[str, Any]) -> dict[str, Any]:
            return asyncio.run_coroutine_threadsafe(actions.run(call), loop).result(30)

        with running_action_server(run) as server:
            bot = await asyncio.to_thread(Bot.start, home, server.url)
            try:
                return await ask_all(Line(library=library, bot=bot), messages)
            finally:
                await asyncio.to_thread(bot.stop)
    finally:
        await db.close()


def report(came: list[EverydayReply]) -> str:
    """How many were right by set and kind, and the misses."""
    lines = []
    for name in ("dev", "held-out"):
        for kind in ("hours", "thanks", "farewell", "waived", "follow-up", "sign"):
            mine = [one for one in came if (one.asked.set, one.asked.kind) == (name, kind)]
            if mine:
                right = sum(one.is_right for one in mine)
                lines.append(f"| {name} | {kind} | {right} of {len(mine)} | {right / len(mine):.1%} |")
    misses = [
        f"- {one.asked.set} {one.asked.kind} ({one.asked.after}) “{one.asked.text}”: {one.intent}, not "
        f"{' or '.join(one.asked.expected)}: {one.text[:90]}"
        for one in came
        if not one.is_right
    ]
    return "\n".join(["| set | kind | right | |", "|---|---|---|---|", *lines, "", *misses])


def main() -> None:
    """Run all messages, or those of one set, and print the table.

    With a folder as the second argument, what was embedded there is used again.
    """
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    messages = [one for one in messages_of() if wanted in ("", one.set)]
    with tempfile.TemporaryDirectory() as folder:
        print(report(asyncio.run(measure(Path(sys.argv[2] if len(sys.argv) > 2 else folder), messages))))


if __name__ == "__main__":
    main()
