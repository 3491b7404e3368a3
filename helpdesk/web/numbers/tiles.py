"""The figures at the head of the page: what is said of each, how it changed, and where it leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import NullTranslations

from helpdesk.insights.numbers.figure_sums import Duration, FigureName, FigureSums
from helpdesk.insights.numbers.figure_words import Change, FigureWords, pair, timed, upset
from helpdesk.insights.numbers.report import Report
from helpdesk.web.numbers.ranges import NumbersQuery
from i18n import N_, translate

#: Whether somebody came back is known after so many days.
RETURN_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure: `value` in large, `details` below it, and where its conversations are."""

    name: str
    value: str
    details: tuple[str, ...]
    change: Change | None
    href: str | None


_INQUIRIES = N_("Inquiries")
_INQUIRIES_MORE = N_("{asked} asked for a person: {accepted} were taken over, {missed} met nobody.")
_SOLVED = N_("Solved by the bot")
_SOLVED_MORE = N_("{confirmed} confirmed, {assumed} assumed; deducted: {returned} came back within 72 hours.")
_SOLVED_OF = N_("Of {whole} inquiries with a question; {abandoned} were left without an answer.")
_EARLY = N_("The last three days are not final: who comes back is not known yet.")
_TIMES = {
    Duration.WAIT: N_("Wait for a person"),
    Duration.FIRST_ANSWER: N_("First answer by a person"),
    Duration.HANDLING: N_("Handling time"),
    Duration.RESOLUTION: N_("Time to resolution"),
}
_NINETIETH = N_("Nine in ten: {time}.")
_OF_COUNT = N_("Half of {count}.")
_COUNT = N_("Of {count}.")
_PROMISES = N_("Promises kept")
_RATINGS = N_("Were helped by a person")
_ANSWERS = N_("Found the bot's answer helpful")
_MOOD = N_("Upset at the start")
_MOOD_MORE = N_("At the end: {share}. Known of {count} inquiries.")
_GAPS = N_("Questions without a good answer")
_GAPS_MORE = N_("{gaps} of {questions} questions.")


def make_tiles(
    report: Report,
    query: NumbersQuery,
    words: FigureWords,
    messages: NullTranslations,
    *,
    today: date,
    is_supervisor: bool,
    is_editor: bool,
) -> list[Tile]:
    """The tiles of a report, in the order in which they are read."""
    return [
        *_inquiry_tiles(report, query, words, messages, today),
        *_people_tiles(report, query, words, messages),
        *_word_tiles(report, query, words, messages, is_supervisor=is_supervisor, is_editor=is_editor),
    ]


def _inquiry_tiles(
    report: Report, query: NumbersQuery, words: FigureWords, messages: NullTranslations, today: date
) -> Iterator[Tile]:
    sums, before = report.sums, report.before
    yield Tile(
        name=translate(messages, _INQUIRIES),
        value=words.count(sums[FigureName.INQUIRIES]),
        details=(
            translate(messages, _INQUIRIES_MORE).format(
                asked=words.count(sums[FigureName.HANDOFFS]),
                accepted=words.count(sums[FigureName.ACCEPTED]),
                missed=words.count(sums[FigureName.MISSED]),
            ),
        ),
        change=words.count_change(sums[FigureName.INQUIRIES], before[FigureName.INQUIRIES] if before else None),
        href=query.desk_address(),
    )
    is_early = report.range.last > today - timedelta(days=RETURN_DAYS)
    yield Tile(
        name=translate(messages, _SOLVED),
        value=words.share(*_contained(sums)),
        details=(
            translate(messages, _SOLVED_MORE).format(
                confirmed=words.count(sums[FigureName.CONFIRMED]),
                assumed=words.count(sums[FigureName.ASSUMED]),
                returned=words.count(sums[FigureName.RETURNED]),
            ),
            translate(messages, _SOLVED_OF).format(
                whole=words.count(sums.asked_bot), abandoned=words.count(sums[FigureName.ABANDONED])
            ),
            *([translate(messages, _EARLY)] if is_early and sums.asked_bot else []),
        ),
        change=words.share_change(_contained(sums), pair(before, _contained)),
        href=query.desk_address(status="bot"),
    )


def _people_tiles(
    report: Report, query: NumbersQuery, words: FigureWords, messages: NullTranslations
) -> Iterator[Tile]:
    for duration, name in _TIMES.items():
        histogram = report.sums.histogram(duration)
        ninetieth = words.ninetieth(histogram)
        count = _OF_COUNT if histogram.median is not None else _COUNT
        yield Tile(
            name=translate(messages, name),
            value=words.median(histogram),
            details=(
                *([translate(messages, count).format(count=words.count(histogram.count))] if histogram.count else []),
                *([translate(messages, _NINETIETH).format(time=ninetieth)] if ninetieth else []),
            ),
            change=words.time_change(histogram, timed(report.before, duration)),
            href=query.desk_address(),
        )


def _word_tiles(
    report: Report,
    query: NumbersQuery,
    words: FigureWords,
    messages: NullTranslations,
    *,
    is_supervisor: bool,
    is_editor: bool,
) -> Iterator[Tile]:
    sums, before = report.sums, report.before
    shares = (
        (_PROMISES, _promises, query.desk_address()),
        (_RATINGS, _ratings, "/admin/ratings" if is_supervisor else query.desk_address(rating="bad")),
        (_ANSWERS, _answers, query.desk_address(rating="bad")),
    )
    for name, read, href in shares:
        part, whole = read(sums)
        yield Tile(
            name=translate(messages, name),
            value=words.share(part, whole),
            details=(translate(messages, _COUNT).format(count=words.count(whole)),) if whole else (),
            change=words.share_change((part, whole), pair(before, read)),
            href=href,
        )
    start, end = upset(sums, FigureName.UPSET_AT_START), upset(sums, FigureName.UPSET_AT_END)
    yield Tile(
        name=translate(messages, _MOOD),
        value=words.share(*start),
        details=(translate(messages, _MOOD_MORE).format(share=words.share(*end), count=words.count(start[1])),)
        if start[1]
        else (),
        change=words.share_change(
            start, pair(before, lambda one: upset(one, FigureName.UPSET_AT_START)), more_is_good=False
        ),
        href=query.desk_address(mood="upset"),
    )
    gaps = _gaps(sums)
    yield Tile(
        name=translate(messages, _GAPS),
        value=words.share(*gaps),
        details=(translate(messages, _GAPS_MORE).format(gaps=words.count(gaps[0]), questions=words.count(gaps[1])),)
        if gaps[1]
        else (),
        change=words.share_change(gaps, pair(before, _gaps), more_is_good=False),
        href="/admin/gaps" if is_editor else None,
    )


def _contained(sums: FigureSums) -> tuple[int, int]:
    return sums.solved_by_bot, sums.asked_bot


def _promises(sums: FigureSums) -> tuple[int, int]:
    return sums[FigureName.PROMISES_KEPT], sums[FigureName.PROMISES_KEPT] + sums[FigureName.PROMISES_BROKEN]


def _ratings(sums: FigureSums) -> tuple[int, int]:
    return sums[FigureName.RATED_GOOD], sums[FigureName.RATED_GOOD] + sums[FigureName.RATED_BAD]


def _answers(sums: FigureSums) -> tuple[int, int]:
    return sums[FigureName.ANSWERS_GOOD], sums[FigureName.ANSWERS_GOOD] + sums[FigureName.ANSWERS_BAD]


def _gaps(sums: FigureSums) -> tuple[int, int]:
    return sums[FigureName.GAPS], sums[FigureName.QUESTIONS]
