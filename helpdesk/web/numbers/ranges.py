"""Which days and whose figures a page, a file or a program asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from helpdesk.insights.numbers.figure_sums import Dimension
from helpdesk.insights.numbers.report import ReportRange, ReportSlice
from store.errors import Invalid

#: Days that can be chosen with one click, ending with today.
PERIODS = (7, 28, 90, 365)
DEFAULT_DAYS = 28
#: What a page can be told apart by.
BREAKDOWNS = (
    Dimension.CHANNEL,
    Dimension.TOPIC,
    Dimension.LANGUAGE,
    Dimension.TEAM,
    Dimension.AGENT,
    Dimension.ARTICLE,
)
_MAX_VALUE_LENGTH = 128
#: Dimensions that lists of the desk can be filtered by.
_FILTERED = frozenset({Dimension.CHANNEL, Dimension.TOPIC, Dimension.LANGUAGE, Dimension.TEAM, Dimension.AGENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersQuery:
    """What is asked for: days, a slice, and what it is told apart by. `period` is set for the last days up to today."""

    range: ReportRange
    slice: ReportSlice
    by: Dimension
    period: int | None

    def address(self, **changes: str | None) -> str:
        """The query of the same page with something changed; `None` leaves a part out."""
        span = (
            {"days": str(self.period)}
            if self.period
            else {"from": self.range.first.isoformat(), "to": self.range.last.isoformat()}
        )
        chosen = {"of": str(self.slice.dimension), "value": self.slice.value}
        parts: dict[str, str | None] = {
            **span,
            "by": str(self.by),
            **(chosen if self.slice.dimension is not Dimension.ALL else {}),
            **changes,
        }
        if "from" in changes or "days" in changes:
            parts = {k: v for k, v in parts.items() if k in changes or k not in {"days", "from", "to"}}
        return "?" + urlencode({name: value for name, value in parts.items() if value is not None})

    def desk_address(self, chosen: ReportSlice | None = None, **filters: str) -> str | None:
        """The desk's list of the conversations with a line in these days; `None` where it can't be narrowed so."""
        one = chosen or self.slice
        wanted = {"view": "all", "period": "days", "from": str(self.range.first), "to": str(self.range.last)}
        if one.dimension is not Dimension.ALL:
            if one.dimension not in _FILTERED or not one.value:
                return None
            wanted[str(one.dimension)] = one.value
        return "/desk?" + urlencode(wanted | filters)


def read_numbers_query(asked: Mapping[str, str], today: date) -> NumbersQuery:
    """What a request asks for; the last four weeks by channel unless it says otherwise. Raises `Invalid`."""
    first, last = _day(asked, "from"), _day(asked, "to")
    period = None
    if first is None and last is None:
        period = _period(asked.get("days"))
        first, last = today - timedelta(days=period - 1), today
    dimension = _dimension(asked.get("of"), "of") or Dimension.ALL
    value = asked.get("value", "")[:_MAX_VALUE_LENGTH] if dimension is not Dimension.ALL else ""
    by = _dimension(asked.get("by"), "by") or Dimension.CHANNEL
    return NumbersQuery(
        range=ReportRange(first=first or last or today, last=last or today),
        slice=ReportSlice(dimension=dimension, value=value),
        by=Dimension.CHANNEL if by is Dimension.ALL else by,
        period=period,
    )


def _day(asked: Mapping[str, str], name: str) -> date | None:
    if not (written := asked.get(name)):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid(f'"{name}": expected a day such as 2026-11-29.') from error


def _period(written: str | None) -> int:
    if written is None:
        return DEFAULT_DAYS
    if not written.isascii() or not written.isdigit() or len(written) > 3 or not int(written):
        raise Invalid('"days": expected a number of days.')
    return int(written)


def _dimension(written: str | None, name: str) -> Dimension | None:
    if not written:
        return None
    if written not in set(Dimension):
        raise Invalid(f'"{name}": expected one of {", ".join(Dimension)}.')
    return Dimension(written)
