"""Summaries in other words, behind the handoff's back: nobody waits for them, and ours stay beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.observability.change_hints import ChangeHints
from helpdesk.rewording.rewording import Rewording
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import (
    Agent,
    Contact,
    Conversation,
    Handoff,
    SummaryLineRecord,
    SummaryRecord,
    SummaryWordingRecord,
    now,
)

#: An older handoff has been read as it is.
NEW_FOR = timedelta(minutes=10)
SUMMARY_LIMITS = WorkerLimits(name="rewording", at_once=4, at_once_in_burst=4, idle_seconds=30.0, drain_seconds=0.0)
#: A line of fewer has nothing to reword.
MIN_WORDS = 4
#: Lines that hold no sentence.
PERSONAL = frozenset({"contact", "language"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryClaim:
    """A summary that is ours to reword, once. `names` don't leave the house."""

    handoff_id: str
    summary: SummaryRecord
    names: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryAttempt:
    """What came of it; `wording` is `None` after an attempt in vain. `lines` are those that were put in other words."""

    handoff_id: str
    lines: tuple[SummaryLineRecord, ...]
    wording: SummaryWordingRecord | None


class SummaryRewording:
    """The summaries of new handoffs, reworded once each. A `LeaseSource`, with `store` for the results."""

    def __init__(self, db: Database, live: ChangeHints, rewording: Rewording) -> None:
        self.db = db
        self.live = live
        self.rewording = rewording

    def log_ids(self, item: SummaryClaim) -> dict[str, str | int]:
        """Which handoff."""
        return {"handoff": item.handoff_id}

    async def next_due(self) -> datetime | None:
        """Now, if there is a summary to reword."""
        return now() if await self._model() and await self._new_handoffs(1) else None

    async def claim(self, limit: int) -> list[SummaryClaim]:
        """Take summaries before another instance does: for good, so that each is tried once."""
        model = await self._model()
        new = await self._new_handoffs(limit) if model else []
        if not model or not new:
            return []
        async with self.db.write() as session:
            agents = tuple(await session.scalars(select(Agent.name)))
            claimed = []
            for handoff_id in new:
                handoff = await session.get(Handoff, handoff_id, with_for_update=True)
                if handoff is None or handoff.summary.is_tried:
                    continue
                contact = await session.scalar(
                    select(Contact.name)
                    .join(Conversation, Conversation.contact_id == Contact.id)
                    .where(Conversation.id == handoff.conversation_id)
                )
                names = tuple(filter(None, (contact, *agents)))
                claimed.append(SummaryClaim(handoff_id=handoff_id, summary=handoff.summary, names=names, model=model))
                handoff.summary = replace(handoff.summary, is_tried=True)
            return claimed

    async def work(self, item: SummaryClaim) -> SummaryAttempt:
        """Ask the language model for other words."""
        lines = item.summary.lines
        places = [place for place, line in enumerate(lines) if _is_sentence(line)]
        reworded = await self.rewording.reword_lines(
            [lines[place].text for place in places], item.summary.language or "de", names=item.names
        )
        texts = None if reworded is None else _with_lines([line.text for line in lines], places, reworded)
        wording = SummaryWordingRecord(model=item.model, lines=texts) if texts else None
        return SummaryAttempt(handoff_id=item.handoff_id, lines=lines, wording=wording)

    async def store(self, results: Sequence[SummaryAttempt]) -> None:
        """Keep new words beside ours, unless a story has gone on meanwhile. Raises `Unavailable`."""
        changed = []
        async with self.db.write() as session:
            for result in results:
                handoff = await session.get(Handoff, result.handoff_id, with_for_update=True)
                if result.wording is None or handoff is None or handoff.summary.lines != result.lines:
                    continue
                handoff.summary = replace(handoff.summary, reworded=result.wording, is_tried=True)
                changed.append(handoff.conversation_id)
        for conversation_id in changed:
            self.live.changed(conversation_id)

    async def _model(self) -> str | None:
        """The language model's name, if an admin has switched summaries on."""
        service = await self.rewording.services.find()
        return service.model if service and service.summaries else None

    async def _new_handoffs(self, limit: int) -> list[str]:
        async with self.db.read() as session:
            rows = await session.execute(
                select(Handoff.id, Handoff.summary)
                .where(Handoff.ended_at.is_(None), Handoff.asked_at > now() - NEW_FOR)
                .order_by(Handoff.asked_at)
            )
            return [key for key, summary in rows if summary.lines and not summary.is_tried][:limit]


def _with_lines(texts: list[str], places: Sequence[int], reworded: Sequence[str]) -> tuple[str, ...]:
    for place, text in zip(places, reworded, strict=True):
        texts[place] = text
    return tuple(texts)


def _is_sentence(line: SummaryLineRecord) -> bool:
    return line.label not in PERSONAL and len(line.text.split()) >= MIN_WORDS
