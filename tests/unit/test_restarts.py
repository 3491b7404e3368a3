"""When a program that stopped is started again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.host.restarts import RestartPolicy, next_restart

EVEN = RestartPolicy(jitter=0)


def test_the_delay_doubles_with_every_failure_in_a_row() -> None:
    failures, delays = 0, []
    for _ in range(4):
        restart = next_restart(EVEN, failures=failures, ran_for=1, chance=0.5)
        failures = restart.failures
        delays.append(restart.delay)
    assert delays == [0.5, 1, 2, 4]


def test_a_good_while_earns_trust_again() -> None:
    assert next_restart(EVEN, failures=7, ran_for=60, chance=0.5).failures == 1
    assert next_restart(EVEN, failures=7, ran_for=60, chance=0.5).delay == 0.5
    assert next_restart(EVEN, failures=7, ran_for=59.9, chance=0.5).failures == 8


def test_the_delay_has_a_ceiling_however_often_it_fails() -> None:
    assert next_restart(EVEN, failures=100_000, ran_for=0, chance=0.5).delay == 30


def test_jitter_spreads_the_delay_around_its_middle() -> None:
    policy = RestartPolicy(first=10, jitter=0.2)
    delays = [next_restart(policy, failures=0, ran_for=0, chance=chance).delay for chance in (0.0, 0.5, 1.0)]
    assert delays == pytest.approx([8, 10, 12])


@given(failures=st.integers(0, 10_000), ran_for=st.floats(0, 1e9), chance=st.floats(0, 1, exclude_max=True))
def test_a_restart_is_never_immediate_and_never_late(failures: int, ran_for: float, chance: float) -> None:
    restart = next_restart(RestartPolicy(), failures=failures, ran_for=ran_for, chance=chance)
    assert 0.4 <= restart.delay <= 36
    assert 1 <= restart.failures <= failures + 1
