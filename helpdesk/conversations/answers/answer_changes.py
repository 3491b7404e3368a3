"""What agents change of what they have sent: other words, or none at all.

The line of the log says what stands now, an activity line who changed it and when, and that line's delivery tells the
channel, in the order of the lane. The words of before stay with the line for staff, unless they had no business there.
"""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from connectors.contract import Author, Channel
from helpdesk.canned_replies.reply_text import refuse_gaps
from helpdesk.conversations.answers.agent_answers import MAX_ANSWER_LENGTH
from helpdesk.conversations.answers.given_answers import (
    RESOLUTION_DROPPED,
    is_answered_by_person,
    is_waiting_for_answer,
)
from helpdesk.conversations.log.copied_words import LostWords, forget_answer_copies
from helpdesk.conversations.log.message_text import clean
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.promises.register import reopen_answers
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.files.attaching import erase_files
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import (
    Activity,
    Agent,
    AttachmentRecord,
    Conversation,
    Delivery,
    DeliveryStatus,
    HeldAction,
    HeldKind,
    Message,
    MessageEdit,
    MessageFacts,
    MessageKind,
    now,
)
from store.status import Status

#: https://core.telegram.org/bots/api#deletemessage
CHANGED_WITHIN = {Channel.TELEGRAM: timedelta(hours=48)}
#: Characters of a corrected answer that surely fit into as many messages as it had before.
ONE_MESSAGE = 3_500

_ANSWERS_BACK = 20  # answers that are looked through for one that stands


class AnswerChange(StrEnum):
    """What was done to an answer that had been sent: the event of the activity line about it."""

    CORRECTED = "answer_corrected"
    TAKEN_BACK = "answer_taken_back"


async def correct_answer(
    c: OpenConversation, agent_id: str, seq: int, text: str, *, keeps_words: bool = True
) -> Message:
    """Give a sent answer other words, at the customer's too; returns its line. A repeat changes nothing.

    Without `keeps_words` nobody can read any more what stood there before. Raises `NotFound`, `NotAllowed` for a
    colleague's answer, `Invalid` for a text that is empty or too long, `GapLeft`, and `Conflict` where the channel
    doesn't let it be changed (any more).
    """
    message = await _load_answer(c, await load_agent(c.session, agent_id), seq)
    if message.facts.withdrawn:
        raise Conflict("This answer has been taken back.", code="answer_gone")
    words = clean(text, MAX_ANSWER_LENGTH)
    refuse_gaps(words)
    if not words or not message.text:
        raise Invalid("The answer is empty.", code="empty")
    if words == message.text:
        return message
    if not c.conversation.channel.shows_the_log and len(words) > max(ONE_MESSAGE, len(message.text)):
        raise Invalid("The new words don't fit into the message that was sent.", code="correction_long")
    await _change(c, agent_id, message, words, AnswerChange.CORRECTED, keeps_words=keeps_words)
    return message


async def take_back_answer(c: OpenConversation, agent_id: str, seq: int, *, keeps_words: bool = True) -> Message:
    """Take a sent answer back with its files, at the customer's too; returns its line. A repeat changes nothing.

    Without `keeps_words` nobody can read any more what stood there. Raises as `correct_answer` does.
    """
    message = await _load_answer(c, await load_agent(c.session, agent_id), seq)
    if not message.facts.withdrawn:
        await _change(c, agent_id, message, "", AnswerChange.TAKEN_BACK, keeps_words=keeps_words)
    return message


async def _load_answer(c: OpenConversation, agent: Agent, seq: int) -> Message:
    message = await c.session.scalar(
        select(Message).where(Message.conversation_id == c.conversation.id, Message.seq == seq)
    )
    if message is None or message.kind is not MessageKind.OUTGOING or message.author is not Author.AGENT:
        raise NotFound("There is no such answer.")
    if not is_changeable_by(agent.id, message, c.conversation):
        raise NotAllowed("Only who wrote an answer, or has the conversation, changes it.", code="not_your_answer")
    return message


def is_changeable_by(agent_id: str | None, message: Message, conversation: Conversation) -> bool:
    """Whether this is an answer that this agent may change: who wrote it, and who has the conversation now."""
    is_answer = message.kind is MessageKind.OUTGOING and message.author is Author.AGENT
    return is_answer and agent_id is not None and agent_id in {message.agent_id, conversation.agent_id}


async def _change(
    c: OpenConversation, agent_id: str, message: Message, words: str, change: AnswerChange, *, keeps_words: bool
) -> None:
    """Change the line and everything that was made of it, and have the channel follow."""
    is_on_its_way = await _follow_delivery(c, message, change)
    before, edits = message.text, message.facts.edits or ()
    kept = (*edits, MessageEdit(edit_id=str(c.conversation.last_seq + 1), before=before)) if keeps_words else ()
    lost = [before, *(() if keeps_words else (edit.before for edit in edits))]
    message.text = words
    if change is AnswerChange.TAKEN_BACK:
        message.facts = MessageFacts(withdrawn=True, edits=kept, program=message.facts.program)
        await _have_question_open(c, message)
        await erase_files(c.session, AttachmentRecord.message_id == message.id)
    else:
        message.facts = replace(message.facts, edits=kept)
    for old in lost:
        await forget_answer_copies(c.session, c.conversation, LostWords(message.seq, old, words))
    agent = await load_agent(c.session, agent_id)
    line = await c.log.append_activity(Activity(event=str(change), shown=False, of=message.seq), agent=agent)
    if is_on_its_way:
        c.log.deliver(line)
    await c.retell_summary()


async def _have_question_open(c: OpenConversation, message: Message) -> None:
    """What only this answer answered is unanswered again, as long as somebody has the conversation.

    Then it isn't put off any more, a resolution that is held is given up, and what Staffel promised about an answer
    stands again, late perhaps. Where the bot answers again, or it is resolved, nothing is reopened.
    """
    if c.conversation.status is not Status.ASSIGNED:
        return
    await _have_waiting_noticed(c, message)
    rows = await c.session.execute(
        select(Message.seq, Message.facts)
        .where(
            Message.conversation_id == c.conversation.id,
            Message.kind == MessageKind.OUTGOING,
            Message.author.in_([Author.AGENT, Author.BOT]),
            Message.seq != message.seq,
        )
        .order_by(Message.seq.desc())
        .limit(_ANSWERS_BACK)
    )
    last = next((seq for seq, facts in rows if not (facts.withdrawn or facts.withheld)), 0)
    c.conversation.answered_seq = min(c.conversation.answered_seq, last)


async def _have_waiting_noticed(c: OpenConversation, message: Message) -> None:
    """Nothing that rests on the customer's having an answer goes on without one."""
    if not await is_waiting_for_answer(c):
        return
    c.conversation.snoozed_until = None
    held = (HeldAction.conversation_id == c.conversation.id) & (HeldAction.kind == HeldKind.RESOLUTION)
    if await c.session.scalar(select(HeldAction.id).where(held).limit(1)) is not None:
        await c.session.execute(delete(HeldAction).where(held))
        await c.log.append_activity(Activity(event=RESOLUTION_DROPPED, shown=False))
    if not await is_answered_by_person(c):
        await reopen_answers(c, since=message.created_at)


async def _follow_delivery(c: OpenConversation, message: Message, change: AnswerChange) -> bool:
    """Whether the channel is to be told of a change. What hasn't left yet leaves as it stands now, or not at all.

    Raises `Conflict` where it can't be told.
    """
    channel = c.conversation.channel
    if channel.shows_the_log:
        return False
    if not channel.can_change_sent:
        raise Conflict("What was sent by e-mail can't be changed.", code="answer_final")
    delivery = await c.session.scalar(select(Delivery).where(Delivery.message_id == message.id).with_for_update())
    if delivery is None:
        return False
    if delivery.status is DeliveryStatus.PENDING and not delivery.parts and not delivery.doubts:
        if change is AnswerChange.TAKEN_BACK:
            await c.session.delete(delivery)
        return False
    _refuse_unreachable(channel, delivery)
    return True


def _refuse_unreachable(channel: Channel, delivery: Delivery) -> None:
    is_over = delivery.status in {DeliveryStatus.UNKNOWN, DeliveryStatus.FAILED}
    if is_over and not delivery.parts:
        raise Conflict("Nobody knows where this answer is, so it can't be changed.", code="answer_unknown")
    within = CHANGED_WITHIN.get(channel)
    if within is not None and now() - (delivery.sent_at or delivery.created_at) >= within:
        raise Conflict("The channel no longer lets this answer be changed.", code="answer_old")
