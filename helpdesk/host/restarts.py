"""When a program that has stopped is started again. Pure: the clock and the dice come from the caller."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """Delays in seconds. A program that ran for `steady_after` is trusted again and starts from `first`."""

    first: float = 0.5
    factor: float = 2.0
    ceiling: float = 30.0
    jitter: float = 0.2
    steady_after: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """What to do about one stop: wait `delay` seconds; it was stop number `failures` in a row."""

    delay: float
    failures: int


def next_restart(policy: RestartPolicy, *, failures: int, ran_for: float, chance: float) -> Restart:
    """`failures` in a row before this stop; `ran_for` seconds; `chance` in [0, 1) spreads restarts of many machines."""
    failures = 1 if ran_for >= policy.steady_after else failures + 1
    # 2 ** 64 is past every ceiling; the bound keeps the power a finite number.
    delay = min(policy.ceiling, policy.first * policy.factor ** min(failures - 1, 64))
    return Restart(delay=delay * (1 + policy.jitter * (2 * chance - 1)), failures=failures)
