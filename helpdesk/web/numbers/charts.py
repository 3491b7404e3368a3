"""What the charts show, as numbers for the script and as tables for everybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale

from helpdesk.insights.numbers.figure_sums import HOURS, Duration, FigureName, FigureSums
from helpdesk.insights.numbers.report import MAX_DAILY, Report
from helpdesk.web.shared.days import short_day
from i18n import N_

_WEEKDAYS = 7
#: Steps of shading in the table of hours.
_LEVELS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSeries:
    """One line: `key` is a word of the page, `values` one for each point; `None` where there were too few."""

    key: str
    values: Sequence[float | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """Several lines over the same points. `unit` is "count" or "minutes"."""

    id: str
    title: str
    unit: str
    series: Sequence[ChartSeries]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadHour:
    """One hour of the week: how many there were, and how dark it is from 0 to 5."""

    inquiries: int
    handoffs: int
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoints:
    """The days or weeks of a range: when each begins (seconds since 1970, UTC noon), and what it is called."""

    at: Sequence[int]
    labels: Sequence[str]
    sums: Sequence[FigureSums]
    is_weekly: bool


def make_points(report: Report, locale: Locale) -> ChartPoints:
    """One point a day, or a week where there are many."""
    is_weekly = report.range.days > MAX_DAILY
    found: dict[date, FigureSums] = {}
    for day, sums in report.days.items():
        begin = max(report.range.first, day - timedelta(days=day.weekday())) if is_weekly else day
        found.setdefault(begin, FigureSums()).add(sums)
    return ChartPoints(
        at=[round(datetime(day.year, day.month, day.day, 12).timestamp()) for day in found],  # noqa: DTZ001 - a label
        labels=[short_day(day, locale) for day in found],
        sums=list(found.values()),
        is_weekly=is_weekly,
    )


def make_charts(points: ChartPoints) -> list[LineChart]:
    """The charts of the page."""
    solved = ChartSeries(key="numbers_solved", values=[sums.solved_by_bot for sums in points.sums])
    waits = [sums.histogram(Duration.WAIT) for sums in points.sums]
    return [
        LineChart(
            id="came",
            title=N_("What came in"),
            unit="count",
            series=[
                _counts(points, "numbers_inquiries", FigureName.INQUIRIES),
                _counts(points, "numbers_handoffs", FigureName.HANDOFFS),
            ],
        ),
        LineChart(
            id="fates",
            title=N_("How inquiries ended"),
            unit="count",
            series=[
                solved,
                _counts(points, "numbers_person", FigureName.PERSON),
                _counts(points, "numbers_abandoned", FigureName.ABANDONED),
                _counts(points, "numbers_returned", FigureName.RETURNED),
            ],
        ),
        LineChart(
            id="waits",
            title=N_("Wait for a person"),
            unit="minutes",
            series=[
                ChartSeries(key="numbers_median", values=[_minutes(one.median) for one in waits]),
                ChartSeries(key="numbers_ninetieth", values=[_minutes(one.ninetieth) for one in waits]),
            ],
        ),
        LineChart(
            id="gaps",
            title=N_("Questions and gaps"),
            unit="count",
            series=[
                _counts(points, "numbers_questions", FigureName.QUESTIONS),
                _counts(points, "numbers_gaps", FigureName.GAPS),
            ],
        ),
        LineChart(
            id="moods",
            title=N_("Upset customers"),
            unit="count",
            series=[
                _counts(points, "numbers_upset_start", FigureName.UPSET_AT_START),
                _counts(points, "numbers_upset_end", FigureName.UPSET_AT_END),
            ],
        ),
    ]


def make_load(sums: FigureSums) -> list[list[LoadHour]]:
    """The hours of the week, Monday first."""
    most = max((inquiries for inquiries, _ in sums.hours.values()), default=0)
    return [[_hour(sums.hours, (day, hour), most) for hour in range(HOURS)] for day in range(_WEEKDAYS)]


def _hour(hours: Mapping[tuple[int, int], Sequence[int]], place: tuple[int, int], most: int) -> LoadHour:
    inquiries, handoffs = hours.get(place, (0, 0))
    level = -(-_LEVELS * inquiries // most) if most else 0
    return LoadHour(inquiries=inquiries, handoffs=handoffs, level=level)


def _counts(points: ChartPoints, key: str, figure: FigureName) -> ChartSeries:
    return ChartSeries(key=key, values=[sums[figure] for sums in points.sums])


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
