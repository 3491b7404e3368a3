"""How a webhook fares: one that fails is left in peace for a while, and one that goes on failing is switched off."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.webhooks.webhook_store import end_deliveries
from store.models import DeliveryStatus, WebhookDelivery, WebhookRecord, now

log = structlog.get_logger()

#: How long every attempt may fail before the webhook is switched off.
OFF_AFTER = timedelta(days=3)
#: After so many failures in a row everything that is for the webhook waits.
PAUSED_AFTER = 3
#: A webhook that fails is tried again at least so often.
MAX_PAUSE = timedelta(minutes=5)
_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 6 * 3600.0


def longest_pause(attempts: int) -> float:
    """Seconds after so many failed attempts at most: 5, 20, 80 … six hours."""
    return min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 4.0 ** min(attempts - 1, 16))


async def note_attempt(session: AsyncSession, webhook: WebhookRecord, *, taken: bool, gone: bool = False) -> None:
    """Keep how an attempt ended. `gone`: the receiver wants no more. The webhook's row is locked by the transaction."""
    if not taken:
        await _note_failure(session, webhook, gone=gone)
    elif webhook.failures:
        if webhook.paused_until is not None:
            await _move(session, webhook, WebhookDelivery.due_at <= webhook.paused_until, now())
        webhook.failures, webhook.failing_since, webhook.paused_until = 0, None, None


async def wait_for_pause(session: AsyncSession, webhook: WebhookRecord, time: datetime) -> bool:
    """Whether the webhook is left in peace just now; then everything that is due for it waits until that is over.

    What waits until then already is left alone: it may be all of a day.
    """
    if webhook.paused_until is None or webhook.paused_until <= time:
        return False
    await _move(session, webhook, WebhookDelivery.due_at < webhook.paused_until, webhook.paused_until)
    return True


async def _note_failure(session: AsyncSession, webhook: WebhookRecord, *, gone: bool) -> None:
    time = now()
    webhook.failures, webhook.failing_since = webhook.failures + 1, webhook.failing_since or time
    if gone or time - webhook.failing_since > OFF_AFTER:
        webhook.is_on, webhook.problem = False, "gone" if gone else "failing"
        await end_deliveries(session, webhook.id)
        log.warning("webhooks.switched_off", webhook=webhook.id, problem=webhook.problem)
    elif webhook.failures >= PAUSED_AFTER:
        webhook.paused_until = time + min(MAX_PAUSE, timedelta(seconds=longest_pause(webhook.failures)))


async def _move(session: AsyncSession, webhook: WebhookRecord, which: ColumnElement[bool], to: datetime) -> None:
    """What waits for the webhook is due `to`, of `which`."""
    await session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.webhook_id == webhook.id,
            WebhookDelivery.status == DeliveryStatus.PENDING,
            which,
        )
        .values(due_at=to)
    )
