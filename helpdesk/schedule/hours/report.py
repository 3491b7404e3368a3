"""What customers are told of the hours: the day with its date, from when until when, and how it stands now."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from gettext import NullTranslations
from itertools import groupby

from babel.dates import get_day_names
from babel.lists import format_list

from actions.asked_time import AskedTime
from actions.opening_hours import HoursReport
from helpdesk.schedule.hours.openings import OpeningPeriod
from helpdesk.schedule.hours.shared_hours import SharedHours, lasts_all_day
from helpdesk.schedule.hours.week import DAY
from helpdesk.schedule.hours.words import say_date, say_span, say_time, say_when
from i18n import catalog, locale_of


def report_on(hours: SharedHours, asked: AskedTime, at: datetime, language: str) -> HoursReport:
    """The hours on the days asked about; on none in particular, today's and those of a usual week. Pure."""
    words = catalog("customer", language)
    today = at.astimezone(hours.zone).date()
    days = asked.days or (today,)
    parts = [_days(hours, days, today, language) if len(days) > 1 else _day(hours, days[0], asked, today, language)]
    if today in days:
        parts.append(_now(hours, at, language))
    elif len(days) == 1 and not hours.periods_on(days[0]):
        parts.append(_back(hours, _midnight(hours, days[0] + DAY), at, language))
    text = " ".join(part for part in parts if part) if len(days) == 1 else "\n\n".join(part for part in parts if part)
    usual = "" if asked.days or asked.at else _usual(hours.usual(), today, words, language)
    return HoursReport(text="\n\n".join(part for part in (text, usual) if part), is_open=hours.is_open(at))


def _day(hours: SharedHours, day: date, asked: AskedTime, today: date, language: str) -> str:
    """ "Heute, Samstag, 28. November: Unser Team hier im Chat ist von 9 bis 14 Uhr da." """
    words = catalog("customer", language)
    periods = hours.periods_on(day)
    named = _named(hours, day, today, language)
    if not periods:
        return words.gettext("{day}: Our team here in the chat is not in.").format(day=named)
    if lasts_all_day(periods):
        return words.gettext("{day}: Our team here in the chat is in around the clock.").format(day=named)
    spans = _spans(hours, periods, language)
    said = words.gettext("{day}: Our team here in the chat is in from {spans}.").format(day=named, spans=spans)
    return " ".join(part for part in (_yes_or_no(hours, day, asked, words, language), said) if part)


def _yes_or_no(hours: SharedHours, day: date, asked: AskedTime, words: NullTranslations, language: str) -> str:
    """Whether the time that was named lies within the hours: "At 6 pm somebody is in." """
    if asked.at is None:
        return ""
    moment = datetime.combine(day, asked.at, hours.zone) - (timedelta(minutes=1) if asked.is_until else timedelta())
    time_ = say_time(datetime.combine(day, asked.at, hours.zone), hours.zone, language)
    if asked.is_until:
        is_in, is_out = words.gettext("Yes, until {time}."), words.gettext("No, not until {time}.")
    else:
        is_in, is_out = words.gettext("At {time} somebody is in."), words.gettext("At {time} nobody is in.")
    return (is_in if hours.is_open(moment) else is_out).format(time=time_)


def _days(hours: SharedHours, days: Sequence[date], today: date, language: str) -> str:
    words = catalog("customer", language)
    rows = (f"- {_named(hours, day, today, language)}: {_open_or_closed(hours, day, words, language)}" for day in days)
    return "\n".join((words.gettext("Our team here in the chat:"), "", *rows))


def _open_or_closed(hours: SharedHours, day: date, words: NullTranslations, language: str) -> str:
    periods = hours.periods_on(day)
    if lasts_all_day(periods):
        return words.gettext("around the clock")
    return _spans(hours, periods, language) if periods else words.gettext("not in")


def _named(hours: SharedHours, day: date, today: date, language: str) -> str:
    """The day with its date, and the holiday that it is."""
    named, holiday = say_date(day, today, language), hours.holiday_on(day, language)
    return f"{named} ({holiday})" if holiday else named


def _now(hours: SharedHours, at: datetime, language: str) -> str:
    """How it stands at this moment: until when, or when again."""
    words = catalog("customer", language)
    today = at.astimezone(hours.zone).date()
    open_ = next((each for each in hours.periods_on(today) if each.start <= at < each.end), None)
    if open_ is None:
        return _back(hours, at, at, language)
    if lasts_all_day((open_,)):
        return ""
    until = say_time(open_.end, hours.zone, language)
    return words.gettext("Right now somebody is in, until {time}.").format(time=until)


def _back(hours: SharedHours, after: datetime, at: datetime, language: str) -> str:
    """When somebody is there again."""
    opens = hours.next_opening(after)
    if opens is None:
        return ""
    words = catalog("customer", language)
    now, later = words.gettext("Nobody is in right now; we are back {when}."), words.gettext("We are back {when}.")
    return (now if after == at else later).format(when=say_when(opens, at, hours.zone, language))


def _usual(usual: SharedHours, today: date, words: NullTranslations, language: str) -> str:
    """The week, days of equal hours together: "- Montag bis Freitag: 8 bis 18 Uhr"."""
    monday = today - today.weekday() * DAY
    days = [(number, _open_or_closed(usual, monday + number * DAY, words, language)) for number in range(7)]
    names = get_day_names("wide", locale=locale_of(language))
    rows = [
        f"- {_from_to([names[number] for number, _ in group], words)}: {said}"
        for said, group in ((said, list(group)) for said, group in groupby(days, key=lambda each: each[1]))
    ]
    return "\n".join((words.gettext("Otherwise, in a usual week:"), "", *rows))


def _from_to(names: Sequence[str], words: NullTranslations) -> str:
    first, last = names[0].capitalize(), names[-1]
    return first if len(names) == 1 else words.gettext("{first} to {last}").format(first=first, last=last)


def _spans(hours: SharedHours, periods: Sequence[OpeningPeriod], language: str) -> str:
    """ "9 bis 12 Uhr und 13 bis 17 Uhr"."""
    said = [say_span(each, hours.zone, language) for each in periods]
    return format_list(said, locale=locale_of(language))


def _midnight(hours: SharedHours, day: date) -> datetime:
    return datetime.combine(day, time(), hours.zone)
