"""Whether one conversation is asked for too much, or the whole account: a channel's 429 doesn't say which."""

from collections import deque
from time import monotonic

_LANES, _SECONDS = 3, 5.0


class FloodHistory:
    """The refusals of the last seconds, of all accounts of a channel."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, str, str]] = deque(maxlen=100)

    def note(self, account: str, lane: str) -> bool:
        """Count a refusal; True when so many of the account's lanes refuse at once that all of it had better pause."""
        time = monotonic()
        self._seen.append((time, account, lane))
        return len({other for at, whose, other in self._seen if whose == account and time - at < _SECONDS}) >= _LANES
