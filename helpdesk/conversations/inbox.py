"""The one door in: what a customer writes is stored once, whoever repeats it, and somebody answers it."""

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import (
    ASK_PERSON,
    Address,
    AttachmentKind,
    Author,
    Choice,
    InboundMessage,
    InboundReceipt,
    Introduction,
    Tap,
    message_mark,
)
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.contact_commands import COMMANDS, RATED, ContactCommands
from helpdesk.conversations.contact_details import is_email
from helpdesk.conversations.lookups import find_by_address, find_repeat, load_contact
from helpdesk.conversations.message_text import clean
from helpdesk.conversations.turn_opening import open_turn
from helpdesk.conversations.waiting_room import is_way
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.observability import metrics
from helpdesk.texts import Say
from i18n import available_languages
from store.db import is_unique_violation
from store.errors import Conflict, Invalid, MessageMismatch, NotFound, Unavailable
from store.failpoints import Failpoint, failpoint
from store.models import AttachmentRecord, AttachmentStatus, Contact, Conversation, Message, new_id
from store.status import Event, Status

_RACES = 3  # tries when two instances store the same thing at the same instant


class ConversationInbox(ContactCommands):
    """Receives what customers write."""

    async def receive(self, inbound: InboundMessage, *, edited: bool = False) -> InboundReceipt:
        """Store a message once, whoever repeats it, and see that somebody answers it.

        `edited`: these are new words that came before the message itself; when that comes, they stand.

        Raises `MessageMismatch` when the same `external_id` came before with other words, `Invalid` when there is
        nothing to store, `Unavailable` when the database can't store it.
        """
        with self.inbound_priority.opened():
            return await self._receive_once(inbound, edited=edited)

    async def _receive_once(self, inbound: InboundMessage, *, edited: bool) -> InboundReceipt:
        for _ in range(_RACES):
            try:
                received, conversation = await self._receive(inbound, edited=edited)
            except DBAPIError as error:
                if not is_unique_violation(error):
                    raise
                continue
            failpoint(Failpoint.INBOX_AFTER_COMMIT)
            if not received.repeated:
                metrics.MESSAGES.labels(str(inbound.address.channel)).inc()
            self.announce(conversation)
            return received
        raise Unavailable("The message could not be stored just now. Please send it again.")

    async def _receive(self, inbound: InboundMessage, *, edited: bool) -> tuple[InboundReceipt, Conversation]:
        text = clean(inbound.text)
        failpoint(Failpoint.INBOX_BEFORE_INSERT)
        async with self.db.write() as session:
            conversation = await self._conversation(session, inbound)
            earlier = await find_repeat(session, inbound)
            if earlier is not None:
                return _receipt_again(earlier, inbound, text), conversation
            payload = inbound.payload
            if inbound.tap:
                text, payload = await self._tap(session, conversation, inbound.tap)
            if not text and not inbound.attachments:
                raise Invalid("The message is empty.", code="empty")
            message = lines.append_incoming(session, conversation, inbound, text=text, payload=payload)
            if edited:
                message.data = {**message.data, "edits": []}
            await session.flush()
            _attach(session, message, inbound)
            await self._act_on(session, conversation, message, inbound)
            return receipt(message, repeated=False), conversation

    async def _act_on(
        self, session: AsyncSession, conversation: Conversation, message: Message, inbound: InboundMessage
    ) -> None:
        """Decide who answers: the rules that hold without the bot, then a turn for the bot."""
        if conversation.status == Status.RESOLVED and message.payload not in RATED:
            await self._pass_baton(session, conversation, Event.CONTACT_WRITES, text="", shown=False)
        if inbound.link:
            _settle(message)
            await self._follow(session, conversation, inbound.link)
        elif message.payload in COMMANDS:
            _settle(message)
            await self._obey(session, conversation, message)
        elif is_way(message.payload):
            conversation.answered_seq = message.seq
            await self._take_way(session, conversation, message)
        elif conversation.status == Status.QUEUED:
            await self._hear(session, conversation, message)
        elif conversation.status == Status.BOT and inbound.held:
            await self._hold(session, conversation, message, inbound.held)
        elif conversation.status == Status.BOT and not message.text:
            await self._say_what_it_can_read(session, conversation, message, inbound)
        elif message.payload == ASK_PERSON and conversation.status == Status.BOT:
            conversation.answered_seq = message.seq
            trigger = Trigger(kind=TriggerKind.ASKED, turns=(message.seq,), text=message.text)
            await self.request_handoff_in(session, conversation, HandoffRequest(triggers=(trigger,)))
        elif conversation.status == Status.BOT:
            await open_turn(session, conversation, message, writing=self.live.is_contact_writing(conversation.id))

    async def _hold(self, session: AsyncSession, conversation: Conversation, message: Message, reason: str) -> None:
        """What came too late for an answer of the bot's is for a person to look at."""
        conversation.answered_seq = message.seq
        await self._tell(session, conversation, Say.LATE)
        trigger = Trigger(kind=TriggerKind.LATE, turns=(message.seq,), text=reason)
        await self.request_handoff_in(session, conversation, HandoffRequest(triggers=(trigger,)))

    async def _say_what_it_can_read(
        self, session: AsyncSession, conversation: Conversation, message: Message, inbound: InboundMessage
    ) -> None:
        """The bot reads words only, and says so."""
        _settle(message)
        kinds = {attachment.kind for attachment in inbound.attachments}
        person = Choice(title=self._say(conversation, Say.PERSON), payload=ASK_PERSON)
        await self._tell(session, conversation, _honest_about(kinds), (person,))

    async def _tap(self, session: AsyncSession, conversation: Conversation, tap: Tap) -> tuple[str, str | None]:
        """What a button means, read from the message that offered it. A button works once."""
        message = await session.scalar(
            select(Message).where(Message.conversation_id == conversation.id, Message.seq == tap.seq)
        )
        if (
            message is None
            or not 0 <= tap.choice < len(message.choices)
            or tap.mark not in {"", message_mark(message.id)}
        ):
            raise NotFound("There is no such choice.", code="unknown_choice")
        if message.chosen is not None:
            raise Conflict("This choice has been made already.", code="unknown_choice")
        message.chosen = tap.choice
        button = message.choices[tap.choice]
        return button.title, button.payload

    async def _conversation(self, session: AsyncSession, inbound: InboundMessage) -> Conversation:
        found = await find_by_address(session, inbound.address)
        if found is None:
            found = await self._open(session, inbound.address, inbound.contact_id, inbound.introduction)
        if inbound.contact_name or inbound.introduction.time_zone:
            contact = await session.get_one(Contact, found.contact_id)
            contact.name = (inbound.contact_name or contact.name or "")[:200] or None
            contact.time_zone = (inbound.introduction.time_zone or contact.time_zone or "")[:64] or None
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
        contact = await load_contact(session, address, contact_id)
        conversation = Conversation(
            id=new_id(),
            contact_id=contact.id,
            channel=address.channel,
            account=address.account,
            chat_id=address.chat_id,
            thread=address.thread or "",
            language=_one_of(introduction.language, available_languages("customer"), self.settings.language),
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

    async def leave_email(self, conversation_id: str, client_id: str, email: str) -> InboundReceipt:
        """Keep an address for a customer who waits while nobody is online. Raises `Invalid` for a malformed one."""
        address = email.strip()
        if not is_email(address):
            raise Invalid("This doesn't look like an e-mail address, expected name@example.org.", code="bad_email")
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            contact = await session.get_one(Contact, conversation.contact_id)
            repeated = contact.email == address
            if not repeated:
                await self._keep_email(session, conversation, address)
        self.announce(conversation)
        return InboundReceipt(
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            stored_at=conversation.changed_at,
            repeated=repeated,
        )


def _settle(message: Message) -> None:
    """It has been answered on the spot: no turn of the bot's takes it up."""
    message.data = {**message.data, "settled": True}


def _attach(session: AsyncSession, message: Message, inbound: InboundMessage) -> None:
    session.add_all(
        AttachmentRecord(
            conversation_id=message.conversation_id,
            message_id=message.id,
            kind=attachment.kind,
            external_id=attachment.external_id[:500],
            name=clean(attachment.name)[:200],
            media_type=attachment.media_type[:100],
            size=attachment.size,
            facts={key: clean(value)[:500] for key, value in attachment.facts.items()},
            status=AttachmentStatus.PENDING if attachment.external_id else AttachmentStatus.NONE,
        )
        for attachment in inbound.attachments
    )


def _honest_about(kinds: set[AttachmentKind]) -> Say:
    if kinds & {AttachmentKind.PHOTO, AttachmentKind.DOCUMENT, AttachmentKind.VIDEO}:
        return Say.CANT_SEE
    return Say.CANT_HEAR if AttachmentKind.VOICE in kinds else Say.NOTED


def receipt(message: Message, *, repeated: bool) -> InboundReceipt:
    """The receipt for a stored message."""
    return InboundReceipt(
        conversation_id=message.conversation_id, seq=message.seq, stored_at=message.created_at, repeated=repeated
    )


def _receipt_again(earlier: Message, inbound: InboundMessage, text: str) -> InboundReceipt:
    tap = [inbound.tap.seq, inbound.tap.choice] if inbound.tap else None
    changed_since = "edits" in earlier.data or "withdrawn" in earlier.data
    if not changed_since and (earlier.data.get("tap") != tap or (tap is None and earlier.text != text)):
        raise MessageMismatch("A message with this id was stored before with other words; the first ones stand.")
    return receipt(earlier, repeated=True)


def _one_of(value: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return value if value in known else otherwise
