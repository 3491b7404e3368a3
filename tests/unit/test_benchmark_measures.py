"""The measures of a search count what they say."""

import pytest

from benchmarks.measures import (
    ScoredQuestion,
    accuracy,
    calibration_error,
    kept_accuracy,
    outside_recall,
    share_inside,
    share_outside,
)


def _judged(expected: str | None, first: str, confidence: float, outcome: str) -> ScoredQuestion:
    return ScoredQuestion(language="de", expected=expected, first=first, confidence=confidence, outcome=outcome)


JUDGED = [
    _judged("a", "a", 0.9, "answer"),
    _judged("a", "a", 0.3, "none"),
    _judged("b", "a", 0.6, "answer"),
    _judged("b", "b", 0.5, "clarify"),
    _judged(None, "a", 0.2, "none"),
    _judged(None, "b", 0.7, "answer"),
]


def test_only_questions_with_an_article_can_have_the_right_one_first() -> None:
    assert accuracy(JUDGED) == pytest.approx(3 / 4)


def test_a_right_article_behind_none_is_of_no_use() -> None:
    assert kept_accuracy(JUDGED) == pytest.approx(2 / 4)


def test_outside_is_recognised_by_none() -> None:
    assert outside_recall(JUDGED) == pytest.approx(1 / 2)


def test_a_question_from_outside_counts_as_a_wrong_answer_in_the_calibration() -> None:
    assert calibration_error([_judged(None, "a", 0.8, "answer")] * 10) == pytest.approx(0.8)
    assert calibration_error([_judged("a", "a", 1.0, "answer")] * 10) == pytest.approx(0)


def test_who_is_answered_rightly_or_finds_the_article_among_three_choices_is_helped() -> None:
    chosen = ScoredQuestion(
        language="de", expected="a", first="b", confidence=0.4, outcome="clarify", others=("c", "d"), also=("d",)
    )
    assert chosen.near
    assert chosen.helped
    assert not chosen.right
    assert share_inside([*JUDGED, chosen], lambda each: each.helped) == pytest.approx(3 / 5)
    assert share_outside(JUDGED, "answer") == pytest.approx(1 / 2)
