"""A circuit breaker: who has failed several times in a row is left in peace for a while."""

from time import monotonic

OPEN_AFTER = 5  # failures in a row until the bot is left in peace
OPEN_FOR = 10.0  # seconds


class Breaker:
    """After `OPEN_AFTER` failures in a row nobody is sent into the wall for `OPEN_FOR` seconds; then one may try."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_again_at = 0.0

    def is_open(self) -> bool:
        """Whether asking now would be in vain."""
        return self._failures >= OPEN_AFTER and monotonic() < self._closed_again_at

    def succeeded(self) -> None:
        """The bot answered."""
        self._failures = 0

    def failed(self) -> None:
        """The bot did not."""
        self._failures += 1
        if self._failures >= OPEN_AFTER:
            self._closed_again_at = monotonic() + OPEN_FOR
