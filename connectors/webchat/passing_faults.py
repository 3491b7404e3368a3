"""Faults that pass: the helpdesk could not read or store something just now. No socket is closed for one."""

import asyncio
from collections.abc import Awaitable, Callable
from random import random

MIN_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 8.0
RETRY_AFTER_SECONDS = 3


def is_passing(error: BaseException) -> bool:
    """Whether the same call may succeed in a moment."""
    return getattr(error, "code", None) == "unavailable"


async def persist(work: Callable[[], Awaitable[None]]) -> None:
    """Do it, again and again with growing pauses while the fault is one that passes. Raises every other."""
    longest = MIN_PAUSE_SECONDS
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_passing(error):
                raise
        await asyncio.sleep(longest * (0.5 + random() / 2))
        longest = min(2 * longest, MAX_PAUSE_SECONDS)
