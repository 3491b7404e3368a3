"""The figures on passing the baton: reasons ranked, waits that are true for the share of people they name."""

from datetime import date, timedelta

import pytest

from helpdesk.web.admin.overview.handoff_figures import DAYS, measure_waits, rank_reasons, share_of
from i18n import locale_of

FIRST = date(2026, 11, 11)


def minutes(*values: float) -> list[timedelta]:
    return [timedelta(minutes=value) for value in values]


@pytest.mark.parametrize(
    ("waits", "share", "expected"),
    [
        ((), 0.5, 0),
        ((0.1,), 0.5, 1),
        ((1, 2, 3, 4), 0.5, 2),
        (tuple(range(1, 11)), 0.9, 9),
        ((1,) * 9 + (60,), 0.9, 1),
        ((1,) * 8 + (60, 60), 0.9, 60),
    ],
)
def test_a_share_of_people_did_not_wait_longer(waits: tuple[float, ...], share: float, expected: int) -> None:
    assert share_of(minutes(*waits), share) == expected
    assert sum(wait <= expected for wait in waits) >= share * len(waits)


def test_each_day_has_its_own_two_figures() -> None:
    waited = [(FIRST, wait) for wait in minutes(1, 2, 30)] + [(FIRST + timedelta(days=13), timedelta(minutes=8))]
    waits = measure_waits(waited, FIRST, locale_of("de"))
    assert (waits.accepted, waits.median, waits.ninetieth, len(waits.chart.bars)) == (4, 2, 30, DAYS)
    assert [(bar.part, bar.total) for bar in waits.chart.bars if bar.total] == [(2, 30), (8, 8)]


def test_reasons_are_ranked_and_the_longest_bar_is_full() -> None:
    ranked = rank_reasons({"asked": 4, "abuse": 1, "sensitive": 4})
    assert [(one.kind, one.count, one.width) for one in ranked] == [
        ("asked", 4, 100.0),
        ("sensitive", 4, 100.0),
        ("abuse", 1, 25.0),
    ]
    assert rank_reasons({}) == ()
