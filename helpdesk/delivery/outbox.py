"""The one door out: what is stored as a delivery is sent, in order within its lane, until its end is known."""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

import tracing
from connectors.contract import (
    Address,
    Channel,
    ChatMoved,
    Connector,
    OutboundMessage,
    RelatedLink,
    RetryLater,
    SendLimit,
    SentChange,
    Undeliverable,
)
from helpdesk.channels.help_links import HelpLinks
from helpdesk.conversations.edits import move_chat
from helpdesk.delivery.last_word import LastWord, load_last_word
from helpdesk.delivery.question_links import with_mail_links
from helpdesk.delivery.rate_limits import free_at, lock_paces, pause, take
from helpdesk.delivery.sent_changes import ChangedLine, load_changed_lines
from helpdesk.files.attached_files import load_outbound_files
from helpdesk.mail.links import MailLinks
from helpdesk.observability import metrics
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.failpoints import Failpoint, failpoint
from store.lease_worker import WorkerLimits
from store.models import (
    Conversation,
    Delivery,
    DeliveryStatus,
    Message,
    RelatedQuestion,
    new_id,
    now,
)

log = structlog.get_logger()

PATIENCE = timedelta(hours=12)  # how long a channel may refuse for now, before the agent is told that it failed
#: How long one mail is held: its server may look at it for a minute before it answers, and large files take their time.
MAIL_LEASE = timedelta(seconds=150)
MAX_DOUBTS = 2  # tries of which nobody knows the end: the customer reads a message twice at most
_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """One delivery of ours, ready for its connector; `turn_id` is the turn's that has said it."""

    delivery_id: int
    attempts: int
    doubts: int
    created_at: datetime
    message: OutboundMessage
    turn_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """How an attempt ended. `part` is the channel's id of what has gone out, `moved_to` where the chat goes on."""

    delivery_id: int
    status: DeliveryStatus
    address: Address
    part: str | None = None
    reason: str | None = None
    due_at: datetime | None = None
    doubtful: bool = False
    moved_to: str | None = None
    account_paused: bool = False


def outbox_limits(lease_seconds: float) -> WorkerLimits:
    """How many lanes are served at the same time; a send takes half a lease at most, and so does the draining."""
    return WorkerLimits(
        name="outbox", at_once=50, at_once_in_burst=5, idle_seconds=15.0, drain_seconds=lease_seconds / 2, in_lanes=True
    )


class Outbox:
    """The deliveries that are due: a slow lane holds up no other. A `LeaseSource`, with `store` for the results."""

    def __init__(
        self,
        db: Database,
        connectors: Mapping[Channel, Connector],
        links: HelpLinks,
        mail_links: MailLinks,
        live: ChangeHints,
        *,
        lease_seconds: float,
        name: str | None = None,
    ) -> None:
        self.db = db
        self.connectors = connectors
        self.lease = timedelta(seconds=lease_seconds)
        self.links = links
        self.mail_links = mail_links
        self.live = live
        self.name = name or new_id()

    def _lease_of(self, channel: Channel) -> timedelta:
        return self.lease if channel.is_live else MAIL_LEASE

    def log_ids(self, item: DueDelivery) -> dict[str, str | int]:
        """Which delivery of which conversation."""
        return {"delivery": item.delivery_id, "conversation": item.message.conversation_id}

    async def next_due(self) -> datetime | None:
        """When the first delivery of a lane may leave, or the lease of a vanished worker has run out."""
        pending = (
            select(Delivery.due_at)
            .where(Delivery.status == DeliveryStatus.PENDING, _is_first())
            .order_by(Delivery.due_at)
            .limit(1)
        )
        leased = select(func.min(Delivery.lease_until)).where(Delivery.status == DeliveryStatus.SENDING)
        async with self.db.read() as session:
            row = (await session.execute(select(pending.scalar_subquery(), leased.scalar_subquery()))).one()
        return min(filter(None, row), default=None)

    async def store(self, results: Sequence[SendResult]) -> None:
        """Store how attempts ended, in one transaction, and tell the desks. Raises `Unavailable`."""
        async with self.db.write() as session:
            ended = [await self._store_result(session, result) for result in results]
        for conversation_id in dict.fromkeys(filter(None, ended)):
            self.live.delivery_changed(conversation_id)

    async def claim(self, limit: int) -> list[DueDelivery]:
        """Take the deliveries that may leave now. A lane's second waits for its first."""
        time = now()
        async with self.db.write() as session:
            found = await session.execute(_due(time).limit(limit).with_for_update(skip_locked=True, of=Delivery))
            rows = [(delivery, message, conversation) for delivery, message, conversation in found]
            limits = {row[0].id: self._limits(row[2].address) for row in rows}
            paces = await lock_paces(session, [limit for some in limits.values() for limit in some], time)
            time = now()  # another instance may have held them for a while, and what leaves now counts from now on
            changed = await load_changed_lines(session, [message for _, message, _ in rows])
            taken = []
            for delivery, message, conversation in rows:
                free = free_at(limits[delivery.id], paces, time)
                if free > time:
                    delivery.due_at = free
                    continue
                take(limits[delivery.id], paces, time)
                last = await load_last_word(session, message) if conversation.thread else LastWord()
                change = changed.get(message.id)
                taken.append(self._take(time, delivery, message, conversation, last, change))
            messages = [changed[message.id].message if message.id in changed else message for _, message, _ in rows]
            return await _with_files(session, taken, messages)

    def _limits(self, address: Address) -> tuple[SendLimit, ...]:
        """What the channel says, and that the account isn't paused."""
        connector = self.connectors.get(address.channel)
        own = connector.limits(address) if connector else ()
        return (*own, _account_limit(address)) if own else ()

    def _take(
        self,
        time: datetime,
        delivery: Delivery,
        message: Message,
        conversation: Conversation,
        last: LastWord,
        changed: ChangedLine | None,
    ) -> DueDelivery:
        if delivery.status == DeliveryStatus.SENDING:  # its worker vanished in the middle: it may have arrived
            delivery.doubts += 1
            metrics.DELIVERIES_REPEATED.labels(str(conversation.channel)).inc()
        delivery.status, delivery.attempts = DeliveryStatus.SENDING, delivery.attempts + 1
        delivery.lease_owner, delivery.lease_until = self.name, time + self._lease_of(conversation.channel)
        return DueDelivery(
            delivery_id=delivery.id,
            attempts=delivery.attempts,
            doubts=delivery.doubts,
            created_at=delivery.created_at,
            turn_id=message.turn_id,
            message=with_mail_links(
                outbound(
                    changed.message if changed else message,
                    conversation,
                    delivery,
                    self.links,
                    last=last,
                    change=changed.change if changed else None,
                ),
                message,
                conversation,
                self.mail_links,
            ),
        )

    async def work(self, item: DueDelivery) -> SendResult:
        """Send one delivery; how that ended."""
        address = item.message.address
        with tracing.delivery(item.turn_id, delivery=item.delivery_id, channel=address.channel, attempt=item.attempts):
            result = await self._send(item)
            tracing.note(status=result.status)
        failpoint(Failpoint.OUTBOX_AFTER_SEND)
        return result

    async def _send(self, sending: DueDelivery) -> SendResult:
        channel = sending.message.address.channel
        connector = self.connectors.get(channel)
        if connector is None:
            return _failed(sending, "This channel isn't connected any more.")
        try:
            async with asyncio.timeout(self._lease_of(channel).total_seconds() / 2):
                sent = await connector.send(sending.message)
        except RetryLater as wait:
            return _later(sending, wait)
        except Undeliverable as never:
            return _failed(sending, never.reason)
        except ChatMoved as moved:
            return _result(sending, DeliveryStatus.PENDING, due_at=now(), moved_to=moved.chat_id)
        except Exception as error:  # nobody knows whether it arrived
            log.warning("outbox.unclear", delivery=sending.delivery_id, error=type(error).__name__)
            return _unclear(sending, type(error).__name__)
        if sent.more:
            return _result(sending, DeliveryStatus.PENDING, part=sent.external_id, due_at=now())
        return _result(sending, DeliveryStatus.SENT, part=sent.external_id)

    async def _store_result(self, session: AsyncSession, result: SendResult) -> str | None:
        """The conversation whose delivery has ended."""
        delivery = await session.get(Delivery, result.delivery_id, with_for_update=True)
        if delivery is None:
            return None  # erased meanwhile, with its conversation
        if delivery.lease_owner != self.name or delivery.status != DeliveryStatus.SENDING:
            return None
        delivery.status, delivery.reason = result.status, result.reason
        delivery.due_at, delivery.lease_until = result.due_at or delivery.due_at, None
        _keep_part(delivery, result)
        if result.account_paused and result.due_at:
            await pause(session, _account_limit(result.address).key, result.due_at, now())
        if result.moved_to:
            await move_chat(session, result.address, result.moved_to)
        if result.status in _UNFINISHED:
            return None
        metrics.DELIVERIES.labels(delivery.lane.partition(":")[0], str(result.status)).inc()
        return delivery.conversation_id


async def _with_files(
    session: AsyncSession, taken: list[DueDelivery], messages: Sequence[Message]
) -> list[DueDelivery]:
    """The deliveries with what goes along; nothing is asked for where there is none."""
    files = await load_outbound_files(session, messages)
    if not files:
        return taken
    return [replace(due, message=replace(due.message, files=files.get(due.message.id, ()))) for due in taken]


def _keep_part(delivery: Delivery, result: SendResult) -> None:
    if result.doubtful:
        delivery.doubts += 1
        metrics.DELIVERIES_REPEATED.labels(delivery.lane.partition(":")[0]).inc()
    if result.part is not None:
        delivery.parts, delivery.doubts = (*delivery.parts, result.part), 0
        delivery.external_id = delivery.external_id or result.part
        delivery.attempts = 0
    if result.status == DeliveryStatus.SENT:
        delivery.sent_at = now()


def _is_first() -> ColumnElement[bool]:
    """Whether no earlier delivery of the same lane is unfinished."""
    earlier = aliased(Delivery)
    return ~(
        select(earlier.id)
        .where(earlier.lane == Delivery.lane, earlier.id < Delivery.id, earlier.status.in_(_UNFINISHED))
        .exists()
    )


def _due(time: datetime) -> Select[Delivery, Message, Conversation]:
    is_due = or_(
        and_(Delivery.status == DeliveryStatus.PENDING, Delivery.due_at <= time),
        and_(Delivery.status == DeliveryStatus.SENDING, Delivery.lease_until < time),
    )
    return (
        select(Delivery, Message, Conversation)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(is_due, _is_first())
        .order_by(Delivery.id)
    )


def outbound(
    message: Message,
    conversation: Conversation,
    delivery: Delivery,
    links: HelpLinks,
    *,
    last: LastWord | None = None,
    change: SentChange | None = None,
) -> OutboundMessage:
    """A line of the log as its channel gets it; with a `change` it has it already."""
    language = conversation.language
    last = last or LastWord()
    return OutboundMessage(
        id=message.id,
        address=conversation.address,
        conversation_id=conversation.id,
        seq=message.seq,
        author=message.author,
        author_name=message.author_name,
        text=message.text,
        language=language,
        choices=message.choices,
        article=message.article,
        lead=message.facts.lead,
        short=message.facts.short,
        link=links.to(message.article, language) if message.article else None,
        related=tuple(_related(message.facts.related, language, links)),
        parts=delivery.parts,
        doubtful=delivery.doubts > 0,
        reply_to=last.external_id,
        quoted="" if conversation.channel.is_live else last.text,
        subject=last.facts.subject or "",
        change=change,
    )


def _related(pairs: Iterable[RelatedQuestion], language: str, links: HelpLinks) -> Iterable[RelatedLink]:
    for key, question in pairs:
        if link := links.to(key, language, question):
            yield RelatedLink(question=question, link=link)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from one to sixty, with full jitter in the upper half."""
    longest = min(60.0, 2.0 ** (attempts - 1))
    return longest / 2 + random.uniform(0, longest / 2)


def _account_limit(address: Address) -> SendLimit:
    """Sets no limit by itself; it carries the pause that a channel has asked the whole account for."""
    return SendLimit(key=f"pause:{address.channel}:{address.account}", count=1_000, seconds=0.001)


def _result(
    sending: DueDelivery,
    status: DeliveryStatus,
    *,
    part: str | None = None,
    reason: str | None = None,
    due_at: datetime | None = None,
    doubtful: bool = False,
    moved_to: str | None = None,
    account_paused: bool = False,
) -> SendResult:
    return SendResult(
        delivery_id=sending.delivery_id,
        status=status,
        address=sending.message.address,
        part=part,
        reason=reason[:500] if reason else None,
        due_at=due_at,
        doubtful=doubtful,
        moved_to=moved_to,
        account_paused=account_paused,
    )


def _later(sending: DueDelivery, wait: RetryLater) -> SendResult:
    """Not before the channel allows it, and with growing patience when it goes on refusing."""
    if now() - sending.created_at > PATIENCE:
        return _failed(sending, "The channel didn't take this message for hours.")
    after = wait.after if sending.attempts == 1 else max(wait.after, backoff(sending.attempts))
    due_at = now() + timedelta(seconds=after)
    return _result(sending, DeliveryStatus.PENDING, reason=str(wait), due_at=due_at, account_paused=wait.account)


def _unclear(sending: DueDelivery, reason: str) -> SendResult:
    """Once more, because a lost message is worse than one that comes twice; a third time would be a nuisance."""
    if sending.doubts + 1 >= MAX_DOUBTS:
        return _result(sending, DeliveryStatus.UNKNOWN, reason=reason)
    due_at = now() + timedelta(seconds=backoff(sending.attempts))
    return _result(sending, DeliveryStatus.PENDING, reason=reason, due_at=due_at, doubtful=True)


def _failed(sending: DueDelivery, reason: str) -> SendResult:
    return _result(sending, DeliveryStatus.FAILED, reason=reason)
