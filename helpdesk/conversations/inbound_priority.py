"""Who stands at the door goes first: in a burst, storing what customers write comes before answering it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FEW = 2
"""Messages that may be on their way in while other work goes on."""
PATIENCE = 0.5
"""Seconds that other work waits at most: a burst that doesn't end must not stop the answers."""


class InboundPriority:
    """Counts what is on its way in. One for each instance."""

    def __init__(self) -> None:
        self._inside = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """One message comes in until the block ends."""
        self._inside += 1
        if self._inside > FEW:
            self._calm.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if self._inside <= FEW:
                self._calm.set()

    async def calm(self) -> bool:
        """Wait until few messages are on their way in, or for `PATIENCE`; whether it is calm then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._calm.wait()
        return self._calm.is_set()
