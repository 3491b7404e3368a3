"""What a waiting customer was told, when a change of it is worth telling, and how waits are rounded for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.handoff.wait_estimate import WaitRange

MINUTE = timedelta(minutes=1)
LADDER = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240)  # minutes people speak of
HOUR_LADDER = (15, 30, 45, 60, 90, 120, 180, 240)  # the same once hours are spoken of
QUIET = timedelta(seconds=60)  # nobody wants news more often
NEAR = 3  # from this position on each step forward is news
LATER = 1.5  # so much longer than what was told must be said
SOONER = 0.5  # so much shorter is good news
NOTABLE = 2 * MINUTE  # a smaller difference never is


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNotice:
    """What a waiting customer was last told, and when."""

    position: int
    range: WaitRange | None
    at: datetime


def rounded(range_: WaitRange) -> WaitRange:
    """The range as it is said: outward to the minutes people speak of. Past the ladder's end it has no high end."""
    low, high = round_minutes(range_)
    return WaitRange(low=low * MINUTE, high=timedelta.max if high is None else high * MINUTE)


def round_minutes(range_: WaitRange) -> tuple[int, int | None]:
    """Both ends on the ladder. A range within one step still has two ends; with hours, low ends are round as well."""
    high = next((step for step in LADDER if step * MINUTE >= range_.high), None)
    top = high or LADDER[-1] + 1
    steps = LADDER if top <= 60 else HOUR_LADDER
    return max((step for step in steps if step * MINUTE <= range_.low and step < top), default=0), high


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
