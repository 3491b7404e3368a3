"""Business hours: when somebody is there, when next, and how that is said (time zones, public holidays)."""

from helpdesk.schedule.hours.openings import (
    OpeningPeriod,
    call_periods,
    is_open,
    next_opening,
    openings_on,
    opens_until,
    windows,
)
from helpdesk.schedule.hours.shared_hours import SharedHours
from helpdesk.schedule.hours.week import REGIONS, WEEKDAYS, Hours, holiday_name, hours_of, zone_or
from helpdesk.schedule.hours.words import say_date, say_span, say_time, say_when, say_window

__all__ = [
    "REGIONS",
    "WEEKDAYS",
    "Hours",
    "OpeningPeriod",
    "SharedHours",
    "call_periods",
    "holiday_name",
    "hours_of",
    "is_open",
    "next_opening",
    "openings_on",
    "opens_until",
    "say_date",
    "say_span",
    "say_time",
    "say_when",
    "say_window",
    "windows",
    "zone_or",
]
