"""A short day of the queue benchmark: the same every time, and nobody in limbo or with two owners."""

from dataclasses import replace
from time import process_time

import pytest

from benchmarks.queue import gini, owner_conflicts
from benchmarks.queue_simulation import DayOutcome, Simulation
from benchmarks.queue_world import make_world
from helpdesk.handoff.routing import route
from store.status import Event

SEED = 5


def simulation() -> Simulation:
    return Simulation(make_world(SEED, conversations=300, agents=6), route, SEED, process_time)


@pytest.fixture(scope="module")
def day() -> DayOutcome:
    return simulation().run()


def test_nobody_is_in_limbo_and_nobody_has_two_owners(day: DayOutcome) -> None:
    assert day.checks > 1000
    assert day.longest_limbo <= 15
    assert owner_conflicts(day) == 0


def test_a_day_is_the_same_each_time_and_the_judge_sees_who_is_forgotten(day: DayOutcome) -> None:
    again, forgetful = simulation(), simulation()
    forgetful.tell = lambda: None  # type: ignore[method-assign]
    assert again.run().journal == day.journal
    assert forgetful.run().longest_limbo > 15


def test_the_judge_sees_a_second_owner(day: DayOutcome) -> None:
    at, accepted = next(each for each in enumerate(day.journal) if each[1][2] == Event.ACCEPT)
    second = (accepted[0], accepted[1], Event.ACCEPT, "somebody else")
    assert owner_conflicts(replace(day, journal=[*day.journal[: at + 1], second, *day.journal[at + 1 :]])) == 1


def test_an_even_share_is_fair_and_one_with_everything_is_not() -> None:
    assert gini([3, 3, 3]) == 0
    assert gini([0, 0, 0, 8]) == 0.75
