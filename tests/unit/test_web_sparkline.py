"""Small drawings: sizes only."""

import pytest

from helpdesk.web.shared.chart import BOTTOM, HEIGHT
from helpdesk.web.shared.sparkline import draw_shares, draw_sparkline


def test_the_tallest_day_fills_the_line_and_an_empty_one_is_still_seen() -> None:
    line = draw_sparkline([0, 2, 4])
    heights = [height for _, _, _, height in line.bars]
    assert heights == [1.5, 14, 28]
    assert all(y + height == pytest.approx(line.height) for _, y, _, height in line.bars)


def test_the_two_halves_tell_the_trend() -> None:
    line = draw_sparkline([1, 2, 3, 4, 5])
    assert (line.before, line.recent) == (3, 12)
    assert (draw_sparkline([]).bars, draw_sparkline([]).recent) == ((), 0)


def test_the_parts_of_a_day_stand_on_each_other_and_fill_it() -> None:
    shares = draw_shares([("1.", (3, 1)), ("2.", (0, 0))])
    first, empty = shares.columns
    assert first.parts[0].y + first.parts[0].height == pytest.approx(HEIGHT - BOTTOM)
    assert first.parts[1].y + first.parts[1].height == pytest.approx(first.parts[0].y, abs=0.2)
    assert first.parts[1].y == pytest.approx(8)
    assert (first.share(0), empty.share(0), [part.height for part in empty.parts]) == (75, 0, [0, 0])
    assert (shares.total, shares.share(1)) == (4, 25)


def test_every_second_day_is_named_and_the_last_always() -> None:
    assert [column.named for column in draw_shares([(str(day), (1,)) for day in range(4)]).columns] == [
        False,
        True,
        False,
        True,
    ]
