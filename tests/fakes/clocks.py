"""The vendors' clocks, scaled, for every channel's fake: what takes minutes there takes moments in a test."""

import asyncio
import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryClock:
    """When a vendor repeats what wasn't acknowledged: after `steps` seconds, then randomly within `last`.

    `scale` is how many of our seconds one of the vendor's takes.
    """

    steps: Sequence[float]
    last: tuple[float, float] | None = None
    scale: float = 1.0

    def delays(self) -> Iterator[float]:
        """Our seconds before each repetition; ends where the vendor gives up."""
        for step in self.steps:
            yield step * self.scale
        while self.last is not None:
            yield random.uniform(*self.last) * self.scale

    async def wait(self, seconds: float) -> None:
        """Sleep for some of the vendor's seconds."""
        await asyncio.sleep(seconds * self.scale)


@dataclass(slots=True)
class Window:
    """Counts what comes within the last `seconds`, in real seconds, for limits are kept in real seconds."""

    count: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)
    most: int = 0

    def take(self) -> float | None:
        """Count one more; the seconds to wait when that is one too many, which is then not counted."""
        time = monotonic()
        while self.taken and self.taken[0] <= time - self.seconds:
            self.taken.popleft()
        if len(self.taken) >= self.count:
            return self.taken[0] + self.seconds - time
        self.taken.append(time)
        self.most = max(self.most, len(self.taken))
        return None
