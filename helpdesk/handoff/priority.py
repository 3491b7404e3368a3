"""Who comes first in the queue: minutes waited plus a head start, by one visible table.

A head start never grows past `MAX_HEAD_START` minutes, so nobody is overtaken by a request that came later than that:
whoever waits comes to the front (aging; Silberschatz, Operating System Concepts, "starvation").
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

URGENT = (0.0, 5.0, 15.0, 30.0)  # minutes for urgency 0 (none) to 3 (somebody may come to harm)
IMPORTANT = 10.0  # minutes for a contact that an admin has marked
PROMISED = 30.0  # minutes for a promise that is due; before, the nearer the more, from so many minutes on
MAX_HEAD_START = URGENT[-1] + IMPORTANT + PROMISED


class PriorityFactor(StrEnum):
    """What an offer or a place in the queue rests on; `PriorityReason.value` is in the unit given here."""

    WAITED = "waited"  # minutes
    URGENT = "urgent"  # minutes of head start, as the next two
    IMPORTANT = "important"
    PROMISED = "promised"
    LAST_AGENT = "last_agent"  # 1: knows the matter
    SPEAKS = "speaks"  # 1: the agent names the language, as the next two name topic and team
    KNOWS_TOPIC = "knows_topic"
    IN_TEAM = "in_team"
    FEWEST_OPEN = "fewest_open"  # share of the agent's places that is taken; nobody who fits as well has less
    ONLY_FREE = "only_free"  # 1: nobody else who fits as well has a free place
    WIDENED_TEAM = "widened_team"  # seconds without anybody who fits better, as the next two
    WIDENED_LANGUAGE = "widened_language"
    WIDENED_ANYBODY = "widened_anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityReason:
    """One reason as data; its words are the screen's."""

    why: PriorityFactor
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRequest:
    """One request for a person that nobody has accepted.

    `queued_at` is since when it could be offered, the later of asking, coming back to the queue, and the team's opening
    (`None`: since it was asked). `due_at` is the next promise to this contact. `declined_by` have said no or let the
    offer pass. `offered_to` has until `offered_until` to accept.
    """

    id: str
    asked_at: datetime
    language: str
    queued_at: datetime | None = None
    topic: str | None = None
    team: str | None = None
    urgency: int = 0
    important: bool = False
    due_at: datetime | None = None
    preferred_agent: str | None = None
    declined_by: frozenset[str] = frozenset()
    offered_to: str | None = None
    offered_until: datetime | None = None

    def is_offered(self, now: datetime) -> bool:
        """Whether an agent still has time to accept."""
        return self.offered_to is not None and self.offered_until is not None and self.offered_until > now


def reasons_of(waiting: QueuedRequest, now: datetime) -> tuple[PriorityReason, ...]:
    """Everything that counts for a request's place in the queue, in minutes; their sum is `points`."""
    found = {
        PriorityFactor.WAITED: _minutes_until(now, waiting.asked_at),
        PriorityFactor.URGENT: _urgent(waiting),
        PriorityFactor.IMPORTANT: IMPORTANT if waiting.important else 0.0,
        PriorityFactor.PROMISED: _promised(waiting.due_at, now) if waiting.due_at else 0.0,
    }
    return tuple(
        PriorityReason(why=why, value=value) for why, value in found.items() if value or why is PriorityFactor.WAITED
    )


def points(waiting: QueuedRequest, now: datetime) -> float:
    """The sum of `reasons_of`, for a queue of hundreds: the most comes first."""
    found = _minutes_until(now, waiting.asked_at)
    if waiting.urgency:
        found += _urgent(waiting)
    if waiting.important:
        found += IMPORTANT
    if waiting.due_at:
        found += _promised(waiting.due_at, now)
    return found


def in_order(waiting: list[QueuedRequest], now: datetime) -> list[QueuedRequest]:
    """The queue as it is served: most points first, then who asked first."""
    return sorted(waiting, key=lambda each: (-points(each, now), each.asked_at, each.id))


def _urgent(waiting: QueuedRequest) -> float:
    return URGENT[max(0, min(waiting.urgency, len(URGENT) - 1))]


def _promised(due_at: datetime, now: datetime) -> float:
    return max(0.0, min(PROMISED, PROMISED - _minutes_until(due_at, now)))


def _minutes_until(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / 60
