"""Tells agents on their devices what concerns them, if it still does: who and which topic, never what was written."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.visibility import may_read
from helpdesk.delivery.web_push import GONE, PushMessage, WebPush
from helpdesk.notifications.devices import PushSubscription, load_wishes
from helpdesk.notifications.kinds import KEPT_FOR, NotificationKind
from helpdesk.notifications.naming import load_name
from helpdesk.notifications.words import SINCE, TEST, TITLES
from helpdesk.observability import metrics
from helpdesk.outgoing.post import CONNECT_SECONDS, READ_SECONDS, PostFailure
from i18n import catalog, translate
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import Agent, Conversation, DeliveryStatus, Handoff, Notification, PushDevice, now

MAX_ATTEMPTS = 4
#: One customer who writes line after line calls at most so often.
AT_MOST_EVERY = timedelta(minutes=1)
_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)

PUSH_LIMITS = WorkerLimits(
    name="push",
    at_once=10,
    at_once_in_burst=2,
    idle_seconds=60.0,
    drain_seconds=CONNECT_SECONDS + READ_SECONDS,
    drops_some=True,
)
_LEASE = timedelta(seconds=2 * PUSH_LIMITS.drain_seconds)

type TopicName = Callable[[str, NullTranslations], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushJob:
    """One notification and the devices it goes to, by their ids."""

    notification_id: int
    attempts: int
    message: PushMessage
    devices: tuple[tuple[str, PushSubscription], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushResult:
    """How it ended: on how many devices it was taken, which are gone, and whether another try may help."""

    job: PushJob
    taken: int
    gone: tuple[str, ...]
    may_try_again: bool


class PushQueue:
    """The notifications that are due. A `LeaseSource`, with `store` for the results. `zone` is the company's."""

    def __init__(self, db: Database, web_push: WebPush, *, zone: ZoneInfo, topic_name: TopicName) -> None:
        self.db = db
        self.web_push = web_push
        self._zone = zone
        self._topic_name = topic_name

    def log_ids(self, item: PushJob) -> dict[str, str | int]:
        """Which notification."""
        return {"notification": item.notification_id}

    async def next_due(self) -> datetime | None:
        """When the next may be sent, or the lease of one runs out."""
        async with self.db.read() as session:
            return await session.scalar(
                select(func.min(Notification.due_at)).where(Notification.status.in_(_UNFINISHED))
            )

    async def claim(self, limit: int) -> list[PushJob]:
        """Take what is due; what is of no use any more, or not wanted, ends here."""
        time = now()
        due = (
            select(Notification)
            .where(Notification.status.in_(_UNFINISHED), Notification.due_at <= time)
            .order_by(Notification.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self.db.write() as session:
            rows = list(await session.scalars(due))
            return [job for row in rows if (job := await self._take(session, row, time))]

    async def _take(self, session: AsyncSession, row: Notification, time: datetime) -> PushJob | None:
        agent = await session.get_one(Agent, row.agent_id)
        conversation = await session.get_one(Conversation, row.conversation_id)
        handoff = await session.scalar(
            select(Handoff).where(Handoff.conversation_id == row.conversation_id, Handoff.ended_at.is_(None))
        )
        if why_not := await self._why_not(session, row, agent, conversation, handoff, time):
            row.status, row.reason = DeliveryStatus.FAILED, why_not
            return None
        devices = await session.scalars(select(PushDevice).where(PushDevice.agent_id == agent.id))
        row.status, row.attempts, row.due_at = DeliveryStatus.SENDING, row.attempts + 1, time + _LEASE
        row.lease_owner = self.db.name
        return PushJob(
            notification_id=row.id,
            attempts=row.attempts,
            message=await self._message(session, row, agent, conversation, handoff, time),
            devices=tuple((device.id, subscription_of(device)) for device in devices),
        )

    async def _why_not(
        self,
        session: AsyncSession,
        row: Notification,
        agent: Agent,
        conversation: Conversation,
        handoff: Handoff | None,
        time: datetime,
    ) -> str:
        """Why nothing is sent, in a word; empty when it is."""
        wishes = await load_wishes(session, agent.id)
        kind = NotificationKind(row.kind)
        if not agent.active:
            return "inactive"
        if row.kind in wishes.unwanted:
            return "unwanted"
        if wishes.is_quiet(time.astimezone(self._zone)):
            return "quiet"
        if time - row.created_at > KEPT_FOR[kind]:
            return "late"
        if not await may_read(session, conversation.id, agent.id):
            return "private"
        if kind is NotificationKind.OFFER:
            return "" if handoff is not None and handoff.offered_to == agent.id else "over"
        if kind is NotificationKind.MESSAGE:
            is_read = conversation.agent_seen_seq >= row.seq or conversation.answered_seq >= row.seq
            if is_read or conversation.agent_id != agent.id:
                return "read"
            return "often" if await _was_just_called(session, row, time) else ""
        return "read" if conversation.agent_id == agent.id and conversation.agent_seen_seq >= row.seq else ""

    async def _message(
        self,
        session: AsyncSession,
        row: Notification,
        agent: Agent,
        conversation: Conversation,
        handoff: Handoff | None,
        time: datetime,
    ) -> PushMessage:
        kind = NotificationKind(row.kind)
        messages = catalog("staff", agent.language)
        who = await load_name(session, conversation, messages)
        since = (handoff.asked_at if handoff and kind is NotificationKind.OFFER else row.created_at).astimezone(
            self._zone
        )
        topic = self._topic_name(handoff.topic, messages) if handoff and handoff.topic else ""
        parts = (topic, translate(messages, SINCE).format(time=f"{since:%H:%M}"))
        tag = f"{kind}-{row.conversation_id}"
        content = {
            "title": translate(messages, TITLES[kind]).format(who=who),
            "body": " · ".join(filter(None, parts)),
            "tag": tag,
            "url": f"/desk?conversation={row.conversation_id}",
        }
        left = KEPT_FOR[kind] - (time - row.created_at)
        return PushMessage(content=content, seconds=max(1, int(left.total_seconds())), topic=tag[:32])

    async def work(self, item: PushJob) -> PushResult:
        """Send it to every device; how that ended."""
        ends = await asyncio.gather(*(self._send(subscription, item.message) for _, subscription in item.devices))
        gone = tuple(device for (device, _), end in zip(item.devices, ends, strict=True) if end in GONE)
        taken = sum(200 <= end < 300 for end in ends)
        return PushResult(job=item, taken=taken, gone=gone, may_try_again=not taken and len(gone) < len(ends))

    async def _send(self, to: PushSubscription, message: PushMessage) -> int:
        """The status; 0 for none."""
        try:
            status = (await self.web_push.send(to, message)).status
        except PostFailure:
            status = 0
        except ValueError:  # keys that are none
            status = 410
        metrics.PUSH_MESSAGES.labels("taken" if 200 <= status < 300 else "gone" if status in GONE else "failed").inc()
        return status

    async def try_out(self, device: PushDevice, language: str) -> int:
        """Send a test to one device; the status, 0 for none. A device that is gone is forgotten."""
        messages = catalog("staff", language)
        content = {"title": "Staffel", "body": translate(messages, TEST), "tag": "test", "url": "/desk", "test": True}
        status = await self._send(subscription_of(device), PushMessage(content=content, seconds=60, topic="test"))
        if status in GONE:
            async with self.db.write() as session:
                await session.execute(delete_rows(PushDevice).where(PushDevice.id == device.id))
        return status

    async def store(self, results: Sequence[PushResult]) -> None:
        """Store how attempts ended, in one transaction. Raises `Unavailable`."""
        async with self.db.write() as session:
            for result in results:
                await self._store_result(session, result)

    async def _store_result(self, session: AsyncSession, result: PushResult) -> None:
        if result.gone:
            await session.execute(delete_rows(PushDevice).where(PushDevice.id.in_(result.gone)))
        values: dict[str, object] = {"status": DeliveryStatus.SENT if result.taken else DeliveryStatus.FAILED}
        if result.may_try_again and result.job.attempts < MAX_ATTEMPTS:
            pause = timedelta(seconds=2.0**result.job.attempts * random.uniform(0.5, 1.0))
            values = {"status": DeliveryStatus.PENDING, "due_at": now() + pause}
        await session.execute(
            update(Notification)
            .where(
                Notification.id == result.job.notification_id,
                Notification.status == DeliveryStatus.SENDING,
                Notification.lease_owner == self.db.name,
            )
            .values(lease_owner=None, **values)
        )


async def _was_just_called(session: AsyncSession, row: Notification, time: datetime) -> bool:
    earlier = select(Notification.id).where(
        Notification.agent_id == row.agent_id,
        Notification.conversation_id == row.conversation_id,
        Notification.kind == row.kind,
        Notification.id != row.id,
        Notification.status.in_((DeliveryStatus.SENDING, DeliveryStatus.SENT)),
        Notification.created_at > time - AT_MOST_EVERY,
    )
    return await session.scalar(earlier.limit(1)) is not None


def subscription_of(device: PushDevice) -> PushSubscription:
    """What is needed to reach it."""
    return PushSubscription(endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth)
