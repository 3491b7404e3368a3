"""The circuit breaker of everything that is asked over HTTP: after some failures in a row it is left in peace."""

from circuitbreaker import CircuitBreaker

MAX_FAILURES = 5  # in a row
OPEN_SECONDS = 10.0


def make_breaker() -> CircuitBreaker:
    """A closed breaker that opens for `OPEN_SECONDS` after `MAX_FAILURES`; a call cut short by its deadline is one."""
    return CircuitBreaker(MAX_FAILURES, OPEN_SECONDS, expected_exception=(BaseException,))
