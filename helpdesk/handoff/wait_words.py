"""A waiting range in words that a customer understands, and when a change of it is worth telling."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from helpdesk.handoff.wait_estimate import WaitRange

MINUTE = timedelta(minutes=1)
LADDER = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240)  # minutes people speak of
QUIET = timedelta(seconds=60)  # nobody wants news more often
NEAR = 3  # from this position on each step forward is news
LATER = 1.5  # so much longer than what was told must be said
SOONER = 0.5  # so much shorter is good news
NOTABLE = 2 * MINUTE  # a smaller difference never is

_UNKNOWN = {"de": "noch nicht abzusehen", "en": "hard to say yet"}
_LONG = {"de": "mehrere Stunden", "en": "several hours"}
_PAIRS = {  # in German these two share their noun
    (30, 45): "eine halbe bis dreiviertel Stunde",
}
_HOURS = {
    "de": {
        15: "eine Viertelstunde",
        30: "eine halbe Stunde",
        45: "eine Dreiviertelstunde",
        60: "eine Stunde",
        90: "anderthalb Stunden",
        120: "zwei Stunden",
        180: "drei Stunden",
        240: "vier Stunden",
    },
    "en": {
        15: "a quarter of an hour",
        30: "half an hour",
        45: "three quarters of an hour",
        60: "an hour",
        90: "an hour and a half",
        120: "two hours",
        180: "three hours",
        240: "four hours",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNotice:
    """What a waiting customer was last told, and when."""

    position: int
    range: WaitRange | None
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """The form that is stored; times in seconds."""
        found = self.range
        span = None if found is None else [found.low.total_seconds(), found.high.total_seconds()]
        return {"position": self.position, "range": span, "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self | None:
        """What was stored, or `None` when nothing has been told yet."""
        if not stored.get("at"):
            return None
        span = stored.get("range")
        return cls(
            position=int(stored["position"]),
            range=WaitRange(low=timedelta(seconds=span[0]), high=timedelta(seconds=span[1])) if span else None,
            at=datetime.fromisoformat(stored["at"]),
        )


def rounded(range_: WaitRange) -> WaitRange:
    """The range as it is said: outward to the minutes people speak of. Past the ladder's end it has no high end."""
    low, high = _minutes(range_)
    return WaitRange(low=low * MINUTE, high=timedelta.max if high is None else high * MINUTE)


def say_range(range_: WaitRange | None, language: str) -> str:
    """The range in German or English, to stand in a sentence: "etwa 3 bis 6 Minuten", "less than 2 minutes"."""
    language = "en" if language == "en" else "de"
    if range_ is None:
        return _UNKNOWN[language]
    low, high = _minutes(range_)
    if high is None:
        return _LONG[language]
    if high == 1:
        return "weniger als eine Minute" if language == "de" else "less than a minute"
    if low == 0:
        return f"weniger als {_length(high, language)}" if language == "de" else f"less than {_length(high, language)}"
    return _from_to(low, high, language)


def changed_enough(told: WaitNotice | None, now_range: WaitRange | None, position: int, now: datetime) -> bool:
    """Whether a waiting customer should hear where they stand now. Never within `QUIET` of the last time."""
    if told is None:
        return True
    if now - told.at < QUIET:
        return False
    if position < told.position and (position <= NEAR or position * 2 <= told.position):
        return True
    return _has_moved(told, now_range, now)


def _has_moved(told: WaitNotice, now_range: WaitRange | None, now: datetime) -> bool:
    if told.range is None:
        return now_range is not None
    left = max(timedelta(), told.range.high - (now - told.at))
    if not left:  # what was said has run out: that must be owned up to
        return True
    if now_range is None:
        return False
    if abs(now_range.high - left) < NOTABLE:
        return False
    return now_range.high > left * LATER or now_range.high < left * SOONER


def _minutes(range_: WaitRange) -> tuple[int, int | None]:
    """Both ends on the ladder. A range within one step still has two ends; with hours, low ends are round as well."""
    high = next((step for step in LADDER if step * MINUTE >= range_.high), None)
    top = high or LADDER[-1] + 1
    steps = LADDER if top <= 60 else tuple(_HOURS["de"])
    return max((step for step in steps if step * MINUTE <= range_.low and step < top), default=0), high


def _from_to(low: int, high: int, language: str) -> str:
    if language == "de" and (low, high) in _PAIRS:
        return _PAIRS[low, high]
    if high <= 60:
        return f"etwa {low} bis {high} Minuten" if language == "de" else f"about {low} to {high} minutes"
    if language == "de":
        return f"{_HOURS['de'][low]} bis {_HOURS['de'][high]}"
    return f"{_HOURS['en'][low]} to {_HOURS['en'][high]}"


def _length(minutes: int, language: str) -> str:
    if minutes < 30 or minutes == 45:
        return f"{minutes} Minuten" if language == "de" else f"{minutes} minutes"
    return _HOURS[language][minutes]
