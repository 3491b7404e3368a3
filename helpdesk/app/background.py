"""What goes on beside the requests, from the start of the app to its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from starlette.applications import Starlette

from helpdesk.app.components import AppComponents
from helpdesk.observability.change_hints import DESK
from helpdesk.views.visitor_chat import load_log_epoch
from knowledge.articles.publication_scheduler import PublicationScheduler
from store import migrate

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    parts: AppComponents = app.state.parts
    await migrate.upgrade_async(parts.db)
    parts.visitors.log_epoch = await load_log_epoch(parts.db)
    await parts.library.start()
    log.info("helpdesk.started", settings=parts.settings.shown())
    tasks = [asyncio.create_task(_guarded(name, work)) for name, work in _background(parts)]
    try:
        yield
    finally:
        parts.health.draining = True
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.gaps.close()
        await parts.rasa.close()
        await parts.rewording.close()
        if parts.redis is not None:
            await parts.redis.aclose()
        await parts.db.close()
        log.info("helpdesk.stopped")


def _background(parts: AppComponents) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """By name: what a log and an exit say when it broke."""
    return [
        ("turns", parts.turns.run),
        ("outbox", parts.outbox.run),
        ("wake", lambda: _wake(parts)),
        ("knowledge", parts.library.run),
        ("calendar", PublicationScheduler(parts.db).run),
        ("watch", lambda: parts.live.watch(parts.db)),
        ("relay", parts.live.relay),
        ("retention", parts.retention.run),
        ("watchdog", parts.watchdog.run),
        ("dispatch", parts.dispatcher.run),
        ("progress", parts.progress.run),
        ("attachments", parts.downloads.run),
        ("typing", parts.typing_signs.run),
        ("rewording", parts.summary_rewording.run),
        *((str(channel), partial(connector.run, parts.inbox)) for channel, connector in parts.connectors.items()),
    ]


async def _guarded(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A background task that breaks is a fault of ours: say so, and let the supervisor start us afresh."""
    try:
        await work()
    except Exception:
        log.exception("background.broke", task=name)
        raise SystemExit(f"helpdesk: the background task '{name}' broke") from None


async def _wake(parts: AppComponents) -> None:
    """Any change may mean a turn or a delivery to look at."""
    async with parts.live.subscribe(DESK) as subscription:
        while True:
            await subscription.next()
            parts.turns.wake()
            parts.outbox.wake()
            parts.summary_rewording.wake()
