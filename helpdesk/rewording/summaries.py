"""Summaries in other words, behind the handoff's back: nobody waits for them, and ours stay beside them."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from helpdesk.observability.change_hints import DESK, ChangeHints
from helpdesk.rewording.rewording import Rewording
from store.db import Database
from store.errors import Unavailable
from store.models import Agent, Contact, Conversation, Handoff, now

log = structlog.get_logger()

KEY = "reworded"
"""In a handoff's summary: `None` after an attempt in vain, else {"model", "text", "lines"}."""
NEW_FOR = timedelta(minutes=10)  # an older handoff has been read as it is
AT_ONCE = 4
EVERY = 30.0  # seconds between looks without a hint
FEWEST_WORDS = 4  # a line of fewer has nothing to reword
PERSONAL = frozenset({"contact", "language"})  # lines that hold no sentence


class SummaryRewording:
    """Looks for new handoffs and puts their summaries into other words, once each."""

    def __init__(self, db: Database, live: ChangeHints, rewording: Rewording) -> None:
        self.db = db
        self.live = live
        self.rewording = rewording

    async def run(self) -> None:
        """Look at every hint until cancelled."""
        async with self.live.subscribe(DESK) as hints:
            while True:
                try:
                    await self.look()
                except Unavailable:
                    log.warning("rewording.database_away")
                try:
                    async with asyncio.timeout(EVERY):
                        await hints.next()
                except TimeoutError:
                    pass

    async def look(self) -> int:
        """Reword what is new; how many summaries were asked for. Raises `Unavailable`."""
        service = await self.rewording.services.find()
        if service is None or not service.summaries:
            return 0
        async with self.db.read() as session:
            rows = await session.execute(
                select(Handoff.id, Handoff.summary)
                .where(Handoff.ended_at.is_(None), Handoff.asked_at > now() - NEW_FOR)
                .order_by(Handoff.asked_at)
            )
            new = [handoff_id for handoff_id, summary in rows if summary.get("lines") and KEY not in summary]
        await asyncio.gather(*(self._reword(handoff_id, service.model) for handoff_id in new[:AT_ONCE]))
        return len(new[:AT_ONCE])

    async def _reword(self, handoff_id: str, model: str) -> None:
        claimed = await self._claim(handoff_id)
        if claimed is None:
            return
        summary, names = claimed
        lines = summary["lines"]
        places = [place for place, line in enumerate(lines) if _is_sentence(line)]
        reworded = await self.rewording.reword_lines(
            [lines[place]["text"] for place in places], summary.get("language", "de"), names=names
        )
        if reworded is not None:
            texts = [line["text"] for line in lines]
            for place, text in zip(places, reworded, strict=True):
                texts[place] = text
            await self._store(handoff_id, lines, {"model": model, "text": "\n".join(texts), "lines": texts})

    async def _claim(self, handoff_id: str) -> tuple[dict[str, Any], list[str]] | None:
        """Take a handoff before another instance does; its summary, and the names that don't leave the house."""
        async with self.db.write() as session:
            handoff = await session.get(Handoff, handoff_id, with_for_update=True)
            if handoff is None or KEY in handoff.summary:
                return None
            summary = handoff.summary
            handoff.summary = {**summary, KEY: None}
            contact = await session.scalar(
                select(Contact.name)
                .join(Conversation, Conversation.contact_id == Contact.id)
                .where(Conversation.id == handoff.conversation_id)
            )
            agents = await session.scalars(select(Agent.name))
            return summary, [name for name in (contact, *agents) if name]

    async def _store(self, handoff_id: str, lines: Sequence[Any], reworded: dict[str, Any]) -> None:
        """Keep the new words beside ours, unless the story has gone on meanwhile."""
        async with self.db.write() as session:
            handoff = await session.get(Handoff, handoff_id, with_for_update=True)
            if handoff is None or handoff.summary.get("lines") != lines:
                return
            handoff.summary = {**handoff.summary, KEY: reworded}
            conversation_id = handoff.conversation_id
        self.live.changed(conversation_id)


def _is_sentence(line: dict[str, Any]) -> bool:
    return line.get("label") not in PERSONAL and len(str(line["text"]).split()) >= FEWEST_WORDS
