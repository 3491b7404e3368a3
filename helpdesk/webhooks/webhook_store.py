"""The webhooks in the database: entered, changed, switched on and off, removed, and the log of what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.channels.secrets import Vault
from helpdesk.events.event_kinds import EventKind
from helpdesk.webhooks.signature import new_secret
from store.db import Database
from store.errors import Conflict, Invalid, NotFound
from store.models import ConversationEvent, DeliveryStatus, WebhookDelivery, WebhookRecord, now

MAX_WEBHOOKS = 20
#: How many deliveries the log shows of one webhook.
SHOWN_DELIVERIES = 100
UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookForm:
    """What an admin enters."""

    name: str
    address: str
    kinds: tuple[str, ...]
    with_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook as it is shown: never with its secret. `waiting` are its deliveries that have not ended."""

    id: str
    form: WebhookForm
    is_on: bool
    failures: int
    failing_since: datetime | None
    problem: str
    changed_by: str
    changed_at: datetime
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One line of the log."""

    id: int
    kind: str
    conversation_id: str
    status: DeliveryStatus
    attempts: int
    answer_code: int | None
    reason: str
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None


class WebhookStore:
    """Keeps the webhooks; `secret_key` encrypts what they sign with."""

    def __init__(self, db: Database, secret_key: str) -> None:
        self.db = db
        self._vault = Vault(secret_key)

    async def list_all(self) -> list[WebhookView]:
        """All of them, by name."""
        waiting = (
            select(WebhookDelivery.webhook_id, func.count())
            .where(WebhookDelivery.status.in_(UNFINISHED))
            .group_by(WebhookDelivery.webhook_id)
        )
        async with self.db.read() as session:
            rows = list(await session.scalars(select(WebhookRecord).order_by(WebhookRecord.name)))
            counts: dict[str, int] = (
                {webhook: count for webhook, count in await session.execute(waiting)} if rows else {}
            )
            return [_view(row, counts.get(row.id, 0)) for row in rows]

    async def load(self, webhook_id: str) -> WebhookView:
        """One of them. Raises `NotFound`."""
        async with self.db.read() as session:
            return _view(await _get(session, webhook_id))

    async def add(self, form: WebhookForm, by: str) -> tuple[str, str]:
        """Enter one, switched off; its id and its secret, seen only now. Raises `Invalid` and `Conflict`."""
        check_form(form)
        secret = new_secret()
        async with self.db.write() as session:
            names = set(await session.scalars(select(WebhookRecord.name)))
            _refuse_taken(names, form)
            if len(names) >= MAX_WEBHOOKS:
                raise Conflict(f"There are {MAX_WEBHOOKS} webhooks already; remove one.", code="webhook_too_many")
            row = WebhookRecord(secret=self._vault.close({"secret": secret}), changed_by=by, **_columns(form))
            session.add(row)
            await session.flush()
            return row.id, secret

    async def change(self, webhook_id: str, form: WebhookForm, by: str) -> None:
        """Change one. Raises `Invalid`, `Conflict` and `NotFound`."""
        check_form(form)
        async with self.db.write() as session:
            _refuse_taken(
                set(await session.scalars(select(WebhookRecord.name).where(WebhookRecord.id != webhook_id))), form
            )
            row = await _get(session, webhook_id, locked=True)
            for name, value in _columns(form).items():
                setattr(row, name, value)
            row.changed_by, row.changed_at = by, now()

    async def renew_secret(self, webhook_id: str, by: str) -> str:
        """A new secret in place of the old one, which is worth nothing any more."""
        secret = new_secret()
        async with self.db.write() as session:
            row = await _get(session, webhook_id, locked=True)
            row.secret, row.changed_by, row.changed_at = self._vault.close({"secret": secret}), by, now()
        return secret

    async def switch(self, webhook_id: str, *, is_on: bool, by: str) -> None:
        """On, with a clean slate; or off, and what waits to be sent ends."""
        async with self.db.write() as session:
            row = await _get(session, webhook_id, locked=True)
            row.is_on, row.changed_by, row.changed_at = is_on, by, now()
            row.failures, row.failing_since, row.problem = 0, None, ""
            if not is_on:
                await end_deliveries(session, webhook_id)

    async def remove(self, webhook_id: str) -> None:
        """Forget one, with its secret and its log."""
        async with self.db.write() as session:
            await session.delete(await _get(session, webhook_id, locked=True))
            await session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id))

    async def load_secret(self, webhook_id: str) -> str:
        """What it signs with. Raises `NotFound` and `LostKey`."""
        async with self.db.read() as session:
            return self.open_secret(await _get(session, webhook_id))

    def open_secret(self, row: WebhookRecord) -> str:
        """What it signs with. Raises `LostKey`."""
        return self._vault.open(row.secret)["secret"]

    async def load_deliveries(self, webhook_id: str) -> Sequence[DeliveryView]:
        """The newest lines of its log."""
        query = (
            select(WebhookDelivery, ConversationEvent)
            .join(ConversationEvent, ConversationEvent.number == WebhookDelivery.event_number)
            .where(WebhookDelivery.webhook_id == webhook_id)
            .order_by(WebhookDelivery.id.desc())
            .limit(SHOWN_DELIVERIES)
        )
        async with self.db.read() as session:
            return [_delivery_view(*row) for row in await session.execute(query)]

    async def send_again(self, webhook_id: str, delivery_id: int) -> None:
        """Send one that has ended once more. Raises `NotFound`, and `Conflict` while its webhook is off."""
        async with self.db.write() as session:
            webhook = await _get(session, webhook_id)
            row = await session.get(WebhookDelivery, delivery_id, with_for_update=True)
            if row is None or row.webhook_id != webhook_id:
                raise NotFound("There is no such delivery any more.")
            if not webhook.is_on:
                raise Conflict("Switch the webhook on first.", code="webhook_off")
            if row.status in UNFINISHED:
                return
            row.status, row.attempts, row.due_at, row.ended_at = DeliveryStatus.PENDING, 0, now(), None


def check_form(form: WebhookForm) -> None:
    """Raises `Invalid` naming what is wrong."""
    try:
        parts = urlsplit(form.address)
    except ValueError:
        raise Invalid("Expected an address such as https://example.org/hook.", code="webhook_address") from None
    if not form.name.strip():
        raise Invalid("A webhook needs a name.", code="webhook_name", fields=["name"])
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.fragment:
        raise Invalid("Expected an address such as https://example.org/hook.", code="webhook_address")
    if not form.kinds or set(form.kinds) - set(EventKind):
        raise Invalid("Choose at least one event.", code="webhook_kinds", fields=["kinds"])


async def load_ended_webhooks(db: Database) -> list[tuple[str, str]]:
    """Ids and names of those that were switched off because their calls failed."""
    async with db.read() as session:
        ended = (
            select(WebhookRecord.id, WebhookRecord.name).where(WebhookRecord.problem != "").order_by(WebhookRecord.name)
        )
        return [(webhook_id, name) for webhook_id, name in await session.execute(ended)]


async def end_deliveries(session: AsyncSession, webhook_id: str) -> None:
    """What waits for a webhook that is off won't be sent."""
    await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status.in_(UNFINISHED))
        .values(status=DeliveryStatus.FAILED, reason="switched_off", ended_at=now(), lease_owner=None)
    )


def _columns(form: WebhookForm) -> dict[str, object]:
    return {
        "name": form.name.strip(),
        "address": form.address.strip(),
        "kinds": tuple(kind for kind in EventKind if kind in form.kinds),
        "with_text": form.with_text,
    }


def _refuse_taken(names: set[str], form: WebhookForm) -> None:
    if form.name.strip() in names:
        raise Conflict("Another webhook has this name already.", code="webhook_name_taken")


async def _get(session: AsyncSession, webhook_id: str, *, locked: bool = False) -> WebhookRecord:
    row = await session.get(WebhookRecord, webhook_id, with_for_update=locked or None)
    if row is None:
        raise NotFound("There is no such webhook.")
    return row


def _view(row: WebhookRecord, waiting: int = 0) -> WebhookView:
    return WebhookView(
        id=row.id,
        form=WebhookForm(name=row.name, address=row.address, kinds=row.kinds, with_text=row.with_text),
        is_on=row.is_on,
        failures=row.failures,
        failing_since=row.failing_since,
        problem=row.problem,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        waiting=waiting,
    )


def _delivery_view(row: WebhookDelivery, event: ConversationEvent) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        kind=event.kind,
        conversation_id=event.conversation_id,
        status=row.status,
        attempts=row.attempts,
        answer_code=row.answer_code,
        reason=row.reason,
        due_at=row.due_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
