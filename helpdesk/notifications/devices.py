"""The browsers in which agents take push messages, and what each agent wants to hear of."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.notifications.kinds import NotificationKind
from store.db import Database
from store.errors import Conflict, HelpdeskError, Invalid, NotFound
from store.models import NotificationWish, PushDevice, RemovedPushDevice, now
from store.tokens import token_hash

MAX_DEVICES = 10
#: For so long a removed browser may lie in a drawer and still be told that it was removed.
_REMOVED_KEPT = timedelta(days=365)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_PUBLIC_KEY_BYTES, _AUTH_BYTES = 65, 16


class DeviceRemoved(HelpdeskError):
    """A browser renews a subscription that its agent has removed."""

    status = 410
    code = "push_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """What a browser gives to whoever wants to reach it; `p256dh` and `auth` in base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """A device as its agent sees it. `endpoint_hash` tells the browser whether that is itself."""

    id: str
    browser: str
    endpoint_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationWishes:
    """What an agent wants; `quiet_from` and `quiet_until` are local times such as "22:00", both empty: never quiet."""

    unwanted: frozenset[str] = frozenset()
    quiet_from: str = ""
    quiet_until: str = ""

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing may be sent at a local time."""
        if not self.quiet_from or self.quiet_from == self.quiet_until:
            return False
        clock = f"{at:%H:%M}"
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until


async def add_device(
    db: Database,
    agent_id: str,
    session_hash: str,
    subscription: PushSubscription,
    browser: str,
    *,
    renews: bool = False,
) -> str:
    """Keep a browser's subscription for the agent who is signed in there; one that is known changes hands. Its id.

    `renews`: the browser does it by itself, since it was switched on there once. Raises `Invalid`, `Conflict`, and
    `DeviceRemoved` for a browser that renews what the agent has removed.
    """
    _check(subscription)
    hashed = token_hash(subscription.endpoint)
    async with db.write() as session:
        removed = await session.get(RemovedPushDevice, hashed)
        if removed is not None and renews and removed.agent_id == agent_id:
            raise DeviceRemoved("This browser was removed from your devices.")
        if removed is not None:
            await session.delete(removed)
        await session.execute(delete(PushDevice).where(PushDevice.endpoint_hash == hashed))
        known = list(await session.scalars(select(PushDevice.id).where(PushDevice.agent_id == agent_id)))
        if len(known) >= MAX_DEVICES:
            raise Conflict(f"There are {MAX_DEVICES} devices already; remove one.", code="push_too_many")
        device = PushDevice(
            agent_id=agent_id,
            session_hash=session_hash,
            endpoint_hash=hashed,
            endpoint=subscription.endpoint,
            p256dh=subscription.p256dh,
            auth=subscription.auth,
            browser=browser[:200],
            created_at=now(),
        )
        session.add(device)
        await session.flush()
        return device.id


async def list_devices(db: Database, agent_id: str) -> Sequence[DeviceView]:
    """An agent's devices, the oldest first."""
    async with db.read() as session:
        rows = await session.scalars(
            select(PushDevice).where(PushDevice.agent_id == agent_id).order_by(PushDevice.created_at)
        )
        return [
            DeviceView(id=row.id, browser=row.browser, endpoint_hash=row.endpoint_hash, created_at=row.created_at)
            for row in rows
        ]


async def load_device(db: Database, agent_id: str, device_id: str) -> PushDevice:
    """One of an agent's own devices. Raises `NotFound`."""
    async with db.read() as session:
        device = await session.get(PushDevice, device_id)
    if device is None or device.agent_id != agent_id:
        raise NotFound("There is no such device any more.")
    return device


async def remove_device(db: Database, agent_id: str, device_id: str) -> None:
    """Forget one of an agent's own devices, which does not come back by itself; one that is gone is fine."""
    time = now()
    async with db.write() as session:
        own = delete(PushDevice).where(PushDevice.id == device_id, PushDevice.agent_id == agent_id)
        hashed = await session.scalar(own.returning(PushDevice.endpoint_hash))
        await session.execute(delete(RemovedPushDevice).where(RemovedPushDevice.removed_at < time - _REMOVED_KEPT))
        if hashed is not None:
            await session.merge(RemovedPushDevice(endpoint_hash=hashed, agent_id=agent_id, removed_at=time))


async def load_wishes(session: AsyncSession, agent_id: str) -> NotificationWishes:
    """What an agent wants to hear of."""
    row = await session.get(NotificationWish, agent_id)
    if row is None:
        return NotificationWishes()
    return NotificationWishes(unwanted=frozenset(row.unwanted), quiet_from=row.quiet_from, quiet_until=row.quiet_until)


async def store_wishes(db: Database, agent_id: str, wishes: NotificationWishes) -> None:
    """Keep what an agent wants. Raises `Invalid`."""
    times = (wishes.quiet_from, wishes.quiet_until)
    if any(times) and not all(_TIME.fullmatch(time) for time in times):
        raise Invalid("Quiet hours have a beginning and an end, such as 22:00 and 07:00.", code="quiet_hours")
    if wishes.unwanted - set(NotificationKind):
        raise Invalid(f"The kinds are {', '.join(NotificationKind)}.")
    async with db.write() as session:
        row = NotificationWish(
            agent_id=agent_id,
            unwanted=tuple(sorted(wishes.unwanted)),
            quiet_from=wishes.quiet_from,
            quiet_until=wishes.quiet_until,
        )
        await session.merge(row)


def _check(subscription: PushSubscription) -> None:
    try:
        parts = urlsplit(subscription.endpoint)
    except ValueError:
        raise Invalid("Expected the address of a push service.") from None
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise Invalid("Expected the address of a push service.")
    if (
        len(decode_base64url(subscription.p256dh)) != _PUBLIC_KEY_BYTES
        or len(decode_base64url(subscription.auth)) != _AUTH_BYTES
    ):
        raise Invalid("Expected the keys of a push subscription.")


def decode_base64url(text: str) -> bytes:
    """The bytes; empty for what is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
