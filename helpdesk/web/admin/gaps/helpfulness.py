"""An order of articles that is fair to small numbers: one bad word of one customer says little."""

import math
from collections.abc import Mapping

from helpdesk.insights.questions import ArticleFigures

MIN_SEEN = 3
"""Times an article has to be read before anything is said about it."""

_Z = 1.64  # one-sided 95 %


def least_helpful(figures: Mapping[str, ArticleFigures]) -> list[tuple[str, ArticleFigures]]:
    """The articles that failed at all, by what surely went wrong: the lower end of Wilson's interval of the share.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    judged = [(key, mine) for key, mine in figures.items() if mine.failed and mine.seen >= MIN_SEEN]
    return sorted(judged, key=lambda pair: (-at_least(pair[1].failed, pair[1].seen), -pair[1].seen, pair[0]))


def at_least(hits: int, of: int) -> float:
    """The share that `hits` out of `of` prove with 95 % certainty; 0 without any."""
    if not of:
        return 0.0
    share = min(hits, of) / of
    middle = share + _Z**2 / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return max(0.0, (middle - spread) / (1 + _Z**2 / of))
