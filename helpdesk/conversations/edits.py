"""What customers change afterwards: new words, deleted messages, a closed door, a chat with a new id."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, InboundEdit, InboundReceipt, Reachability, Withdrawal
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.inbox import ConversationInbox, receipt
from helpdesk.conversations.lookups import find_by_address, find_message, load_contact
from helpdesk.conversations.message_text import clean
from helpdesk.conversations.turn_opening import load_open_turn, open_turn
from store.models import (
    AskedQuestion,
    AttachmentContent,
    AttachmentRecord,
    Conversation,
    Delivery,
    DeliveryStatus,
    Message,
    Turn,
    TurnStatus,
    now,
)

_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


class MessageEdits(ConversationInbox):
    """Keeps what is changed afterwards as lines of its own, so that nothing that was said is lost to the agent."""

    async def edit(self, edit: InboundEdit) -> InboundReceipt:
        """Give a message new words. Who comes before the message itself is stored in its place."""
        text = clean(edit.message.text)
        async with self.db.write() as session:
            message = await find_message(session, edit.message.address, edit.message.external_id)
            if message is not None:
                conversation = await lines.lock(session, message.conversation_id)
                await session.refresh(message)
                changed = await self._edit(session, conversation, message, edit.edit_id, text)
            else:
                conversation, changed = None, False
        if message is None or conversation is None:
            return await self.receive(edit.message, edited=True)
        if changed:
            self.announce(conversation)
        return receipt(message, repeated=not changed)

    async def _edit(
        self, session: AsyncSession, conversation: Conversation, message: Message, edit_id: str, text: str
    ) -> bool:
        edits = list(message.data.get("edits", ()))
        known = {edit["id"] for edit in edits}
        if edit_id in known or text == message.text or not text or message.data.get("withdrawn"):
            return False
        message.data = {**message.data, "edits": [*edits, {"id": edit_id, "before": message.text}]}
        message.text = text
        await lines.append_activity(session, conversation, "edited", "", shown=False, of=message.seq)
        turn = await load_open_turn(session, conversation, message.seq)
        if turn is not None and turn.status == TurnStatus.RUNNING:
            await self._begin_again(session, conversation, turn, message)
        return True

    async def _begin_again(
        self, session: AsyncSession, conversation: Conversation, turn: Turn, message: Message
    ) -> None:
        """The bot is thinking about words that no longer stand: let go of that answer."""
        first, last = turn.first_seq, turn.last_seq
        turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), "edited"
        await session.flush()
        await open_turn(session, conversation, message, writing=False)
        await session.flush()
        await session.execute(
            update(Turn)
            .where(Turn.conversation_id == conversation.id, Turn.status == TurnStatus.PENDING)
            .values(first_seq=first, last_seq=last)
        )

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the words of a deleted message, and what came along with it; False when it isn't known."""
        async with self.db.write() as session:
            message = await find_message(session, withdrawal.address, withdrawal.external_id)
            if message is None:
                return False
            conversation = await lines.lock(session, message.conversation_id)
            await session.refresh(message)
            if message.data.get("withdrawn"):
                return True
            await self._withdraw(session, conversation, message)
        self.announce(conversation)
        return True

    async def _withdraw(self, session: AsyncSession, conversation: Conversation, message: Message) -> None:
        message.text, message.data = "", {"withdrawn": True}
        turn = await load_open_turn(session, conversation, message.seq)
        if turn is not None and turn.first_seq == turn.last_seq:
            turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), "withdrawn"
        attached = select(AttachmentRecord.id).where(AttachmentRecord.message_id == message.id)
        await session.execute(delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(attached)))
        await session.execute(delete(AttachmentRecord).where(AttachmentRecord.message_id == message.id))
        of_its_turn = select(Turn.id).where(
            Turn.conversation_id == conversation.id, Turn.first_seq <= message.seq, Turn.last_seq >= message.seq
        )
        await session.execute(delete(AskedQuestion).where(AskedQuestion.turn_id.in_(of_its_turn)))
        await lines.append_activity(session, conversation, "withdrawn", "", shown=False, of=message.seq)

    async def reach(self, news: Reachability) -> bool:
        """Keep that a contact has shut us out, or let us in again; False when we don't know each other."""
        async with self.db.write() as session:
            conversation = await find_by_address(session, news.address)
            if conversation is None:
                return False
            contact = await load_contact(session, news.address, news.contact_id)
            if contact.reachable == news.reachable:
                return True
            contact.reachable = news.reachable
            event = "reachable" if news.reachable else "unreachable"
            await lines.append_activity(session, conversation, event, "", shown=False)
        self.announce(conversation)
        return True

    async def move(self, old: Address, chat_id: str) -> int:
        """A chat goes on under another id, with everything that is on its way; how many conversations moved."""
        async with self.db.write() as session:
            return await move_chat(session, old, chat_id)


async def move_chat(session: AsyncSession, old: Address, chat_id: str) -> int:
    """The conversations of a chat under its new id, but for those that have begun there already."""
    found = await session.scalars(
        select(Conversation)
        .where(
            Conversation.channel == old.channel,
            Conversation.account == old.account,
            Conversation.chat_id == old.chat_id,
        )
        .with_for_update()
    )
    moved = 0
    for conversation in list(found):
        there = Address(channel=old.channel, account=old.account, chat_id=chat_id, thread=conversation.thread or None)
        if await find_by_address(session, there) is not None:
            continue
        conversation.chat_id = chat_id
        await session.execute(
            update(Delivery)
            .where(Delivery.conversation_id == conversation.id, Delivery.status.in_(_UNFINISHED))
            .values(lane=there.lane)
        )
        moved += 1
    return moved
