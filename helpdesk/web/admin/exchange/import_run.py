"""Bringing a file in, told step by step: what is stored, then how far its questions can be answered from."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from knowledge.formats.import_plan import ImportPlan, ImportResult, apply_plan
from knowledge.search.library import Library
from store.db import Database
from store.errors import Unavailable

log = structlog.get_logger()

_TOLD_EVERY = 0.25  # seconds
_EMBEDDED_AT_ONCE = 64
_WAITED_FOR = 2_000
"""Texts that whoever imports waits for: some twenty seconds. More are prepared while they go on."""
_LEARNT_WITH = 300
"""Articles up to which it is waited until all is learnt: some two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStage:
    """How far an import is: `stage` is `storing`, `preparing` or `learning`; without a `total` nobody knows."""

    stage: str
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class ImportRuns:
    """Imports under way. One goes on when whoever began it closes the page."""

    db: Database
    library: Library
    _running: set[asyncio.Task[ImportResult]] = field(default_factory=set)

    async def run(
        self, plan: ImportPlan, *, by: str, as_drafts: bool = False
    ) -> AsyncGenerator[ImportStage | ImportResult]:
        """The stages, and the result when questions are answered from it.

        Raises `Conflict` and `Unavailable` while it is stored; once it is, the library catches up by itself.
        """
        stored = 0

        def note(done: int) -> None:
            nonlocal stored
            stored = done

        task = asyncio.create_task(apply_plan(self.db, plan, by=by, as_drafts=as_drafts, report=note))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        while not task.done():
            yield ImportStage(stage="storing", done=stored, total=plan.work)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(task), _TOLD_EVERY)
        result = task.result()
        if not as_drafts:
            try:
                async for stage in self._prepare():
                    yield stage
            except Unavailable:
                log.warning("import.database_away", new=result.new, changed=result.changed)
        yield result

    async def _prepare(self) -> AsyncIterator[ImportStage]:
        """Until questions find the articles by their meaning, unless that takes long."""
        await self.library.refresh()
        total = len(self.library.snapshot.waiting)
        while (left := len(self.library.snapshot.waiting)) > 0 and total <= _WAITED_FOR:
            yield ImportStage(stage="preparing", done=total - left, total=total)
            await self.library.embed(most=_EMBEDDED_AT_ONCE)
            if len(self.library.snapshot.waiting) == left:
                return  # the embedder fails; words alone find the rest
        if total <= _WAITED_FOR and len(self.library.snapshot.entries) <= _LEARNT_WITH:
            yield ImportStage(stage="learning")
            await self.library.learn()
