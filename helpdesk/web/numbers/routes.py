"""The figures for staff: the page, the sheet of a week, and the files."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from gettext import NullTranslations
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from babel import Locale
from babel.dates import format_date, get_day_names
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.insights.gaps import Gap, GapList, GapProgress
from helpdesk.insights.numbers.day_rows import monday_of, switch_per_agent
from helpdesk.insights.numbers.figure_sums import Dimension, Duration, FigureName
from helpdesk.insights.numbers.figure_words import FigureWords
from helpdesk.insights.numbers.report import (
    MAX_ROWS,
    FigureReader,
    Report,
    ReportRow,
    ReportSlice,
    load_report,
    load_value_names,
)
from helpdesk.insights.numbers.table import day_table, value_table
from helpdesk.insights.numbers.week import load_week, make_week_sheet, read_week, week_code
from helpdesk.insights.record_files import write_csv, write_xlsx
from helpdesk.web.numbers.charts import ChartPoints, LineChart, make_charts, make_load, make_points
from helpdesk.web.numbers.ranges import BREAKDOWNS, PERIODS, NumbersQuery, read_numbers_query
from helpdesk.web.numbers.tiles import make_tiles
from helpdesk.web.numbers.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from helpdesk.web.shared.words import CHANNELS
from i18n import N_, locale_of, translate
from store.db import Database
from store.errors import Invalid
from store.models import now

log = structlog.get_logger()

PATH = "/desk/numbers"
WEEK_GAPS = 3
#: Seconds that the sheet of a week waits for its gaps.
GAP_PATIENCE = 1.5
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_TOPIC, _NO_VALUE = N_("no topic"), N_("unknown")


class GapReader(Protocol):
    """Who groups what customers asked in vain."""

    async def look(self, days: int, *, patience: float) -> GapList | GapProgress:
        """The gaps of the last `days`, or how far they are when that takes longer than `patience` seconds."""
        ...


def number_routes(*, db: Database, pages: Pages, zone: ZoneInfo, gaps: GapReader) -> list[BaseRoute]:
    """The doors of this module; days are those of `zone`."""
    doors = _NumberPages(db, pages, zone, gaps)
    return [
        route(PATH, doors.show, access=Capability.ANSWERS),
        route(f"{PATH}/week", doors.show_week, access=Capability.ANSWERS),
        route(f"{PATH}/export", doors.export, access=Capability.ANSWERS),
        route(f"{PATH}/per-agent", doors.switch, access=Capability.ACCOUNTS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _NumberPages:
    db: Database
    pages: Pages
    zone: ZoneInfo
    gaps: GapReader

    async def show(self, request: Request) -> Response:
        query, agent = self._query(request), _agent(request)
        report = await self._load(query, agent)
        messages, locale = self.pages.messages(request), locale_of(self.pages.language(request))
        words, texts = FigureWords(messages, locale), self.pages.texts(request, WORDS, CHANNELS)
        points = make_points(report, locale)
        charts = make_charts(points)
        name = partial(_name, messages=messages, locale=locale, channels=_channels(texts))
        return self.pages.render(
            request,
            "numbers/numbers.html",
            query=query,
            report=report,
            tiles=make_tiles(
                report,
                query,
                words,
                messages,
                today=self._today,
                is_supervisor=agent.may(Capability.FIGURES),
                is_editor=agent.may(Capability.ARTICLES),
            ),
            charts=charts,
            points=points,
            drawn=_drawn(charts, points),
            load=make_load(report.sums),
            weekdays=get_day_names("abbreviated", locale=locale),
            by_bot=report.by not in {Dimension.AGENT, Dimension.TEAM},  # they have only what the bot passed on
            rows=report.rows[:MAX_ROWS],
            name=name,
            row_of=lambda row: ReportSlice(dimension=report.by, value=row.value),
            chosen_name=_chosen_name(query, report, name, await self._slice_names(query)),
            periods=PERIODS,
            breakdowns=[each for each in BREAKDOWNS if each is not Dimension.AGENT or report.per_agent],
            words=words,
            figure=FigureName,
            duration=Duration,
            first=format_date(report.range.first, "medium", locale=locale),
            last=format_date(report.range.last, "medium", locale=locale),
            since=format_date(report.state.first, "medium", locale=locale) if report.state.first else None,
            as_of=short_moment(report.state.as_of, locale, self.zone) if report.state.as_of else None,
            texts=texts,
        )

    async def show_week(self, request: Request) -> Response:
        agent, today = _agent(request), self._today
        monday = read_week(request.query_params.get("week"), today)
        report = await load_week(self.db, monday, _reader(agent))
        messages, locale = self.pages.messages(request), locale_of(self.pages.language(request))
        gaps, is_reading = await self._week_gaps(agent, monday, today)
        return self.pages.render(
            request,
            "numbers/week.html",
            sheet=make_week_sheet(report, messages, locale),
            gaps=gaps,
            is_reading=is_reading,
            has_gaps=agent.may(Capability.ARTICLES) and monday >= monday_of(today) - timedelta(days=7),
            before=week_code(monday - timedelta(days=7)),
            after=week_code(monday + timedelta(days=7)) if monday < monday_of(today) else None,
            as_of=short_moment(report.state.as_of, locale, self.zone) if report.state.as_of else None,
        )

    async def _week_gaps(self, agent: SignedInAgent, monday: date, today: date) -> tuple[list[Gap], bool]:
        """The largest gaps since that Monday, for editors, of this week or the last; and whether they are read yet."""
        if not agent.may(Capability.ARTICLES) or monday < monday_of(today) - timedelta(days=7):
            return [], False
        found = await self.gaps.look((today - monday).days + 1, patience=GAP_PATIENCE)
        return (list(found.open[:WEEK_GAPS]), False) if isinstance(found, GapList) else ([], True)

    async def export(self, request: Request) -> Response:
        """The values of what is told apart by, or the days, as a file."""
        query, agent, asked = self._query(request), _agent(request), request.query_params
        written, rows = asked.get("format", "csv"), asked.get("rows", "values")
        if written not in {"csv", "xlsx"} or rows not in {"values", "days"}:
            raise Invalid('"format": csv or xlsx; "rows": values or days.')
        report = await self._load(query, agent, is_daily=rows == "days")
        table = day_table(report) if rows == "days" else value_table(report)
        log.info("export.downloaded", what="numbers", format=written, agent=agent.id)
        days = f"{query.range.first} – {query.range.last}"
        describe_change(request, after={"days": days, "by": report.by, "of": query.slice.dimension, "format": written})
        name = f"numbers-{rows}-{query.range.first}-{query.range.last}.{written}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if written == "xlsx":
            title = translate(self.pages.messages(request), N_("Numbers"))
            return Response(await write_xlsx(table, title), media_type=_XLSX, headers=headers)
        separator = "," if self.pages.language(request) == "en" else ";"  # as Excel expects it there
        return StreamingResponse(write_csv(table, separator), media_type="text/csv; charset=utf-8", headers=headers)

    async def switch(self, request: Request) -> Response:
        """Count figures of single agents, or don't."""
        is_on = (await request.form()).get("on") == "on"
        await switch_per_agent(self.db, on=is_on)
        describe_change(request, after={"on": is_on})
        log.info("numbers.per_agent", on=is_on, agent=_agent(request).id)
        return RedirectResponse(f"{PATH}#per-agent", 303)

    async def _load(self, query: NumbersQuery, agent: SignedInAgent, *, is_daily: bool = False) -> Report:
        reader = _reader(agent)
        return await load_report(self.db, query.range, reader, chosen=query.slice, by=query.by, is_daily=is_daily)

    async def _slice_names(self, query: NumbersQuery) -> dict[str, str]:
        return await load_value_names(self.db, query.slice.dimension)

    def _query(self, request: Request) -> NumbersQuery:
        return read_numbers_query(request.query_params, self._today)

    @property
    def _today(self) -> date:
        return now().astimezone(self.zone).date()


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _reader(agent: SignedInAgent) -> FigureReader:
    return FigureReader(agent_id=agent.id, sees_all=agent.may(Capability.FIGURES))


def _channels(texts: dict[str, str | dict[str, str]]) -> dict[str, str]:
    named = {key.removeprefix("channel_"): text for key, text in texts.items() if key.startswith("channel_")}
    return {channel: text for channel, text in named.items() if isinstance(text, str)}


def _name(
    dimension: Dimension,
    row: ReportRow,
    *,
    messages: NullTranslations,
    locale: Locale,
    channels: dict[str, str],
) -> str:
    """What people call a value."""
    if dimension is Dimension.TOPIC:
        return topic_name(row.value, messages) if row.value else translate(messages, _NO_TOPIC)
    if dimension is Dimension.CHANNEL:
        return channels.get(row.value, row.name)
    if dimension is Dimension.LANGUAGE:
        return str(locale.languages.get(row.value, row.name))
    return row.name if row.name != row.value or dimension is Dimension.ARTICLE else translate(messages, _NO_VALUE)


def _chosen_name(query: NumbersQuery, report: Report, name: Any, names: dict[str, str]) -> str | None:
    if query.slice.dimension is Dimension.ALL:
        return None
    value = query.slice.value
    row = ReportRow(value=value, name=names.get(value, value), sums=report.sums)
    return str(name(query.slice.dimension, row))


def _drawn(charts: list[LineChart], points: ChartPoints) -> dict[str, object]:
    """What the script draws."""
    return {
        "at": list(points.at),
        "labels": list(points.labels),
        "charts": [
            {
                "id": chart.id,
                "unit": chart.unit,
                "series": [{"key": one.key, "values": list(one.values)} for one in chart.series],
            }
            for chart in charts
            if not chart.is_empty
        ],
    }
