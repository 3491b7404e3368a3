"""The events in order, for programs that come back with the cursor that they were given last."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Database
from store.errors import HelpdeskError, Invalid
from store.models import ConversationEvent, Meta, WebhookDelivery, now

#: How long events are kept; a cursor is good for as long.
EVENTS_KEPT = timedelta(days=7)
#: How many programs may wait for news at one instance at the same time; others are answered at once.
MAX_WAITING = 20
#: Between looks while a program waits, for what other instances record.
_LOOK_SECONDS = 1.0
#: Of a number in a cursor; a longer one is none of ours, and no time.
MAX_CURSOR_DIGITS = 11
_LOG_EPOCH = "log_epoch"


class CursorExpired(HelpdeskError):
    """The cursor is older than what is kept, or of a database before a backup was put back."""

    status = 410
    code = "cursor_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Events in order, and the cursor for what comes after them."""

    events: tuple[ConversationEvent, ...]
    cursor: str


class EventStream:
    """Reads the events. `origin` begins the links to the desk."""

    def __init__(self, db: Database, origin: str) -> None:
        self.db = db
        self.origin = origin
        self._waiting = 0

    async def read(
        self, cursor: str, *, limit: int, wait_seconds: float, readable: ColumnElement[bool] | None = None
    ) -> EventPage:
        """The next events after `cursor`; empty: from the oldest that is kept. Only those that are `readable`.

        Where there are none yet, waits for up to `wait_seconds`. Raises `Invalid` and `CursorExpired`.
        """
        async with self.db.read() as session:
            epoch = await session.scalar(select(Meta.value).where(Meta.key == _LOG_EPOCH)) or ""
            after = _number_of(cursor, epoch, now()) if cursor else 0
            events = await _load_after(session, after, limit, readable)
        if not events and wait_seconds > 0 and self._waiting < MAX_WAITING:
            events = await self._wait(after, limit, wait_seconds, readable)
        last = events[-1].number if events else after
        return EventPage(events=tuple(events), cursor=_write_cursor(last, epoch, now()))

    async def _wait(
        self, after: int, limit: int, seconds: float, readable: ColumnElement[bool] | None
    ) -> Sequence[ConversationEvent]:
        news = asyncio.Event()
        deadline = asyncio.get_running_loop().time() + seconds
        self._waiting += 1
        try:
            with self.db.feed.listening(("conversation_events",), news.set):
                while (left := deadline - asyncio.get_running_loop().time()) > 0:
                    await _wait_for(news, min(left, _LOOK_SECONDS))
                    async with self.db.read() as session:
                        if events := await _load_after(session, after, limit, readable):
                            return events
        finally:
            self._waiting -= 1
        return ()


def event_document(event: ConversationEvent, origin: str, text: str | None = None) -> dict[str, Any]:
    """An event as programs read it, with `text` where what was written goes along."""
    return {
        "type": event.kind,
        "timestamp": event.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "id": event.id,
            "number": event.number,
            "conversation": event.conversation_id,
            "url": f"{origin}/desk?conversation={event.conversation_id}",
            "channel": event.channel,
            "language": event.language,
            "seq": event.seq,
            **event.facts,
        }
        | ({} if text is None else {"text": text}),
    }


async def forget_events(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Erase the events of conversations, and what is on its way of them."""
    numbers = select(ConversationEvent.number).where(ConversationEvent.conversation_id.in_(conversation_ids))
    await session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_number.in_(numbers)))
    await session.execute(delete(ConversationEvent).where(ConversationEvent.conversation_id.in_(conversation_ids)))


async def forget_old_events(session: AsyncSession) -> None:
    """Erase the events that have been kept for long enough, with the log of their deliveries."""
    last = await session.scalar(
        select(func.max(ConversationEvent.number)).where(ConversationEvent.created_at < now() - EVENTS_KEPT)
    )
    if last is not None:
        await session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_number <= last))
        await session.execute(delete(ConversationEvent).where(ConversationEvent.number <= last))


async def _load_after(
    session: AsyncSession, after: int, limit: int, readable: ColumnElement[bool] | None
) -> Sequence[ConversationEvent]:
    later = select(ConversationEvent).where(ConversationEvent.number > after)
    if readable is not None:
        later = later.where(readable)
    return list(await session.scalars(later.order_by(ConversationEvent.number).limit(limit)))


async def _wait_for(news: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return
    news.clear()


def _write_cursor(number: int, epoch: str, at: datetime) -> str:
    return f"{number}-{int(at.timestamp())}-{epoch[:8]}"


def _number_of(cursor: str, epoch: str, at: datetime) -> int:
    """What `_write_cursor` was given. Raises `Invalid` and `CursorExpired`."""
    number, _, rest = cursor.partition("-")
    issued, _, log = rest.partition("-")
    if not (number.isdecimal() and issued.isdecimal()) or max(len(number), len(issued)) > MAX_CURSOR_DIGITS:
        raise Invalid("Expected in 'after' a cursor that this API has given.")
    if log != epoch[:8]:
        raise CursorExpired("A backup was put back since this cursor was given. Begin anew, without 'after'.")
    if datetime.fromtimestamp(int(issued), UTC) < at - EVENTS_KEPT:
        raise CursorExpired(f"This cursor is older than {EVENTS_KEPT.days} days. Begin anew, without 'after'.")
    return int(number)
