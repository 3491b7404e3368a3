"""Workers that answer turns: wait until one is due, claim it, let its steps run, several at a time."""

import asyncio

import structlog
from sqlalchemy import select

from helpdesk.conversations import Conversations
from helpdesk.turns.claim import ClaimedTurn, claim_turn
from helpdesk.turns.turn import TurnTools, answer_turn
from store.db import Database
from store.errors import Unavailable
from store.models import Turn, TurnStatus, new_id, now
from store.settings import Settings

log = structlog.get_logger()

IDLE = 1.0  # seconds between looks for turns that another instance opened or dropped


class TurnWorker:
    """Answers what customers wrote, each conversation one turn at a time."""

    def __init__(self, db: Database, conversations: Conversations, tools: TurnTools) -> None:
        self.db = db
        self.conversations = conversations
        self.tools = tools
        self.settings: Settings = conversations.settings
        self.name = new_id()
        self._news = asyncio.Event()
        self._at_work: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be a new turn."""
        self._news.set()

    async def run(self) -> None:
        """Claim and answer until cancelled; what is being answered then is finished first."""
        try:
            while True:
                await self._wait()
                try:
                    await self._claim_all()
                except Unavailable:
                    log.warning("turns.database_away")
                    await asyncio.sleep(IDLE)
        finally:
            await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _wait(self) -> None:
        delay = await self._until_next()
        try:
            async with asyncio.timeout(delay):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()

    async def _until_next(self) -> float:
        """Seconds until a turn is due, at most `IDLE`."""
        if len(self._at_work) >= self.settings.turn_workers:
            return IDLE
        try:
            async with self.db.read() as session:
                due = await session.scalar(
                    select(Turn.due_at).where(Turn.status == TurnStatus.PENDING).order_by(Turn.due_at).limit(1)
                )
        except Unavailable:
            return IDLE
        return IDLE if due is None else min(IDLE, max(0.0, (due - now()).total_seconds()))

    async def _claim_all(self) -> None:
        while len(self._at_work) < self.settings.turn_workers:
            await self.conversations.inbound_priority.calm()
            claimed = await claim_turn(self.db, self.name, self.settings.lease)
            if claimed is None:
                return
            task = asyncio.create_task(self._work(claimed))
            self._at_work.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        self.wake()

    async def _work(self, claimed: ClaimedTurn) -> None:
        """Answer a turn; when that breaks, its lease runs out and it is tried again."""
        conversation_id = claimed.conversation_id
        self.conversations.live.typing(conversation_id, author="bot", name=self.settings.bot_name, on=True)
        try:
            await answer_turn(claimed, self.tools)
        except Unavailable:
            log.warning("turn.not_stored", turn=claimed.turn_id, conversation=conversation_id)
        except Exception:
            log.exception("turn.broke", turn=claimed.turn_id, conversation=conversation_id)
        finally:
            self.conversations.live.typing(conversation_id, author="bot", name=self.settings.bot_name, on=False)
