"""What an admin writes about a team, and what is wrong with it: all of it at once, each with the field it stands in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from store.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REGIONS = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH")
"""The German states, by the codes of ISO 3166-2, in the order of their names."""

MAX_NAME_LENGTH = 80
MAX_TOPIC_LENGTH = 128
MAX_TOPICS = 50
MAX_INTERVALS = 6  # of one day
MAX_CLOSED = 366

type Interval = tuple[str, str]
type Week = Mapping[str, Sequence[Interval]]

_DAY = 24 * 60  # minutes
_WEEK = 7 * _DAY
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamProblem:
    """Something that can't be kept: the field ("hours.mon.0"), what is the matter, and what stood there."""

    field: str
    code: str
    found: str = ""


class BadTeam(Invalid):
    """A team that can't be kept as it was written."""

    code = "bad_team"

    def __init__(self, problems: Sequence[TeamProblem]) -> None:
        super().__init__("; ".join(f"{each.field}: {each.code} ({each.found})" for each in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamForm:
    """A team as it is written. `hours` is `None` for "always"; the rest is as in `store.models.Team`."""

    name: str
    topics: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    hours: Week | None = None
    time_zone: str = "Europe/Berlin"
    region: str = ""
    closed_on: tuple[str, ...] = field(default=())
    private: bool = False


def check_form(form: TeamForm) -> TeamForm:
    """The form as it is kept: tidy, sorted, nothing twice. Raises `BadTeam` with everything that is wrong."""
    tidied = _tidied(form)
    if problems := list(_problems(tidied)):
        raise BadTeam(problems)
    return tidied


def check_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """Topics without superfluous blanks, each once. Raises `BadTeam`."""
    tidied = _each_once(topics)
    if problems := list(_topic_problems(tidied)):
        raise BadTeam(problems)
    return tidied


def _tidied(form: TeamForm) -> TeamForm:
    hours = form.hours
    if hours is not None:
        hours = {day: [(start.strip(), end.strip()) for start, end in hours[day]] for day in DAYS if hours.get(day)}
    return replace(
        form,
        name=_tidy(form.name),
        topics=_each_once(form.topics),
        members=tuple(dict.fromkeys(form.members)),
        hours=hours,
        time_zone=form.time_zone.strip(),
        closed_on=tuple(sorted(dict.fromkeys(form.closed_on))),
        private=form.private,
    )


def _problems(form: TeamForm) -> Iterator[TeamProblem]:
    if not 1 <= len(form.name) <= MAX_NAME_LENGTH:
        yield TeamProblem(field="name", code="name", found=form.name[:MAX_NAME_LENGTH])
    yield from _topic_problems(form.topics)
    yield from _hour_problems(form.hours)
    if form.time_zone not in _zones():
        yield TeamProblem(field="time_zone", code="time_zone", found=form.time_zone)
    if form.region and form.region not in REGIONS:
        yield TeamProblem(field="region", code="region", found=form.region)
    if len(form.closed_on) > MAX_CLOSED:
        yield TeamProblem(field="closed_on", code="too_many_dates", found=str(len(form.closed_on)))
    yield from (
        TeamProblem(field="closed_on", code="date", found=each) for each in form.closed_on if not _is_date(each)
    )


def _topic_problems(topics: Sequence[str]) -> Iterator[TeamProblem]:
    if len(topics) > MAX_TOPICS:
        yield TeamProblem(field="topics", code="too_many_topics", found=str(len(topics)))
    yield from (
        TeamProblem(field="topics", code="topic", found=each) for each in topics if len(each) > MAX_TOPIC_LENGTH
    )


def _hour_problems(hours: Week | None) -> Iterator[TeamProblem]:
    if hours is None:
        return
    if not any(hours.values()):
        yield TeamProblem(field="hours", code="never_open")
    spans: list[_Span] = []
    for number, day in enumerate(DAYS):
        intervals = hours.get(day, ())
        if len(intervals) > MAX_INTERVALS:
            yield TeamProblem(field=f"hours.{day}", code="too_many_times", found=str(len(intervals)))
        for index, (start, end) in enumerate(intervals):
            read = _read_span(number, index, start, end)
            if isinstance(read, TeamProblem):
                yield read
            else:
                spans.append(read)
    yield from _overlaps(spans)


def _read_span(number: int, index: int, start: str, end: str) -> "_Span | TeamProblem":
    """One line of a day; an end before the start is on the next day, as for a night shift."""
    where, found = f"hours.{DAYS[number]}.{index}", f"{start or '…'}–{end or '…'}"
    if not (_TIME.fullmatch(start) and _TIME.fullmatch(end)):
        return TeamProblem(field=where, code="time", found=found)
    first, last = _minutes(start), _minutes(end)
    if first in {last, _DAY}:
        return TeamProblem(field=where, code="order", found=found)
    midnight = number * _DAY
    return _Span(midnight + first, midnight + last + (_DAY if last < first else 0), where, found)


def _overlaps(spans: Iterable["_Span"]) -> Iterator[TeamProblem]:
    """What begins before the one before it has ended; the week goes round from Sunday to Monday."""
    ordered = sorted(spans)
    again = [replace(each, start=each.start + _WEEK, end=each.end + _WEEK) for each in ordered[:1]]
    for earlier, later in pairwise([*ordered, *again]):
        if later.start < earlier.end:
            yield TeamProblem(field=later.field, code="overlap", found=later.found)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True, order=True)
class _Span:
    """Minutes since Monday's midnight, and the line that says so."""

    start: int
    end: int
    field: str
    found: str


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tidy for text in texts if (tidy := _tidy(text))))


def _tidy(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
