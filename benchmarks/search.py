"""How fast the desk finds conversations: `python -m benchmarks.search 100000` (`--on postgresql` for that).

Conversations of eight lines in foreign customers' own words (the dialogues that are played as load, German and
English, again and again), each with an order number of its own and two thirds with a name. They are stored as a version
before the search left them, filled in as the running program does it, and asked for through the code of the desk's
list: rare and common words, beginnings, names with a letter missing, numbers, two words at once.
"""

import asyncio
import itertools
import json
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
from sqlalchemy import insert

from benchmarks.databases import database
from benchmarks.faq import DATA
from benchmarks.measures import percentile
from connectors.contract import Author, Channel
from helpdesk.search import read_query
from helpdesk.search.fill import IndexFill
from helpdesk.search.query import Query
from helpdesk.views.timeline import DeskView, Listing, Timeline
from knowledge.normalization import words
from store.db import Database
from store.migrate import upgrade_async
from store.models import Contact, Conversation, Message, MessageKind, new_id, now
from store.status import Status
from tests.services import postgres_server

LINES = 8
AT_ONCE = 500
SEARCHES = 400
PAGE = 50
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun:
    """What was measured; times are milliseconds: by the clock, and of the processor."""

    filled_seconds: float
    by_kind: dict[str, list[tuple[float, float]]]
    pages: list[tuple[float, float]]


@click.command()
@click.argument("conversations", type=click.IntRange(min=100), default=10_000)
@click.option("--on", "engine", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=DATA)
def main(conversations: int, engine: str, data: Path) -> None:
    """Store, fill in and search so many conversations, and print the times."""
    dialogues = (json.loads(line) for file in sorted((data / "load").glob("*.jsonl")) for line in file.open())
    spoken = [[text for text in dialogue["texts"] if text] for dialogue in dialogues]
    run = asyncio.run(_measure(spoken, conversations, engine))
    print(f"{conversations} conversations of {LINES} lines on {engine}, filled in {run.filled_seconds:.0f} s\n")
    print("| | p50 | p95 | slowest | processor time p95 |\n|---|---|---|---|---|")
    together = list(itertools.chain.from_iterable(run.by_kind.values()))
    for name, measured in {**run.by_kind, "all searches": together, "a page of the list": run.pages}.items():
        times, spent = zip(*measured, strict=True)
        print(
            f"| {name} | {percentile(times, 0.5):.0f} ms | {percentile(times, 0.95):.0f} ms | {max(times):.0f} ms "
            f"| {percentile(spent, 0.95):.0f} ms |"
        )


async def _measure(spoken: Sequence[Sequence[str]], conversations: int, engine: str) -> SearchRun:
    chosen = random.Random(SEED)
    async with open_database(engine) as db:
        await upgrade_async(db)
        for first in range(0, conversations, AT_ONCE):
            rows = [_rows(spoken, number, chosen) for number in range(first, min(first + AT_ONCE, conversations))]
            async with db.write() as session:
                await session.execute(insert(Contact), [contact for contact, _, _ in rows])
                await session.execute(insert(Conversation), [conversation for _, conversation, _ in rows])
                await session.execute(insert(Message), [line for _, _, lines in rows for line in lines])
        began = perf_counter()
        await IndexFill(db).run()
        filled = perf_counter() - began
        kinds = _questions(spoken, conversations, chosen)
        timeline = Timeline(db, time_zone="Europe/Berlin")
        by_kind = {name: [await _time(timeline, read_query(each)) for each in asked] for name, asked in kinds.items()}
        pages = [await _time(timeline, None) for _ in range(SEARCHES // 4)]
    return SearchRun(filled_seconds=filled, by_kind=by_kind, pages=pages)


@asynccontextmanager
async def open_database(engine: str) -> AsyncIterator[Database]:
    """An empty database of this engine, gone at the end."""
    if engine == "postgresql":
        with postgres_server() as server:
            async with database(server.base) as (db, _):
                yield db
        return
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite+aiosqlite:///{folder}/search.db")
        try:
            yield db
        finally:
            await db.close()


def _rows(
    spoken: Sequence[Sequence[str]], number: int, chosen: random.Random
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """A contact, the conversation and its lines, as they were stored before there was a search."""
    contact_id, conversation_id = new_id(), new_id()
    at = now() - timedelta(minutes=10 * number)
    said = itertools.islice(itertools.cycle(spoken[number % len(spoken)] or ["…"]), LINES)
    contact = {
        "id": contact_id,
        "channel": Channel.WEBCHAT,
        "account": "default",
        "external_id": f"visitor-{number}",
        "name": _name(number) if number % 3 else None,
    }
    conversation = {
        "id": conversation_id,
        "contact_id": contact_id,
        "channel": Channel.WEBCHAT,
        "account": "default",
        "chat_id": f"visitor-{number}",
        "status": Status.BOT if number % 10 == 0 else Status.RESOLVED,
        "last_seq": LINES,
        "created_at": at,
        "changed_at": at + timedelta(seconds=chosen.randrange(100_000)),
    }
    lines = [
        {
            "id": new_id(),
            "conversation_id": conversation_id,
            "seq": seq,
            "epoch": 1,
            "kind": MessageKind.INCOMING if seq % 2 else MessageKind.OUTGOING,
            "author": Author.CONTACT if seq % 2 else Author.BOT,
            "text": f"{text} {_order(number)}" if seq == 3 else text,
        }
        for seq, text in enumerate(said, start=1)
    ]
    return contact, conversation, lines


def _order(number: int) -> str:
    return f"LH-2026-{number:06d}"


def _name(number: int) -> str:
    """One of some million names."""
    syllables = (
        "ba",
        "ro",
        "ti",
        "mel",
        "kan",
        "dru",
        "sen",
        "ve",
        "lo",
        "pra",
        "gis",
        "tor",
        "nu",
        "fel",
        "ha",
        "zim",
    )
    parts = [syllables[(number * step + step) % len(syllables)] for step in (3, 7, 11, 13)]
    return f"{parts[0]}{parts[1]} {parts[2]}{parts[3]}son".title()


def _questions(spoken: Sequence[Sequence[str]], conversations: int, chosen: random.Random) -> dict[str, list[str]]:
    """What is looked for, by kind."""
    counted = Counter(word for texts in spoken for text in texts for word in words(text) if len(word) > 3)
    by_frequency = [word for word, _ in counted.most_common()]
    common, rare = by_frequency[:100], by_frequency[1_000:]

    def names() -> Iterator[str]:
        while True:
            name = _name(chosen.randrange(conversations // 3) * 3 + 1).split()[1]
            place = chosen.randrange(1, len(name))
            yield name[:place] + name[place + 1 :]

    def several(make: Any) -> list[str]:
        return [make() for _ in range(SEARCHES // 6)]

    return {
        "a rare word": several(lambda: chosen.choice(rare)),
        "a very common word": several(lambda: chosen.choice(common)),
        "two common words": several(lambda: " ".join(chosen.sample(common, 2))),
        "a word's beginning": several(lambda: chosen.choice(by_frequency[:3_000])[:4]),
        "an order number": several(lambda: _order(chosen.randrange(conversations))),
        "a name with a letter missing": list(itertools.islice(names(), SEARCHES // 6)),
    }


async def _time(timeline: Timeline, query: Query | None) -> tuple[float, float]:
    listing = Listing(view=DeskView.ALL, agent_id="nobody", query=query or Query())
    began, spent = perf_counter(), process_time()
    await timeline.page(listing, after=None, limit=PAGE, counted=query is not None)
    return (perf_counter() - began) * 1000, (process_time() - spent) * 1000


if __name__ == "__main__":
    main()
