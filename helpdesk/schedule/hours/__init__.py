"""Business hours: when somebody is there, when next, and how that is said (time zones, public holidays)."""

from helpdesk.schedule.hours.openings import OpeningPeriod, call_periods, is_open, next_opening, opens_until, windows
from helpdesk.schedule.hours.week import REGIONS, WEEKDAYS, Hours, hours_of, zone_or
from helpdesk.schedule.hours.words import say_when, say_window

__all__ = [
    "REGIONS",
    "WEEKDAYS",
    "Hours",
    "OpeningPeriod",
    "call_periods",
    "hours_of",
    "is_open",
    "next_opening",
    "opens_until",
    "say_when",
    "say_window",
    "windows",
    "zone_or",
]
