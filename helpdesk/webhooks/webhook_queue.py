"""Sends events to webhooks: claimed by a lease, signed, and tried again for a day."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.channels.secrets import LostKey
from helpdesk.conversations.visibility import is_visible_to
from helpdesk.events.event_stream import event_document
from helpdesk.observability import metrics
from helpdesk.outgoing.post import CONNECT_SECONDS, READ_SECONDS, OutgoingPost, PostFailure
from helpdesk.webhooks.signature import sign
from helpdesk.webhooks.webhook_health import longest_pause, note_attempt, wait_for_pause
from helpdesk.webhooks.webhook_store import UNFINISHED, WebhookStore
from store.db import Database
from store.failpoints import Failpoint, failpoint
from store.lease_worker import WorkerLimits
from store.models import (
    Conversation,
    ConversationEvent,
    DeliveryStatus,
    Message,
    WebhookDelivery,
    WebhookRecord,
    new_id,
    now,
)

#: How long one event is tried.
PATIENCE = timedelta(days=1)
_GONE = 410

WEBHOOK_LIMITS = WorkerLimits(
    name="webhooks",
    at_once=8,
    at_once_in_burst=2,
    idle_seconds=60.0,
    drain_seconds=CONNECT_SECONDS + READ_SECONDS,
    drops_some=True,
)
_LEASE = timedelta(seconds=2 * WEBHOOK_LIMITS.drain_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWebhook:
    """One delivery of ours: whom to call and what to say. `secret` is None when it can't be read any more."""

    delivery_id: int
    webhook_id: str
    attempts: int
    created_at: datetime
    message_id: str
    address: str
    secret: str | None
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResult:
    """How an attempt ended: with a status, or with a word for why there was none."""

    call: DueWebhook
    answer_code: int | None = None
    reason: str = ""
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.answer_code is not None and 200 <= self.answer_code < 300


class WebhookQueue:
    """The deliveries that are due. A `LeaseSource`, with `store` for the results."""

    def __init__(self, db: Database, webhooks: WebhookStore, post: OutgoingPost, *, origin: str) -> None:
        self.db = db
        self.webhooks = webhooks
        self.post = post
        self.origin = origin

    def log_ids(self, item: DueWebhook) -> dict[str, str | int]:
        """Which delivery to which webhook."""
        return {"delivery": item.delivery_id, "webhook": item.webhook_id}

    async def next_due(self) -> datetime | None:
        """When the next may be sent, or the lease of one runs out."""
        async with self.db.read() as session:
            return await session.scalar(
                select(func.min(WebhookDelivery.due_at)).where(WebhookDelivery.status.in_(UNFINISHED))
            )

    async def claim(self, limit: int) -> list[DueWebhook]:
        """Take what may be sent now; what is for a webhook that is off or gone ends here.

        A webhook is a program that is nobody's: what a private team has by now isn't told to it.
        """
        time = now()
        due = (
            select(WebhookDelivery, ConversationEvent, is_visible_to(None))
            .join(ConversationEvent, ConversationEvent.number == WebhookDelivery.event_number)
            .outerjoin(Conversation, Conversation.id == ConversationEvent.conversation_id)
            .where(WebhookDelivery.status.in_(UNFINISHED), WebhookDelivery.due_at <= time)
            .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
        )
        async with self.db.write() as session:
            rows = (await session.execute(due)).all()
            for row, _, is_told in rows:
                if not is_told:
                    row.status, row.reason, row.ended_at = DeliveryStatus.FAILED, "private_team", time
            told = [(row, event) for row, event, is_told in rows if is_told]
            return [call for row, event in told if (call := await self._take(session, row, event, time))]

    async def _take(
        self, session: AsyncSession, row: WebhookDelivery, event: ConversationEvent, time: datetime
    ) -> DueWebhook | None:
        webhook = await session.get(WebhookRecord, row.webhook_id)
        if webhook is None or not webhook.is_on:
            row.status, row.reason, row.ended_at = DeliveryStatus.FAILED, "switched_off", time
            return None
        if await wait_for_pause(session, webhook, time):
            return None
        row.status, row.attempts, row.due_at = DeliveryStatus.SENDING, row.attempts + 1, time + _LEASE
        row.lease_owner = self.db.name
        text = await _load_text(session, event) if webhook.with_text else None
        return DueWebhook(
            delivery_id=row.id,
            webhook_id=webhook.id,
            attempts=row.attempts,
            created_at=row.created_at,
            message_id=event.id,
            address=webhook.address,
            secret=self._secret_of(webhook),
            body=write_body(event_document(event, self.origin, text)),
        )

    def _secret_of(self, webhook: WebhookRecord) -> str | None:
        try:
            return self.webhooks.open_secret(webhook)
        except LostKey:
            return None

    async def work(self, item: DueWebhook) -> WebhookResult:
        """Call once; how that ended."""
        result = await self._call(item)
        failpoint(Failpoint.WEBHOOK_AFTER_SEND)
        return result

    async def _call(self, item: DueWebhook) -> WebhookResult:
        if item.secret is None:
            return WebhookResult(call=item, reason="lost_key")
        headers = {"Content-Type": "application/json", **sign(item.secret, item.message_id, now(), item.body)}
        try:
            answer = await self.post.send(item.address, item.body, headers)
        except PostFailure as failure:
            return WebhookResult(call=item, reason=failure.reason)
        return WebhookResult(call=item, answer_code=answer.status, retry_after=answer.retry_after)

    async def try_out(self, webhook_id: str, by: str) -> WebhookResult:
        """Call a webhook with an event that is marked as a test, now and once. Raises `NotFound`."""
        view = await self.webhooks.load(webhook_id)
        body = write_body({"type": "test", "timestamp": f"{now():%Y-%m-%dT%H:%M:%SZ}", "data": {"by": by}})
        return await self._call(
            DueWebhook(
                delivery_id=0,
                webhook_id=webhook_id,
                attempts=1,
                created_at=now(),
                message_id=new_id(),
                address=view.form.address,
                secret=await self.webhooks.load_secret(webhook_id),
                body=body,
            )
        )

    async def store(self, results: Sequence[WebhookResult]) -> None:
        """Store how attempts ended, in one transaction. Raises `Unavailable`."""
        async with self.db.write() as session:
            for result in sorted(results, key=lambda result: result.call.webhook_id):  # locks in one order
                await self._store_result(session, result)

    async def _store_result(self, session: AsyncSession, result: WebhookResult) -> None:
        webhook = await session.get(WebhookRecord, result.call.webhook_id, with_for_update=True)
        row = await session.get(WebhookDelivery, result.call.delivery_id, with_for_update=True)
        if row is None or row.lease_owner != self.db.name or row.status != DeliveryStatus.SENDING:
            return  # erased, ended or taken by another instance meanwhile
        row.answer_code, row.reason, row.lease_owner = result.answer_code, result.reason, None
        if result.is_taken:
            row.status, row.ended_at = DeliveryStatus.SENT, now()
        elif now() - row.created_at > PATIENCE and row.attempts > 1:
            row.status, row.ended_at = DeliveryStatus.FAILED, now()
        else:
            row.status, row.due_at = DeliveryStatus.PENDING, now() + _pause(result)
        metrics.WEBHOOK_CALLS.labels("taken" if result.is_taken else "failed").inc()
        if webhook is not None:
            await note_attempt(session, webhook, taken=result.is_taken, gone=result.answer_code == _GONE)


async def _load_text(session: AsyncSession, event: ConversationEvent) -> str:
    """What was written in the line that the event is about; empty once it is erased."""
    line = select(Message.text).where(Message.conversation_id == event.conversation_id, Message.seq == event.seq)
    return await session.scalar(line) or ""


def write_body(document: dict[str, Any]) -> bytes:
    """The JSON that is signed and sent, byte for byte."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _pause(result: WebhookResult) -> timedelta:
    """With jitter in the upper half, so that many don't come back at once; never before the receiver allows it."""
    longest = longest_pause(result.call.attempts)
    return timedelta(seconds=max(result.retry_after or 0, random.uniform(longest / 2, longest)))
