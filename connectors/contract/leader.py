"""Which of several instances does what only one may do."""

from collections.abc import Awaitable, Callable
from typing import Protocol


class Leader(Protocol):
    """Among several instances one at a time does what must not be done twice."""

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` while this instance leads `name`, again and again; cancels it when the lead is lost."""
        ...
