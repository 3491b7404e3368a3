"""What a confidence is worth: learnt from exams, and sound where there are none."""

import numpy as np
import pytest

from knowledge.search.calibration import MIN_QUESTIONS, USUAL, CalibrationSample, ConfidenceSigns, calibrate

WEAK = ConfidenceSigns(margin=0.1, nearness=0.2, head=0.1)
STRONG = ConfidenceSigns(margin=4.0, nearness=0.9, head=0.9)


def _heard(signs: ConfidenceSigns, *, right: bool, outside: bool = False, times: int = 1) -> list[CalibrationSample]:
    return [CalibrationSample(signs=signs, right=right, outside=outside)] * times


def _spread(count: int, seed: int) -> list[ConfidenceSigns]:
    random = np.random.default_rng(seed)
    drawn = zip(random.uniform(0, 5, count), random.uniform(0, 1, count), random.uniform(0, 1, count), strict=True)
    return [
        ConfidenceSigns(margin=float(margin), nearness=float(near), head=float(head)) for margin, near, head in drawn
    ]


def test_confidence_grows_with_each_sign() -> None:
    assert USUAL.confidence(WEAK) < 0.3 < 0.9 < USUAL.confidence(STRONG)
    assert min(USUAL.margin, USUAL.nearness, USUAL.head) > 0


def test_too_few_questions_change_nothing() -> None:
    heard = _heard(STRONG, right=False, times=MIN_QUESTIONS - 1) + _heard(WEAK, right=False, outside=True, times=500)
    assert calibrate(heard, phrasings=30) == USUAL


def test_where_the_signs_mislead_confidence_is_lower() -> None:
    heard = _heard(STRONG, right=True, times=300) + _heard(STRONG, right=False, times=300)
    assert calibrate(heard, phrasings=30).confidence(STRONG) == pytest.approx(0.5, abs=0.1)


def test_few_phrasings_an_article_are_believed_less() -> None:
    heard = _heard(STRONG, right=True, times=100) + _heard(STRONG, right=False, times=100)
    assert calibrate(heard, phrasings=30).confidence(STRONG) < calibrate(heard, phrasings=3).confidence(STRONG)


def test_how_many_questions_from_outside_are_asked_does_not_matter() -> None:
    inside = [CalibrationSample(signs=signs, right=signs.head > 0.3, outside=False) for signs in _spread(400, seed=1)]
    outside = [CalibrationSample(signs=signs, right=False, outside=True) for signs in _spread(40, seed=2)]
    once, often = calibrate(inside + outside, phrasings=30), calibrate(inside + 5 * outside, phrasings=30)
    for signs in (WEAK, STRONG):
        assert once.confidence(signs) == pytest.approx(often.confidence(signs), abs=0.05)


def test_of_what_is_said_with_a_confidence_so_many_are_right() -> None:
    random = np.random.default_rng(3)
    told = USUAL.__class__(constant=-4, margin=0.3, nearness=1, head=5)
    heard = [
        CalibrationSample(signs=signs, right=bool(random.random() < told.confidence(signs)), outside=False)
        for signs in _spread(3000, seed=4)
    ]
    learnt = calibrate(heard, phrasings=30)
    off = [abs(learnt.confidence(each.signs) - told.confidence(each.signs)) for each in heard]
    assert float(np.mean(off)) < 0.04
