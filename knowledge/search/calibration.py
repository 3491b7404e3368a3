"""What a confidence is read from, and what was learnt about how far these signs can be trusted."""

import math
from dataclasses import asdict, dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

MIN_QUESTIONS = 50
"""Exam questions, with an answer each, from which a knowledge base tells more about itself than others do."""

CLEAR = 2.0
"""A lead that says nothing more when it grows: of a question from outside, too, some article may be far ahead."""

_OUTSIDE = 0.05
_PRIOR = np.array([10.0, 20.0, 20.0, 20.0])
_ENOUGH_PHRASINGS = 20
_MIN_VARIANCE = 0.01


_OUTCOME_BY_TEXT = (0.1, 0.2)
"""Weights of the text between which its own thresholds take over from those of the phrasings."""
_CONFIDENCE_BY_TEXT = (0.15, 0.35)
"""The same for the confidence itself: beside a short text, a title that is a whole question tells most of it."""
_FEW_ARTICLES = 8
"""Up to so many, the signs of phrasings tell nothing: they don't know that one is far ahead where there is no other."""
_SHARE_FLOOR = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSigns:
    """What tells, where articles have no phrasings, whether the right one is among some: the first alone, or three."""

    share: float = 0.0
    """What the judges together give to them, of all."""
    nearness: float = 0.0
    """How far the nearest of their passages is above what lies near to anything, in standard deviations."""
    background: float = 0.0
    """Cosine of the question to the nearest sentence that no article is about."""
    fewness: float = 0.0
    """One divided by the number of articles: the only one there is comes first whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceSigns:
    """What the confidence of the first place is read from."""

    margin: float
    """How far the second is behind, as a difference of log-shares; at most `CLEAR`."""
    nearness: float
    """Cosine of the question to the nearest phrasing of the first article, in what all languages share of the space."""
    head: float
    """The probability that the head gives to the first article, and not to the background."""
    text: float = 0.0
    """How much the text of the first article counts beside its phrasings."""
    text_of_first: TextSigns = TextSigns()
    text_of_choices: TextSigns = TextSigns()
    """Of the first three together, which are what is offered."""

    @property
    def text_alone(self) -> float:
        """From 0 to 1: how far it is judged by the text, and not by phrasings, what is answered and offered."""
        return _place_between(self.text, *_OUTCOME_BY_TEXT)

    @property
    def confidence_by_text(self) -> float:
        """From 0 to 1: how far the text, and not the phrasings, tells what the confidence is."""
        where_few = self.text_alone * min(_FEW_ARTICLES * self.text_of_first.fewness, 1.0)
        return max(_place_between(self.text, *_CONFIDENCE_BY_TEXT), where_few)


def _place_between(value: float, lower: float, upper: float) -> float:
    return min(max((value - lower) / (upper - lower), 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic regression over `ConfidenceSigns`, and what nearness to a passage is by chance."""

    constant: float
    margin: float
    nearness: float
    head: float
    chance_mean: float = 0.14
    """Cosine of a sentence that no article is about to the nearest passage of all: the more passages, the higher."""
    chance_deviation: float = 0.045
    """Its standard deviation over such sentences."""

    def confidence(self, signs: ConfidenceSigns) -> float:
        """The probability that the first place is right.

        An article that its text alone tells of has no phrasings to hold exams with: what holds for others has to do.
        """
        odds = self.constant + self.margin * signs.margin + self.nearness * signs.nearness + self.head * signs.head
        by_text = signs.confidence_by_text
        both = (1 - by_text) * odds + by_text * _FIRST.log_odds(signs.text_of_first)
        return 1 / (1 + math.exp(-both))

    def beyond_chance(self, cosine: float) -> float:
        """How many standard deviations the nearest passage is nearer than it is to what no article is about."""
        return (cosine - self.chance_mean) / self.chance_deviation

    def as_floats(self) -> dict[str, float]:
        """The coefficients by name, to be kept; `Calibration(**floats)` is the same again."""
        return asdict(self)


USUAL = Calibration(constant=-2.27, margin=0.69, nearness=2.06, head=3.31)
"""What holds for most knowledge bases: used where there is too little to learn from, and the start where there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCalibration:
    """A logistic regression over `TextSigns`."""

    constant: float
    share: float
    nearness: float
    background: float
    fewness: float

    def log_odds(self, signs: TextSigns) -> float:
        """That the right article is among those that the signs are of."""
        share = math.log(signs.share / (1 - signs.share + _SHARE_FLOOR) + _SHARE_FLOOR)
        near = self.nearness * signs.nearness + self.background * signs.background
        return self.constant + self.share * share + near + self.fewness * signs.fewness


_FIRST = TextCalibration(constant=-0.64, share=0.41, nearness=0.25, background=-3.03, fewness=-2.39)
_CHOICES = TextCalibration(constant=-0.18, share=0.35, nearness=0.31, background=-4.07, fewness=-2.68)
"""Both learnt over such knowledge bases: docs/decisions/0005-finding-the-answer.md."""


def chance_of_choices(signs: ConfidenceSigns) -> float:
    """The probability that the right article is among the first three, by what the texts tell."""
    return 1 / (1 + math.exp(-_CHOICES.log_odds(signs.text_of_choices)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSample:
    """What came of one exam question."""

    signs: ConfidenceSigns
    right: bool
    """Whether the right article came first."""
    outside: bool
    """Whether its article had been taken away, so that nothing could be right."""


def calibrate(heard: list[CalibrationSample], phrasings: float, usual: Calibration = USUAL) -> Calibration:
    """What is most likely after these exams, starting from `usual`; `phrasings` is the mean number of an article.

    Questions from outside count as `_OUTSIDE` of all, however many were asked. Where an article has few phrasings,
    holding some back makes an exam harder than life, so they count less.
    """
    outside = np.array([each.outside for each in heard], bool)
    if (~outside).sum() < MIN_QUESTIONS:
        return usual
    rows = np.array([[1, each.signs.margin, each.signs.nearness, each.signs.head] for each in heard])
    worth = np.where(outside, _OUTSIDE / max(outside.mean(), 1e-9), (1 - _OUTSIDE) / (1 - outside.mean()))
    worth *= min(1, phrasings / _ENOUGH_PHRASINGS)
    start = np.array([usual.constant, usual.margin, usual.nearness, usual.head])
    hold = _PRIOR * np.array([1, *np.maximum(rows[:, 1:].var(axis=0), _MIN_VARIANCE)])
    found = _fit(rows, np.array([each.right for each in heard], float), worth, start, hold)
    constant, margin, nearness, head = (round(value, 4) for value in found.tolist())
    return replace(usual, constant=constant, margin=margin, nearness=nearness, head=head)


def _fit(rows: Floats, right: Floats, worth: Floats, start: Floats, hold: Floats) -> Floats:
    """A logistic regression that `hold` (a precision each) keeps near `start`."""
    from scipy.optimize import minimize  # a second of start, for learning alone
    from scipy.special import expit

    def loss_and_slope(found: Floats) -> tuple[float, Floats]:
        odds, moved = rows @ found, found - start
        loss = worth @ (np.logaddexp(0, odds) - right * odds) + 0.5 * hold @ moved**2
        return float(loss), rows.T @ (worth * (expit(odds) - right)) + hold * moved

    return cast(Floats, minimize(loss_and_slope, start, jac=True, method="L-BFGS-B").x)
