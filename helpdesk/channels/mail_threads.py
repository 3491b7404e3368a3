"""Which conversation a mail belongs to. Connectors know it as the port `MailThreads`."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel, MailThread
from store.db import Database
from store.models import Contact, Conversation, Message, now


class StoredMailThreads:
    """Reads conversations, contacts and the ids of mails that were stored."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, conversation_id: str) -> MailThread | None:
        """A conversation of whatever channel; `None` where there is none any more."""
        async with self._db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            return await _thread(session, conversation) if conversation else None

    async def find_by_mails(self, account: str, mail_ids: Sequence[str]) -> MailThread | None:
        """The conversation in which one of these mails was stored; the first id counts first."""
        known = (Message.channel == Channel.EMAIL, Message.account == account, Message.external_id.in_(mail_ids))
        async with self._db.read() as session:
            rows = await session.execute(select(Message.external_id, Message.conversation_id).where(*known))
            found = {str(row.external_id): row.conversation_id for row in rows}
            first = next((found[each] for each in mail_ids if each in found), None)
            conversation = await session.get(Conversation, first) if first else None
            return await _thread(session, conversation) if conversation else None

    async def count_mails(self, account: str, sender: str, within: timedelta) -> int:
        """How many mails of a sender were stored lately."""
        mine = select(Conversation.id).where(
            Conversation.channel == Channel.EMAIL, Conversation.account == account, Conversation.chat_id == sender
        )
        lately = select(func.count(Message.id)).where(
            Message.conversation_id.in_(mine), Message.external_id.is_not(None), Message.created_at > now() - within
        )
        async with self._db.read() as session:
            return await session.scalar(lately) or 0


async def _thread(session: AsyncSession, conversation: Conversation) -> MailThread:
    """The conversation with every address that is known to be its contact's, on whatever channel."""
    contact = await session.get_one(Contact, conversation.contact_id)
    same = [contact]
    if contact.person is not None:
        same += await session.scalars(select(Contact).where(Contact.person == contact.person))
    own = {each.external_id for each in same if each.channel is Channel.EMAIL} | {each.email for each in same}
    return MailThread(
        conversation_id=conversation.id,
        address=conversation.address,
        contact_id=contact.external_id,
        addresses=frozenset(address.strip().lower() for address in own if address),
    )
