"""Test driver for conversations: one call, one transaction, over the functions that the program calls itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.contract import Address, InboundEdit, InboundMessage, InboundReceipt, Reachability, Withdrawal
from helpdesk.conversations import Conversations, ownership
from helpdesk.conversations.answers import agent_answers
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.contacts.contact_marks import mark_important
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.conversations.promises import register as promises
from helpdesk.conversations.promises.promise_cards import PromiseCard, load_promise_cards
from helpdesk.conversations.promises.promise_reminders import ReminderCounts, remind
from helpdesk.conversations.waiting import waiting_room
from helpdesk.conversations.waiting.handoff_requests import request_handoff
from store.models import Conversation, Message, Promise
from store.triggers import Trigger


class ConversationDriver:
    """Changes conversations by their ids; a method that returns a `Conversation` returns it as it is afterwards."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._inbox = ContactInbox(conversations)

    async def receive(self, inbound: InboundMessage) -> InboundReceipt:
        return await self._inbox.receive(inbound)

    async def edit(self, edit: InboundEdit) -> InboundReceipt:
        return await self._inbox.edit(edit)

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        return await self._inbox.withdraw(withdrawal)

    async def reach(self, news: Reachability) -> bool:
        return await self._inbox.reach(news)

    async def move(self, old: Address, chat_id: str) -> int:
        return await self._inbox.move(old, chat_id)

    async def request_handoff(self, conversation_id: str, triggers: Sequence[Trigger]) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await request_handoff(c, HandoffRequest(triggers=tuple(triggers)))
        return c.conversation

    async def accept(self, conversation_id: str, agent_id: str) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await ownership.accept(c, agent_id)
        return c.conversation

    async def reopen(self, conversation_id: str, agent_id: str) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await ownership.reopen(c, agent_id)
        return c.conversation

    async def release(self, conversation_id: str, agent_id: str, *, lost: bool = False) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await ownership.release(c, agent_id, lost=lost)
        return c.conversation

    async def transfer(
        self,
        conversation_id: str,
        agent_id: str,
        to: str | None,
        team: str | None = None,
        *,
        read_seq: int | None = None,
    ) -> Conversation:
        """To a colleague with the colleague's consent."""
        async with self._conversations.open(conversation_id) as c:
            await ownership.transfer(c, agent_id, to, team, read_seq=read_seq)
        return c.conversation if to is None else await self.accept(conversation_id, to)

    async def return_to_bot(
        self, conversation_id: str, agent_id: str, done: str = "", *, read_seq: int | None = None
    ) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await ownership.return_to_bot(c, agent_id, done, read_seq=read_seq)
        return c.conversation

    async def resolve(self, conversation_id: str, agent_id: str, *, read_seq: int | None = None) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await ownership.resolve(c, agent_id, read_seq=read_seq)
        return c.conversation

    async def answer(self, conversation_id: str, agent_id: str, epoch: int, text: str, client_id: str) -> Message:
        async with self._conversations.open(conversation_id) as c:
            return await agent_answers.answer(c, agent_id, epoch, text, client_id)

    async def note(self, conversation_id: str, agent_id: str, text: str, client_id: str) -> Message:
        async with self._conversations.open(conversation_id) as c:
            return await agent_answers.note(c, agent_id, text, client_id)

    async def leave_email(self, conversation_id: str, email: str) -> InboundReceipt:
        async with self._conversations.open(conversation_id) as c:
            return await waiting_room.leave_email(c, email)

    async def mark_important(self, conversation_id: str, agent_id: str, on: bool) -> Conversation:
        async with self._conversations.open(conversation_id) as c:
            await mark_important(c, agent_id, on)
        return c.conversation

    async def renew_promise(self, conversation_id: str) -> bool:
        async with self._conversations.open(conversation_id) as c:
            return await waiting_room.renew_promise(c)

    async def expire(self, conversation_id: str, waited: timedelta) -> bool:
        async with self._conversations.open(conversation_id) as c:
            return await waiting_room.expire(c, waited)


class PromiseDriver:
    """Makes and ends promises by their ids, and reads the register."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def make(self, conversation_id: str, agent_id: str, wanted: promises.NewPromise) -> Promise:
        async with self._conversations.open(conversation_id) as c:
            return await promises.make_promise(c, agent_id, wanted)

    async def keep(self, promise_id: str, agent_id: str) -> Promise:
        async with self._conversations.open(promises.conversation_of_promise(promise_id)) as c:
            return await promises.keep_promise(c, promise_id, agent_id)

    async def withdraw(self, promise_id: str, agent_id: str) -> Promise:
        async with self._conversations.open(promises.conversation_of_promise(promise_id)) as c:
            return await promises.withdraw_promise(c, promise_id, agent_id)

    async def remind(self, at: datetime) -> ReminderCounts:
        return await remind(self._conversations, at)

    async def of(self, conversation_id: str) -> list[PromiseCard]:
        async with self._conversations.db.read() as session:
            return await load_promise_cards(session, Promise.conversation_id == conversation_id)

    async def mine(self, agent_id: str) -> list[PromiseCard]:
        async with self._conversations.db.read() as session:
            return await load_promise_cards(session, promises.concerns(agent_id))


def drive(conversations: Conversations) -> ConversationDriver:
    """The driver for an installation's conversations."""
    return ConversationDriver(conversations)
