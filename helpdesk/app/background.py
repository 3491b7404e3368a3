"""What goes on beside the requests, from the start of the app to its end."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from time import monotonic

import structlog
from starlette.applications import Starlette

import tracing
from helpdesk.app.components import AppComponents
from helpdesk.observability import metrics
from helpdesk.queue.staffing import StaffingCounter
from helpdesk.search.fill import IndexFill
from helpdesk.views.log_epoch import load_log_epoch
from knowledge.articles.publication_scheduler import PublicationScheduler
from store import migrate
from store.db import Database
from store.process_memory import give_back_memory
from store.write_feed import deleted

log = structlog.get_logger()

#: A task that has run for so long was well: its next failure is its first.
WELL_AFTER_SECONDS = 60.0
#: When a start has settled, and how often memory is given back from then on.
SETTLED_SECONDS, MEMORY_SECONDS = 15.0, 600.0
#: The longest pause of a task that goes on breaking.
MAX_PAUSE_SECONDS = 30.0


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    parts: AppComponents = app.state.parts
    await migrate.upgrade_async(parts.db)
    await parts.instances.set_clock()
    parts.visitors.log_epoch = await load_log_epoch(parts.db)
    await parts.profile.look()
    await parts.library.start()
    tracing.begin(
        parts.settings.traces_url,
        "helpdesk",
        instance=parts.db.name,
        share=parts.settings.traces_share,
        on_lost=metrics.SPANS_LOST.inc,
    )
    log.info("helpdesk.started", settings=parts.settings.shown())
    with _waking_workers(parts):
        presence = asyncio.create_task(keep_going("instances", parts.instances.run))
        tasks = [asyncio.create_task(keep_going(name, work)) for name, work in _background(parts)]
        try:
            yield
        finally:
            parts.health.draining = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # Only now: until its end the outbox may open lines.
            await asyncio.gather(*(each.close() for each in parts.connectors.values()), return_exceptions=True)
            presence.cancel()  # not before the workers have given back what they held
            await asyncio.gather(presence, return_exceptions=True)
            await parts.gaps.close()
            await parts.rasa.close()
            await parts.rewording.close()
            await parts.translator.close()
            await parts.lookups.close()
            await parts.webhooks.post.close()
            await parts.push.web_push.post.close()
            if parts.redis is not None:
                await parts.redis.aclose()
            await parts.db.close()
            await asyncio.to_thread(tracing.end)
            log.info("helpdesk.stopped")


def _background(parts: AppComponents) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """By name: what a log says when it broke."""
    return [
        ("disk", partial(end_with_disk, parts.db)),
        ("turns", parts.turns.run),
        ("outbox", parts.outbox.run),
        ("held_actions", parts.held_actions.run),
        ("knowledge", parts.library.run),
        ("calendar", PublicationScheduler(parts.db).run),
        ("watch", lambda: parts.live.watch(parts.db)),
        ("relay", parts.live.relay),
        ("news", parts.link.run if parts.link else parts.db.follow_news),
        *([("mails", parts.mails.run)] if parts.mails else []),
        ("retention", parts.retention.run),
        ("audit", parts.audit.run),
        ("watchdog", parts.watchdog.run),
        ("staffing", StaffingCounter(parts.db).run),
        ("dispatch", parts.dispatcher.run),
        ("progress", parts.progress.run),
        ("attachments", parts.downloads.run),
        ("sites", parts.sites.run),
        ("alerts", parts.alerts.run),
        ("alert_messages", parts.alert_messages.run),
        ("push", parts.push_messages.run),
        ("webhooks", parts.webhook_calls.run),
        ("learning", parts.learning.run),
        ("numbers", parts.numbers.run),
        ("typing", parts.typing_signs.run),
        ("rewording", parts.summary_rewording.run),
        ("search", IndexFill(parts.db).run),
        ("memory", keep_memory_low),
        *((str(channel), partial(connector.run, parts.inbox)) for channel, connector in parts.connectors.items()),
    ]


async def end_with_disk(db: Database) -> None:
    """End the program at once when the disk has failed: a new one reads what was really kept, and repeats the rest."""
    await db.disk_failed.wait()
    log.critical("database.disk_failed", path=str(db.file))
    os._exit(os.EX_IOERR)


async def keep_memory_low() -> None:
    """Give back to the system what the start and large work have left over: 40 MB after a start."""
    await asyncio.sleep(SETTLED_SECONDS)
    while True:
        await asyncio.to_thread(give_back_memory)
        await asyncio.sleep(MEMORY_SECONDS)


async def keep_going(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run a background task for ever: one that breaks is logged and begun anew, later each time that it breaks soon.

    Only a start that breaks ends the program. Others ask and answer meanwhile, and a supervisor could do no more.
    """
    failures = 0
    while True:
        began = monotonic()
        try:
            await work()
        except Exception:
            failures = 1 if monotonic() - began > WELL_AFTER_SECONDS else failures + 1
            log.exception("background.broke", task=name, failures=failures)
            await asyncio.sleep(pause_after(failures))
        else:
            return  # there is nothing for it to do, such as without Redis


def pause_after(failures: int) -> float:
    """Seconds until the next try: doubling up to `MAX_PAUSE_SECONDS`, with jitter, so that instances don't march."""
    longest = min(MAX_PAUSE_SECONDS, 0.5 * 2.0 ** min(failures, 16))
    return random.uniform(longest / 2, longest)


@contextmanager
def _waking_workers(parts: AppComponents) -> Iterator[None]:
    """Each worker hears when there is something for it, and nobody else does."""
    feed = parts.db.feed
    with (
        feed.listening_for_due("turns", parts.turns.wake),
        feed.listening_for_due("deliveries", parts.outbox.wake),
        feed.listening_for_due("attachments", parts.downloads.wake),
        feed.listening_for_due("mails", parts.mails.wake) if parts.mails else nullcontext(),
        feed.listening_for_due("sites", parts.sites.wake),
        feed.listening_for_due("staff_alerts", parts.alert_messages.wake),
        feed.listening_for_due("notifications", parts.push_messages.wake),
        feed.listening_for_due("webhook_deliveries", parts.webhook_calls.wake),
        feed.listening_for_due("held_actions", parts.held_actions.wake),
        feed.listening((deleted("conversations"),), parts.live.tell_erasure),
        feed.listening(("handoffs", "endpoints"), parts.summary_rewording.wake),
    ):
        yield
