"""How the baton was passed in the last days: why, how long people waited, and whether what was promised was kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate
from math import ceil

from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.web.shared.chart import Chart, draw_chart
from helpdesk.web.shared.days import last_days, short_day
from store.db import Database
from store.models import Handoff, Message, MessageKind, Promise
from store.status import Event
from store.triggers import TriggerKind

DAYS = 14
MAX_HANDOFFS = 20_000  # newest handoffs that are read: more change no median


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerShare:
    """One trigger: in how many handoffs it had a part, and its bar in percent of the longest one."""

    kind: str
    count: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFigures:
    """How long people waited for a person: half of them at most `median`, nine in ten at most `ninetieth` (minutes)."""

    accepted: int
    median: int
    ninetieth: int
    chart: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFigures:
    """Promises that were due: (start, width) of each part's bar in percent, kept first, and how many are open now."""

    kept: int
    broken: int
    open: int
    bars: tuple[tuple[float, float], tuple[float, float]]

    @property
    def share(self) -> int:
        """Percent of those due that were kept."""
        return round(100 * self.kept / (self.kept + self.broken)) if self.kept + self.broken else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffFigures:
    """The last `DAYS` days. `mended` are conversations that nobody had any more and that were brought back."""

    handoffs: int
    reasons: tuple[TriggerShare, ...]
    waits: WaitFigures
    promises: PromiseFigures
    mended: int


async def load_handoff_figures(db: Database, *, at: datetime, locale: Locale, zone: tzinfo) -> HandoffFigures:
    """All of them by the days of a zone, from one consistent state."""
    first, (since, _) = next(iter(last_days(at, DAYS, zone).items()))
    async with db.read() as session:
        rows = (
            await session.execute(
                select(Handoff.triggers, Handoff.asked_at, Handoff.accepted_at)
                .where(Handoff.asked_at >= since)
                .order_by(Handoff.asked_at.desc())
                .limit(MAX_HANDOFFS)
            )
        ).all()
        kinds = Counter(kind for triggers, _, _ in rows for kind in {str(trigger.kind) for trigger in triggers})
        promises = await _promises(session, since)
        lost = await _lost(session, since)
    waited = [(asked.astimezone(zone).date(), accepted - asked) for _, asked, accepted in rows if accepted is not None]
    return HandoffFigures(
        handoffs=len(rows),
        reasons=rank_reasons(kinds),
        waits=measure_waits(waited, first, locale),
        promises=promises,
        mended=kinds[TriggerKind.LIMBO] + lost,
    )


def rank_reasons(kinds: Mapping[str, int]) -> tuple[TriggerShare, ...]:
    """The most frequent first."""
    most = max(kinds.values(), default=1)
    ranked = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(TriggerShare(kind=kind, count=count, width=round(100 * count / most, 1)) for kind, count in ranked)


def measure_waits(waited: Sequence[tuple[date, timedelta]], first: date, locale: Locale) -> WaitFigures:
    """From (day, wait) of those who were answered by a person; each day has its own two figures in the chart."""
    by_day: dict[date, list[timedelta]] = {first + timedelta(days=ahead): [] for ahead in range(DAYS)}
    for day, wait in waited:
        by_day.setdefault(day, []).append(wait)
    columns = [(short_day(day, locale), share_of(waits, 0.9), share_of(waits, 0.5)) for day, waits in by_day.items()]
    every = [wait for _, wait in waited]
    return WaitFigures(
        accepted=len(every), median=share_of(every, 0.5), ninetieth=share_of(every, 0.9), chart=draw_chart(columns)
    )


def share_of(waits: Iterable[timedelta], share: float) -> int:
    """The wait in whole minutes, rounded up, that this share of people did not exceed; 0 where nobody waited."""
    ordered = sorted(waits)
    if not ordered:
        return 0
    return ceil(ordered[max(0, ceil(share * len(ordered)) - 1)].total_seconds() / 60)


async def _promises(session: AsyncSession, since: datetime) -> PromiseFigures:
    standing = (Promise.withdrawn_at.is_(None),)
    counts = await session.execute(
        select(
            func.count().filter(Promise.kept_at.is_not(None), Promise.broken_at.is_(None), Promise.due_at >= since),
            func.count().filter(Promise.broken_at.is_not(None), Promise.due_at >= since),
            func.count().filter(Promise.kept_at.is_(None), Promise.broken_at.is_(None)),
        ).where(*standing)
    )
    kept, broken, unended = counts.one()
    widths = [round(100 * count / max(kept + broken, 1), 1) for count in (kept, broken)]
    starts = [0.0, *accumulate(widths)]
    return PromiseFigures(kept=kept, broken=broken, open=unended, bars=((starts[0], widths[0]), (starts[1], widths[1])))


async def _lost(session: AsyncSession, since: datetime) -> int:
    """Conversations that were taken back from an agent who had gone."""
    lost = Message.event == str(Event.AGENT_LOST)
    wanted = (Message.kind == MessageKind.ACTIVITY, Message.created_at >= since, lost)
    return await session.scalar(select(func.count()).select_from(Message).where(*wanted)) or 0
