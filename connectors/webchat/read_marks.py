"""How far the customer has read: of many marks in a second the last one is kept, the others cost nothing."""

import asyncio
from collections.abc import Awaitable, Callable

from connectors.webchat.passing_faults import is_passing

EVERY_SECONDS = 1.0


class ReadMarks:
    """The `seen` frames of one open chat."""

    def __init__(self, keep: Callable[[int], Awaitable[None]]) -> None:
        self._keep = keep
        self._seq = 0
        self._news = asyncio.Event()

    def note(self, seq: int) -> None:
        """Everything up to `seq` was shown."""
        if seq > self._seq:
            self._seq = seq
            self._news.set()

    async def run(self) -> None:
        """Keep them until cancelled; a mark that can't be kept just now is made good by the next one."""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._keep(self._seq)
            except Exception as error:
                if not is_passing(error):
                    raise
            await asyncio.sleep(EVERY_SECONDS)
