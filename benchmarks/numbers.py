"""How fast the page of figures is: `python -m benchmarks.numbers 100000` (`--on postgresql` for that).

Conversations over two years, with questions, requests for a person, ratings, promises and moods, are stored; their days
are counted as the running program does it; then the page's figures are loaded as they are for an admin: a week, four
weeks, a quarter and a year, told apart by everything, of all and of one agent.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select

from benchmarks.measures import percentile
from benchmarks.search import open_database
from helpdesk.insights.numbers.day_keeper import DayKeeper
from helpdesk.insights.numbers.figure_sums import Dimension
from helpdesk.insights.numbers.figure_words import FigureWords
from helpdesk.insights.numbers.report import FigureReader, Report, ReportRange, ReportSlice, load_report
from helpdesk.web.numbers.charts import make_charts, make_load, make_points
from helpdesk.web.numbers.ranges import BREAKDOWNS, NumbersQuery
from helpdesk.web.numbers.tiles import make_tiles
from i18n import catalog, locale_of
from store.db import Database
from store.migrate import upgrade_async
from store.models import DailyFigures, now
from tests.busy_months import fill_months

DAYS = 730
ROUNDS = 5
ZONE = ZoneInfo("Europe/Berlin")
SPANS = {"a week": 7, "four weeks": 28, "a quarter": 90, "a year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersRun:
    """What was measured; times of pages are milliseconds, `processor` those of one core."""

    counted_seconds: float
    today_seconds: float
    rows: int
    pages: dict[str, list[float]]
    processor: dict[str, list[float]]


@click.command()
@click.argument("conversations", type=click.IntRange(min=100), default=10_000)
@click.option("--on", "engine", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(conversations: int, engine: str) -> None:
    """Store, count and look at so many conversations, and print the times."""
    run = asyncio.run(_measure(conversations, engine))
    print(
        f"{conversations} conversations over {DAYS} days on {engine}: all days counted in {run.counted_seconds:.0f} s, "
        f"the last eleven in {run.today_seconds:.1f} s; {run.rows} rows kept\n"
    )
    print("| | p50 | p95 | slowest | processor time p95 |\n|---|---|---|---|---|")
    for name, times in _with_all(run.pages).items():
        spent = percentile(_with_all(run.processor)[name], 0.95)
        print(
            f"| {name} | {percentile(times, 0.5):.0f} ms | {percentile(times, 0.95):.0f} ms | {max(times):.0f} ms "
            f"| {spent:.0f} ms |"
        )


def _with_all(by_name: dict[str, list[float]]) -> dict[str, list[float]]:
    return {**by_name, "all pages": [time for times in by_name.values() for time in times]}


async def _measure(conversations: int, engine: str) -> NumbersRun:
    async with _filled(conversations, engine) as db:
        keeper, today = DayKeeper(db, ZONE, DAYS + 1), now().astimezone(ZONE).date()
        began = perf_counter()
        await keeper.count_due()
        counted = perf_counter() - began
        began = perf_counter()
        await keeper.count_days(today - timedelta(days=10), today)
        night = perf_counter() - began
        async with db.read() as session:
            rows = await session.scalar(select(func.count()).select_from(DailyFigures)) or 0
            agent = await session.scalar(
                select(DailyFigures.value).where(DailyFigures.dimension == str(Dimension.AGENT)).limit(1)
            )
        taken = {
            name: [
                await _time(db, today, days, by, chosen)
                for _ in range(ROUNDS)
                for by in BREAKDOWNS
                for chosen in (ReportSlice(), ReportSlice(dimension=Dimension.AGENT, value=agent or ""))
            ]
            for name, days in SPANS.items()
        }
    return NumbersRun(
        counted_seconds=counted,
        today_seconds=night,
        rows=rows,
        pages={name: [wall for wall, _ in times] for name, times in taken.items()},
        processor={name: [spent for _, spent in times] for name, times in taken.items()},
    )


@asynccontextmanager
async def _filled(conversations: int, engine: str) -> AsyncIterator[Database]:
    async with open_database(engine) as db:
        await upgrade_async(db)
        await fill_months(db, conversations, DAYS)
        yield db


async def _time(db: Database, today: date, days: int, by: Dimension, chosen: ReportSlice) -> tuple[float, float]:
    began, spent = perf_counter(), process_time()
    span = ReportRange(first=today - timedelta(days=days - 1), last=today)
    reader = FigureReader(agent_id="admin", sees_all=True)
    report: Report = await load_report(db, span, reader, chosen=chosen, by=by)
    messages, locale = catalog("staff", "de"), locale_of("de")
    query = NumbersQuery(range=span, slice=chosen, by=by, period=days)
    make_tiles(report, query, FigureWords(messages, locale), messages, today=today, is_supervisor=True, is_editor=True)
    make_charts(make_points(report, locale))
    make_load(report.sums)
    return (perf_counter() - began) * 1000, (process_time() - spent) * 1000


if __name__ == "__main__":
    main()
