"""Mails that came back: noted at the mail and at the address, and shown to the agent."""

from sqlalchemy import select

from connectors.contract.mail import MailBounce
from helpdesk.conversations import Conversations
from store.db import Database
from store.models import Activity, Delivery, DeliveryStatus, MailDelivery, MailRefusal

#: What the log says when a mail to the contact came back.
MAIL_BOUNCED = "mail_bounced"


class MailBounces:
    """A `BounceReports`. A notice counts by the id of a mail that we have sent, which nobody can guess."""

    def __init__(self, db: Database, conversations: Conversations) -> None:
        self.db = db
        self.conversations = conversations

    async def report(self, bounce: MailBounce) -> bool:
        """Mark the mail and its address; False when the mail isn't ours. A delay changes nothing."""
        async with self.db.read() as session:
            mail = await session.scalar(select(MailDelivery).where(MailDelivery.message_id.in_(bounce.message_ids)))
            line = await session.scalar(select(Delivery).where(Delivery.external_id.in_(bounce.message_ids)))
        if mail is None and line is None:
            return False
        if not bounce.is_final:
            return True
        conversation_id = mail.conversation_id if mail else line.conversation_id if line else None
        if conversation_id is None and mail is not None:
            await self._mark_staff_mail(mail.id, bounce.reason)
        elif conversation_id is not None:
            await self._mark(conversation_id, mail, line, bounce)
        return True

    async def _mark_staff_mail(self, mail_id: str, reason: str) -> None:
        async with self.db.write() as session:
            mail = await session.get_one(MailDelivery, mail_id)
            mail.status, mail.reason = DeliveryStatus.BOUNCED, reason

    async def _mark(
        self, conversation_id: str, mail: MailDelivery | None, line: Delivery | None, bounce: MailBounce
    ) -> None:
        async with self.conversations.open(conversation_id) as c:
            noted: MailDelivery | Delivery = (
                await c.session.get_one(MailDelivery, mail.id)
                if mail
                else await c.session.get_one(Delivery, line.id if line else 0)
            )
            if noted.status == DeliveryStatus.BOUNCED:
                return
            noted.status, noted.reason = DeliveryStatus.BOUNCED, bounce.reason
            contact = await c.load_contact()
            if mail is None or contact.email == mail.recipient:  # not one that was left since
                contact.mail_refusal = MailRefusal.BOUNCED
            await c.log.append_activity(Activity(event=MAIL_BOUNCED, shown=False))
