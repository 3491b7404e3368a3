"""So much at once, so much a second, for each of many: the limits that one instance keeps in its memory."""

from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic

REMEMBERED = 10_000  # keys; who has been quiet longest is forgotten first


@dataclass(slots=True, kw_only=True)
class TokenBuckets:
    """Each key may take `burst` at once and `per_second` in the long run."""

    burst: float
    per_second: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str, time: float | None = None) -> float:
        """Take one; 0 when it was there, otherwise the seconds until there is one."""
        time = monotonic() if time is None else time
        left, since = self._left.pop(key, (self.burst, time))
        left = min(self.burst, left + (time - since) * self.per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self.per_second
        self._left[key] = (left if wait else left - 1, time)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return wait
