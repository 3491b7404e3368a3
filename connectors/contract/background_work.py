"""What need not be done before a channel hears its acknowledgement. Its failures cost comfort only."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)

MAX_TASKS = 200  # tasks in the background
WITHIN = 20.0  # seconds


class BackgroundWork:
    """Holds the tasks in the background. `refusals` are what the channel may well say no with: that is no fault."""

    def __init__(self, channel: str, *refusals: type[Exception]) -> None:
        self._channel = channel
        self._refusals = refusals
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        """Do `work` in the background, unless there is too much of it already."""
        if len(self._tasks) >= MAX_TASKS:
            log.warning("%s: too busy for %s", self._channel, what)
            work.close()
            return
        task = asyncio.create_task(self._quietly(work, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for what has been started."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _quietly(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                await work
        except self._refusals as error:
            log.info("%s: %s was refused (%s)", self._channel, what, type(error).__name__)
        except Exception as error:
            log.warning("%s: %s failed (%s)", self._channel, what, type(error).__name__)
