"""The one way in: what a contact writes is stored once, whoever repeats it, and somebody answers it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

import tracing
from connectors.contract import (
    ASK_PERSON,
    Address,
    AttachmentKind,
    InboundEdit,
    InboundMessage,
    InboundReceipt,
    Reachability,
    Tap,
    Withdrawal,
    message_mark,
)
from helpdesk.conversations import edits
from helpdesk.conversations.answers.mail_answers import add_mail, hold_mail
from helpdesk.conversations.blocking import put_aside
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.contact_commands import COMMANDS, follow, obey, take_last_word, take_rating, tell_owner
from helpdesk.conversations.disturbances import tell_notices
from helpdesk.conversations.follow_ups.answers import take_answer
from helpdesk.conversations.follow_ups.question import FOLLOW_UP_COMMANDS
from helpdesk.conversations.log.message_log import receipt_of, settle
from helpdesk.conversations.log.message_text import clean, with_emoji
from helpdesk.conversations.lookups import conversation_at, conversation_of_message, find_message
from helpdesk.conversations.promises.register import tell_standing_promise
from helpdesk.conversations.ratings import RATED, rate
from helpdesk.conversations.transcript_requests import (
    TRANSCRIPT_COMMANDS,
    asks_for_transcript,
    offer_transcript,
    take_transcript_address,
)
from helpdesk.conversations.turn_opening import open_turn
from helpdesk.conversations.unit_of_work import Conversations, OpenConversation
from helpdesk.conversations.waiting.handoff_requests import request_handoff, show_ways_out
from helpdesk.conversations.waiting.wait_talk import asks_how_long, says_nothing_more
from helpdesk.conversations.waiting.waiting_room import is_way_out, take_message, take_way_out
from helpdesk.files.attaching import attach_files
from helpdesk.observability import metrics
from helpdesk.texts import Say
from store.db import is_unique_violation
from store.errors import Conflict, Invalid, MessageMismatch, NotFound, Unavailable
from store.failpoints import Failpoint, failpoint
from store.models import AttachmentRecord, AttachmentStatus, Message, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

MAX_ALBUM_LINES = 40
"""How far apart the files of one album may stand in the log; Telegram's have ten at most."""
BACK_AFTER = timedelta(hours=8)
"""Who writes again after so long comes back, and hears of known disturbances before anything else."""
#: Buttons that may be taken back by another one of the same line.
_MAY_CHANGE = frozenset({*RATED, *FOLLOW_UP_COMMANDS})
#: What is answered without opening a closed conversation.
_LEAVES_CLOSED = _MAY_CHANGE | TRANSCRIPT_COMMANDS
_RACES = 3  # tries when two instances store the same thing at the same instant


class ContactInbox:
    """The `Inbox` of the connectors: opens the conversation that something is for, and stores it there."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def receive(self, inbound: InboundMessage, *, edited: bool = False) -> InboundReceipt:
        """Store a message once, whoever repeats it, and see that somebody answers it.

        `edited`: these are new words that came before the message itself; when that comes, they stand.

        Raises `MessageMismatch` when the same `external_id` came before with other words, `Invalid` when there is
        nothing to store, `Unavailable` when the database can't store it.
        """
        introduction = replace(
            inbound.introduction,
            page=_plain(inbound.introduction.page),
            time_zone=_plain(inbound.introduction.time_zone),
        )
        tidy = replace(
            inbound,
            text=with_emoji(clean(inbound.text)),
            contact_name=_plain(inbound.contact_name),
            introduction=introduction,
        )
        with self._conversations.inbound_priority.arriving(), tracing.message(channel=str(inbound.address.channel)):
            received = await self._receive_once(tidy, edited=edited)
        if not received.repeated:
            metrics.MESSAGES.labels(str(inbound.address.channel)).inc()
        return received

    async def _receive_once(self, inbound: InboundMessage, *, edited: bool) -> InboundReceipt:
        for attempt in range(_RACES):
            failpoint(Failpoint.INBOX_BEFORE_INSERT)
            is_new = attempt == 0 and inbound.tap is None  # hardly ever wrong, and then the database says so
            try:
                async with self._conversations.open_at(inbound.address, inbound.contact_id, inbound.introduction) as c:
                    c.after_commit = Failpoint.INBOX_AFTER_COMMIT
                    return await receive(c, inbound, edited=edited, is_new=is_new)
            except DBAPIError as error:
                if not is_unique_violation(error):
                    raise
        raise Unavailable("The message could not be stored just now. Please send it again.")

    async def edit(self, edit: InboundEdit) -> InboundReceipt:
        """Give a message new words. Who comes before the message itself is stored in its place."""
        which = conversation_of_message(edit.message.address, edit.message.external_id)
        try:
            async with self._conversations.open(which) as c:
                return await edits.apply_edit(c, edit)
        except NotFound:
            return await self.receive(edit.message, edited=True)

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the words of a deleted message, and what came along with it; False when it isn't known."""
        try:
            async with self._conversations.open(
                conversation_of_message(withdrawal.address, withdrawal.external_id)
            ) as c:
                await edits.withdraw(c, withdrawal)
        except NotFound:
            return False
        return True

    async def reach(self, news: Reachability) -> bool:
        """Keep that a contact has shut us out, or let us in again; False when we don't know each other."""
        try:
            async with self._conversations.open(conversation_at(news.address)) as c:
                await edits.note_reachability(c, news)
        except NotFound:
            return False
        return True

    async def move(self, old: Address, chat_id: str) -> int:
        """A chat goes on under another id, with everything that is on its way; how many conversations moved."""
        async with self._conversations.db.write() as session:
            return await edits.move_chat(session, old, chat_id)


async def receive(
    c: OpenConversation, inbound: InboundMessage, *, edited: bool = False, is_new: bool = False
) -> InboundReceipt:
    """Store a message in the conversation it is for, once, and see that somebody answers it.

    The text is clean, `edited` as in `ContactInbox.receive`. With `is_new` an earlier one is not looked for: a repeat
    violates the unique index. Raises `MessageMismatch`, `Invalid`, and for a button `NotFound` or `Conflict`.
    """
    text, payload = inbound.text, inbound.payload
    await _keep_introduction(c, inbound)
    earlier = None if is_new else await find_message(c.session, inbound.address, inbound.external_id)
    if earlier is not None:
        return _receipt_again(earlier, inbound)
    if inbound.tap:
        text, payload = await _tap(c, inbound.tap)
    if not text and not inbound.attachments:
        raise Invalid("The message is empty.", code="empty")
    last_at = c.conversation.changed_at
    message = c.log.append_incoming(inbound, text=text, payload=payload)
    if edited:
        message.facts = replace(message.facts, edits=())
    await c.session.flush()
    if inbound.attachments:
        kinds = dict.fromkeys(await _attach(c, message, inbound))
        message.facts = replace(message.facts, attached=tuple(map(str, kinds)), album=inbound.album)
    if await put_aside(c, message):
        return receipt_of(message, repeated=False)
    if (
        now() - last_at > BACK_AFTER and c.conversation.status != Status.ASSIGNED
    ):  # the bot says nothing beside an agent
        await tell_notices(c, c.notices)
    await _act_on(c, message, inbound)
    await show_ways_out(c)
    with_agent = c.conversation.status == Status.ASSIGNED and message.payload is None and not message.facts.settled
    return receipt_of(message, repeated=False, with_agent=with_agent)


async def _keep_introduction(c: OpenConversation, inbound: InboundMessage) -> None:
    """What the channel tells of the contact with every message."""
    if inbound.contact_name or inbound.introduction.time_zone:
        contact = await c.load_contact()
        contact.name = (inbound.contact_name or contact.name or "")[:200] or None
        contact.time_zone = (inbound.introduction.time_zone or contact.time_zone or "")[:64] or None


def _plain(told: str | None) -> str | None:
    """What a channel tells beside the message, as it can be stored: it mustn't cost the message."""
    return clean(told, len(told)) if told else told


async def _act_on(c: OpenConversation, message: Message, inbound: InboundMessage) -> None:
    """Decide who answers: the rules that hold without the bot, then a turn for the bot."""
    if not c.conversation.channel.is_live:
        return await _act_on_mail(c, message, inbound)
    if await take_answer(c, message):
        return None
    if c.conversation.status == Status.RESOLVED and await take_last_word(c, message):
        return settle(message)
    if message.payload is None and asks_for_transcript(message.text):
        settle(message)
        return await offer_transcript(c)
    if message.payload is None and await take_transcript_address(c, message):
        return settle(message)
    if c.conversation.status == Status.RESOLVED and message.payload not in _LEAVES_CLOSED:
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
        await tell_notices(c, c.notices)
    if inbound.link:
        settle(message)
        await follow(c, message, inbound.link)
    elif message.payload in COMMANDS:
        settle(message)
        await obey(c, message)
    elif is_way_out(message.payload):
        settle(message)
        await take_way_out(c, message)
    else:
        await _pass_to_owner(c, message, inbound)
    return None


async def _act_on_mail(c: OpenConversation, message: Message, inbound: InboundMessage) -> None:
    """A mail: the first one of a conversation may be answered by the bot, all others are for a person."""
    is_thanks = says_nothing_more(message.text) and not inbound.attachments
    if message.payload in RATED:
        settle(message)
        return await rate(c, message, helped=RATED[message.payload])
    is_read = inbound.held is None and not inbound.silent
    if is_read and await take_answer(c, message):
        return None
    if is_read and c.conversation.status == Status.RESOLVED and message.text and await take_rating(c, message):
        return settle(message)
    if c.conversation.status == Status.RESOLVED and is_thanks:
        return settle(message)
    if c.conversation.status == Status.RESOLVED:
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    held = inbound.held or ("silent" if inbound.silent else None)
    if c.conversation.status == Status.QUEUED:
        await add_mail(c, message)
    elif c.conversation.status == Status.BOT and message.seq == 1 and held is None and message.text:
        await open_turn(c.session, c.conversation, message, writing=False)
    elif c.conversation.status == Status.BOT:
        await hold_mail(c, message, held or "reply")
    return None


async def _pass_to_owner(c: OpenConversation, message: Message, inbound: InboundMessage) -> None:
    """What is neither a command nor an answer to ours is for whoever has the conversation."""
    match c.conversation.status:
        case Status.ASSIGNED:
            if message.payload:
                await tell_owner(c)
        case Status.QUEUED:
            if not await _is_with_its_album(c, message) and not await take_message(c, message):
                await open_turn(c.session, c.conversation, message, writing=c.is_contact_writing)
        case _:
            await _act_for_bot(c, message, inbound)


async def _act_for_bot(c: OpenConversation, message: Message, inbound: InboundMessage) -> None:
    """A message for the bot: a turn, unless it needs no thinking."""
    if inbound.held:
        await _hand_over_late(c, message, inbound.held)
    elif message.payload == ASK_PERSON:
        settle(message)
        trigger = Trigger(kind=TriggerKind.ASKED, turns=(message.seq,), text=message.text)
        await request_handoff(c, HandoffRequest(triggers=(trigger,)))
    elif asks_how_long(message.text) and await tell_standing_promise(c):
        settle(message)
    elif not await _is_with_its_album(c, message):
        await open_turn(c.session, c.conversation, message, writing=c.is_contact_writing)


async def _is_with_its_album(c: OpenConversation, message: Message) -> bool:
    """Whether it is one more file of an album that has come before: the album is one act and has one answer."""
    if message.text or message.album is None:
        return False
    sibling = select(Message.id).where(
        Message.conversation_id == c.conversation.id,
        Message.seq.between(message.seq - MAX_ALBUM_LINES, message.seq - 1),
        Message.album == message.album,
    )
    is_known = await c.session.scalar(sibling.limit(1)) is not None
    if is_known:
        settle(message)
    return is_known


async def _hand_over_late(c: OpenConversation, message: Message, reason: str) -> None:
    """What came too late for an answer of the bot's is for a person to look at."""
    settle(message)
    await c.tell(Say.LATE)
    trigger = Trigger(kind=TriggerKind.LATE, turns=(message.seq,), text=reason)
    await request_handoff(c, HandoffRequest(triggers=(trigger,)))


async def _tap(c: OpenConversation, tap: Tap) -> tuple[str, str | None]:
    """What a button means, read from the message that offered it. A button works once."""
    message = await c.session.scalar(
        select(Message).where(Message.conversation_id == c.conversation.id, Message.seq == tap.seq)
    )
    if message is None or not 0 <= tap.choice < len(message.choices) or tap.mark not in {"", message_mark(message.id)}:
        raise NotFound("There is no such choice.", code="unknown_choice")
    payload = message.choices[tap.choice].payload
    may_change = payload in _MAY_CHANGE and message.chosen != tap.choice
    if message.chosen is not None and not may_change:
        raise Conflict("This choice has been made already.", code="unknown_choice")
    message.chosen = tap.choice
    button = message.choices[tap.choice]
    return button.title, button.payload


async def _attach(c: OpenConversation, message: Message, inbound: InboundMessage) -> list[AttachmentKind]:
    """What came along, handed in before or still to be fetched; its kinds. Raises `FileGone`."""
    uploads = [attachment.upload for attachment in inbound.attachments if attachment.upload]
    to_fetch = [attachment for attachment in inbound.attachments if not attachment.upload]
    kinds: list[AttachmentKind] = []
    if uploads:
        owner, days = inbound.address.lane, c.settings.file_days
        kinds += await attach_files(c.session, message, uploads, owner=owner, days=days)
    c.session.add_all(
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
        for attachment in to_fetch
    )
    return kinds + [attachment.kind for attachment in to_fetch]


def _receipt_again(earlier: Message, inbound: InboundMessage) -> InboundReceipt:
    tap = replace(inbound.tap, mark="") if inbound.tap else None
    changed_since = earlier.facts.edits is not None or earlier.facts.withdrawn
    if not changed_since and (earlier.facts.tap != tap or (tap is None and earlier.text != inbound.text)):
        raise MessageMismatch("A message with this id was stored before with other words; the first ones stand.")
    return receipt_of(earlier, repeated=True)
