"""A range of days as people look at it: sums, days, a comparison with the range before, and what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.insights.numbers.day_rows import CountState, load_days, load_frame, load_settings, load_sums
from helpdesk.insights.numbers.figure_sums import Dimension, FigureName, FigureSums
from store.db import Database
from store.errors import Invalid, NotAllowed
from store.models import Agent, Team, TeamMember

#: The longest range that is shown at once.
MAX_DAYS = 732
#: Beyond so many days a chart's point stands for a week.
MAX_DAILY = 62
#: Rows of a breakdown that are shown; the rest is in the export.
MAX_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureReader:
    """Who looks. An agent sees the sums, their own figures and their teams'; with `sees_all` everybody's."""

    agent_id: str
    sees_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRange:
    """Days from `first` to `last`, both included. Raises `Invalid` for too many, or for none."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < MAX_DAYS:
            raise Invalid(f"A range has between 1 and {MAX_DAYS} days, the first before the last.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "ReportRange":
        """As many days right before."""
        return ReportRange(first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSlice:
    """Whose figures these are: one value of a dimension, or all."""

    dimension: Dimension = Dimension.ALL
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One value of a dimension; `name` is what people call it, the value itself where nobody has named it."""

    value: str
    name: str
    sums: FigureSums


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of a range. `before` is `None` where the range before was not counted whole.

    `days` are those of the range; of many days whole weeks stand on their Monday.
    """

    range: ReportRange
    slice: ReportSlice
    by: Dimension
    sums: FigureSums
    before: FigureSums | None
    days: dict[date, FigureSums]
    rows: Sequence[ReportRow]
    state: CountState
    per_agent: bool


async def load_report(
    db: Database,
    span: ReportRange,
    reader: FigureReader,
    *,
    chosen: ReportSlice,
    by: Dimension,
    is_daily: bool = False,
) -> Report:
    """The figures of a slice, and all values of `by`; with `is_daily` each day of many, too.

    Raises `NotAllowed` for what the reader may not see.
    """
    state, per_agent = await load_settings(db)
    visible = await load_visible(db, reader)
    check_visible(chosen, visible, per_agent=per_agent)
    of, value = chosen.dimension, chosen.value
    before, sums = await load_frame(db, of, value, (span.before.first, span.first, span.last), state.rolled_to)
    rolled_to = None if is_daily or span.days <= MAX_DAILY else state.rolled_to
    days = {span.first + timedelta(days=ahead): FigureSums() for ahead in range(span.days)}
    for day, _, figures in await load_days(
        db, of, span.first, span.last, value=value, rolled_to=rolled_to, with_hours=False
    ):
        sums.add(figures)
        days[day].add(figures)
    was_counted = state.first is not None and state.first <= span.before.first
    return Report(
        range=span,
        slice=chosen,
        by=by,
        sums=sums,
        before=before if was_counted or before.counts else None,
        days=days,
        rows=await load_rows(db, span, by, visible, per_agent=per_agent, rolled_to=state.rolled_to),
        state=state,
        per_agent=per_agent,
    )


async def load_rows(
    db: Database,
    span: ReportRange,
    by: Dimension,
    visible: dict[Dimension, frozenset[str]] | None,
    *,
    per_agent: bool,
    rolled_to: date | None,
) -> list[ReportRow]:
    """The values of a dimension that the reader may see, those with most first."""
    if by is Dimension.AGENT and not per_agent:
        return []
    allowed = visible.get(by) if visible is not None else None
    names = await load_value_names(db, by)
    rows = [
        ReportRow(value=value, name=names.get(value, value), sums=sums)
        for value, sums in (await load_sums(db, by, span.first, span.last, rolled_to=rolled_to)).items()
        if allowed is None or value in allowed
    ]
    return sorted(rows, key=lambda row: (-_weight(row.sums), row.name.casefold()))


def _weight(sums: FigureSums) -> int:
    return sums[FigureName.INQUIRIES] or sums[FigureName.QUESTIONS]


async def load_visible(db: Database, reader: FigureReader) -> dict[Dimension, frozenset[str]] | None:
    """The agents and teams that a reader may see; `None`: all of them."""
    if reader.sees_all:
        return None
    async with db.read() as session:
        teams = await session.scalars(select(TeamMember.team_id).where(TeamMember.agent_id == reader.agent_id))
        return {Dimension.AGENT: frozenset({reader.agent_id}), Dimension.TEAM: frozenset(teams)}


def check_visible(chosen: ReportSlice, visible: dict[Dimension, frozenset[str]] | None, *, per_agent: bool) -> None:
    """Raise `NotAllowed` for an agent or team that isn't the reader's to see."""
    if chosen.dimension is Dimension.AGENT and not per_agent:
        raise NotAllowed("Figures of single agents are switched off.")
    if visible is not None and chosen.value not in visible.get(chosen.dimension, frozenset({chosen.value})):
        raise NotAllowed("Agents see the sums, their own figures and their teams'.")


async def load_value_names(db: Database, dimension: Dimension) -> dict[str, str]:
    """What agents or teams are called, by id; nothing for other dimensions."""
    async with db.read() as session:
        if dimension is Dimension.AGENT:
            return await _names(session, Agent)
        return await _names(session, Team) if dimension is Dimension.TEAM else {}


async def _names(session: AsyncSession, of: type[Agent] | type[Team]) -> dict[str, str]:
    return {id_: name for id_, name in await session.execute(select(of.id, of.name))}
