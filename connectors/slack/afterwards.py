"""What need not be done before Slack hears its 200. Its failures cost comfort only."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from connectors.base import RetryLater, Unclear
from connectors.slack.calling import Refused

log = logging.getLogger(__name__)

MOST = 200  # tasks in the background
_WITHIN = 20.0  # seconds


class Afterwards:
    """Holds the tasks in the background."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        """Do `work` in the background, unless there is too much of it already."""
        if len(self._tasks) >= MOST:
            log.warning("slack: too busy for %s", what)
            work.close()
            return
        task = asyncio.create_task(_quietly(work, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for what has been started."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def _quietly(work: Coroutine[Any, Any, Any], what: str) -> None:
    try:
        async with asyncio.timeout(_WITHIN):
            await work
    except (Refused, RetryLater, Unclear) as error:
        log.info("slack: %s was refused (%s)", what, error)
    except Exception as error:
        log.warning("slack: %s failed (%s)", what, type(error).__name__)
