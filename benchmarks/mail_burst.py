"""A burst of mail: `python -m benchmarks mail_burst 1000` (`--on postgresql`, `--instances 1`).

So many mails of as many customers, a fifth of them delivered twice, lie in one real mailbox (Dovecot) that two
instances of helpdesk share; ten more senders are programs that answer every mail of ours and say nowhere that they are
programs. What was stored and what went out is counted when nothing is left to do. Search and bot are stand-ins, so
that the line is measured; the mailbox, the database and the mail server are real.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click
from sqlalchemy import func, select

from benchmarks.databases import database
from store.models import Delivery, Message, Turn
from tests.integration.mail_desk import MailDesk, mail_desk, mail_of, reply_to
from tests.services import postgres_server

REPEATED = 5  # every fifth mail comes twice
MACHINES = 10
#: How often all the machines' mailboxes are looked into, in seconds, and how long it must stay quiet at the end.
LOOK_SECONDS, QUIET_SECONDS = 0.5, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstRun:
    """What came of a burst. `answers` counts our mails by recipient."""

    stored: int
    twice: int
    seconds: float
    answers: Counter[str]

    @property
    def of_customers(self) -> list[int]:
        """How many mails of ours each customer got who got any."""
        return [number for recipient, number in self.answers.items() if not recipient.startswith("ticket")]

    @property
    def of_machines(self) -> list[int]:
        """How many mails of ours each program got."""
        return [number for recipient, number in self.answers.items() if recipient.startswith("ticket")]


@click.command()
@click.argument("mails", type=click.IntRange(min=10), default=1_000)
@click.option("--on", "engine", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--instances", type=click.IntRange(1, 2), default=2, show_default=True)
def main(mails: int, engine: str, instances: int) -> None:
    """Deliver so many mails and count what comes of them; fails when one was lost, doubled or answered twice."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server()).base if engine == "postgresql" else ""
        run = asyncio.run(_measure(folder, server, mails, instances))
    expected = mails - mails // (REPEATED + 1)
    print(
        f"{mails} mails, every {REPEATED + 1}th of them a repeat, {MACHINES} programs; {engine}, {instances} instances"
    )
    print(f"stored once: {run.stored} of {expected}, stored twice: {run.twice}")
    print(f"until the last mail was sent: {run.seconds:.0f} s")
    once = run.of_customers.count(1)
    print(f"customers with one answer: {once}, with more: {len(run.of_customers) - once}")
    print(f"answers to each of {len(run.of_machines)} programs: {min(run.of_machines)} to {max(run.of_machines)}")
    if run.stored != expected or run.twice or set(run.of_customers) != {1}:
        raise SystemExit(1)


@asynccontextmanager
async def _database_url(home: Path, server: str) -> AsyncIterator[str]:
    """An empty database: in `home`, or on a PostgreSQL server if there is one."""
    if not server:
        yield f"sqlite+aiosqlite:///{home}/mail.db"
        return
    async with database(server) as (_, url):
        yield url


async def _measure(home: Path, server: str, mails: int, instances: int) -> BurstRun:
    distinct = mails - mails // (REPEATED + 1)
    raw = [
        mail_of(f"Wo ist Paket {number}?", sender=f"kunde{number}@example.org", subject=f"Paket {number}")
        for number in range(distinct)
    ]
    async with _database_url(home, server) as url, mail_desk(home, url, instances=instances) as desk:
        began = perf_counter()
        for mail in [*raw, *raw[: mails - distinct]]:
            desk.mailbox.deliver(mail)
        for number in range(MACHINES):
            desk.write("Wo ist meine Ware?", sender=f"ticket{number}@machines.example", subject=f"Ware {number}")
        finished = await _answer_until_quiet(desk)
        async with desk.parts.db.read() as session:
            lines = Counter(await session.scalars(select(Message.text).where(Message.author == "contact")))
        asked = {text: number for text, number in lines.items() if "Paket" in text}
        return BurstRun(
            stored=len(asked),
            twice=sum(number > 1 for number in asked.values()),
            seconds=finished - began,
            answers=Counter(desk.server.recipients),
        )


async def _answer_until_quiet(desk: MailDesk) -> float:
    """Let the programs answer whatever is sent to them, until nothing happens any more; when the last mail was sent."""
    read, last = 0, perf_counter()
    while perf_counter() - last < QUIET_SECONDS:
        await asyncio.sleep(LOOK_SECONDS)
        new = desk.server.mails[read:]
        read += len(new)
        for mail in new:
            if "@machines.example" in str(mail["To"]):
                text = "Ihre Nachricht ist eingegangen und hat die Nummer 17."
                desk.mailbox.deliver(reply_to(mail, text, sender=str(mail["To"])))
        if new or await _is_busy(desk):
            last = perf_counter()
    return last


async def _is_busy(desk: MailDesk) -> bool:
    async with desk.parts.db.read() as session:
        out = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
        thought = select(func.count()).select_from(Turn).where(Turn.status.in_(["pending", "running"]))
        return bool(await session.scalar(out) or await session.scalar(thought))


if __name__ == "__main__":
    main()
