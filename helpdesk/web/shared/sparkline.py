"""Small drawings of counts over days, as SVG: sizes only, colours come from the style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.web.shared.chart import BOTTOM, HEIGHT, LEFT, WIDTH

_SPARK_WIDTH, _SPARK_HEIGHT = 120, 28
_MIN_HEIGHT = 1.5  # units: a day without anything is still to be seen as a day
_GAP = 0.35  # share of a column that stays empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Bars as (x, y, width, height); `before` and `recent` are the sums of the two halves of the time."""

    bars: tuple[tuple[float, float, float, float], ...]
    before: int
    recent: int
    width: int = _SPARK_WIDTH
    height: int = _SPARK_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPart:
    """One part of a column in SVG units, and how many it stands for."""

    y: float
    height: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareColumn:
    """One day: its parts from the foot up, which fill the height unless there was nothing."""

    x: float
    width: float
    label: str
    total: int
    parts: tuple[ColumnPart, ...]
    named: bool

    def share(self, part: int) -> int:
        """The part's share in percent."""
        return round(100 * self.parts[part].count / self.total) if self.total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Columns to 100 %, and the lines to read them by: (y, percent)."""

    columns: tuple[ShareColumn, ...]
    lines: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT + 12

    @property
    def total(self) -> int:
        """Everything that was counted."""
        return sum(column.total for column in self.columns)

    def share(self, part: int) -> int:
        """The part's share of everything, in percent."""
        return round(100 * sum(column.parts[part].count for column in self.columns) / self.total) if self.total else 0


def draw_sparkline(counts: Sequence[int]) -> Sparkline:
    """From counts by day, oldest first."""
    step = _SPARK_WIDTH / max(len(counts), 1)
    most = max(*counts, 1) if counts else 1
    bars = tuple(
        (round(step * day, 2), round(_SPARK_HEIGHT - tall, 2), round(step * (1 - _GAP / 2), 2), round(tall, 2))
        for day, count in enumerate(counts)
        for tall in [max(_MIN_HEIGHT, _SPARK_HEIGHT * count / most)]
    )
    half = len(counts) // 2
    return Sparkline(bars=bars, before=sum(counts[:half]), recent=sum(counts[half:]))


def draw_shares(days: Sequence[tuple[str, Sequence[int]]]) -> Shares:
    """From (label, counts of the parts from the foot up), oldest first. Every second column from the last is named."""
    left = LEFT + 12
    step = (WIDTH - left) / max(len(days), 1)
    columns = tuple(
        ShareColumn(
            x=round(left + step * (number + _GAP / 2), 1),
            width=round(step * (1 - _GAP), 1),
            label=label,
            total=sum(counts),
            parts=_stack(counts),
            named=(len(days) - 1 - number) % 2 == 0,
        )
        for number, (label, counts) in enumerate(days)
    )
    return Shares(columns=columns, lines=tuple((_y(percent / 100), percent) for percent in (0, 50, 100)))


def _stack(counts: Sequence[int]) -> tuple[ColumnPart, ...]:
    total = sum(counts)
    if not total:
        return tuple(ColumnPart(y=_y(0), height=0, count=0) for _ in counts)
    feet = [sum(counts[:part]) / total for part in range(len(counts) + 1)]
    return tuple(
        ColumnPart(y=_y(feet[part + 1]), height=round(_y(feet[part]) - _y(feet[part + 1]), 1), count=count)
        for part, count in enumerate(counts)
    )


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 8) * share, 1)
