"""How far an outgoing line has come, as facts allow to say it: seen, taken by a mail server, or not known yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.unseen_answers import of_conversation
from store.models import Contact, Conversation, DeliveryStatus, MailDelivery, MailRefusal, Message

_IN_LOG = frozenset({DeliveryStatus.STORED, DeliveryStatus.SENT})  # older versions called it sent


class LineState(StrEnum):
    """What is known of a line in a log that the customer's screen reads. Other channels have `DeliveryStatus`."""

    READ = "read"
    UNSEEN = "unseen"
    NO_ADDRESS = "unseen_no_address"
    REFUSED = "unseen_refused"
    MAIL_BOUNCES = "unseen_bounces"
    MAIL_DUE = "unseen_mail_due"
    MAIL_TRYING = "unseen_mail_trying"
    MAILED = "mailed"
    MAILED_BEFORE = "unseen_mailed_before"
    MAIL_UNKNOWN = "mail_unknown"
    MAIL_FAILED = "mail_failed"
    MAIL_BOUNCED = "mail_bounced"


_BY_MAIL = {
    DeliveryStatus.SENDING: LineState.MAIL_TRYING,
    DeliveryStatus.SENT: LineState.MAILED,
    DeliveryStatus.UNKNOWN: LineState.MAIL_UNKNOWN,
    DeliveryStatus.FAILED: LineState.MAIL_FAILED,
    DeliveryStatus.BOUNCED: LineState.MAIL_BOUNCED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDelivery:
    """A line's state, since when or from when on, and the channel's word where something went wrong."""

    state: str
    at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLog:
    """What decides about the lines of a web chat: how far it was seen, the mails about it, and the address."""

    seen_seq: int
    email: str | None
    refusal: MailRefusal | None
    mails: Sequence[MailDelivery]


async def load_seen_log(session: AsyncSession, conversation: Conversation) -> SeenLog | None:
    """`None` where the customer's screen doesn't read the log."""
    if not conversation.channel.shows_the_log:
        return None
    contact = await session.get_one(Contact, conversation.contact_id)
    mails = await session.scalars(
        select(MailDelivery).where(of_conversation(conversation.id)).order_by(MailDelivery.created_at)
    )
    return SeenLog(
        seen_seq=conversation.contact_seen_seq,
        email=contact.email,
        refusal=contact.mail_refusal,
        mails=mails.all(),
    )


def delivery_of(message: Message, status: DeliveryStatus, reason: str | None, log: SeenLog | None) -> LineDelivery:
    """How far a line has come. What an agent or the bot wrote, a mail may bring."""
    if log is None or status not in _IN_LOG:
        return LineDelivery(state=str(status), reason=reason)
    if message.seq <= log.seen_seq:
        return LineDelivery(state=LineState.READ)
    if message.author == Author.SYSTEM:
        return LineDelivery(state=LineState.UNSEEN)
    is_mailed = message.author == Author.AGENT or message.facts.aside == "follow_up"
    otherwise = _unmailed(log) if is_mailed else LineState.UNSEEN
    return _by_mail(message, log) or LineDelivery(state=otherwise)


def _by_mail(message: Message, log: SeenLog) -> LineDelivery | None:
    """What the mails say of a line; the newest that covers it counts."""
    for mail in reversed(log.mails):
        if (mail.first_seq or 0) > message.seq:
            continue
        if mail.status == DeliveryStatus.PENDING:
            state = LineState.MAIL_TRYING if mail.attempts else LineState.MAIL_DUE
            return LineDelivery(state=state, at=mail.due_at, reason=mail.reason)
        if mail.last_seq is None or message.seq <= mail.last_seq:
            return LineDelivery(state=_BY_MAIL[mail.status], at=mail.sent_at, reason=mail.reason)
        if mail.status == DeliveryStatus.SENT and not log.refusal:
            return LineDelivery(state=LineState.MAILED_BEFORE, at=mail.sent_at)
        return None
    return None


def _unmailed(log: SeenLog) -> LineState:
    if not log.email:
        return LineState.NO_ADDRESS
    if log.refusal == MailRefusal.BOUNCED:
        return LineState.MAIL_BOUNCES
    return LineState.REFUSED if log.refusal else LineState.UNSEEN
