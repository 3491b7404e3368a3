"""Customers who ask one question after the other, as many at once as wanted: Staffel by web chat, Rasa by REST."""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import httpx

from helpdesk.conversations.turn_opening import settle_time
from tests.chat_client import ChatClient

QUESTIONS_A_CUSTOMER = 4
"""Then somebody else comes: so no visitor asks faster than the web chat allows, and no dialogue grows long."""
PATIENCE_SECONDS = 30.0
BOT_AUTHORS = frozenset({"bot", "system"})
"""Who says that a conversation has been passed on is the system, whose words end the wait as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuestion:
    """What a customer asks, and in which language the page is."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTime:
    """Seconds from question to reply; `waited` of them the bot let pass on purpose, for further messages."""

    seconds: float
    waited: float = 0.0


class Customer(Protocol):
    """Works through dialogues until it is stopped, and hands each reply to `told`; None for a question without one."""

    async def __call__(self, told: Callable[[ReplyTime | None], None]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """Visitors of Staffel's web chat, one after the other; each asks a few questions and goes."""

    origin: str
    questions: Iterator[CustomerQuestion]

    async def __call__(self, told: Callable[[ReplyTime | None], None]) -> None:
        """Never ends by itself."""
        while True:
            asked = list(itertools.islice(self.questions, QUESTIONS_A_CUSTOMER))
            if not asked:
                raise SystemExit("There are not enough questions for so long a run.")
            url = f"{self.origin.replace('http', 'ws', 1)}/webchat/ws"
            async with ChatClient(url, self.origin, asked[0].language) as visitor:
                await visitor.until(lambda client: client.is_ready, "the connection")
                await self._ask_all(visitor, asked, told)

    async def _ask_all(
        self, visitor: ChatClient, asked: list[CustomerQuestion], told: Callable[[ReplyTime | None], None]
    ) -> None:
        for question in asked:
            seconds = await _reply_seconds(visitor, question.text)
            if seconds is None and _is_passed_on(visitor):
                return  # since the question before: a person is to answer this one
            waited = settle_time(question.text, writing=False).total_seconds()
            told(None if seconds is None else ReplyTime(seconds=seconds, waited=waited))
            if seconds is None or _is_passed_on(visitor):
                return


async def _reply_seconds(visitor: ChatClient, text: str) -> float | None:
    began = perf_counter()
    sent = visitor.say(text)

    def is_answered(client: ChatClient) -> bool:
        line = client.acks.get(sent)
        return line is not None and any(one["author"] in BOT_AUTHORS and one["seq"] > line for one in client.lines)

    with suppress(AssertionError):
        await visitor.until(lambda client: is_answered(client) or _is_passed_on(client), "a reply", PATIENCE_SECONDS)
    return perf_counter() - began if is_answered(visitor) else None


def _is_passed_on(visitor: ChatClient) -> bool:
    return bool(visitor.state.get("status", "bot") != "bot")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSenders:
    """Customers of a Rasa bot's REST channel, one after the other, each with a dialogue of `dialogues`."""

    origin: str
    dialogues: Iterator[tuple[str, ...]]

    async def __call__(self, told: Callable[[ReplyTime | None], None]) -> None:
        """Never ends by itself."""
        async with httpx.AsyncClient(base_url=self.origin, timeout=PATIENCE_SECONDS, trust_env=False) as http:
            for dialogue in self.dialogues:
                sender = secrets.token_hex(8)
                for text in dialogue:
                    began = perf_counter()
                    answer = await http.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
                    told(ReplyTime(seconds=perf_counter() - began) if answer.json() else None)


@dataclass(slots=True, kw_only=True)
class LoadFigures:
    """What came of a load of some seconds."""

    seconds: float
    replies: list[ReplyTime]
    unanswered: int

    @property
    def a_second(self) -> float:
        """Answered questions a second."""
        return len(self.replies) / self.seconds


async def serve_customers(
    customer: Customer, *, at_once: int, seconds: float, during: Callable[[], Awaitable[None]] | None = None
) -> LoadFigures:
    """Let `at_once` customers ask for `seconds`; `during` is run beside them until they have finished."""
    figures = LoadFigures(seconds=seconds, replies=[], unanswered=0)

    def told(reply: ReplyTime | None) -> None:
        if reply is None:
            figures.unanswered += 1
        else:
            figures.replies.append(reply)

    running = [asyncio.create_task(customer(told)) for _ in range(at_once)]
    if during is not None:
        running.append(asyncio.ensure_future(during()))
    done, pending = await asyncio.wait(running, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    while pending:  # a customer who was just closing a connection has taken the wish to end for the connection's
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1)
    for task in done:
        task.result()
    return figures
