"""A bar chart as SVG, drawn on the server: sizes only, colours come from the style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, BOTTOM, LEFT = 720, 200, 24, 32
_GAP = 0.35  # share of a column that stays empty


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBar:
    """One column in SVG units: all of it, and the part at its foot."""

    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    label: str
    total: int
    part: int
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars and the lines to read them by: (y, value)."""

    bars: tuple[ChartBar, ...]
    lines: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def draw_chart(columns: Sequence[tuple[str, int, int]]) -> Chart:
    """From (label, total, part of it), oldest first. Every second column from the last is named."""
    top = nice_top(max((total for _, total, _ in columns), default=0))
    step = (WIDTH - LEFT) / max(len(columns), 1)
    room = HEIGHT - BOTTOM - 8

    def y(value: int) -> float:
        return round(HEIGHT - BOTTOM - room * value / top, 1)

    bars = tuple(
        ChartBar(
            x=round(LEFT + step * (index + _GAP / 2), 1),
            width=round(step * (1 - _GAP), 1),
            y=y(total),
            height=round(HEIGHT - BOTTOM - y(total), 1),
            part_y=y(min(part, total)),
            part_height=round(HEIGHT - BOTTOM - y(min(part, total)), 1),
            label=label,
            total=total,
            part=part,
            named=(len(columns) - 1 - index) % 2 == 0,
        )
        for index, (label, total, part) in enumerate(columns)
    )
    return Chart(bars=bars, lines=tuple((y(value), value) for value in (0, top // 2, top)))


def nice_top(most: int) -> int:
    """The smallest even 2, 4 or 10 × 10ⁿ (or its half) that isn't less than `most`; at least 4."""
    top = 4
    while top < most:
        top = next(size for size in _sizes() if size >= most)
    return top


def _sizes() -> Sequence[int]:
    return [first * 10**power for power in range(1, 10) for first in (1, 2, 4, 6, 8)]
