"""What contacts change afterwards: new words, deleted messages, a closed door, a chat with a new id.

Changes are lines of the log, so that nothing that was said is lost to the agent.
"""

from dataclasses import replace

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, InboundEdit, InboundReceipt, Reachability, Withdrawal
from helpdesk.conversations.log.copied_words import LostWords, forget_copies
from helpdesk.conversations.log.message_log import receipt_of
from helpdesk.conversations.log.message_text import clean, with_emoji
from helpdesk.conversations.log.summary_source import load_restatement
from helpdesk.conversations.lookups import find_by_address, load_contact, load_message
from helpdesk.conversations.turn_opening import (
    MAX_LINES_BACK,
    load_open_turn,
    open_turn,
    open_turn_again,
    withhold_turn,
)
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from helpdesk.conversations.waiting.handoff_requests import show_ways_out
from helpdesk.conversations.waiting.waiting_room import take_message
from helpdesk.files.attaching import erase_files
from knowledge.normalization import same_words
from store.models import (
    Activity,
    AttachmentRecord,
    Conversation,
    Delivery,
    DeliveryStatus,
    Message,
    MessageEdit,
    MessageFacts,
    MessageKind,
    Turn,
    TurnStatus,
)
from store.status import Event, Status

_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)


async def apply_edit(c: OpenConversation, edit: InboundEdit) -> InboundReceipt:
    """Give a message of this conversation new words; a repeat changes nothing. Raises `Invalid`, `NotFound`."""
    text = with_emoji(clean(edit.message.text))
    message = await load_message(c.session, edit.message.address, edit.message.external_id)
    edits = message.facts.edits or ()
    known = {earlier.edit_id for earlier in edits}
    if edit.edit_id in known or text == message.text or not text or message.facts.withdrawn:
        c.audience = Audience.NOBODY
        return receipt_of(message, repeated=True)
    latest = MessageEdit(edit_id=edit.edit_id, before=message.text)
    message.facts = replace(message.facts, edits=(*edits, latest), mood=None)
    message.text = text
    await forget_copies(c.session, c.conversation, LostWords(message.seq, latest.before, text))
    await c.log.append_activity(Activity(event="edited", shown=False, of=message.seq))
    c.conversation.snoozed_until = None
    turn = await load_open_turn(c.session, c.conversation, message.seq)
    if turn is not None and turn.status == TurnStatus.RUNNING:
        await _begin_again(c, turn, message)
    elif turn is None:
        await _take_up_change(c, message, before=latest.before)
    await _retell(c)
    return receipt_of(message, repeated=False)


async def _take_up_change(c: OpenConversation, message: Message, *, before: str) -> None:
    """New words for what was answered already, or waits for a person; whoever has the conversation answers them.

    An agent sees the change. The bot answers anew, and goes back no further than it reads.
    """
    if c.conversation.is_blocked:
        return
    is_too_far_back = message.seq <= c.conversation.last_seq - MAX_LINES_BACK
    if _says_the_same(before, message.text) or message.payload or is_too_far_back:
        return
    match c.conversation.status:
        case Status.ASSIGNED:
            return
        case Status.QUEUED:
            if await _is_newest(c, message) and await take_message(c, message):
                await show_ways_out(c)
                return
        case Status.RESOLVED:
            await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    await open_turn_again(c.session, c.conversation, message)


def _says_the_same(before: str, after: str) -> bool:
    return bool(same_words(after)) and same_words(before) == same_words(after)


async def _is_newest(c: OpenConversation, message: Message) -> bool:
    newest = await c.session.scalar(
        select(func.max(Message.seq)).where(
            Message.conversation_id == c.conversation.id, Message.kind == MessageKind.INCOMING
        )
    )
    return newest == message.seq


async def _retell(c: OpenConversation) -> None:
    """What is passed on to a person holds the words as they stand now."""
    handoff = await c.load_live_handoff()
    if handoff is None:
        return
    if handoff.wording and handoff.accepted_at is None:
        handoff.wording = await load_restatement(c.session, c.conversation)
    await c.retell_summary()


async def _begin_again(c: OpenConversation, turn: Turn, message: Message) -> None:
    """The bot is thinking about words that no longer stand: let go of that answer."""
    first, last = turn.first_seq, turn.last_seq
    withhold_turn(turn, "edited")
    await c.session.flush()
    await open_turn(c.session, c.conversation, message, writing=False)
    await c.session.flush()
    await c.session.execute(
        update(Turn)
        .where(Turn.conversation_id == c.conversation.id, Turn.status == TurnStatus.PENDING)
        .values(first_seq=first, last_seq=last)
    )


async def withdraw(c: OpenConversation, withdrawal: Withdrawal) -> None:
    """Erase the words of a deleted message, and what came along with it. Raises `NotFound`."""
    message = await load_message(c.session, withdrawal.address, withdrawal.external_id)
    if message.facts.withdrawn:
        c.audience = Audience.NOBODY
        return
    lost = [LostWords(message.seq, text) for text in (message.text, *(one.before for one in message.facts.edits or ()))]
    message.text, message.facts = "", MessageFacts(withdrawn=True)
    turn = await load_open_turn(c.session, c.conversation, message.seq)
    if turn is not None and turn.first_seq == turn.last_seq:
        withhold_turn(turn, "withdrawn")
    await erase_files(c.session, AttachmentRecord.message_id == message.id)
    for before in lost:
        await forget_copies(c.session, c.conversation, before)
    await c.log.append_activity(Activity(event="withdrawn", shown=False, of=message.seq))
    await _retell(c)


async def note_reachability(c: OpenConversation, news: Reachability) -> None:
    """Keep that a contact has shut us out, or let us in again."""
    contact = await load_contact(c.session, news.address, news.contact_id)
    if contact.reachable == news.reachable:
        c.audience = Audience.NOBODY
        return
    contact.reachable = news.reachable
    await c.log.append_activity(Activity(event="reachable" if news.reachable else "unreachable", shown=False))


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
