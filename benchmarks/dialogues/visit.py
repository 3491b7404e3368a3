"""A customer's visit: sends the messages of a conversation one after the other and notes what comes of each.

Messages go through the REST API, as a page with its own chat sends them; those that are edited later go through
Telegram, since a web chat knows no edits. The log is read in both cases.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select

from benchmarks.dialogues.message_set import CustomerMessage
from benchmarks.dialogues.observation import ReplyLine, TurnObservation
from benchmarks.dialogues.stage import Stage
from helpdesk.turns.reply_policy import DANGER
from store.db import Database
from store.models import Contact, Conversation

ARRIVED = 30.0  # seconds after which somebody who has come by Telegram has a conversation
SETTLED = 0.7  # seconds without another line after which a reply is whole
LOOK_EVERY = 0.1
BETWEEN_FRAGMENTS = 0.4  # seconds that somebody takes to send the next one
RESTARTED_WITHIN = 60  # seconds
SENDERS = frozenset({"bot", "system"})

type Send = Callable[[CustomerMessage], Awaitable[None]]


@dataclass(slots=True)
class _Log:
    """The conversation's log as far as it was read."""

    http: httpx.AsyncClient
    id: str
    seq: int = 0

    async def news(self) -> list[Mapping[str, Any]]:
        """The lines after those that were read."""
        answer = await _get(self.http, f"/conversations/{self.id}/messages?after={self.seq}")
        lines: list[Mapping[str, Any]] = answer["lines"]
        return lines

    async def detail(self) -> Mapping[str, Any]:
        """The conversation as the desk shows it."""
        return await _get(self.http, f"/conversations/{self.id}")


async def _get(http: httpx.AsyncClient, path: str) -> Mapping[str, Any]:
    """What stands there now; a restart of helpdesk on the way is waited for."""
    for _ in range(RESTARTED_WITHIN):
        with suppress(httpx.TransportError):
            found: Mapping[str, Any] = (await http.get(path)).raise_for_status().json()
            return found
        await asyncio.sleep(1)
    raise TimeoutError(f"{path} can't be read")


async def visit(stage: Stage, messages: Sequence[CustomerMessage], *, patience: float) -> list[TurnObservation]:
    """What came of each message within `patience` seconds."""
    log, send = await (_by_telegram if any(each.edit for each in messages) else _by_api)(stage, messages[0])
    if messages[0].before == "queued":
        (await stage.http.post(f"/conversations/{log.id}/handoff")).raise_for_status()
    seen: list[TurnObservation] = []
    said: set[str] = set()
    status = await _settle(log)
    for message, following in zip(messages, [*messages[1:], None], strict=True):
        await send(message)
        waits = BETWEEN_FRAGMENTS if following is not None and following.quick else patience
        observed = await _observe(log, status, said, waits)
        status = observed.status
        said |= {line.text for line in observed.lines}
        seen.append(observed)
    await _leave(stage, log, status)
    return seen


async def _by_api(stage: Stage, first: CustomerMessage) -> tuple[_Log, Send]:
    contact = {"contact": f"{first.conversation}-{uuid4().hex[:8]}", "language": first.language}
    opened = (await stage.http.post("/conversations", json=contact)).raise_for_status().json()
    numbers = count()

    async def send(message: CustomerMessage) -> None:
        body = {"client_id": f"m{next(numbers)}", "text": message.say}
        (await stage.http.post(f"/conversations/{opened['id']}/messages", json=body)).raise_for_status()

    return _Log(stage.http, opened["id"]), send


async def _by_telegram(stage: Stage, first: CustomerMessage) -> tuple[_Log, Send]:
    name = f"{first.conversation}-{uuid4().hex[:8]}"
    person = stage.telegram.person(name, language=first.language)
    person.writes("/start")
    found = await _find(stage.db, name)
    sent: list[dict[str, Any]] = []

    async def send(message: CustomerMessage) -> None:
        if message.edit:
            person.edits(sent[-1], message.say)
        else:
            sent.append(person.writes(message.say))

    return _Log(stage.http, found), send


async def _find(db: Database, name: str) -> str:
    """The conversation of somebody who has just come by Telegram; lists leave out those in which nobody has written."""
    named = select(Conversation.id).join(Contact, Contact.id == Conversation.contact_id).where(Contact.name == name)
    for _ in range(int(ARRIVED / LOOK_EVERY)):
        async with db.read() as session:
            if found := await session.scalar(named):
                return found
        await asyncio.sleep(LOOK_EVERY)
    raise TimeoutError(f"no conversation of {name}")


async def _settle(log: _Log) -> str:
    """Read on until nothing more comes; what was said before the first message is not judged."""
    while lines := await log.news():
        log.seq = lines[-1]["seq"]
        await asyncio.sleep(SETTLED)
    return str((await log.detail())["card"]["status"])


async def _observe(log: _Log, was: str, said: set[str], patience: float) -> TurnObservation:
    began = time.monotonic()
    lines, seconds = await _read(log, patience)
    detail = await log.detail()
    shown = [ReplyLine.from_api(line) for line in lines if _is_shown(line)]
    events = tuple(line["event"] for line in lines if line["event"])
    signals = detail["decision"].get("signals", {}) if "request_handoff" in events else {}
    return TurnObservation(
        lines=tuple(shown),
        seconds=None if seconds is None else seconds - began,
        events=events,
        was=was,
        status=detail["card"]["status"],
        again=tuple(line.text for line in shown if line.text in said),
        in_danger=signals.get("sensitive", {}).get("topic") in DANGER,
    )


async def _read(log: _Log, patience: float) -> tuple[list[Mapping[str, Any]], float | None]:
    """The lines of one turn, and when the first that is shown was seen."""
    found: list[Mapping[str, Any]] = []
    first: float | None = None
    end = time.monotonic() + patience
    while time.monotonic() < end:
        lines = await log.news()
        if lines:
            log.seq = lines[-1]["seq"]
            found += lines
            if first is None and any(_is_shown(line) for line in lines):
                first = time.monotonic()
            if first is not None:
                end = time.monotonic() + SETTLED
        await asyncio.sleep(LOOK_EVERY)
    return found, first


def _is_shown(line: Mapping[str, Any]) -> bool:
    """Whether a line is a word of ours to the customer: from the bot or the system, and not withheld."""
    return bool(line["kind"] == "outgoing" and line["author"] in SENDERS and not line["withheld"])


async def _leave(stage: Stage, log: _Log, status: str) -> None:
    """Whoever waits is taken and gets their matter done, so that the queue stays as short as it began."""
    if status != "queued":
        return
    for step in ("accept", "resolve"):
        answer = await stage.http.post(f"/conversations/{log.id}/{step}", json={"agent": stage.agent})
        answer.raise_for_status()
