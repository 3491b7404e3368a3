"""Two agents claim the same conversation in the same instant: `python -m benchmarks.claims`, with PostgreSQL.

Two processes of helpdesk, an agent at each. Every round is a conversation that waits; both accept it over HTTP at once.
Afterwards the database says who owns it, and how often it was told that somebody took over.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import httpx
from sqlalchemy import func, select

from benchmarks.databases import database
from helpdesk.accounts.keys import make_key
from helpdesk.web.api.keys import Scope
from store.db import Database
from store.migrate import upgrade_async
from store.models import Agent, Conversation, Message, MessageKind, Role
from store.status import Status
from tests import processes
from tests.fakes.bot import FakeBot
from tests.processes import helpdesk, serving


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCounts:
    """How often each pair of answers came, how often each agent was first, and what the database holds."""

    answers: Counter[tuple[int, ...]]
    won: Counter[int]
    owned: int
    doubled: int


@click.command()
@click.option("--rounds", default=1000, show_default=True)
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
def main(rounds: int, server: str) -> None:
    """Let two agents claim ROUNDS conversations, each in the same instant, over two instances."""
    verdict = asyncio.run(_measure(rounds, server))
    print(f"{rounds} conversations, claimed by two agents at once over two instances")
    print(f"answers: {dict(verdict.answers)}; first: {dict(sorted(verdict.won.items()))}")
    print(f"owned by one agent: {verdict.owned}; taken over more than once: {verdict.doubled}")
    sys.exit(0 if verdict.answers == {(200, 409): rounds} and verdict.owned == rounds and not verdict.doubled else 1)


async def _measure(rounds: int, server: str) -> ClaimCounts:
    processes.START_WITHIN = 180.0  # what measures starts together with all else that runs here
    async with AsyncExitStack() as stack:
        db, url = await stack.enter_async_context(database(server))
        await upgrade_async(db)
        agents, key = await _hire(db)
        rasa_url = await stack.enter_async_context(serving(FakeBot()))
        doors = []
        for _ in range(2):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-claims-")))
            instance = await stack.enter_async_context(helpdesk(home, url, rasa_url, lease="30"))
            await instance.start()
            headers = {"Authorization": f"Bearer {key}"}
            client = httpx.AsyncClient(
                base_url=f"{instance.origin}/api/v1", headers=headers, timeout=60, trust_env=False
            )
            doors.append(await stack.enter_async_context(client))
        answers: Counter[tuple[int, ...]] = Counter()
        won: Counter[int] = Counter()
        for number in range(rounds):
            statuses = await _claim(doors, agents, number)
            answers[tuple(sorted(statuses))] += 1
            won[statuses.index(min(statuses))] += 1
        return ClaimCounts(answers=answers, won=won, owned=await _owned(db), doubled=await _doubled(db))


async def _hire(db: Database) -> tuple[list[str], str]:
    async with db.write() as session:
        agents = [
            Agent(email=f"{name}@example.com", name=name, role=Role.AGENT, password_hash="") for name in ("a", "b")
        ]
        session.add_all(agents)
        await session.flush()
        ids = [agent.id for agent in agents]
    return ids, await make_key(db, "claims", [Scope.CONVERSATIONS, Scope.HANDOFF])


async def _claim(doors: Sequence[httpx.AsyncClient], agents: Sequence[str], number: int) -> list[int]:
    """A conversation that waits is accepted at both doors at once; the status codes, in the order of the agents."""
    opened = await doors[number % 2].post("/conversations", json={"contact": f"contact {number}"})
    path = f"/conversations/{opened.json()['id']}"
    (await doors[number % 2].post(f"{path}/handoff")).raise_for_status()
    accepted = await asyncio.gather(
        *(door.post(f"{path}/accept", json={"agent": agent}) for door, agent in zip(doors, agents, strict=True))
    )
    return [answer.status_code for answer in accepted]


async def _owned(db: Database) -> int:
    async with db.read() as session:
        wanted = select(func.count()).where(Conversation.status == Status.ASSIGNED, Conversation.agent_id.is_not(None))
        return await session.scalar(wanted) or 0


async def _doubled(db: Database) -> int:
    """Conversations of which the log says more than once that somebody took over."""
    async with db.read() as session:
        accepted = await session.execute(
            select(Message.conversation_id).where(Message.kind == MessageKind.ACTIVITY, Message.event == "accept")
        )
        times = Counter(conversation for (conversation,) in accepted)
    return sum(1 for count in times.values() if count > 1)


if __name__ == "__main__":
    main()
