"""Figures as people read them: times in their units, shares only of enough, changes with their sign."""

from collections.abc import Callable
from dataclasses import dataclass
from gettext import NullTranslations

from babel import Locale
from babel.numbers import format_decimal, format_percent

from helpdesk.insights.numbers.figure_sums import MIN_FOR_NINETIETH, Duration, FigureName, FigureSums, Histogram
from i18n import N_, translate

#: Of fewer than this no percentage is made: "2 of 3" says what it is.
MIN_FOR_SHARE = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

_FEW = N_("too few to say ({count})")
_NONE = N_("nothing to count yet")
_OF = N_("{part} of {whole}")
_DAYS = N_("{count} days")
_POINTS = N_("{count} points")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference to the range before; `is_good` is `None` where neither direction is better."""

    text: str
    is_good: bool | None


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Writes figures in a language."""

    messages: NullTranslations
    locale: Locale

    def count(self, number: int) -> str:
        """With the language's separators."""
        return str(format_decimal(number, locale=self.locale))

    def duration(self, seconds: float | None) -> str:
        """ "40 s", "12 min", "3 h 20 min", "4 days"."""
        if seconds is None:
            return "–"
        whole = round(seconds)
        if whole < _MINUTE:
            return f"{whole} s"
        if whole < _HOUR:
            return f"{round(whole / _MINUTE)} min"
        if whole < 2 * _DAY:
            hours, minutes = divmod(round(whole / _MINUTE), 60)
            return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
        return translate(self.messages, _DAYS).format(count=self.count(round(whole / _DAY)))

    def median(self, histogram: Histogram) -> str:
        """What half did not exceed, or that there are too few."""
        if not histogram.count:
            return translate(self.messages, _NONE)
        if histogram.median is None:
            return translate(self.messages, _FEW).format(count=histogram.count)
        return f"≤ {self.duration(histogram.median)}"

    def ninetieth(self, histogram: Histogram) -> str | None:
        """What nine in ten did not exceed; `None` where there are too few."""
        return f"≤ {self.duration(histogram.ninetieth)}" if histogram.count >= MIN_FOR_NINETIETH else None

    def share(self, part: int, whole: int) -> str:
        """In percent of enough, else as it was counted."""
        if not whole:
            return translate(self.messages, _NONE)
        if whole < MIN_FOR_SHARE:
            return translate(self.messages, _OF).format(part=part, whole=whole)
        return str(format_percent(part / whole, locale=self.locale))

    def count_change(self, now: int, before: int | None, *, more_is_good: bool | None = None) -> Change | None:
        """In percent of enough, else as a difference."""
        if before is None:
            return None
        difference = now - before
        written = (
            format_percent(difference / before, locale=self.locale)
            if before >= MIN_FOR_SHARE
            else format_decimal(difference, locale=self.locale)
        )
        return _change(str(written), difference, more_is_good)

    def share_change(
        self, now: tuple[int, int], before: tuple[int, int] | None, *, more_is_good: bool | None = True
    ) -> Change | None:
        """In points, where both are of enough."""
        if before is None or now[1] < MIN_FOR_SHARE or before[1] < MIN_FOR_SHARE:
            return None
        points = round(100 * now[0] / now[1]) - round(100 * before[0] / before[1])
        count = format_decimal(points, locale=self.locale)
        return _change(translate(self.messages, _POINTS).format(count=count), points, more_is_good)

    def time_change(self, now: Histogram, before: Histogram | None) -> Change | None:
        """How much longer or shorter the median is, where both have one."""
        if before is None or now.median is None or before.median is None:
            return None
        difference = now.median - before.median
        written = self.duration(abs(difference))
        return _change(written if difference >= 0 else f"-{written}", difference, more_is_good=False)


def _change(written: str, difference: float, more_is_good: bool | None) -> Change:
    sign = "+" if difference > 0 else ("±" if difference == 0 else "")
    is_good = None if more_is_good is None or difference == 0 else (difference > 0) == more_is_good
    return Change(text=f"{sign}{written}".replace("-", "\u2212", 1), is_good=is_good)


def upset(sums: FigureSums, figure: FigureName) -> tuple[int, int]:
    """How many were upset, of those whose mood is known at start and end."""
    return sums[figure], sums[FigureName.MOODS]


def timed(sums: FigureSums | None, duration: Duration) -> Histogram | None:
    """The histogram, where there are sums."""
    return sums.histogram(duration) if sums else None


def pair(sums: FigureSums | None, read: Callable[[FigureSums], tuple[int, int]]) -> tuple[int, int] | None:
    """Part and whole, where there are sums."""
    return read(sums) if sums else None
