"""What may be used once."""

from typing import Protocol


class Nonces(Protocol):
    """Remembers for a day which values were used, for all instances together."""

    async def use(self, nonce: str) -> bool:
        """Whether `nonce` is used for the first time."""
        ...
