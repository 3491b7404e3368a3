"""The way out for mails: what is due is composed, handed to the mail server, and its end is stored."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import RetryLater, Undeliverable
from connectors.contract.mail import MailTransport, OutgoingMail
from helpdesk.conversations.unseen_answers import is_mailed
from helpdesk.delivery.outbox import MAIL_LEASE, MAX_DOUBTS
from helpdesk.delivery.staff_letters import StaffLetters
from helpdesk.delivery.staff_mails import schedule_digest, schedule_weekly
from helpdesk.delivery.transcript_letter import compose_transcript_mail
from helpdesk.delivery.unseen_letter import MailFrame, compose_unseen_mail, load_unseen_answers
from helpdesk.mail.mail_content import read_mail, write_mail
from helpdesk.observability import metrics
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import Agent, Contact, Conversation, DeliveryStatus, MailDelivery, MailKind, now

log = structlog.get_logger()

#: How long a server may refuse for now; RFC 5321 4.5.4.1 asks for some days, but then nobody needs the answer any more.
PATIENCE = timedelta(hours=24)
#: Seconds until the next try, by the number of tries so far.
BACKOFF = (60.0, 300.0, 900.0, 1800.0, 3600.0)
MAIL_LIMITS = WorkerLimits(
    name="mails", at_once=4, at_once_in_burst=1, idle_seconds=60.0, drain_seconds=15.0, drops_some=True
)
_CHANNEL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """One mail of ours, composed."""

    mail_id: str
    attempts: int
    doubts: int
    created_at: datetime
    mail: OutgoingMail


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResult:
    """How an attempt ended. `reason` is the mail server's word."""

    mail_id: str
    status: DeliveryStatus
    reason: str | None = None
    due_at: datetime | None = None
    doubtful: bool = False


class MailOutbox:
    """The mails that are due. A `LeaseSource`, with `store` for the results."""

    def __init__(
        self,
        db: Database,
        live: ChangeHints,
        transport: MailTransport,
        frame: MailFrame,
        staff_letters: StaffLetters,
        *,
        name: str,
    ) -> None:
        self.db = db
        self.live = live
        self.transport = transport
        self.frame = frame
        self.staff_letters = staff_letters
        self.name = name

    def log_ids(self, item: DueMail) -> dict[str, str | int]:
        """Which mail."""
        return {"mail": item.mail_id}

    async def next_due(self) -> datetime | None:
        """When the first mail may leave, or the lease of a vanished worker has run out."""
        pending = select(func.min(MailDelivery.due_at)).where(MailDelivery.status == DeliveryStatus.PENDING)
        leased = select(func.min(MailDelivery.lease_until)).where(MailDelivery.status == DeliveryStatus.SENDING)
        async with self.db.read() as session:
            row = (await session.execute(select(pending.scalar_subquery(), leased.scalar_subquery()))).one()
        return min(filter(None, row), default=None)

    async def claim(self, limit: int) -> list[DueMail]:
        """Take the mails that may leave now. One whose reason has gone meanwhile is dropped."""
        time, taken = now(), []
        is_due = or_(
            and_(MailDelivery.status == DeliveryStatus.PENDING, MailDelivery.due_at <= time),
            and_(MailDelivery.status == DeliveryStatus.SENDING, MailDelivery.lease_until < time),
        )
        async with self.db.write() as session:
            due = await session.scalars(
                select(MailDelivery)
                .where(is_due)
                .order_by(MailDelivery.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            for mail in list(due):
                if _may_be_tried(mail) and (content := await self._compose(session, mail, time)):
                    taken.append(self._take(mail, content, time))
        return taken

    async def _compose(self, session: AsyncSession, mail: MailDelivery, time: datetime) -> OutgoingMail | None:
        """The mail; `None` when there is none to send: the others don't wait for one that can't be composed."""
        await self._schedule_next(session, mail, time)
        try:
            content = await self._content(session, mail, time)
        except SQLAlchemyError:
            raise
        except Exception as error:  # whatever is wrong with one mail, the others leave
            log.warning("mails.not_composed", mail=mail.id, error=type(error).__name__)
            mail.status, mail.reason, mail.lease_until = DeliveryStatus.FAILED, type(error).__name__, None
            return None
        if content is None:
            await session.delete(mail)
        return content

    async def _schedule_next(self, session: AsyncSession, mail: MailDelivery, time: datetime) -> None:
        """After each mail that comes regularly comes the next, whether this one leaves or nobody needs it."""
        schedule = {MailKind.DIGEST: schedule_digest, MailKind.WEEKLY: schedule_weekly}.get(mail.kind)
        if schedule is not None and mail.attempts == 0:
            schedule(session, await session.get_one(Agent, mail.agent_id), self.frame.zone, time)

    async def _content(self, session: AsyncSession, mail: MailDelivery, time: datetime) -> OutgoingMail | None:
        """The mail, composed; `None` when nobody needs it any more."""
        if mail.agent_id:
            composed = await self.staff_letters.compose(session, mail, time)
            mail.recipient = composed.recipient if composed else mail.recipient
            return composed
        if mail.kind != MailKind.UNSEEN:
            return await self._content_of_other(session, mail, time)
        conversation = await session.get_one(Conversation, mail.conversation_id)
        contact = await session.get_one(Contact, conversation.contact_id)
        if not is_mailed(contact):
            return None
        if mail.content and mail.last_seq is not None:
            return read_mail(mail.content) if conversation.contact_seen_seq < mail.last_seq else None
        unseen = await load_unseen_answers(session, conversation, since=mail.first_seq or 1)
        if unseen is None:
            return None
        composed = compose_unseen_mail(unseen, conversation, contact, self.frame, time)
        mail.first_seq, mail.last_seq = unseen.answers[0].seq, unseen.answers[-1].seq
        mail.recipient, mail.message_id, mail.content = composed.recipient, composed.message_id, write_mail(composed)
        return composed

    async def _content_of_other(self, session: AsyncSession, mail: MailDelivery, time: datetime) -> OutgoingMail | None:
        """A mail that is composed already, but for a transcript, which is composed with its first try."""
        if mail.kind == MailKind.TRANSCRIPT and mail.content is None:
            conversation = await session.get_one(Conversation, mail.conversation_id)
            composed = await compose_transcript_mail(session, conversation, mail, self.frame, time)
            mail.message_id, mail.content = composed.message_id, write_mail(composed)
        return read_mail(mail.content) if mail.content else None

    def _take(self, mail: MailDelivery, content: OutgoingMail, time: datetime) -> DueMail:
        mail.status, mail.attempts = DeliveryStatus.SENDING, mail.attempts + 1
        mail.lease_owner, mail.lease_until = self.name, time + MAIL_LEASE
        return DueMail(
            mail_id=mail.id, attempts=mail.attempts, doubts=mail.doubts, created_at=mail.created_at, mail=content
        )

    async def work(self, item: DueMail) -> MailResult:
        """Hand one mail to the server; how that ended."""
        try:
            async with asyncio.timeout(MAIL_LEASE.total_seconds() / 2):
                await self.transport.send(item.mail)
        except RetryLater as wait:
            return _later(item, wait)
        except Undeliverable as never:
            return MailResult(mail_id=item.mail_id, status=DeliveryStatus.FAILED, reason=never.reason)
        except Exception as error:  # nobody knows whether the server has it
            log.warning("mails.unclear", mail=item.mail_id, error=type(error).__name__)
            return _unclear(item, str(error) or type(error).__name__)
        return MailResult(mail_id=item.mail_id, status=DeliveryStatus.SENT)

    async def store(self, results: Sequence[MailResult]) -> None:
        """Store how attempts ended, in one transaction. Raises `Unavailable`."""
        changed: list[str] = []
        async with self.db.write() as session:
            for result in results:
                mail = await session.get(MailDelivery, result.mail_id, with_for_update=True)
                if mail is None or mail.lease_owner != self.name or mail.status != DeliveryStatus.SENDING:
                    continue  # erased meanwhile, or another's
                _store_result(mail, result)
                if mail.conversation_id:
                    changed.append(mail.conversation_id)
        for conversation_id in changed:
            self.live.changed(conversation_id)


def _may_be_tried(mail: MailDelivery) -> bool:
    """A mail whose worker vanished in the middle may have gone out: it is tried once more, and no third time."""
    if mail.status == DeliveryStatus.SENDING:
        mail.doubts += 1
        metrics.DELIVERIES_REPEATED.labels(_CHANNEL).inc()
        if mail.doubts >= MAX_DOUBTS:
            mail.status, mail.content, mail.lease_until = DeliveryStatus.UNKNOWN, None, None
            return False
    return True


def _store_result(mail: MailDelivery, result: MailResult) -> None:
    mail.status, mail.lease_until = result.status, None
    mail.reason = result.reason[:500] if result.reason else None
    if result.doubtful:
        mail.doubts += 1
        metrics.DELIVERIES_REPEATED.labels(_CHANNEL).inc()
    if result.status == DeliveryStatus.PENDING:
        mail.due_at = result.due_at or mail.due_at
        return
    mail.content = None  # what it said is in the log
    if result.status == DeliveryStatus.SENT:
        mail.sent_at = now()
    metrics.DELIVERIES.labels(_CHANNEL, str(result.status)).inc()


def _later(item: DueMail, wait: RetryLater) -> MailResult:
    """Not before the server allows it, and with growing patience."""
    if now() - item.created_at > PATIENCE:
        return MailResult(mail_id=item.mail_id, status=DeliveryStatus.FAILED, reason=str(wait))
    due_at = now() + timedelta(seconds=max(wait.after, _backoff(item.attempts)))
    return MailResult(mail_id=item.mail_id, status=DeliveryStatus.PENDING, reason=str(wait), due_at=due_at)


def _unclear(item: DueMail, reason: str) -> MailResult:
    """Once more under the same Message-ID; a third time would be a nuisance."""
    if item.doubts + 1 >= MAX_DOUBTS:
        return MailResult(mail_id=item.mail_id, status=DeliveryStatus.UNKNOWN, reason=reason)
    due_at = now() + timedelta(seconds=_backoff(item.attempts))
    return MailResult(mail_id=item.mail_id, status=DeliveryStatus.PENDING, reason=reason, due_at=due_at, doubtful=True)


def _backoff(attempts: int) -> float:
    """Seconds until the next try, with some jitter."""
    return BACKOFF[min(attempts, len(BACKOFF)) - 1] * random.uniform(0.9, 1.1)
