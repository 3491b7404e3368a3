"""A burst: many people write at once, some updates come twice at the same moment, some out of turn; and the verdict."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
from sqlalchemy import select

from store.db import Database
from store.models import Conversation, Delivery, Message, Turn, TurnStatus
from tests.fakes.telegram.people import TelegramPerson
from tests.fakes.telegram.server import FakeTelegram

REPEATED = 0.2
OUT_OF_TURN = 0.05


@dataclass(slots=True)
class LoadBalancer(httpx.AsyncBaseTransport):
    """A balancer before several instances. One update in five comes to two of them at the same moment."""

    targets: Sequence[httpx.AsyncBaseTransport]
    chance: random.Random
    origins: Sequence[str] = ()
    repeats: int = 0
    _next: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._next += 1
        copies = 1
        if self.chance.random() < REPEATED:
            copies, self.repeats = 2, self.repeats + 1
        answers = await asyncio.gather(*(self._ask(self._next + copy, request) for copy in range(copies)))
        return answers[0]

    async def _ask(self, number: int, request: httpx.Request) -> httpx.Response:
        at = number % len(self.targets)
        url = request.url
        if self.origins:
            url = httpx.URL(self.origins[at]).join(request.url.raw_path.decode())
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        copy = httpx.Request("POST", url, headers=headers, content=request.content)
        response = await self.targets[at].handle_async_request(copy)
        await response.aread()
        return response


@dataclass(slots=True, kw_only=True)
class BurstReport:
    """What became of a burst. The three lists are empty when all is well."""

    updates: int
    repeats: int
    stored: int
    wrong: list[str] = field(default_factory=list)
    exceeded: list[str] = field(default_factory=list)
    most_a_second: int = 0
    acknowledged: list[float] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    def p99(self) -> float:
        """Seconds within which 99 of 100 updates were acknowledged."""
        return sorted(self.acknowledged)[min(len(self.acknowledged) - 1, int(len(self.acknowledged) * 0.99))]


def write(
    fake: FakeTelegram, people: Sequence[TelegramPerson], count: int, chance: random.Random
) -> dict[int, list[str]]:
    """Everybody writes at once; what each wrote, in the order in which Telegram delivers it."""
    updates = []
    for number in range(count):
        person = people[number % len(people)]
        updates.append(person.update("message", person.message(f"Frage {number}?")))
    for _ in range(int(count * OUT_OF_TURN)):
        at = chance.randrange(count - 1)
        updates[at], updates[at + 1] = updates[at + 1], updates[at]
    written: dict[int, list[str]] = defaultdict(list)
    for update in updates:
        message = update["message"]
        written[message["chat"]["id"]].append(message["text"])
        fake.updates.offer(update)
    return written


async def judge(fake: FakeTelegram, db: Database, written: dict[int, list[str]], doors: LoadBalancer) -> BurstReport:
    """Compare what was written with what is stored, answered and sent."""
    stored, wrong = 0, []
    async with db.read() as session:
        delivered = set(await session.scalars(select(Delivery.message_id)))
        for conversation in await session.scalars(select(Conversation)):
            found = await session.scalars(
                select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
            )
            turns = await session.scalars(
                select(Turn).where(Turn.conversation_id == conversation.id, Turn.status == TurnStatus.DONE)
            )
            lines = list(found)
            stored += sum(line.author == "contact" for line in lines)
            wrong += _wrong(conversation, lines, list(turns), delivered, written[int(conversation.chat_id)], fake)
        unsent = await session.scalars(select(Delivery.id).where(Delivery.status != "sent"))
        wrong += [f"delivery {id_} isn't sent" for id_ in unsent]
    return BurstReport(
        updates=sum(len(texts) for texts in written.values()),
        repeats=doors.repeats,
        stored=stored,
        wrong=wrong,
        exceeded=fake.state.exceeded,
        most_a_second=fake.state.overall.most,
        acknowledged=[knock.seconds for knock in fake.updates.knocks],
        answers=dict(Counter(knock.status for knock in fake.updates.knocks)),
    )


def _wrong(
    conversation: Conversation,
    lines: list[Message],
    turns: list[Turn],
    delivered: set[str],
    written: list[str],
    fake: FakeTelegram,
) -> list[str]:
    chat, found = conversation.chat_id, []
    if [line.text for line in lines if line.author == "contact"] != written:
        found.append(f"chat {chat}: not stored once each and in order")
    for line in lines:
        answering = [turn for turn in turns if turn.first_seq <= line.seq <= turn.last_seq]
        if line.author == "contact" and len(answering) != 1:
            found.append(f"chat {chat}: line {line.seq} has {len(answering)} answers")
    said = [line.text for line in lines if line.id in delivered]
    sent = [message.text for message in fake.state.sent_to(int(chat))]
    if sent != said:
        found.append(f"chat {chat}: not sent once each and in order; said {said}, sent {sent}")
    return found
