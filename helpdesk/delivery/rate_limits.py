"""How fast we may send: the channels' limits, kept by all instances together in one table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import SendLimit
from store.models import Pace
from store.upsert import Upsert, insert_into

SLACK = 1.05
"""Windows are this much longer than the channel's: what leaves evenly may arrive unevenly."""


def free_at(limits: Iterable[SendLimit], paces: Mapping[str, Pace], time: datetime) -> datetime:
    """When one more part may go out under all of `limits`; `time` when it may go at once."""
    return max((_free_at(limit, paces.get(limit.key), time) for limit in limits), default=time)


def _free_at(limit: SendLimit, pace: Pace | None, time: datetime) -> datetime:
    if pace is None:
        return time
    paused = pace.paused_until or time
    taken = sorted(pace.taken)[-limit.count :]
    if len(taken) < limit.count:
        return max(time, paused)
    return max(time, paused, time + timedelta(seconds=taken[0] + limit.seconds * SLACK - time.timestamp()))


def take(limits: Iterable[SendLimit], paces: Mapping[str, Pace], time: datetime) -> None:
    """Count one more part under all of `limits`."""
    for limit in limits:
        pace = paces[limit.key]
        since = time.timestamp() - limit.seconds * SLACK
        pace.taken = (*(moment for moment in pace.taken if moment > since), time.timestamp())
        pace.changed_at = time


async def lock_paces(session: AsyncSession, limits: Sequence[SendLimit], time: datetime) -> dict[str, Pace]:
    """The paces of `limits`, held by this transaction; always in the same order, so that no two wait for each other."""
    keys = sorted({limit.key for limit in limits})
    if not keys:
        return {}
    for key in keys:
        await session.execute(_first_row(session, key, time))
    rows = await session.scalars(
        select(Pace)
        .where(Pace.key.in_(keys))
        .order_by(Pace.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {pace.key: pace for pace in rows}


async def pause(session: AsyncSession, key: str, until: datetime, time: datetime) -> None:
    """Nothing goes out under `key` before `until`."""
    pace = (await lock_paces(session, [SendLimit(key=key, count=1, seconds=1)], time))[key]
    pace.paused_until = max(until, pace.paused_until or until)
    pace.changed_at = time


def _first_row(session: AsyncSession, key: str, time: datetime) -> Upsert:
    row = {"key": key, "taken": [], "changed_at": time}
    return insert_into(session, Pace).values(row).on_conflict_do_nothing()
