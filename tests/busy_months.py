"""Many conversations with all that figures count: `python -m tests.busy_months DATABASE_URL MANY DAYS`.

Numbers are drawn, not words: what is said is never read by who counts.
"""

import asyncio
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from sqlalchemy import insert

from connectors.contract import Author, Channel
from store.db import Database
from store.models import (
    Activity,
    Agent,
    Article,
    ArticleState,
    AskedQuestion,
    Base,
    Contact,
    Conversation,
    Feedback,
    Handoff,
    Message,
    MessageFacts,
    MessageKind,
    MoodRecord,
    Promise,
    PromiseKind,
    Rating,
    Role,
    Team,
    new_id,
    now,
)
from store.status import Event, Status

AT_ONCE = 500
SEED = 7
_NAMES = ("Mia", "Jo", "Ada", "Kim", "Lea", "Ben", "Nur", "Tom")
_TEAMS = ("Versand", "Zahlung", "Technik")
_TOPICS = ("delivery", "returns", "payment", "account", "products", "warranty")
_CHANNELS = (Channel.WEBCHAT, Channel.EMAIL, Channel.TELEGRAM, Channel.SLACK)
#: How busy the hours of a day are, in UTC.
_HOURS = (1, 1, 1, 1, 1, 2, 6, 14, 20, 22, 20, 16, 14, 16, 17, 15, 12, 10, 9, 8, 6, 4, 2, 1)
_SATURDAY = 5

type Rows = dict[type[Base], list[dict[str, Any]]]


async def fill_months(db: Database, many: int, days: int, *, seed: int = SEED) -> None:
    """So many conversations over the last so many days, with staff and articles."""
    chance = random.Random(seed)
    agents = [{"id": new_id(), "email": f"{n}@example.org", "name": n, "role": Role.AGENT} for n in _NAMES]
    teams = [{"id": new_id(), "name": name} for name in _TEAMS]
    articles = [
        {"key": f"{topic}-{number}", "category": topic, "state": ArticleState.PUBLISHED}
        for topic in _TOPICS
        for number in range(10)
    ]
    async with db.write() as session:
        await session.execute(insert(Agent), [agent | {"password_hash": ""} for agent in agents])
        await session.execute(insert(Team), teams)
        await session.execute(insert(Article), articles)
    people = [agent["id"] for agent in agents], [team["id"] for team in teams]
    keys = [article["key"] for article in articles]
    begin = now() - timedelta(days=days)
    moments = sorted(_moment(begin, days, chance) for _ in range(many))
    for numbered in batched(enumerate(moments), AT_ONCE):
        rows: Rows = {
            each: [] for each in (Contact, Conversation, Message, Handoff, AskedQuestion, Feedback, Promise, Rating)
        }
        for number, at in numbered:
            for table, row in _conversation(number, at, people, keys, chance):
                rows[table].append(row)
        # One transaction a table: PostgreSQL ends one that rests for 30 s, as between two tables on a busy machine.
        for table, found in rows.items():
            if found:
                async with db.write() as session:
                    await session.execute(insert(table), found)


def _moment(begin: datetime, days: int, chance: random.Random) -> datetime:
    while True:
        day = begin + timedelta(days=chance.randrange(days))
        if day.weekday() < _SATURDAY or chance.random() < 0.4:
            break
    [hour] = chance.choices(range(24), weights=_HOURS)
    return day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))


def _conversation(
    number: int, at: datetime, people: tuple[Sequence[str], Sequence[str]], keys: Sequence[str], chance: random.Random
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    contact, id_ = new_id(), new_id()
    channel = chance.choices(_CHANNELS, weights=(60, 20, 15, 5))[0]
    language = chance.choices(("de", "en", "fr", "tr"), weights=(80, 14, 4, 2))[0]
    upset = chance.random() < 0.18
    needs_person = chance.random() < (0.6 if upset else 0.22)
    article = chance.choice(keys) if chance.random() < 0.8 else None
    wait = min(240.0, chance.lognormvariate(1.4, 0.9))
    is_met = chance.random() < 0.94
    said = [(0.0, Author.CONTACT, 0.8 if upset else 0.1), (0.05, Author.BOT, None)]
    said.append((2.0, Author.CONTACT, 0.7 if upset and chance.random() < 0.5 else 0.1))
    said.append((2.05, Author.BOT, None))
    end = 3.0 + wait
    if needs_person and is_met:
        said += [(4 + wait, Author.AGENT, None), (8 + wait, Author.CONTACT, 0.1), (9 + wait, Author.AGENT, None)]
        end = 12.0 + wait + chance.expovariate(1 / 20)
    lines = [_line(id_, seq, at + timedelta(minutes=m), who, felt) for seq, (m, who, felt) in enumerate(said, start=1)]
    if needs_person:
        lines.append(_line(id_, len(lines) + 1, at + timedelta(minutes=end), Author.SYSTEM, None))
    yield Contact, {"id": contact, "channel": channel, "account": "default", "external_id": id_, "created_at": at}
    yield (
        Conversation,
        {
            "id": id_,
            "contact_id": contact,
            "channel": channel,
            "account": "default",
            "chat_id": id_,
            "language": language,
            "status": Status.RESOLVED if needs_person else Status.BOT,
            "last_seq": len(lines),
            "answered_seq": len(lines),
            "created_at": at,
            "changed_at": lines[-1]["created_at"],
        },
    )
    for line in lines:
        yield Message, line
    asked_at = at + timedelta(seconds=2)
    asked = {"conversation_id": id_, "turn_id": new_id(), "seq": 1, "text": "…", "language": language}
    yield (
        AskedQuestion,
        asked | {"outcome": "answer" if article else "none", "article": article, "asked_at": asked_at},
    )
    if article and chance.random() < 0.3:
        yield (
            Feedback,
            {
                "conversation_id": id_,
                "turn_id": new_id(),
                "article": article,
                "helpful": chance.random() < (0.3 if needs_person else 0.85),
                "created_at": at + timedelta(minutes=1),
            },
        )
    if needs_person:
        yield from _handed_over(id_, number, at, (wait, end) if is_met else None, people, channel, chance)


def _handed_over(
    id_: str,
    number: int,
    at: datetime,
    met: tuple[float, float] | None,
    people: tuple[Sequence[str], Sequence[str]],
    channel: Channel,
    chance: random.Random,
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    agents, teams = people
    agent, team = agents[number % len(agents)], teams[number % len(teams)]
    asked = at + timedelta(minutes=3)
    yield (
        Handoff,
        {
            "conversation_id": id_,
            "team_id": team,
            "topic": chance.choice(_TOPICS),
            "asked_at": asked,
            "accepted_at": asked + timedelta(minutes=met[0]) if met else None,
            "accepted_by": agent if met else None,
            "ended_at": at + timedelta(minutes=met[1]) if met else asked + timedelta(minutes=30),
        },
    )
    if met is None:
        return
    ended = at + timedelta(minutes=met[1])
    if chance.random() < 0.4:
        yield (
            Rating,
            {
                "conversation_id": id_,
                "channel": channel,
                "agent_id": agent,
                "team_id": team,
                "asked_seq": 1,
                "helped": chance.random() < 0.88,
                "asked_at": ended,
                "rated_at": ended + timedelta(minutes=5),
            },
        )
    if chance.random() < 0.15:
        due = ended + timedelta(hours=3)
        is_kept = chance.random() < 0.9
        yield (
            Promise,
            {
                "conversation_id": id_,
                "kind": PromiseKind.ANSWER,
                "agent_id": agent,
                "text": "…",
                "due_at": due,
                "kept_at": due if is_kept else None,
                "broken_at": None if is_kept else due,
            },
        )


_KINDS = {
    Author.CONTACT: MessageKind.INCOMING,
    Author.BOT: MessageKind.OUTGOING,
    Author.AGENT: MessageKind.OUTGOING,
    Author.SYSTEM: MessageKind.ACTIVITY,
}


def _line(id_: str, seq: int, at: datetime, author: Author, felt: float | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "conversation_id": id_,
        "seq": seq,
        "epoch": 1,
        "kind": _KINDS[author],
        "author": author,
        "text": "…",
        "facts": MessageFacts(
            mood=None if felt is None else MoodRecord(frustration=felt, abuse=0.0),
            activity=Activity(event=str(Event.RESOLVE)) if author is Author.SYSTEM else None,
        ),
        "created_at": at,
    }


if __name__ == "__main__":
    asyncio.run(fill_months(Database(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
