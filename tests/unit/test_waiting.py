"""What a waiting customer is told about the wait."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from helpdesk.conversations.waiting.wait_words import say_range
from helpdesk.handoff.wait_estimate import PastWait, WaitRange, expect
from helpdesk.handoff.wait_notice import WaitNotice, changed_enough, rounded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def minutes(low: float, high: float) -> WaitRange:
    return WaitRange(low=timedelta(minutes=low), high=timedelta(minutes=high))


def past(waited: float, *, position: int = 1, agents: int = 4, ago: float = 10) -> PastWait:
    accepted = NOW - timedelta(minutes=ago)
    return PastWait(
        asked_at=accepted - timedelta(minutes=waited), accepted_at=accepted, position=position, agents=agents
    )


def test_without_experience_there_is_no_range() -> None:
    assert expect(1, 4, [], NOW) is None
    assert expect(1, 4, [past(3)] * 3, NOW) is None


def test_without_agents_there_is_no_range() -> None:
    assert expect(1, 0, [past(3)] * 50, NOW) is None


def test_the_range_holds_most_of_the_waits_it_was_learnt_from() -> None:
    random = Random(5)
    waits = [random.expovariate(1 / 4) for _ in range(40)]
    range_ = expect(1, 4, [past(wait) for wait in waits], NOW)
    assert range_ is not None
    inside = [range_.low <= timedelta(minutes=wait) <= range_.high for wait in waits]
    assert sum(inside) >= 0.8 * len(waits)


def test_who_stands_further_back_waits_longer_and_more_agents_make_it_shorter() -> None:
    known = [past(2 * place, position=place) for place in range(1, 11) for _ in range(5)]
    near, far, helped = expect(2, 4, known, NOW), expect(8, 4, known, NOW), expect(8, 8, known, NOW)
    assert near is not None
    assert far is not None
    assert helped is not None
    assert near.high < far.low
    assert helped.high < far.high


def test_what_happened_lately_counts_more_than_what_was_hours_ago() -> None:
    known = [*(past(20, ago=300) for _ in range(100)), *(past(2, ago=5) for _ in range(40))]
    range_ = expect(1, 4, known, NOW)
    assert range_ is not None
    assert range_.high < timedelta(minutes=5)


def test_waits_that_have_not_ended_yet_are_not_known() -> None:
    assert expect(1, 4, [past(3, ago=-1)] * 50, NOW) is None


@pytest.mark.parametrize(
    ("range_", "german", "english"),
    [
        (minutes(0.1, 0.7), "weniger als eine Minute", "less than a minute"),
        (minutes(0.5, 1.9), "weniger als 2 Minuten", "less than 2 minutes"),
        (minutes(3.2, 5.8), "etwa 3 bis 6 Minuten", "about 3 to 6 minutes"),
        (minutes(1.2, 1.3), "etwa 1 bis 2 Minuten", "about 1 to 2 minutes"),
        (minutes(31, 44), "eine halbe bis dreiviertel Stunde", "about 30 to 45 minutes"),
        (minutes(0, 29), "weniger als eine halbe Stunde", "less than half an hour"),
        (
            minutes(50, 80),
            "eine Dreiviertelstunde bis anderthalb Stunden",
            "three quarters of an hour to an hour and a half",
        ),
        (minutes(60, 999), "mehrere Stunden", "several hours"),
        (None, "noch nicht abzusehen", "hard to say yet"),
    ],
)
def test_a_range_is_said_as_people_say_it(range_: WaitRange | None, german: str, english: str) -> None:
    assert say_range(range_, "de") == german
    assert say_range(range_, "en") == english


def test_a_range_is_said_in_french() -> None:
    assert say_range(minutes(3, 6), "fr") == "environ 3 à 6 minutes"
    assert say_range(minutes(0, 25), "fr") == "moins de 25 minutes"
    assert say_range(minutes(45, 90), "fr") == "45 minutes à 1 h 30"


def test_rounding_never_narrows_a_range() -> None:
    random = Random(7)
    for _ in range(2000):
        low = random.expovariate(1 / 20)
        range_ = minutes(low, low + random.expovariate(1 / 20))
        told = rounded(range_)
        assert told.low <= range_.low
        assert told.high >= range_.high


def told(position: int = 8, range_: WaitRange | None = None, *, ago: float = 2) -> WaitNotice:
    return WaitNotice(position=position, range=range_ or minutes(8, 12), at=NOW - timedelta(minutes=ago))


@pytest.mark.parametrize(
    ("before", "range_", "position", "worth_it"),
    [
        (None, None, 5, True),  # nothing was told yet
        (told(ago=0.5), minutes(30, 60), 1, False),  # a moment ago
        (told(), minutes(6, 10), 8, False),  # as was said
        (told(), minutes(6, 10), 7, False),  # one step is no news at the back
        (told(), minutes(6, 10), 4, True),  # halved
        (told(3), minutes(6, 10), 2, True),  # each step is, at the front
        (told(2), minutes(6, 10), 3, False),  # somebody more urgent came; the range stands
        (told(), minutes(15, 25), 8, True),  # it takes longer than was said
        (told(), minutes(1, 3), 8, True),  # it goes faster
        (told(), None, 8, False),  # nothing new is known
        (told(ago=13), minutes(0, 1), 8, True),  # what was said has run out, even if it is nearly over
        (told(ago=13), None, 8, True),
    ],
)
def test_news_is_told_when_it_matters(
    before: WaitNotice | None, range_: WaitRange | None, position: int, worth_it: bool
) -> None:
    assert changed_enough(before, range_, position, NOW) is worth_it
