"""A week on one sheet: what came in, what was solved, what customers missed. The page and the mail say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_skeleton, get_day_names

from helpdesk.insights.numbers.day_rows import monday_of
from helpdesk.insights.numbers.figure_sums import Dimension, Duration, FigureName, FigureSums
from helpdesk.insights.numbers.figure_words import FigureWords
from helpdesk.insights.numbers.report import FigureReader, Report, ReportRange, ReportRow, ReportSlice, load_report
from i18n import N_, translate
from store.db import Database
from store.errors import Invalid

WEEK_DAYS = 7
_MAX_CHANNELS = 4
_CHANNEL_NAMES = {
    "webchat": N_("Web chat"),
    "email": N_("E-mail"),
    "telegram": N_("Telegram"),
    "slack": N_("Slack"),
}

_CAME = N_("What came in")
_SOLVED = N_("What was solved")
_MISSED = N_("What customers missed")
_NOTHING = N_("Nothing came in this week.")
_INQUIRIES = N_("Inquiries: {count} ({before} in the week before)")
_INQUIRIES_ALONE = N_("Inquiries: {count}")
_CHANNELS = N_("By channel: {channels}")
_BUSIEST = N_("Busiest hour: {day}, {hour} to {next_hour} ({count} inquiries)")
_HANDOFFS = N_("Asked for a person: {count}")
_BOT = N_("Solved by the bot: {share} ({confirmed} confirmed, {assumed} assumed, of {whole} with a question)")
_ACCEPTED = N_("Taken over by a person: {count}")
_WAIT = N_("Wait for a person, half at most: {time}")
_RESOLUTION = N_("Time to resolution, half at most: {time}")
_RATED = N_("Were helped by a person: {share}")
_KEPT = N_("Promises kept: {share}")
_ABANDONED = N_("Left without an answer: {count}")
_RETURNED = N_("Came back within 72 hours after the bot's answer: {count}")
_UNMET = N_("Asked for a person and met nobody: {count}")
_BROKEN = N_("Promises not kept in time: {count}")
_BAD = N_("Said that they were not helped: {count}")
_TITLE = N_("Week {week}: {first} to {last}")
_GAPS = N_("Questions without a good answer: {gaps} of {questions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPart:
    """One part of the sheet."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSheet:
    """The whole sheet. `title` names the week."""

    monday: date
    title: str
    parts: tuple[WeekPart, ...]


def last_whole_week(today: date) -> date:
    """The Monday of the week that ended last."""
    return monday_of(today) - timedelta(days=WEEK_DAYS)


def read_week(written: str | None, today: date) -> date:
    """The Monday of "2026-W47"; of the last whole week without anything. Raises `Invalid`."""
    if not written:
        return last_whole_week(today)
    year, _, week = written.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except ValueError as error:
        raise Invalid('"week": expected a week such as 2026-W47.') from error


def week_code(monday: date) -> str:
    """ "2026-W47"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


async def load_week(db: Database, monday: date, reader: FigureReader) -> Report:
    """The figures of a week, by channel. Raises as `load_report` does."""
    span = ReportRange(first=monday, last=monday + timedelta(days=WEEK_DAYS - 1))
    return await load_report(db, span, reader, chosen=ReportSlice(), by=Dimension.CHANNEL)


def make_week_sheet(report: Report, messages: NullTranslations, locale: Locale) -> WeekSheet:
    """The sheet in a language."""
    words, sums, monday = FigureWords(messages, locale), report.sums, report.range.first
    parts = (
        (_CAME, _came(report, words) if sums[FigureName.INQUIRIES] else [translate(messages, _NOTHING)]),
        (_SOLVED, _solved(sums, words)),
        (_MISSED, _missed(sums, words)),
    )
    first, last = (format_skeleton("MMMMd", day, locale=locale) for day in (monday, report.range.last))
    return WeekSheet(
        monday=monday,
        title=translate(messages, _TITLE).format(week=monday.isocalendar().week, first=first, last=last),
        parts=tuple(WeekPart(title=translate(messages, name), lines=tuple(lines)) for name, lines in parts),
    )


def _came(report: Report, words: FigureWords) -> Iterator[str]:
    sums, say = report.sums, words.messages
    count = words.count(sums[FigureName.INQUIRIES])
    if report.before is None:
        yield translate(say, _INQUIRIES_ALONE).format(count=count)
    else:
        before = words.count(report.before[FigureName.INQUIRIES])
        yield translate(say, _INQUIRIES).format(count=count, before=before)
    named = [_named(row, words) for row in report.rows[:_MAX_CHANNELS] if row.sums[FigureName.INQUIRIES]]
    if named:
        yield translate(say, _CHANNELS).format(channels=", ".join(named))
    if sums.hours:
        (day, hour), (inquiries, _) = max(sums.hours.items(), key=lambda pair: (pair[1][0], -pair[0][0], -pair[0][1]))
        yield translate(say, _BUSIEST).format(
            day=get_day_names(locale=words.locale)[day],
            hour=f"{hour}:00",
            next_hour=f"{hour + 1}:00",
            count=words.count(inquiries),
        )
    yield translate(say, _HANDOFFS).format(count=words.count(sums[FigureName.HANDOFFS]))


def _named(row: ReportRow, words: FigureWords) -> str:
    name = translate(words.messages, _CHANNEL_NAMES.get(row.value, row.name))
    return f"{name} {words.count(row.sums[FigureName.INQUIRIES])}"


def _solved(sums: FigureSums, words: FigureWords) -> Iterator[str]:
    say = words.messages
    yield translate(say, _BOT).format(
        share=words.share(sums.solved_by_bot, sums.asked_bot),
        confirmed=words.count(sums[FigureName.CONFIRMED]),
        assumed=words.count(sums[FigureName.ASSUMED]),
        whole=words.count(sums.asked_bot),
    )
    yield translate(say, _ACCEPTED).format(count=words.count(sums[FigureName.ACCEPTED]))
    for name, duration in ((_WAIT, Duration.WAIT), (_RESOLUTION, Duration.RESOLUTION)):
        yield translate(say, name).format(time=words.median(sums.histogram(duration)).removeprefix("≤ "))
    for name, good, bad in (
        (_RATED, FigureName.RATED_GOOD, FigureName.RATED_BAD),
        (_KEPT, FigureName.PROMISES_KEPT, FigureName.PROMISES_BROKEN),
    ):
        yield translate(say, name).format(share=words.share(sums[good], sums[good] + sums[bad]))


def _missed(sums: FigureSums, words: FigureWords) -> Iterator[str]:
    say = words.messages
    counted: Sequence[tuple[str, FigureName]] = (
        (_ABANDONED, FigureName.ABANDONED),
        (_RETURNED, FigureName.RETURNED),
        (_UNMET, FigureName.MISSED),
        (_BROKEN, FigureName.PROMISES_BROKEN),
        (_BAD, FigureName.RATED_BAD),
    )
    for name, figure in counted:
        yield translate(say, name).format(count=words.count(sums[figure]))
    gaps, questions = words.count(sums[FigureName.GAPS]), words.count(sums[FigureName.QUESTIONS])
    yield translate(say, _GAPS).format(gaps=gaps, questions=questions)
