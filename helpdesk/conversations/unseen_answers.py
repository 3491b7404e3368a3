"""Answers in the web chat that nobody may see: they are put down for a mail, once a pause."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from connectors.contract.mail import MAIL_LINE
from helpdesk.mail.links import RETURN_FOR
from store.models import Contact, Conversation, DeliveryStatus, MailDelivery, MailKind, Message, MessageKind, now
from store.settings import Settings
from store.status import Status

#: The last brake against two machines that answer each other: mails of a conversation that bring no agent's words.
MAX_AUTOMATIC, WITHIN = 6, timedelta(hours=24)
_IN_VAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
#: How long an address isn't tried again after a mail in vain; one that failed because the server was away is older.
_TRY_AGAIN_AFTER = timedelta(hours=24)


async def schedule_unseen_mail(
    session: AsyncSession, conversation: Conversation, lines: Sequence[Message], settings: Settings
) -> None:
    """Put what answers among `lines` down for a mail, unless one is under way or was the last word to this contact.

    Whoever writes by mail gets what is said to that by mail, too.
    """
    first = _first_to_mail(lines, conversation.status)
    if first is None or not conversation.channel.shows_the_log or not settings.smtp_url.get_secret_value():
        return
    contact = await session.get_one(Contact, conversation.contact_id)
    by_agent = any(line.author == Author.AGENT for line in lines)
    asks = any(line.facts.aside == "follow_up" for line in lines)
    if not is_mailed(contact) or not await _is_new_pause(
        session, conversation, contact.email or "", by_agent=by_agent, asks=asks
    ):
        return
    if not by_agent and await _count_mails(session, conversation.id) >= MAX_AUTOMATIC:
        return
    session.add(
        MailDelivery(
            kind=MailKind.UNSEEN,
            conversation_id=conversation.id,
            first_seq=first,
            due_at=now() + timedelta(seconds=settings.mail_after),
        )
    )


def _first_to_mail(lines: Sequence[Message], status: Status) -> int | None:
    """The first line that a mail is to bring: an answer, or whatever follows on what came by mail."""
    for line in lines:
        if line.kind == MessageKind.INCOMING and (line.external_id or "").startswith(MAIL_LINE):
            return line.seq + 1
        if _is_answer(line, status):
            return line.seq
    return None


def is_mailed(contact: Contact) -> bool:
    """Whether a contact left an address, and mails to it are wanted and arrive."""
    return contact.email is not None and contact.mail_refusal is None


def _is_answer(line: Message, status: Status) -> bool:
    """Whether somebody waits for this line: an agent's, and an article for whoever waits for an agent."""
    if line.kind != MessageKind.OUTGOING or line.facts.withheld:
        return False
    if line.facts.aside == "follow_up":  # nobody waits for it, and it is to find who has left
        return True
    return line.author == Author.AGENT or (
        line.author == Author.BOT and line.article is not None and status == Status.QUEUED
    )


def of_conversation(conversation_id: str) -> ColumnElement[bool]:
    """The mails about what a contact hasn't seen."""
    return (MailDelivery.conversation_id == conversation_id) & (MailDelivery.kind == MailKind.UNSEEN)


async def _count_mails(session: AsyncSession, conversation_id: str) -> int:
    lately = of_conversation(conversation_id) & (MailDelivery.created_at > now() - WITHIN)
    return await session.scalar(select(func.count()).where(lately)) or 0


async def _is_new_pause(
    session: AsyncSession, conversation: Conversation, email: str, *, by_agent: bool, asks: bool
) -> bool:
    """Whether the contact was seen, or wrote, since the last mail; or has another address since one in vain, which is
    tried again after a day.

    One that `asks` on a later day needs no sign of life since. A mail whose link leads nowhere any more is none, and
    one of the bot's doesn't stand in the way of an agent's.
    """
    last = await session.scalar(
        select(MailDelivery).where(of_conversation(conversation.id)).order_by(MailDelivery.created_at.desc()).limit(1)
    )
    if last is None:
        return True
    if last.status in _IN_VAIN:
        return last.recipient != email or last.created_at < now() - _TRY_AGAIN_AFTER
    if last.last_seq is None:  # not composed yet: it takes up this answer, too
        return False
    if asks:
        return True
    if conversation.contact_seen_seq >= last.last_seq or last.created_at < now() - RETURN_FOR:
        return True
    lines = select(Message.id).where(Message.conversation_id == conversation.id).limit(1)
    wrote = lines.where(Message.seq > last.last_seq, Message.kind == MessageKind.INCOMING)
    if await session.scalar(wrote) is not None:
        return True
    covered = Message.seq.between(last.first_seq, last.last_seq) & (Message.author == Author.AGENT)
    return by_agent and await session.scalar(lines.where(covered)) is None
