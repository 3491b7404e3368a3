"""The kept figures of days: replaced, read, thinned; and how far the counting is."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Text, case, cast, delete, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.insights.numbers.day_counts import FigureKey
from helpdesk.insights.numbers.figure_sums import Dimension, FigureName, FigureSums, add_up, add_up_hours
from store.db import Database
from store.models import DailyFigures, Meta, table_of

#: Fewer inquiries than this are a small group: once they are erased only their number is kept.
SMALL_GROUP = 5
_STATE = "numbers_counted"
_STATE_DAYS = ("first", "night", "thinned_to", "rolled_to")
_PER_AGENT = "numbers_per_agent"
_WEEK = "week."
_OF_AGENTS = (str(Dimension.AGENT), f"{_WEEK}{Dimension.AGENT}")
_A_WEEK = timedelta(days=7)
_THINNED = (Dimension.ALL, Dimension.TEAM, Dimension.TOPIC, Dimension.CHANNEL, Dimension.LANGUAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountState:
    """How far the counting is: every day since `first` is counted, today as it was at `as_of`.

    `next_at` is when to count again, `night` the day on which the last days were counted again; the days before
    `thinned_to` hold no small groups any more. The whole weeks before the Monday `rolled_to` are summed up.
    """

    next_at: datetime | None = None
    as_of: datetime | None = None
    first: date | None = None
    night: date | None = None
    thinned_to: date | None = None
    rolled_to: date | None = None

    def as_text(self) -> str:
        """The form that is stored."""
        names = ("next_at", "as_of", *_STATE_DAYS)
        times = {name: getattr(self, name) for name in names}
        return json.dumps({name: time.isoformat() for name, time in times.items() if time is not None})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `as_text` made."""
        stored = json.loads(text)
        moments = {name: datetime.fromisoformat(stored[name]) for name in ("next_at", "as_of") if name in stored}
        days = {name: date.fromisoformat(stored[name]) for name in _STATE_DAYS if name in stored}
        return cls(
            next_at=moments.get("next_at"),
            as_of=moments.get("as_of"),
            first=days.get("first"),
            night=days.get("night"),
            thinned_to=days.get("thinned_to"),
            rolled_to=days.get("rolled_to"),
        )


async def load_state(db: Database) -> CountState:
    """How far the counting is."""
    async with db.read() as session:
        return await _load_state(session)


async def load_settings(db: Database) -> tuple[CountState, bool]:
    """How far the counting is, and whether figures of single agents are counted: one statement."""
    wanted = select(Meta.key, Meta.value).where(Meta.key.in_([_STATE, _PER_AGENT]))
    async with db.read() as session:
        kept = {key: text for key, text in await session.execute(wanted)}
    return CountState.from_text(kept.get(_STATE, "{}")), kept.get(_PER_AGENT, "on") == "on"


async def claim_count(db: Database, time: datetime, *, lease: timedelta) -> CountState | None:
    """The state, for whoever counts now; `None` when nothing is due, or another instance is at it."""
    if (state := await load_state(db)).next_at is not None and state.next_at > time:
        return None
    async with db.write() as session:
        row = await session.get(Meta, _STATE, with_for_update=True)
        state = CountState.from_text(row.value) if row else CountState()
        if state.next_at is not None and state.next_at > time:
            return None
        await session.merge(Meta(key=_STATE, value=replace(state, next_at=time + lease).as_text()))
        return state


async def keep_state(db: Database, state: CountState) -> None:
    """Say how far the counting is."""
    async with db.write() as session:
        await session.merge(Meta(key=_STATE, value=state.as_text()))


async def is_per_agent(db: Database) -> bool:
    """Whether figures of single agents are counted; they are until an admin says no."""
    async with db.read() as session:
        return await _is_per_agent(session)


async def switch_per_agent(db: Database, *, on: bool) -> None:
    """Count figures of single agents from now on, or don't: those that are there are erased at once."""
    async with db.write() as session:
        await session.merge(Meta(key=_PER_AGENT, value="on" if on else "off"))
        if not on:
            await session.execute(delete(DailyFigures).where(DailyFigures.dimension.in_(_OF_AGENTS)))


async def replace_days(db: Database, first: date, last: date, rows: Mapping[FigureKey, FigureSums]) -> None:
    """Put these rows in the place of all that these days have."""
    async with db.write() as session:
        per_agent = await _is_per_agent(session)  # it may have been switched off while they were counted
        await session.execute(
            delete(DailyFigures).where(
                DailyFigures.dimension.in_([str(each) for each in Dimension]),
                DailyFigures.day >= first,
                DailyFigures.day <= last,
            )
        )
        kept = [
            _row(str(key.dimension), key.day, key.value, sums)
            for key, sums in rows.items()
            if per_agent or key.dimension is not Dimension.AGENT
        ]
        if kept:
            await session.execute(table_of(DailyFigures).insert(), kept)


def _row(dimension: str, day: date, value: str, sums: FigureSums) -> dict[str, Any]:
    return {
        "dimension": dimension,
        "day": day,
        "value": value,
        "figures": sums.as_json(),
        "hours": sums.hours_as_json(),
    }


async def roll_weeks(db: Database, first: date, last: date) -> None:
    """Sum up every week that has one of these days, anew; of a week that isn't over that is for later."""
    monday, table = monday_of(first), table_of(DailyFigures)
    while monday <= last:
        found: defaultdict[tuple[str, str], FigureSums] = defaultdict(FigureSums)
        async with db.write() as session:
            days = (table.c.day >= monday, table.c.day < monday + _A_WEEK)
            rows = await session.execute(
                select(table.c.dimension, table.c.value, table.c.figures, table.c.hours).where(
                    *days, table.c.dimension.in_([str(each) for each in Dimension])
                )
            )
            for dimension, value, figures, hours in rows:
                found[dimension, value].add(FigureSums.from_json(figures, hours))
            await session.execute(
                delete(DailyFigures).where(DailyFigures.dimension.startswith(_WEEK), DailyFigures.day == monday)
            )
            if found:
                weeks = [_row(f"{_WEEK}{dimension}", monday, value, one) for (dimension, value), one in found.items()]
                await session.execute(table.insert(), weeks)
        monday += _A_WEEK


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


async def load_days(
    db: Database,
    dimension: Dimension,
    first: date,
    last: date,
    *,
    value: str | None = None,
    rolled_to: date | None = None,
    with_hours: bool = True,
) -> list[tuple[date, str, FigureSums]]:
    """The rows of a dimension, with `value` only those, oldest first.

    With `rolled_to` whole weeks come in one row, on their Monday.
    """
    table = table_of(DailyFigures)
    hours = [table.c.hours] if with_hours else []
    wanted = select(table.c.day, table.c.value, table.c.figures, *hours).where(
        _within(dimension, first, last, rolled_to)
    )
    if value is not None:
        wanted = wanted.where(table.c.value == value)
    async with db.read() as session:
        rows = (await session.execute(wanted.order_by(table.c.day, table.c.value))).all()
    return [(day, name, FigureSums.from_json(*stored)) for day, name, *stored in rows]


async def load_sums(
    db: Database, dimension: Dimension, first: date, last: date, *, rolled_to: date | None = None
) -> dict[str, FigureSums]:
    """The sums of these days for each value of a dimension, without the hours.

    The database hands over one text for each value: thousands of rows would cost more than their adding up.
    """
    table = table_of(DailyFigures)
    wanted = (
        select(table.c.value, _joined(table.c.figures))
        .where(_within(dimension, first, last, rolled_to))
        .group_by(table.c.value)
    )
    async with db.read() as session:
        rows = (await session.execute(wanted)).all()
    return {value: add_up(_parts(texts)) for value, texts in rows}


async def load_frame(
    db: Database, dimension: Dimension, value: str, spans: tuple[date, date, date], rolled_to: date | None
) -> tuple[FigureSums, FigureSums]:
    """What a page shows beside the days of a range: the sums of as many days before it, and the hours of its own.

    `spans` are the first day before, the first of the range and its last: one statement.
    """
    earlier, first, last = spans
    table = table_of(DailyFigures)
    is_before = table.c.day < first
    before = _within(dimension, earlier, first - timedelta(days=1), rolled_to)
    wanted = select(
        _joined(case((is_before, cast(table.c.figures, Text)))), _joined(case((~is_before, cast(table.c.hours, Text))))
    ).where(table.c.value == value, before | _within(dimension, first, last, rolled_to))
    async with db.read() as session:
        figures, hours = (await session.execute(wanted)).one()
    return add_up(_parts(figures)), add_up_hours(_parts(hours))


def _joined(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The texts of many rows as one."""
    return func.aggregate_strings(cast(column, Text), ",")


def _parts(texts: str | None) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = json.loads(f"[{texts or ''}]")
    return parts


def _within(dimension: Dimension, first: date, last: date, rolled_to: date | None) -> ColumnElement[bool]:
    """The rows that together are these days: whole weeks as far as they are summed up, and the days around them."""
    table = table_of(DailyFigures)
    by_day = (table.c.dimension == str(dimension)) & (table.c.day >= first) & (table.c.day <= last)
    monday = monday_of(first + _A_WEEK - timedelta(days=1))
    end = min(monday_of(last + timedelta(days=1)), rolled_to or date.min)
    if end <= monday:
        return by_day
    is_week = table.c.dimension == f"{_WEEK}{dimension}"
    in_weeks = (table.c.day >= monday) & (table.c.day < end)
    return (by_day & not_(in_weeks)) | (is_week & in_weeks)


async def thin_days(db: Database, first: date, last: date) -> None:
    """Of days whose conversations are being erased: no single agents, and no small groups beyond their number."""
    async with db.write() as session:
        span = (DailyFigures.day >= first, DailyFigures.day <= last)
        await session.execute(delete(DailyFigures).where(*span, DailyFigures.dimension == str(Dimension.AGENT)))
        found = await session.execute(
            select(DailyFigures.dimension, DailyFigures.day, DailyFigures.value, DailyFigures.figures).where(
                *span, DailyFigures.dimension.in_([str(each) for each in _THINNED])
            )
        )
        rows = {FigureKey(Dimension(d), day, value): FigureSums.from_json(sums) for d, day, value, sums in found}
        for key in small_groups(rows):
            await session.execute(
                update(DailyFigures)
                .where(
                    DailyFigures.dimension == str(key.dimension),
                    DailyFigures.day == key.day,
                    DailyFigures.value == key.value,
                )
                .values(figures=rows[key].thinned().as_json(), hours={})
            )


def small_groups(rows: Mapping[FigureKey, FigureSums]) -> list[FigureKey]:
    """The rows of which only the number may be kept.

    A group is small with fewer than `SMALL_GROUP` inquiries. Because what is left out could be found by taking the
    others from the whole, so many are left out of each dimension and day that together they are no small group.
    """
    wholes = {key.day: sums[FigureName.INQUIRIES] for key, sums in rows.items() if key.dimension is Dimension.ALL}
    by_day: defaultdict[tuple[Dimension, date], list[FigureKey]] = defaultdict(list)
    for key in rows:
        by_day[key.dimension, key.day].append(key)
    return [
        key
        for (dimension, day), keys in by_day.items()
        for key in _small_of_day(
            sorted(keys, key=lambda one: (rows[one][FigureName.INQUIRIES], one.value)),
            rows,
            0 if dimension is Dimension.ALL else wholes.get(day, 0),
        )
    ]


def _small_of_day(
    ordered: Sequence[FigureKey], rows: Mapping[FigureKey, FigureSums], whole: int
) -> Iterable[FigureKey]:
    counts = [rows[key][FigureName.INQUIRIES] for key in ordered]
    rest = max(0, whole - sum(counts))  # those without any value of this dimension
    hidden = rest if 0 < rest < SMALL_GROUP else 0
    for key, count in zip(ordered, counts, strict=True):
        if count < SMALL_GROUP or 0 < hidden < SMALL_GROUP:
            hidden += count
            yield key


async def _load_state(session: AsyncSession) -> CountState:
    row = await session.get(Meta, _STATE)
    return CountState.from_text(row.value) if row else CountState()


async def _is_per_agent(session: AsyncSession) -> bool:
    switch = await session.get(Meta, _PER_AGENT)
    return switch is None or switch.value == "on"
