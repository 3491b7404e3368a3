"""A night in the life of a waiting customer: queued at ten in the evening, answered at nine in the morning.

`python -m benchmarks.waiting_night` plays it and writes docs/waiting-night.md, and a test checks that the page says
what happens. Real are helpdesk, the database, hours, queue, promises and the search; the
clock is set, and Telegram and the bot are played.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from connectors.contract import Address, Attachment, AttachmentKind, Author, Channel, InboundEdit, InboundMessage, Tap
from helpdesk.app import AppComponents
from helpdesk.conversations.waiting.handoff_requests import MAIL
from knowledge.search.embedder import Embedder, ThreeModels
from knowledge.search.vector_cache import CachedEmbedder
from store.clock import CLOCK
from store.db import Database
from store.migrate import upgrade_async
from store.models import Agent, Message, Promise, Team, Turn, TurnStatus, now
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.harness import conversation_of, eventually, hire, log_of, run_helpdesk, settings_for
from tests.sample_articles import SHELF, fill
from tests.waiting_contact import handoff_of

PAGE = Path(__file__).parent.parent / "docs" / "waiting-night.md"
BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2027, 3, 2, 22, 0, tzinfo=BERLIN)  # a Tuesday
WEEKDAYS = {day: (("09:00", "17:00"),) for day in ("mon", "tue", "wed", "thu", "fri")}
IDA = Address(channel=Channel.TELEGRAM, account="bot", chat_id="42")
INTRODUCTION = """# A night in the life of a waiting customer

Ida writes on Telegram at ten in the evening; the team is in from nine to five. Nobody is there, and still nothing that
she writes stays without a word: each line is met for what it is. What she was promised at ten is kept at nine.

`python -m benchmarks.waiting_night` plays the night again and writes this page; a test holds it. The clock is set, and
the bot's place is taken by one that passes on whoever asks for a person; everything that Ida reads is Staffel's.
"""


@dataclass(slots=True)
class Night:
    """The house at night, and Ida outside."""

    parts: AppComponents
    conversation_id: str = ""
    times: dict[int, datetime] = field(default_factory=dict)

    async def writes(self, text: str, *attachments: Attachment, tap: Tap | None = None) -> InboundMessage:
        """Ida writes, sends or presses something, and it is answered."""
        inbound = InboundMessage(
            address=IDA,
            contact_id="42",
            external_id=f"42:{now().timestamp()}",
            text=text,
            attachments=attachments,
            contact_name="Ida",
            tap=tap,
        )
        self.conversation_id = (await self.parts.inbox.receive(inbound)).conversation_id
        await self.settled()
        return inbound

    async def presses(self, payload: str) -> None:
        """Ida presses the newest button that means `payload`."""
        for line in reversed(await log_of(self.parts, self.conversation_id)):
            for at, choice in enumerate(line.choices):
                if choice.payload == payload and line.chosen is None:
                    await self.writes("", tap=Tap(seq=line.seq, choice=at))
                    return

    async def settled(self) -> None:
        """Everything is answered that will be."""

        async def is_quiet() -> bool:
            async with self.parts.db.read() as session:
                busy = select(Turn.id).where(Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING]))
                return await session.scalar(busy.limit(1)) is None

        await eventually(is_quiet, "all turns to end")


async def play(home: Path, database_url: str, embedder: Embedder) -> str:
    """The page, after a night has been played in a fresh database."""
    bot = FakeBot(lambda turn: [{"text": "Gern.", "custom": {"handoff": {"kind": "asked", "text": turn["text"]}}}])
    async with run_helpdesk(settings_for(home, database_url), bot, embedder) as parts, _clock():
        parts.connectors[Channel.TELEGRAM] = FakeChannel()
        night = Night(parts)
        mia = await _furnish(parts)
        await _evening(night)
        offered = await _summary(night)
        await _morning(night, mia)
        return "\n".join([INTRODUCTION, *await _transcript(night), *offered, *await _promises(night)]) + "\n"


@asynccontextmanager
async def _clock() -> AsyncIterator[None]:
    """The machine's clock again afterwards."""
    try:
        yield
    finally:
        time = datetime.now(UTC)
        CLOCK.set_by(time, time, time)


def _at(hour: int, minute: int, *, days: int = 0) -> None:
    """Set the clock of everything that runs here."""
    target = (EVENING + timedelta(days=days)).replace(hour=hour, minute=minute).astimezone(UTC)
    time = datetime.now(UTC)
    CLOCK.set_by(target, time, time)


async def _furnish(parts: AppComponents) -> str:
    """A team with its hours, Mia who is at home, and an article."""
    async with parts.db.write() as session:
        session.add(Team(name="Service", hours=WEEKDAYS, time_zone="Europe/Berlin"))
    mia = await hire(parts, "Mia")
    await fill(parts, SHELF)
    async with parts.db.write() as session:
        await session.execute(update(Agent).values(availability="offline", last_seen_at=None))
    return mia


async def _evening(night: Night) -> None:
    _at(22, 0)
    first = await night.writes("Ich möchte mit einem Menschen sprechen: Mein Tisch wackelt, und zwei Schrauben fehlen.")
    _at(22, 2)
    await night.writes("hallo?? ist da noch jemand")
    _at(22, 5)
    await night.writes("der bezug vom stuhl ist übrigens auch eingerissen")
    _at(22, 6)
    await night.writes("", Attachment(kind=AttachmentKind.PHOTO, name="bezug.jpg"))
    _at(22, 9)
    await night.writes("Wie schicke ich etwas zurück?")
    _at(22, 40)
    await night.writes("wie lange dauert das denn noch")
    _at(22, 41)
    await night.presses(MAIL)
    await night.writes("ida@example.org")
    _at(22, 44)
    corrected = first.text.replace("zwei", "drei")
    await night.parts.inbox.edit(InboundEdit(message=replace(first, text=corrected), edit_id="e1"))
    await night.settled()
    _at(22, 45)
    await night.writes("danke, gute nacht")


async def _morning(night: Night, mia: str) -> None:
    _at(9, 0, days=1)
    async with night.parts.db.write() as session:
        await session.execute(update(Agent).values(availability="online", last_seen_at=now()))
    await drive(night.parts.conversations).accept(night.conversation_id, mia)
    _at(9, 3, days=1)
    epoch = (await conversation_of(night.parts, night.conversation_id)).epoch
    text = "Guten Morgen! Drei Schrauben und ein neuer Bezug gehen heute an Sie heraus."
    await drive(night.parts.conversations).answer(night.conversation_id, mia, epoch, text, "a1")


async def _transcript(night: Night) -> list[str]:
    """What Ida wrote and read, as a table."""
    log = {line.seq: line for line in await log_of(night.parts, night.conversation_id)}
    rows = [
        f"| {_clock_of(line.created_at)} | {_who(line)} | {words} |"
        for line in log.values()
        if (words := _words(line, log))
    ]
    return ["## The night", "", "| time | who | what |", "|---|---|---|", *rows, ""]


def _who(line: Message) -> str:
    if line.author == Author.CONTACT or line.event == "edited":
        return "**Ida**"
    return "**Mia**" if line.author == Author.AGENT else "Staffel"


def _words(line: Message, log: Mapping[int, Message]) -> str:
    """A line as it was read then, in one row; empty for what Ida doesn't see."""
    activity = line.facts.activity
    if activity and activity.event == "edited" and activity.of:
        return f"*changes a line:* {log[activity.of].text}"
    if line.kind == "note" or (activity and not activity.shown):
        return ""
    said = line.facts.edits[0].before if line.facts.edits else line.text or "*a photo*"
    if line.facts.tap:
        said = f"*presses* {line.text}"
    buttons = " · ".join(f"`{choice.title}`" for choice in line.choices)
    return " ".join(f"{said}{f' — {buttons}' if buttons else ''}".replace("|", "\\|").split())


async def _summary(night: Night) -> list[str]:
    """What Mia finds when she comes in."""
    handoff = await handoff_of(night.parts, night.conversation_id)
    lines = [f"- {line.label}: {line.text}" for line in handoff.summary.lines]
    return ["## What the agent finds at nine", "", *lines, ""]


async def _promises(night: Night) -> list[str]:
    async with night.parts.db.read() as session:
        found = await session.scalars(select(Promise).order_by(Promise.created_at))
        rows = [
            f"| {promise.text} | {_clock_of(promise.created_at)} | {_clock_of(promise.due_at)} "
            f"| {_clock_of(promise.kept_at) if promise.kept_at else '–'} |"
            for promise in found
        ]
    return ["## What was promised", "", "| what | given | due | kept |", "|---|---|---|---|", *rows]


def _clock_of(time: datetime) -> str:
    return f"{time.astimezone(BERLIN):%H:%M}"


def silences(rows: Iterable[str]) -> list[str]:
    """The rows of the table in which Ida writes and the next one isn't Staffel's or Mia's."""
    table = [row for row in rows if row.startswith("| ") and row[2:4].isdigit()]
    return [one for one, following in pairwise(table) if "**Ida**" in one and "**Ida**" in following]


async def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/staffel.db"
        db = Database(url)
        await upgrade_async(db)
        await db.close()
        page = await play(Path(folder), url, CachedEmbedder(ThreeModels()))
    await asyncio.to_thread(PAGE.write_text, page)


def main() -> None:
    """Play the night and write the page."""
    asyncio.run(_write())


if __name__ == "__main__":
    main()
