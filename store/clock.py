"""The time by which instances reckon leases, deadlines and expiries: the machine's, set by the database's.

Machines disagree, by seconds or, when one is set wrong, by hours; one instance would take another's work from under it.
All of them ask the same database, so its clock is theirs. Only PostgreSQL has one; with SQLite there is one machine.
"""

from datetime import UTC, datetime, timedelta

import structlog

log = structlog.get_logger()

#: A machine that is no further away than this keeps its own time: asking takes time too.
MAX_SKEW = timedelta(seconds=1)


class SharedClock:
    """The machine's clock and how far it is from the database's. One for a process, as the machine's own is."""

    def __init__(self) -> None:
        self._correction = timedelta()

    @property
    def correction(self) -> timedelta:
        """What is added to the machine's time; zero as long as both agree."""
        return self._correction

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return datetime.now(UTC) + self._correction

    def set_by(self, theirs: datetime, asked: datetime, answered: datetime) -> None:
        """Take over the database's time, which it told between two times of the machine (`datetime.now(UTC)`)."""
        skew = theirs - (asked + (answered - asked) / 2)
        correction = skew if abs(skew) > MAX_SKEW else timedelta()
        if abs(correction - self._correction) > MAX_SKEW:
            log.warning("clock.set", seconds=round(correction.total_seconds(), 1))
        self._correction = correction


CLOCK = SharedClock()
