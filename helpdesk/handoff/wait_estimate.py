"""How long the wait will be, honestly: a range learnt from how long the last ones waited, in words people use.

Nobody is told an average. The range comes from the waits of those who stood in a similar place a short while ago,
each put into relation to their place and to how many agents there were, and leaves out their extremes only
(nearest-neighbour quantiles: Meinshausen, "Quantile Regression Forests", JMLR 7, 2006, with a distance in place of
the forest).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

LOOK_BACK = 400  # handoffs; older ones say little about now
NEIGHBOURS = 30
MIN_SAMPLES = 12  # under these there is no range, only "we don't know yet"
LEAVE_OUT = 0.02  # share of the neighbours beyond each end of the range
OLDER = timedelta(minutes=60)  # a wait that ended so long ago is as far as one with twice or half as many agents
PLACES = 3  # how much more a place twice as far back counts than twice as many agents
ASIDE = 2  # places that a wait takes longer than those ahead: others come in between, and an offer takes a moment
MIN_HIGH_END = timedelta(seconds=20)  # a lower high end would be a promise that no agent can keep


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWait:
    """One wait that has ended with a person, as it stood when it began.

    `position` counts from 1 among those who wait for the same people, `agents` are those people. `free` are their free
    places then (`None`: not known).
    """

    asked_at: datetime
    accepted_at: datetime
    position: int
    agents: int
    free: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRange:
    """From `low` to `high`; the wait is expected to end within it four times of five or more."""

    low: timedelta
    high: timedelta


def expect(
    position: int, agents: int, recent: Sequence[PastWait], now: datetime, *, free: int | None = None
) -> WaitRange | None:
    """The range for somebody at `position` (from 1), or `None` when too little is known or nobody is there."""
    if agents < 1:
        return None
    known = sorted((past for past in recent if past.accepted_at <= now), key=_ended)[-LOOK_BACK:]
    ahead = _ahead(position, free)
    alike = [past for past in known if (_ahead(past.position, past.free) == 0) == (ahead == 0)]
    nearest = sorted(reversed(alike), key=lambda past: _distance(past, ahead, agents, now))[:NEIGHBOURS]
    if len(nearest) < MIN_SAMPLES:
        return None
    scale = (ahead + ASIDE) / agents if ahead else 1.0
    waits = sorted(_share(past) * scale for past in nearest)
    low, high = _quantile(waits, LEAVE_OUT), _quantile(waits, 1 - LEAVE_OUT)
    return WaitRange(low=timedelta(seconds=low), high=max(MIN_HIGH_END, timedelta(seconds=high)))


def _ahead(position: int, free: int | None) -> int:
    """How many must be done with before it is one's turn: 0 when there is a free place for everybody up to here."""
    return max(0, position - (free or 0))


def _ended(past: PastWait) -> datetime:
    return past.accepted_at


def _distance(past: PastWait, ahead: int, agents: int, now: datetime) -> float:
    age = (now - past.accepted_at) / OLDER
    places = abs(log2((_ahead(past.position, past.free) + 0.5) / (ahead + 0.5)))
    return age + PLACES * places + abs(log2(max(1, past.agents) / agents))


def _share(past: PastWait) -> float:
    """Seconds of one agent's time for each place up to one's own, or seconds where there was a free place."""
    seconds = max(0.0, (past.accepted_at - past.asked_at).total_seconds())
    ahead = _ahead(past.position, past.free)
    return seconds * max(1, past.agents) / (ahead + ASIDE) if ahead else seconds


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
