"""When somebody may be asked: by day, on a day on which the company is there. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from helpdesk.schedule.hours import SharedHours

#: By the company's clock: from nine until before seven in the evening.
FIRST, LAST = time(9), time(19)
#: Where no hours are known, nobody is asked on a Saturday or Sunday.
_WORKDAYS = 5
_LOOK_AHEAD_DAYS = 366
_DAY = timedelta(days=1)


def ask_time(hours: SharedHours, day: date, after: datetime) -> datetime | None:
    """The first moment from `day` and from `after` on at which the company may ask, in UTC; None: not within a year."""
    first = max(day, after.astimezone(hours.zone).date())
    moments = (_moment_on(hours, first + number * _DAY, after) for number in range(_LOOK_AHEAD_DAYS))
    return next((moment for moment in moments if moment), None)


def _moment_on(hours: SharedHours, day: date, after: datetime) -> datetime | None:
    """From nine, or from when the company opens if that is later; of one that is open at night only, from nine too."""
    start, end = (datetime.combine(day, clock, hours.zone).astimezone(UTC) for clock in (FIRST, LAST))
    if not hours.teams:
        opens = start if day.weekday() < _WORKDAYS else None
    else:
        periods = hours.periods_on(day)
        within = (period.start for period in periods if period.end > start and period.start < end)
        opens = next(within, start) if periods else None
    if opens is None:
        return None
    moment = max(start, opens.astimezone(UTC), after.astimezone(UTC))
    return moment if moment < end else None
