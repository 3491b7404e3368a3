"""Sums and histograms of one day and one value of a dimension: what is kept when conversations are erased."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, log2
from typing import Any, Self

#: Steps of a histogram from one power of two to the next: a bound is at most 19 % above what it stands for.
STEPS_PER_DOUBLING = 4
#: So many values a median needs, and so many nine in ten: of fewer one value would decide.
MIN_FOR_MEDIAN, MIN_FOR_NINETIETH = 5, 20
HOURS = 24


class Dimension(StrEnum):
    """What figures are told apart by. Each stands for itself: no two are ever combined."""

    ALL = "all"
    AGENT = "agent"
    TEAM = "team"
    TOPIC = "topic"
    CHANNEL = "channel"
    LANGUAGE = "language"
    ARTICLE = "article"


class FigureName(StrEnum):
    """What is counted; `docs/numbers.md` says of each what counts and what doesn't."""

    INQUIRIES = "inquiries"
    CONFIRMED = "bot_confirmed"
    ASSUMED = "bot_assumed"
    RETURNED = "bot_returned"
    ABANDONED = "abandoned"
    PERSON = "person"
    NOT_ASKED = "nothing_asked"
    QUESTIONS = "questions"
    GAPS = "gaps"
    HANDOFFS = "handoffs"
    ACCEPTED = "accepted"
    MISSED = "missed"
    PROMISES_KEPT = "promises_kept"
    PROMISES_BROKEN = "promises_broken"
    RATED_GOOD = "rated_good"
    RATED_BAD = "rated_bad"
    ANSWERS_GOOD = "answers_good"
    ANSWERS_BAD = "answers_bad"
    MOODS = "moods"
    UPSET_AT_START = "upset_at_start"
    UPSET_AT_END = "upset_at_end"


class Duration(StrEnum):
    """What is timed."""

    WAIT = "wait"
    FIRST_ANSWER = "first_answer"
    HANDLING = "handling"
    RESOLUTION = "resolution"


@dataclass(slots=True)
class Histogram:
    """How many durations were at most how long. Bucket `k` ends at 2^(k/4) seconds."""

    buckets: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many there are."""
        return self.buckets.total()

    def add(self, seconds: float) -> None:
        """One more."""
        self.buckets[bucket_of(seconds)] += 1

    def share(self, share: float) -> float | None:
        """Seconds that this share of them did not exceed, as the end of a bucket; `None` without any."""
        rank, seen = max(1, ceil(share * self.count)), 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= rank:
                return bound_of(bucket)
        return None

    @property
    def median(self) -> float | None:
        """`None` where there are too few to say."""
        return self.share(0.5) if self.count >= MIN_FOR_MEDIAN else None

    @property
    def ninetieth(self) -> float | None:
        """`None` where there are too few to say."""
        return self.share(0.9) if self.count >= MIN_FOR_NINETIETH else None


def bucket_of(seconds: float) -> int:
    """The bucket that a duration falls into; whatever is shorter than a second counts as one."""
    return ceil(round(STEPS_PER_DOUBLING * log2(max(1.0, seconds)), 6))


def bound_of(bucket: int) -> float:
    """Where a bucket ends, in seconds."""
    return float(2.0 ** (bucket / STEPS_PER_DOUBLING))


@dataclass(slots=True)
class FigureSums:
    """What was counted and timed; `hours` are (inquiries, handoffs) by weekday (0 is Monday) and hour of the day."""

    counts: Counter[FigureName] = field(default_factory=Counter)
    durations: dict[Duration, Histogram] = field(default_factory=dict)
    hours: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def __getitem__(self, figure: FigureName) -> int:
        return self.counts[figure]

    def histogram(self, duration: Duration) -> Histogram:
        """The histogram of a duration; an empty one where nothing was timed."""
        return self.durations.get(duration) or Histogram()

    def time(self, duration: Duration, seconds: float) -> None:
        """One more duration."""
        self.durations.setdefault(duration, Histogram()).add(seconds)

    def load(self, place: tuple[int, int], *, inquiries: int = 0, handoffs: int = 0) -> None:
        """What came in within an hour of the week."""
        hour = self.hours.setdefault(place, [0, 0])
        hour[0] += inquiries
        hour[1] += handoffs

    def add(self, other: "FigureSums") -> None:
        """Take another's sums in."""
        self.counts.update(other.counts)
        for duration, histogram in other.durations.items():
            self.durations.setdefault(duration, Histogram()).buckets.update(histogram.buckets)
        for place, (inquiries, handoffs) in other.hours.items():
            self.load(place, inquiries=inquiries, handoffs=handoffs)

    @property
    def solved_by_bot(self) -> int:
        """Confirmed or assumed, and nobody came back within three days."""
        return self[FigureName.CONFIRMED] + self[FigureName.ASSUMED]

    @property
    def asked_bot(self) -> int:
        """Inquiries in which something was asked: what containment is a share of."""
        return self[FigureName.INQUIRIES] - self[FigureName.NOT_ASKED]

    def thinned(self) -> "FigureSums":
        """What is left of a small group once its conversations are erased: how many there were."""
        kept = (FigureName.INQUIRIES, FigureName.HANDOFFS)
        return FigureSums(counts=Counter({each: self[each] for each in kept if self[each]}))

    def as_json(self) -> dict[str, Any]:
        """The form in which all but the hours is stored: what is 0 is left out."""
        return {
            "c": {str(figure): count for figure, count in self.counts.items() if count},
            "d": {str(name): {str(k): n for k, n in one.buckets.items()} for name, one in self.durations.items()},
        }

    def hours_as_json(self) -> dict[str, Any]:
        """The form in which the hours are stored."""
        return {f"{day}.{hour}": counts for (day, hour), counts in self.hours.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], hours: Mapping[str, Any] | None = None) -> Self:
        """What `as_json` and `hours_as_json` made; figures of another version are passed over."""
        return cls(
            counts=Counter({_FIGURES[name]: int(count) for name, count in stored["c"].items() if name in _FIGURES}),
            durations={
                _DURATIONS[name]: Histogram(Counter({int(k): int(n) for k, n in buckets.items()}))
                for name, buckets in stored["d"].items()
                if name in _DURATIONS
            },
            hours={_place(name): [int(n) for n in counts] for name, counts in (hours or {}).items()},
        )


_FIGURES = {str(figure): figure for figure in FigureName}
_DURATIONS = {str(duration): duration for duration in Duration}


def add_up(stored: Iterable[Mapping[str, Any]]) -> FigureSums:
    """The sums of many rows as `as_json` wrote them, without the hours; quicker than reading each for itself."""
    counts, durations = dict[str, int](), dict[str, dict[str, int]]()
    for row in stored:
        for name, count in row["c"].items():
            counts[name] = counts.get(name, 0) + count
        for name, buckets in row["d"].items():
            mine = durations.setdefault(name, {})
            for bucket, count in buckets.items():
                mine[bucket] = mine.get(bucket, 0) + count
    return FigureSums.from_json({"c": counts, "d": durations})


def add_up_hours(stored: Iterable[Mapping[str, Any]]) -> FigureSums:
    """The hours of many rows as `hours_as_json` wrote them, and nothing else."""
    hours = dict[str, list[int]]()
    for row in stored:
        for place, (inquiries, handoffs) in row.items():
            mine = hours.setdefault(place, [0, 0])
            mine[0] += inquiries
            mine[1] += handoffs
    return FigureSums(hours={_place(place): counts for place, counts in hours.items()})


def _place(name: str) -> tuple[int, int]:
    day, _, hour = name.partition(".")
    return int(day), int(hour)
