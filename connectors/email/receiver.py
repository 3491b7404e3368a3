"""A mail's way in: read it, find its conversation, hand it over. Both the mailbox and the webhook end here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from connectors.contract import (
    Address,
    AsideMailRecord,
    AsideMails,
    Attachment,
    AttachmentKind,
    Channel,
    FileKeeper,
    IdUsedTwice,
    InboundMessage,
    Inbox,
    MailThread,
    MailThreads,
)
from connectors.contract.mail import MAIL_LINE, MailBounce
from connectors.contract.reply_address import ReplyAddresses
from connectors.email.bounces import parse_bounce
from connectors.email.inbound.automatic_mail import AsideReason, MailPolicy
from connectors.email.inbound.headers import digest
from connectors.email.inbound.parse import Mail, MailAside, parse_mail, question_of
from connectors.email.inbound.parts import MailPart

log = logging.getLogger(__name__)

ACCOUNT = "mailbox"
MAX_FILES = 10
#: The last brake: nobody writes so much by hand, but two machines do.
MAX_MAILS, WITHIN = 30, timedelta(hours=1)

ReportBounce = Callable[[MailBounce], Awaitable[bool]]


class MailReceiver:
    """Stores mails. `report_bounce` notes that a mail of ours came back; False when it was none of ours."""

    def __init__(
        self,
        inbox: Inbox,
        threads: MailThreads,
        aside: AsideMails,
        files: FileKeeper,
        addresses: ReplyAddresses | None,
        policy: MailPolicy,
        *,
        report_bounce: ReportBounce,
    ) -> None:
        self._inbox = inbox
        self._threads = threads
        self._aside = aside
        self._files = files
        self._addresses = addresses
        self._policy = policy
        self._report_bounce = report_bounce

    async def receive(self, raw: bytes, *, is_whole: bool = True, is_late: bool = False) -> None:
        """Store a mail, or put it aside. Returned means stored; a repeat changes nothing.

        Not `is_whole`: the rest was too large. `is_late`: it lay in the mailbox for so long that a person looks first.
        """
        mail = await asyncio.to_thread(parse_mail, raw, self._policy)
        if isinstance(mail, MailAside):
            await self._put_aside(mail, raw)
        elif await self._threads.count_mails(ACCOUNT, mail.sender, WITHIN) >= MAX_MAILS:
            await self._put_aside(_too_many(mail), raw)
        else:
            await self._hand_over(mail, is_whole=is_whole, is_late=is_late)

    async def _put_aside(self, mail: MailAside, raw: bytes) -> None:
        if mail.reason is AsideReason.BOUNCE:
            bounce = await asyncio.to_thread(parse_bounce, raw)
            if bounce is not None and await self._report_bounce(bounce):
                return
        thread = await self._find_thread(mail.recipients, mail.thread)
        record = AsideMailRecord(
            account=ACCOUNT,
            external_id=mail.id,
            reason=str(mail.reason),
            sender=mail.sender,
            subject=mail.subject,
            text=mail.text,
            conversation_id=thread.conversation_id if thread else None,
        )
        await self._aside.put(record)

    async def _hand_over(self, mail: Mail, *, is_whole: bool, is_late: bool) -> None:
        inbound = await self._inbound(mail, is_whole=is_whole, is_late=is_late)
        try:
            await self._inbox.receive(inbound)
        except IdUsedTwice:  # two mails with one id: nothing is lost, and each is still stored once
            again = replace(inbound, external_id=f"{inbound.external_id}#{mail.fingerprint}")
            await self._inbox.receive(again)

    async def _inbound(self, mail: Mail, *, is_whole: bool, is_late: bool) -> InboundMessage:
        thread = await self._find_thread(mail.recipients, mail.thread)
        if thread is not None and mail.sender in thread.addresses and not mail.passed_on:
            address, contact_id, text = thread.address, thread.contact_id, mail.text or mail.subject
        else:
            address, contact_id, text = _new_address(mail), mail.sender, question_of(mail)
        files = await self._keep(address, mail.files) if is_whole else ()
        return InboundMessage(
            address=address,
            contact_id=contact_id,
            external_id=mail.id if address.channel is Channel.EMAIL else f"{MAIL_LINE}{digest(mail.id.encode())}",
            text=text or ("" if files else mail.subject or "…"),
            attachments=files,
            contact_name=mail.sender_name or None,
            held=_held(mail, is_whole=is_whole, is_late=is_late),
            subject=mail.subject or None,
            silent=mail.silent,
        )

    async def _find_thread(self, recipients: tuple[str, ...], mail_ids: tuple[str, ...]) -> MailThread | None:
        """By the signed address it was sent to, else by the signed ids it answers, else by the mails it answers."""
        found = None
        if self._addresses is not None:
            at = (self._addresses.conversation_of_address(each) for each in recipients)
            found = next(filter(None, at), None)
            found = found or self._addresses.conversation_of_message_ids(f"<{each}>" for each in mail_ids)
        thread = await self._threads.find(found) if found else None
        if thread is None and mail_ids:
            thread = await self._threads.find_by_mails(ACCOUNT, mail_ids)
        return thread

    async def _keep(self, address: Address, parts: tuple[MailPart, ...]) -> tuple[Attachment, ...]:
        """Keep what came along, before the message that names it: an unused one is erased."""
        kept = []
        for part in parts[:MAX_FILES]:
            try:
                kept.append(await self._files.keep(address, part.name, part.content))
            except Exception as error:
                if getattr(error, "code", "") == "unavailable":
                    raise
                log.warning("email: a file wasn't kept (%s)", type(error).__name__)
                kind = AttachmentKind.PHOTO if part.media_type.startswith("image/") else AttachmentKind.DOCUMENT
                kept.append(Attachment(kind=kind, name=part.name, media_type=part.media_type, size=len(part.content)))
        return tuple(kept)


def _new_address(mail: Mail) -> Address:
    return Address(channel=Channel.EMAIL, account=ACCOUNT, chat_id=mail.sender, thread=digest(mail.id.encode()))


def _held(mail: Mail, *, is_whole: bool, is_late: bool) -> str | None:
    """Why a person looks at it first."""
    if mail.hidden:
        return mail.hidden
    return "too_large" if not is_whole else "too_old" if is_late else None


def _too_many(mail: Mail) -> MailAside:
    return MailAside(
        id=mail.id,
        reason=AsideReason.FLOOD,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text[:2_000],
        recipients=mail.recipients,
        thread=mail.thread,
    )
