"""The one door in: what a customer writes is stored once, whoever repeats it, and somebody answers it."""

import re

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.base import ASK_PERSON, Address, Author, InboundMessage, Introduction, Received
from helpdesk import log as lines
from helpdesk import metrics
from helpdesk.conversations.baton import CANCEL_HANDOFF, Baton
from helpdesk.conversations.lookups import contact_of, find_by_address, find_repeat
from helpdesk.conversations.settling import open_turn
from helpdesk.conversations.words import clean
from helpdesk.db import is_unique_violation
from helpdesk.errors import ChangedWords, Conflict, Invalid, NotFound, Unavailable
from helpdesk.failpoints import Failpoint, failpoint
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.models import Contact, Conversation, Message, new_id
from helpdesk.status import Event, Status
from helpdesk.texts import Say

_RACES = 3  # tries when two instances store the same thing at the same instant
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}")


class Receiving(Baton):
    """Receives what customers write."""

    async def receive(self, inbound: InboundMessage) -> Received:
        """Store a message once, whoever repeats it, and see that somebody answers it.

        Raises `ChangedWords` when the same `external_id` came before with other words, `Invalid` when there is
        nothing to store, `Unavailable` when the database can't store it.
        """
        for _ in range(_RACES):
            try:
                received, conversation = await self._receive(inbound)
            except DBAPIError as error:
                if not is_unique_violation(error):
                    raise
                continue
            failpoint(Failpoint.INBOX_AFTER_COMMIT)
            if not received.repeated:
                metrics.MESSAGES.labels(str(inbound.address.channel)).inc()
            self._announce(conversation)
            return received
        raise Unavailable("The message could not be stored just now. Please send it again.")

    async def _receive(self, inbound: InboundMessage) -> tuple[Received, Conversation]:
        text = clean(inbound.text)
        failpoint(Failpoint.INBOX_BEFORE_INSERT)
        async with self.db.write() as session:
            conversation = await self._conversation(session, inbound)
            earlier = await find_repeat(session, inbound)
            if earlier is not None:
                return _receipt_again(earlier, inbound, text), conversation
            payload = None
            if inbound.tap:
                text, payload = await self._tap(session, conversation, inbound.tap.seq, inbound.tap.choice)
            if not text:
                raise Invalid("The message is empty.", code="empty")
            message = lines.append_incoming(session, conversation, inbound, text=text, payload=payload)
            await session.flush()
            await self._act_on(session, conversation, message)
            return _receipt(message, repeated=False), conversation

    async def _act_on(self, session: AsyncSession, conversation: Conversation, message: Message) -> None:
        """Decide who answers: the rules that hold without the bot, then a turn for the bot."""
        if conversation.status == Status.RESOLVED:
            await self._pass_baton(session, conversation, Event.CONTACT_WRITES, text="", shown=False)
        if message.payload == ASK_PERSON and conversation.status == Status.BOT:
            conversation.answered_seq = message.seq
            trigger = Trigger(kind=TriggerKind.ASKED, turns=(message.seq,), text=message.text)
            await self.request_handoff_in(session, conversation, [trigger])
        elif message.payload == CANCEL_HANDOFF:
            conversation.answered_seq = message.seq
            if conversation.status == Status.QUEUED:
                text = self._say(conversation, Say.CANCELLED)
                await self._pass_baton(session, conversation, Event.CANCEL, text=text)
        elif conversation.status == Status.BOT:
            await open_turn(session, conversation, message, writing=self.live.is_contact_writing(conversation.id))

    async def _tap(
        self, session: AsyncSession, conversation: Conversation, seq: int, choice: int
    ) -> tuple[str, str | None]:
        """What a button means, read from the message that offered it. A button works once."""
        message = await session.scalar(
            select(Message).where(Message.conversation_id == conversation.id, Message.seq == seq)
        )
        if message is None or not 0 <= choice < len(message.choices):
            raise NotFound("There is no such choice.", code="unknown_choice")
        if message.chosen is not None:
            raise Conflict("This choice has been made already.", code="unknown_choice")
        message.chosen = choice
        button = message.buttons[choice]
        return button.title, button.payload

    async def _conversation(self, session: AsyncSession, inbound: InboundMessage) -> Conversation:
        found = await find_by_address(session, inbound.address)
        if found is None:
            found = await self._open(session, inbound.address, inbound.contact_id, inbound.introduction)
        if inbound.contact_name:
            contact = await session.get_one(Contact, found.contact_id)
            contact.name = inbound.contact_name[:200]
        return found

    async def find_or_open(self, address: Address, contact_id: str, introduction: Introduction) -> Conversation:
        """The conversation at an address, begun if there is none."""
        async with self.db.write() as session:
            found = await find_by_address(session, address)
            return found or await self._open(session, address, contact_id, introduction)

    async def address_of(self, conversation_id: str) -> tuple[Address, str]:
        """Where a conversation is held, and the channel's own id of its contact. Raises `NotFound`."""
        async with self.db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            if conversation is None:
                raise NotFound("There is no such conversation.")
            contact = await session.get_one(Contact, conversation.contact_id)
            return conversation.address, contact.external_id

    async def open(self, address: Address, contact_id: str, introduction: Introduction) -> Conversation:
        """Begin a conversation with the bot's greeting, which says that it is a bot."""
        async with self.db.write() as session:
            return await self._open(session, address, contact_id, introduction)

    async def _open(
        self, session: AsyncSession, address: Address, contact_id: str, introduction: Introduction
    ) -> Conversation:
        contact = await contact_of(session, address, contact_id)
        conversation = Conversation(
            id=new_id(),
            contact_id=contact.id,
            channel=address.channel,
            account=address.account,
            chat_id=address.chat_id,
            thread=address.thread or "",
            language=_one_of(introduction.language, ("de", "en"), self.settings.language),
            formality=_one_of(introduction.formality, ("sie", "du"), self.settings.formality),
            page=introduction.page[:500] if introduction.page else None,
            status=Status.BOT,
            epoch=1,
            last_seq=0,
            answered_seq=0,
        )
        session.add(conversation)
        await session.flush()
        greeting = self._say(conversation, Say.GREETING)
        await lines.append_outgoing(
            session, conversation, Author.BOT, greeting, author_name=self.settings.bot_name, data={"greeting": True}
        )
        return conversation

    async def leave_email(self, conversation_id: str, client_id: str, email: str) -> Received:
        """Keep an address for a customer who waits while nobody is online. Raises `Invalid` for a malformed one."""
        address = email.strip()
        if not _EMAIL.fullmatch(address):
            raise Invalid("This doesn't look like an e-mail address, expected name@example.org.", code="bad_email")
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            contact = await session.get_one(Contact, conversation.contact_id)
            repeated = contact.email == address
            if not repeated:
                contact.email = address
                text = self._say(conversation, Say.EMAIL_KEPT, email=address)
                await lines.append_activity(session, conversation, "email_left", text)
                await self._retell(session, conversation)
        self._announce(conversation)
        return Received(
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            stored_at=conversation.changed_at,
            repeated=repeated,
        )


def _receipt(message: Message, *, repeated: bool) -> Received:
    return Received(
        conversation_id=message.conversation_id, seq=message.seq, stored_at=message.created_at, repeated=repeated
    )


def _receipt_again(earlier: Message, inbound: InboundMessage, text: str) -> Received:
    tap = [inbound.tap.seq, inbound.tap.choice] if inbound.tap else None
    if earlier.data.get("tap") != tap or (tap is None and earlier.text != text):
        raise ChangedWords("A message with this id was stored before with other words; the first ones stand.")
    return _receipt(earlier, repeated=True)


def _one_of(value: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return value if value in known else otherwise
