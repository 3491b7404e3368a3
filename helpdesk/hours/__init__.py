"""Business hours: when somebody is there, when next, and how that is said (time zones, public holidays)."""

from helpdesk.hours.openings import Period, is_open, next_opening, opens_until, windows
from helpdesk.hours.week import REGIONS, WEEKDAYS, Hours, hours_of, zone_or
from helpdesk.hours.words import say_when, say_window

__all__ = [
    "REGIONS",
    "WEEKDAYS",
    "Hours",
    "Period",
    "hours_of",
    "is_open",
    "next_opening",
    "opens_until",
    "say_when",
    "say_window",
    "windows",
    "zone_or",
]
