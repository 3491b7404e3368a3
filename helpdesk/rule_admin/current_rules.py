"""The rules that hold at this moment, for every turn: kept in memory, the same on every instance."""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from helpdesk.handoff.rules import Rules
from helpdesk.rule_admin.rule_sets import RuleSetView, load_newest
from store.db import Database
from store.errors import Unavailable
from store.freshness import Freshness

log = structlog.get_logger()

#: Seconds until a change is looked for of which nothing was heard.
FRESH_FOR = 20.0


class CurrentRules:
    """`await rules_in_force()` gives the rules. A change that is announced holds at once."""

    def __init__(self, db: Database, *, clock: Callable[[], float] = monotonic) -> None:
        self.db = db
        self._known: RuleSetView | None = None
        self._is_fresh = Freshness(db.feed, ("rule_sets",), seconds=FRESH_FOR, clock=clock)
        self._reading = asyncio.Lock()

    async def __call__(self) -> Rules:
        """The rules. With a database that is away the last known ones. Raises `Unavailable` when there are none."""
        return (await self.look()).rules

    async def look(self) -> RuleSetView:
        """The same with revision, author and time."""
        if self._known is not None and self._is_fresh:
            return self._known
        async with self._reading:
            if self._known is None or not self._is_fresh:
                self._known = await self._read(self._known)
            return self._known

    async def _read(self, known: RuleSetView | None) -> RuleSetView:
        mark = self._is_fresh.begin()
        try:
            found = await load_newest(self.db)
        except Unavailable:
            if known is None:
                raise
            log.warning("rules.database_away", revision=known.revision)
            return known
        self._is_fresh.renew(mark)
        return found
