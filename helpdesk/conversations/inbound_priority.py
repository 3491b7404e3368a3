"""Backpressure: while many messages arrive, workers pause so that storing them stays fast."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: Messages that may be on their way in while workers go on.
MAX_ARRIVING = 2
#: A burst that doesn't end must not stop the answers.
WAIT_TIMEOUT_SECONDS = 0.5


class InboundPriority:
    """Counts the messages that are being stored. One for each instance."""

    def __init__(self) -> None:
        self._arriving = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """One message is being stored until the block ends."""
        self._arriving += 1
        if self._arriving > MAX_ARRIVING:
            self._calm.clear()
        try:
            yield
        finally:
            self._arriving -= 1
            if self._arriving <= MAX_ARRIVING:
                self._calm.set()

    async def calm(self) -> bool:
        """Wait until few messages arrive, or for `WAIT_TIMEOUT_SECONDS`; whether it is calm then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_TIMEOUT_SECONDS):
                await self._calm.wait()
        return self._calm.is_set()
