"""Figures for programs: the sums of days as the page of figures shows them; `docs/numbers.md` says what counts."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from helpdesk.accounts.keys import KeyHolder
from helpdesk.insights.numbers.figure_sums import Dimension, Duration, FigureName, FigureSums, Histogram
from helpdesk.insights.numbers.report import ReportRange, ReportSlice, load_report
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.key_views import load_figure_reader
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from store.models import now

DEFAULT_DAYS = 28


class DurationFigures(BaseModel):
    """How long it took, in seconds, as the end of a step of the histogram; null where there are too few to say."""

    count: int
    median_seconds: int | None
    ninetieth_seconds: int | None


class FigureValues(BaseModel):
    """Counts by name, those that are 0 too, and durations by name."""

    counts: dict[FigureName, int]
    durations: dict[Duration, DurationFigures]


class DayFigureValues(FigureValues):
    """Of one day of the installation's time zone."""

    day: date


class NamedFigureValues(FigureValues):
    """Of one value of what is told apart by: an id, a key or a code ("" without any), and what it is called."""

    value: str
    name: str


class NumberAnalytics(BaseModel):
    """The figures of days, counted as of a time; `counted_since` is the first day that is known at all."""

    first: date
    last: date
    time_zone: str
    as_of: datetime | None
    counted_since: date | None
    of: Dimension
    value: str
    figures: FigureValues
    days: list[DayFigureValues]
    by: Dimension
    values: list[NamedFigureValues]


number_api = APIRouter(prefix="/analytics", route_class=EnteredRoute, tags=["analytics"])

Counter = Annotated[KeyHolder, needs(Scope.ANALYTICS)]


@number_api.get("")
async def show_numbers(
    parts: ApiParts,
    holder: Counter,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    of: Annotated[Dimension, Query()] = Dimension.ALL,
    value: Annotated[str, Query(max_length=128)] = "",
    by: Annotated[Dimension, Query()] = Dimension.CHANNEL,
) -> NumberAnalytics:
    """Of the last four weeks unless `first` and `last` say otherwise; of all, or of one value of a dimension.

    A key that is an agent's is told what this agent sees.
    """
    zone = ZoneInfo(parts.timeline.time_zone)
    until = last or now().astimezone(zone).date()
    span = ReportRange(first=first or until - timedelta(days=DEFAULT_DAYS - 1), last=until)
    chosen = ReportSlice(dimension=of, value="" if of is Dimension.ALL else value)
    reader = await load_figure_reader(parts.db, holder)
    report = await load_report(parts.db, span, reader, chosen=chosen, by=by, is_daily=True)
    return NumberAnalytics(
        first=span.first,
        last=span.last,
        time_zone=zone.key,
        as_of=report.state.as_of,
        counted_since=report.state.first,
        of=of,
        value=chosen.value,
        figures=_values(report.sums),
        days=[DayFigureValues(day=day, **dict(_values(sums))) for day, sums in report.days.items()],
        by=by,
        values=[NamedFigureValues(value=row.value, name=row.name, **dict(_values(row.sums))) for row in report.rows],
    )


def _values(sums: FigureSums) -> FigureValues:
    return FigureValues(
        counts={figure: sums[figure] for figure in FigureName},
        durations={duration: _duration(sums.histogram(duration)) for duration in Duration},
    )


def _duration(histogram: Histogram) -> DurationFigures:
    return DurationFigures(
        count=histogram.count,
        median_seconds=_seconds(histogram.median),
        ninetieth_seconds=_seconds(histogram.ninetieth),
    )


def _seconds(value: float | None) -> int | None:
    return None if value is None else round(value)
