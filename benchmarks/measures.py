"""The measures of a search: plain functions of what was expected and what came."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredQuestion:
    """One question: what was expected (`None`: outside the knowledge base), what came first, and how surely."""

    language: str
    expected: str | None
    first: str | None
    confidence: float
    outcome: str
    others: tuple[str, ...] = ()
    """The second and third article."""
    also: tuple[str, ...] = ()
    """Other articles that are right too."""

    @property
    def right(self) -> bool:
        """Whether a right article came first; never for a question from outside."""
        return self.expected is not None and self.first in (self.expected, *self.also)

    @property
    def near(self) -> bool:
        """Whether a right article is among the first three."""
        return self.right or any(other in (self.expected, *self.also) for other in self.others)

    @property
    def helped(self) -> bool:
        """Whether it was answered rightly, or a right article was among at most three choices."""
        return (self.outcome == "answer" and self.right) or (self.outcome == "clarify" and self.near)


def accuracy(judged: Sequence[ScoredQuestion]) -> float:
    """The share of questions inside the knowledge base whose article came first."""
    inside = [each for each in judged if each.expected is not None]
    return sum(each.right for each in inside) / len(inside) if inside else float("nan")


def kept_accuracy(judged: Sequence[ScoredQuestion]) -> float:
    """The same, where a right article that comes with `none` counts as wrong."""
    inside = [each for each in judged if each.expected is not None]
    return sum(each.right and each.outcome != "none" for each in inside) / len(inside) if inside else float("nan")


def outside_recall(judged: Sequence[ScoredQuestion]) -> float:
    """The share of questions from outside that got `none`."""
    outside = [each for each in judged if each.expected is None]
    return sum(each.outcome == "none" for each in outside) / len(outside) if outside else float("nan")


def share_inside(judged: Sequence[ScoredQuestion], holds: Callable[[ScoredQuestion], bool]) -> float:
    """The share of questions inside the knowledge base of which `holds` is true."""
    inside = [each for each in judged if each.expected is not None]
    return sum(map(holds, inside)) / len(inside) if inside else float("nan")


def share_outside(judged: Sequence[ScoredQuestion], outcome: str) -> float:
    """The share of questions from outside with this outcome."""
    outside = [each for each in judged if each.expected is None]
    return sum(each.outcome == outcome for each in outside) / len(outside) if outside else float("nan")


def calibration_error(judged: Sequence[ScoredQuestion]) -> float:
    """Expected calibration error over 15 bins of equal width (Guo et al., 2017): 0 is perfect."""
    bins: dict[int, list[ScoredQuestion]] = {}
    for each in judged:
        bins.setdefault(min(int(each.confidence * BINS), BINS - 1), []).append(each)
    return sum(abs(sum(e.right for e in held) - sum(e.confidence for e in held)) for held in bins.values()) / len(
        judged
    )


def outcomes(judged: Sequence[ScoredQuestion]) -> Counter[tuple[str, str]]:
    """How often each outcome met each kind of question: right first, wrong first, or from outside."""
    return Counter((each.outcome, _kind(each)) for each in judged)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values don't exceed."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _kind(each: ScoredQuestion) -> str:
    if each.expected is None:
        return "outside"
    return "right" if each.right else "wrong"
