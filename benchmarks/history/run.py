"""One history from the first customer to the verdict."""

import asyncio
import json
import random
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.history.checker import ConversationLog, check, read_logs, unfinished
from benchmarks.history.faults import break_things
from benchmarks.history.ledger import Ledger
from benchmarks.history.people import RoamingClient, SimulatedAgent, SimulatedCustomer
from benchmarks.history.servers import ORIGIN, HistoryServers, running, until_all_answer
from store.db import Database
from tests.chat_client import ChatClient
from tests.processes import ROOT

QUESTIONS = Path(__file__).parents[2] / "tests" / "data" / "faq_questions.jsonl"
#: What happens to the servers for some seconds; how many of each.
type Happening = Callable[[HistoryServers, random.Random, float], Awaitable[dict[str, int]]]
#: Seconds after the last fault within which everything has to be done.
MAX_LIMBO = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPlan:
    """How long, how many, and which dice."""

    seconds: float
    customers: int
    agents: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReport:
    """What was done and what was wrong. Times in seconds."""

    plan: HistoryPlan
    took: float
    happened: dict[str, int]
    settled_after: float
    acknowledged: int
    takeovers: int
    lines: int
    conversations: int
    refused: dict[str, int]
    faults: list[str]

    def table(self) -> str:
        """For people."""
        rows = [
            ("faults let loose", f"{sum(self.happened.values())}: {_listed(self.happened)}"),
            ("customers, agents, seed", f"{self.plan.customers}, {self.plan.agents}, {self.plan.seed}"),
            ("lines acknowledged to people, takeovers", f"{self.acknowledged}, {self.takeovers}"),
            ("lines stored, conversations", f"{self.lines}, {self.conversations}"),
            ("whole run", f"{self.took:.0f} s"),
            ("everything done after the last fault", f"{self.settled_after:.1f} s (limit {MAX_LIMBO:g})"),
            ("refused to agents, as it should be", _listed(self.refused) or "none"),
            ("found wrong", str(len(self.faults))),
        ]
        table = "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
        return "\n".join([table, *(f"- {fault}" for fault in self.faults[:50])])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in sorted(counts.items()))


async def run_history(
    plan: HistoryPlan, keep: Path | None = None, *, happening: Happening = break_things, code: Path = ROOT
) -> HistoryReport:
    """Start everything by the code in a folder, let it happen, wait for rest, judge."""
    async with AsyncExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-history-")))
        folder.mkdir(exist_ok=True)
        servers = await stack.enter_async_context(running(folder, plan.agents, code))
        db = Database(servers.database_url)
        stack.push_async_callback(db.close)
        began, ledger, stop = monotonic(), Ledger(), asyncio.Event()
        clients = _clients(plan, servers)
        async with AsyncExitStack() as screens:
            for client in clients:
                await screens.enter_async_context(client)
            people = _people(plan, servers, clients, ledger)
            busy = [asyncio.create_task(each.go_on(stop)) for each in people]
            happened = await happening(servers, random.Random(plan.seed), plan.seconds)
            await until_all_answer(servers)
            stop.set()
            await asyncio.gather(*busy)
            settled = await _settle(db, ledger)
            logs = await read_logs(db)
            await _screens_at_rest(clients, logs, ledger)
        return HistoryReport(
            plan=plan,
            took=monotonic() - began,
            happened=happened,
            settled_after=settled,
            acknowledged=len(ledger.lines),
            takeovers=len(ledger.takeovers),
            lines=sum(len(log.lines) for log in logs),
            conversations=len(logs),
            refused=dict(ledger.refused),
            faults=check(logs, ledger),
        )


def _clients(plan: HistoryPlan, servers: HistoryServers) -> list[RoamingClient]:
    doors = [instance.url for instance in servers.instances]
    return [
        RoamingClient(
            url=doors[number % len(doors)],
            origin=ORIGIN,
            addresses=doors,
            chance=random.Random(f"{plan.seed} client {number}"),
        )
        for number in range(plan.customers)
    ]


def _people(
    plan: HistoryPlan, servers: HistoryServers, clients: Sequence[RoamingClient], ledger: Ledger
) -> list[SimulatedCustomer | SimulatedAgent]:
    questions = [json.loads(line)["text"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    customers = [
        SimulatedCustomer(
            name=f"c{number}",
            questions=questions,
            client=client,
            ledger=ledger,
            chance=random.Random(f"{plan.seed} customer {number}"),
        )
        for number, client in enumerate(clients)
    ]
    agents = [
        SimulatedAgent(
            id=agent,
            name=f"a{number}",
            doors=[instance.origin for instance in servers.instances],
            key=servers.key,
            ledger=ledger,
            chance=random.Random(f"{plan.seed} agent {number}"),
        )
        for number, agent in enumerate(servers.staff)
    ]
    return [*customers, *agents]


async def _settle(db: Database, ledger: Ledger) -> float:
    """Seconds until no turn and no delivery is on its way."""
    began = monotonic()
    while any((left := await unfinished(db)).values()):
        if monotonic() - began > 4 * MAX_LIMBO:
            ledger.complaints.append(f"limbo: after {4 * MAX_LIMBO:g} s still on their way: {left}")
            break
        await asyncio.sleep(0.25)
    took = monotonic() - began
    if took > MAX_LIMBO:
        ledger.complaints.append(f"limbo: everything was done only {took:.1f} s after the last fault")
    return took


async def _screens_at_rest(clients: Sequence[RoamingClient], logs: Sequence[ConversationLog], ledger: Ledger) -> None:
    """Each customer's screen has come up to the end of the log, or is complained about."""
    last = {log.id: log.last_seq for log in logs}
    for client in clients:
        conversation = str(client.state["conversation"])
        try:
            await client.until(_shows(last.get(conversation, 0)), "the end of the log", MAX_LIMBO)
        except AssertionError as error:
            ledger.complaints.append(f"screen: {error}"[:300])
        ledger.show(conversation, client.lines)


def _shows(seq: int) -> Callable[[ChatClient], bool]:
    return lambda client: client.last_seq >= seq
