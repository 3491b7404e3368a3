"""The rules that hold at this moment, for every turn: read at most once a second, the same on every instance."""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from helpdesk.handoff.rules import Rules
from helpdesk.rule_admin.rule_sets import RuleSetView, load_newest
from store.db import Database
from store.errors import Unavailable

log = structlog.get_logger()

FRESH_FOR = 1.0  # seconds until a change that was saved anywhere is looked for


class CurrentRules:
    """`await rules_in_force()` gives the rules. A change on any instance holds here within `FRESH_FOR` seconds."""

    def __init__(self, db: Database, *, clock: Callable[[], float] = monotonic) -> None:
        self.db = db
        self._clock = clock
        self._known: RuleSetView | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def __call__(self) -> Rules:
        """The rules. With a database that is away the last known ones. Raises `Unavailable` when there are none."""
        return (await self.look()).rules

    async def look(self) -> RuleSetView:
        """The same with revision, author and time."""
        if self._known is not None and self._clock() - self._read_at < FRESH_FOR:
            return self._known
        async with self._reading:
            if self._known is None or self._clock() - self._read_at >= FRESH_FOR:
                await self._read()
        assert self._known is not None  # noqa: S101 - `_read` sets it or raises
        return self._known

    async def _read(self) -> None:
        began = self._clock()
        try:
            found = await load_newest(self.db)
        except Unavailable:
            if self._known is None:
                raise
            log.warning("rules.database_away", revision=self._known.revision)
        else:
            self._known = found
        self._read_at = began
