"""What the line itself costs for a question: stored, claimed, answered, read: `python -m benchmarks.line_cost`.

No search, no bot and no socket: what is left is the line's own work, and the database's. In processor time, so that it
can be compared on a busy machine; of PostgreSQL, the connections of this benchmark are counted.
"""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import click
from pydantic import SecretStr
from sqlalchemy import update

from benchmarks.databases import database
from benchmarks.processor_time import ProcessorMeter
from bot_protocol import BotMessage
from connectors.contract import Address, Channel, InboundMessage
from helpdesk.conversations import Conversations
from helpdesk.conversations.bot_replies import store_reply
from helpdesk.conversations.bot_reply import BotReply, TurnQuestion
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.conversations.read_marks import mark_read_by_contact
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.turns.claim import claim_turns
from store.db import Database
from store.migrate import upgrade_async
from store.models import Turn, TurnStatus, now
from store.settings import Settings

QUESTIONS_A_CUSTOMER = 4
WARM_UP = 40
LEASE_SECONDS = 30.0


@click.command()
@click.option("--questions", default=400, show_default=True)
@click.option("--on", "name", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
def main(questions: int, name: str, server: str) -> None:
    """Take QUESTIONS through the line, one after the other, and print the milliseconds of processor for each."""
    costs = asyncio.run(_measure(questions, name, server))
    shown = ", ".join(f"{program} {cost:.2f}" for program, cost in costs.items())
    print(f"{name}: {sum(costs.values()):.2f} ms of processor a question ({shown})")


async def _measure(questions: int, name: str, server: str) -> dict[str, float]:
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-line-cost-")))
        if name == "postgresql":
            db, url = await stack.enter_async_context(database(server))
        else:
            url = f"sqlite+aiosqlite:///{home / 'staffel.db'}"
            db = Database(url)
            stack.push_async_callback(db.close)
        await upgrade_async(db)
        conversations = Conversations(db, ChangeHints(), _settings(home, url))
        where = (server, url.rpartition("/")[2]) if name == "postgresql" else ("", "")
        meter = ProcessorMeter({"helpdesk": os.getpid()}, *where)
        await _ask(conversations, range(WARM_UP))
        await meter.start()
        await _ask(conversations, range(WARM_UP, WARM_UP + questions))
        await meter.look()
        return {program: 1000 * seconds / questions for program, seconds in meter.seconds().items()}


def _settings(home: Path, url: str) -> Settings:
    secret = SecretStr("0" * 64)
    return Settings(_env_file=None, home=home, database_url=url, bot_secret=secret, secret_key=secret)


async def _ask(conversations: Conversations, numbers: range) -> None:
    inbox = ContactInbox(conversations)
    for number in numbers:
        visitor = f"visitor-{number // QUESTIONS_A_CUSTOMER}"
        address = Address(channel=Channel.WEBCHAT, account="default", chat_id=visitor)
        text = f"Wie lange dauert die Lieferung von Auftrag {number}?"
        await inbox.receive(
            InboundMessage(address=address, contact_id=visitor, external_id=f"{visitor}:{number}", text=text)
        )
        await _answer(conversations, text)


async def _answer(conversations: Conversations, text: str) -> None:
    await _make_due(conversations.db)
    [turn] = await claim_turns(conversations.db, "benchmark", LEASE_SECONDS, 8)
    asked = TurnQuestion(text=text, language="de", outcome="answer", article="delivery-time", confidence=0.9)
    reply = BotReply(texts=(BotMessage(text="Zwei bis vier Werktage.", article="delivery-time"),), asked=(asked,))
    await store_reply(conversations, turn.lease, reply)
    await mark_read_by_contact(conversations, turn.conversation_id, turn.lease.last_seq + 1)


async def _make_due(db: Database) -> None:
    """The line waits a moment for further messages; here nobody does."""
    async with db.write() as session:
        await session.execute(update(Turn).where(Turn.status == TurnStatus.PENDING).values(due_at=now()))


if __name__ == "__main__":
    main()
