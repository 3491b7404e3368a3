"""The one door out: what is stored as a delivery is sent, in order within its lane, until its end is known."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from connectors.base import Channel, Connector, OutboundMessage, RetryLater, Undeliverable
from helpdesk import metrics
from helpdesk.db import Database
from helpdesk.errors import Unavailable
from helpdesk.failpoints import Failpoint, failpoint
from helpdesk.models import Conversation, Delivery, DeliveryStatus, Message, new_id, now

log = structlog.get_logger()

IDLE = 1.0  # seconds between looks for deliveries that nobody announced
BATCH = 50  # lanes served at once
MOST_ATTEMPTS = 6
_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One delivery of ours, ready for its connector."""

    delivery_id: int
    attempts: int
    message: OutboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How an attempt ended."""

    delivery_id: int
    status: DeliveryStatus
    external_id: str | None = None
    reason: str | None = None
    due_at: datetime | None = None


class Outbox:
    """Sends what is due."""

    def __init__(self, db: Database, connectors: Mapping[Channel, Connector], *, lease: float) -> None:
        self.db = db
        self.connectors = connectors
        self.lease = timedelta(seconds=lease)
        self.name = new_id()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be a new delivery."""
        self._news.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                if not await self.send_due():
                    await self._wait()
            except Unavailable:
                log.warning("outbox.database_away")
                await asyncio.sleep(IDLE)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()

    async def send_due(self) -> int:
        """Send the first due delivery of each lane, at most `BATCH`; how many were tried."""
        sendings = await self.claim()
        if not sendings:
            return 0
        results = await asyncio.gather(*(self._send(sending) for sending in sendings))
        failpoint(Failpoint.OUTBOX_AFTER_SEND)
        await self._keep(results)
        return len(sendings)

    async def claim(self) -> list[Sending]:
        """Take the deliveries that may leave now. A lane's second waits for its first."""
        time = now()
        async with self.db.write() as session:
            rows = await session.execute(_due(time).limit(BATCH).with_for_update(skip_locked=True, of=Delivery))
            return [self._take(time, *row) for row in rows]

    def _take(self, time: datetime, delivery: Delivery, message: Message, conversation: Conversation) -> Sending:
        if delivery.status == DeliveryStatus.SENDING:
            metrics.DELIVERIES_REPEATED.labels(str(conversation.channel)).inc()
        delivery.status, delivery.attempts = DeliveryStatus.SENDING, delivery.attempts + 1
        delivery.lease_owner, delivery.lease_until = self.name, time + self.lease
        return Sending(delivery_id=delivery.id, attempts=delivery.attempts, message=outbound(message, conversation))

    async def _send(self, sending: Sending) -> Result:
        connector = self.connectors.get(sending.message.address.channel)
        if connector is None:
            return _failed(sending, "This channel isn't connected any more.")
        try:
            async with asyncio.timeout(self.lease.total_seconds() / 2):
                external_id = await connector.send(sending.message)
        except RetryLater as wait:
            return _later(sending, DeliveryStatus.PENDING, wait.after, str(wait))
        except Undeliverable as never:
            return _failed(sending, never.reason)
        except Exception as error:  # nobody knows whether it arrived
            log.warning("outbox.unclear", delivery=sending.delivery_id, error=type(error).__name__)
            return _again(sending, type(error).__name__)
        return Result(delivery_id=sending.delivery_id, status=DeliveryStatus.SENT, external_id=external_id)

    async def _keep(self, results: Sequence[Result]) -> None:
        async with self.db.write() as session:
            for result in results:
                await self._keep_one(session, result)

    async def _keep_one(self, session: AsyncSession, result: Result) -> None:
        delivery = await session.get(Delivery, result.delivery_id, with_for_update=True)
        if delivery is None:
            return  # erased meanwhile, with its conversation
        if delivery.lease_owner != self.name or delivery.status != DeliveryStatus.SENDING:
            return
        delivery.status, delivery.reason = result.status, result.reason
        delivery.external_id = result.external_id or delivery.external_id
        delivery.due_at, delivery.lease_until = result.due_at or delivery.due_at, None
        if result.status == DeliveryStatus.SENT:
            delivery.sent_at = now()
        if result.status not in _UNFINISHED:
            metrics.DELIVERIES.labels(delivery.lane.partition(":")[0], str(result.status)).inc()


def _due(time: datetime) -> Select[Delivery, Message, Conversation]:
    earlier = aliased(Delivery)
    is_first = ~(
        select(earlier.id)
        .where(earlier.lane == Delivery.lane, earlier.id < Delivery.id, earlier.status.in_(_UNFINISHED))
        .exists()
    )
    is_due = or_(
        and_(Delivery.status == DeliveryStatus.PENDING, Delivery.due_at <= time),
        and_(Delivery.status == DeliveryStatus.SENDING, Delivery.lease_until < time),
    )
    return (
        select(Delivery, Message, Conversation)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(is_due, is_first)
        .order_by(Delivery.id)
    )


def outbound(message: Message, conversation: Conversation) -> OutboundMessage:
    """A line of the log as its channel gets it."""
    return OutboundMessage(
        id=message.id,
        address=conversation.address,
        conversation_id=conversation.id,
        seq=message.seq,
        author=message.author,
        author_name=message.author_name,
        text=message.text,
        choices=message.buttons,
        article=message.article,
    )


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from one to sixty, with full jitter in the upper half."""
    longest = min(60.0, 2.0 ** (attempts - 1))
    return longest / 2 + random.uniform(0, longest / 2)


def _later(sending: Sending, status: DeliveryStatus, after: float, reason: str) -> Result:
    return Result(
        delivery_id=sending.delivery_id, status=status, reason=reason[:500], due_at=now() + timedelta(seconds=after)
    )


def _again(sending: Sending, reason: str) -> Result:
    if sending.attempts >= MOST_ATTEMPTS:
        return Result(delivery_id=sending.delivery_id, status=DeliveryStatus.UNKNOWN, reason=reason[:500])
    return _later(sending, DeliveryStatus.PENDING, backoff(sending.attempts), reason)


def _failed(sending: Sending, reason: str) -> Result:
    return Result(delivery_id=sending.delivery_id, status=DeliveryStatus.FAILED, reason=reason[:500])
