"""The overview's chart."""

import pytest

from helpdesk.web.shared.chart import BOTTOM, HEIGHT, LEFT, WIDTH, draw_chart, nice_top


@pytest.mark.parametrize(("most", "top"), [(0, 4), (4, 4), (5, 10), (11, 20), (41, 60), (99, 100), (101, 200)])
def test_the_axis_ends_at_a_round_number(most: int, top: int) -> None:
    assert nice_top(most) == top


def test_bars_stay_inside_and_the_part_inside_its_bar() -> None:
    chart = draw_chart([(f"{n}.", n * 3, n) for n in range(14)])
    for bar in chart.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.part_y <= HEIGHT - BOTTOM
        assert bar.part_y + bar.part_height == pytest.approx(HEIGHT - BOTTOM)
    assert chart.bars[-1].named


def test_more_handoffs_than_conversations_do_not_burst_a_bar() -> None:
    (bar,) = draw_chart([("1.", 2, 5)]).bars
    assert bar.part_height == bar.height


def test_no_days_make_an_empty_chart() -> None:
    assert draw_chart([]).bars == ()
