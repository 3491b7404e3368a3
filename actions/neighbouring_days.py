"""Days that are counted from another: "the day after", "am Tag vor Heiligabend", "zwei Tage später". Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS_OF = {"d": 1, "t": 1, "j": 1, "w": 7, "s": 7}
"""By the first letter of day, Tag, jour, week, Woche, semaine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOffset:
    """So many `days` from another day, negative before it; `rest` is what is said beside, which may name that day."""

    days: int
    rest: str

    def from_days(self, others: Collection[date]) -> frozenset[date]:
        """The day after the last of them, or before the first; none of none."""
        if not others:
            return frozenset()
        return frozenset({(max(others) if self.days > 0 else min(others)) + timedelta(days=self.days)})


def day_offset(text: str) -> DayOffset | None:
    """What `text` counts from another day; None where it counts nothing."""
    if found := _COUNTED.search(text):
        number = _NUMBERS.get((found["count"] or "").lower()) or int(found["digits"] or 1)
        days = number * _DAYS_OF[found["unit"][0].lower()]
        days = -days if _BEFORE.fullmatch(found["side"]) else days
    elif found := _NEXT.search(text):
        days = 1
    elif found := _PREVIOUS.search(text):
        days = -1
    else:
        return None
    return DayOffset(days=days, rest=f"{text[: found.start()]} {text[found.end() :]}")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_NUMBERS = {"zwei": 2, "drei": 3, "vier": 4, "two": 2, "three": 3, "four": 4, "deux": 2, "trois": 3, "quatre": 4}
_BEFORE = _words(r"davor|vorher|zuvor|vor|before|earlier|avant|plus tôt")
_COUNTED = _words(
    rf"(?:(?:(?P<digits>\d{{1,2}})|(?P<count>{'|'.join(_NUMBERS)})|am|den|dem|der|eine?n?|the|an?|one|le|une?)\s+)?"
    r"(?P<unit>tage?n?|wochen?|days?|weeks?|jours?|semaines?)\s+"
    r"(?P<side>danach|darauf|drauf|später|nach|davor|vorher|zuvor|vor|"
    r"after(?! tomorrow)|later|before|earlier|d.?après|après|plus tard|d.?avant|avant|plus tôt)"
    r"(?: (?:that|dem|den|der|de|le|la))?"
)
_NEXT = _words(
    r"tags darauf|(?:am |der |den )?(?:darauf)?folgende[nr]? tag|(?:am|der|den) nächste[nr]? tag|"
    r"the (?:next|following) day|le lendemain(?: d[eu])?|le jour suivant"
)
_PREVIOUS = _words(r"tags zuvor|(?:am |der |den )?vortag|the previous day|la veille(?! de noël)(?: d[eu])?")
