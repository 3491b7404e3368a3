"""How the mail server is, for whoever runs Staffel: does it let us in and take a mail, and what became of the last?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from connectors.contract import DeliveryUnclear, RetryLater, Undeliverable
from connectors.contract.findings import Finding, failed_finding, ok_finding
from connectors.contract.mail import MailTransport, OutgoingMail
from helpdesk.mail.letter import Letter, render_letter
from store.db import Database
from store.models import DeliveryStatus, MailDelivery, new_id, now

#: How far back the figures reach.
FIGURES_OF = timedelta(days=7)
_REMEDY = "Compare STAFFEL_SMTP_URL and STAFFEL_MAIL_FROM with what your mail provider says."
_UNDER_WAY = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFigures:
    """What became of the mails of the last days. `waiting` is what the server didn't take yet."""

    sender: str
    sent: int
    waiting: int
    failed: int
    bounced: int


class MailServerStatus:
    """The mail server as the admin page sees it."""

    def __init__(self, transport: MailTransport, db: Database) -> None:
        self._transport = transport
        self._db = db

    async def check(self) -> Finding:
        """Sign in, without a mail."""
        return await check_mail_server(self._transport)

    async def send(self, recipient: str, subject: str, letter: Letter) -> Finding:
        """One mail at once, past the way out: what the server answered is the finding."""
        body, domain = render_letter(letter), self._transport.sender.partition("@")[2]
        mail = OutgoingMail(
            recipient=recipient,
            sender_name=self._transport.sender_name,
            subject=subject,
            text=body.text,
            html=body.html,
            message_id=f"<{new_id()}@{domain}>",
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            return ok_finding(recipient, await self._transport.send(mail))
        except (RetryLater, Undeliverable, DeliveryUnclear) as error:
            return failed_finding(recipient, str(error), _REMEDY)

    async def load_figures(self) -> MailFigures:
        """The last days in numbers."""
        query = (
            select(MailDelivery.status, func.count())
            .where((MailDelivery.created_at > now() - FIGURES_OF) | MailDelivery.status.in_(_UNDER_WAY))
            .where((MailDelivery.status != DeliveryStatus.PENDING) | (MailDelivery.attempts > 0))
            .group_by(MailDelivery.status)
        )
        async with self._db.read() as session:
            counts: Mapping[DeliveryStatus, int] = {status: count for status, count in await session.execute(query)}
        return MailFigures(
            sender=self._transport.sender,
            sent=counts.get(DeliveryStatus.SENT, 0) + counts.get(DeliveryStatus.BOUNCED, 0),
            waiting=sum(counts.get(status, 0) for status in _UNDER_WAY),
            failed=counts.get(DeliveryStatus.FAILED, 0) + counts.get(DeliveryStatus.UNKNOWN, 0),
            bounced=counts.get(DeliveryStatus.BOUNCED, 0),
        )


async def check_mail_server(transport: MailTransport) -> Finding:
    """Whether the server can be reached and lets us in, in its own words."""
    try:
        return ok_finding("e-mail", f"{await transport.check()} (mails come from {transport.sender})")
    except RetryLater as error:
        return failed_finding("e-mail", str(error), _REMEDY)
