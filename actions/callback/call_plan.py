"""When calls can be promised, and how a wished time fits. Pure, but for the port to the teams' hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from actions.callback.spoken_time import SpokenTime

MIN_WINDOW = timedelta(minutes=30)
MAX_WINDOW = timedelta(hours=2)
PROPOSED = 3
"""Times that are offered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWindow:
    """From `start` until `end`, aware, in the team's time zone."""

    start: datetime
    end: datetime

    def to_text(self) -> str:
        """As a slot and a button keep it."""
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    @classmethod
    def from_text(cls, kept: str) -> "CallWindow | None":
        """What `to_text` made; None for anything else."""
        start, _, end = kept.partition("/")
        try:
            return cls(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """`openings` are the coming times at which somebody can call, in order; `say` puts a window into words."""

    now: datetime
    openings: tuple[CallWindow, ...]
    say: Callable[[CallWindow], str]

    def fit(self, wish: SpokenTime) -> CallWindow | None:
        """The window that a wish comes to; None when nobody is there then."""
        if wish.soonest:
            return next(self.windows(), None)
        fitting = (_overlap(opening, wish) for opening in self.openings if wish.day in (None, opening.start.date()))
        return next((window for window in fitting if window), None)

    def windows(self) -> Iterator[CallWindow]:
        """Every window of at most two hours, soonest first."""
        for opening in self.openings:
            start = opening.start
            while opening.end - start >= MIN_WINDOW:
                yield CallWindow(start=start, end=min(start + MAX_WINDOW, opening.end))
                start += MAX_WINDOW

    def proposals(self, near: SpokenTime | None, skipped: int = 0) -> tuple[CallWindow, ...]:
        """Up to three windows, every other one: of the wished day and after it, without the first `skipped`."""
        later = list(self.windows())
        if near is not None and near.day is not None:
            later = [window for window in later if window.start.date() >= near.day] or later
        spread = later[::2] or later
        return tuple(spread[skipped : skipped + PROPOSED] or spread[:PROPOSED])

    def is_possible(self, window: CallWindow) -> bool:
        """Whether a window that was offered earlier can still be kept."""
        return any(opening.start <= window.start and window.end <= opening.end for opening in self.openings)


def _overlap(opening: CallWindow, wish: SpokenTime) -> CallWindow | None:
    midnight = opening.start.replace(hour=0, minute=0, second=0, microsecond=0)
    start = max(opening.start, midnight + wish.start) if wish.start is not None else opening.start
    end = min(opening.end, midnight + wish.end) if wish.end is not None else opening.end
    return CallWindow(start=start, end=min(end, start + MAX_WINDOW)) if end - start >= MIN_WINDOW else None


class CallDesk(Protocol):
    """What the form needs of those who will call."""

    async def load_plan(self, language: str) -> CallPlan:
        """When calls can be promised, for a customer who speaks `language`."""
        ...

    async def load_phone(self, conversation_id: str) -> str | None:
        """The number that the web site vouches for, of the customer who is signed in there."""
        ...

    def read_phone(self, text: str) -> str | None:
        """The first valid telephone number in a text, in its international form."""
        ...


class NoCallDesk:
    """Nobody calls: the form hands over to a person."""

    async def load_plan(self, language: str) -> CallPlan:
        """A plan without any time."""
        return CallPlan(now=datetime.now(UTC), openings=(), say=CallWindow.to_text)

    async def load_phone(self, conversation_id: str) -> str | None:
        """None is needed."""
        return None

    def read_phone(self, text: str) -> str | None:
        """None is needed."""
        return None
