"""Figures as rows for a file or a program: one row for each value of a dimension, and one for each day."""

from collections.abc import AsyncIterator, Iterable, Sequence

from helpdesk.insights.numbers.figure_sums import Duration, FigureName
from helpdesk.insights.numbers.report import Report, ReportRow
from helpdesk.insights.records import RecordRow, RecordTable

_TIMES = tuple(Duration)
_HEAD = (
    *(str(figure) for figure in FigureName),
    *(f"{time}_{part}" for time in _TIMES for part in ("count", "median_seconds", "ninetieth_seconds")),
)


def value_table(report: Report) -> RecordTable:
    """The values of what the report is told apart by."""
    return RecordTable(
        head=("from", "to", str(report.by), "name", *_HEAD),
        rows=_each([report.range.first, report.range.last, row.value, row.name, *_cells(row)] for row in report.rows),
    )


def day_table(report: Report) -> RecordTable:
    """The days of the report's slice."""
    rows = (ReportRow(value=day.isoformat(), name="", sums=sums) for day, sums in report.days.items())
    return RecordTable(
        head=("day", *_HEAD),
        rows=_each([day, *_cells(row)] for day, row in zip(report.days, rows, strict=True)),
    )


def _cells(row: ReportRow) -> Sequence[int | None]:
    sums = row.sums
    times = (sums.histogram(time) for time in _TIMES)
    counted = [sums[figure] for figure in FigureName]
    return [
        *counted,
        *(cell for one in times for cell in (one.count, _seconds(one.median), _seconds(one.ninetieth))),
    ]


def _seconds(value: float | None) -> int | None:
    return None if value is None else round(value)


async def _each(rows: Iterable[RecordRow]) -> AsyncIterator[RecordRow]:
    for row in rows:
        yield row
