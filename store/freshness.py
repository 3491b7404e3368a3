"""Whether what is kept in memory still is what the tables hold: until they are written, and at most for a while."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from store.write_feed import WriteFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMark:
    """When a reading began, and how often its tables had been written before."""

    at: float
    writes: int


class Freshness:
    """Holds for `seconds` after a reading, unless one of the tables is written meanwhile, or was during the reading."""

    def __init__(
        self, feed: WriteFeed, tables: Iterable[str], *, seconds: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._writes = 0
        self._read: ReadMark | None = None
        feed.listen(tables, self._note_write)

    def __bool__(self) -> bool:
        read = self._read
        return read is not None and read.writes == self._writes and self._clock() - read.at < self._seconds

    def begin(self) -> ReadMark:
        """A reading begins."""
        return ReadMark(at=self._clock(), writes=self._writes)

    def renew(self, mark: ReadMark) -> None:
        """The reading that began with `mark` has ended well."""
        self._read = mark

    def _note_write(self) -> None:
        self._writes += 1
