"""What the contact says to the question, by button or in words, and what they say before it is put."""

from helpdesk.conversations.answers.mail_answers import answer_mail
from helpdesk.conversations.bot_reply import BotReply, HandoffRequest
from helpdesk.conversations.follow_up_register import answer_follow_up, end_follow_up, load_live_follow_up
from helpdesk.conversations.follow_ups.answer_words import FollowUpAnswer, read_follow_up_answer, reads_settled
from helpdesk.conversations.follow_ups.question import NEVER, NO, YES
from helpdesk.conversations.log.message_log import settle
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.handoff_requests import request_handoff
from helpdesk.texts import Say
from store.models import FollowUp, FollowUpReason, FollowUpState, Message
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

_BUTTONS = {YES: FollowUpAnswer.SETTLED, NO: FollowUpAnswer.UNSETTLED, NEVER: FollowUpAnswer.NEVER}


async def take_answer(c: OpenConversation, message: Message) -> bool:
    """Read a line in words as the answer; False for what goes on as any other line, though it may end the asking.

    An agent who has the conversation answers for themselves: then only what it says is kept.
    """
    follow_up = await load_live_follow_up(c) if not message.payload and message.text else None
    if follow_up is None:
        return False
    if follow_up.state == FollowUpState.PLANNED:
        if reads_settled(message.text):
            await end_follow_up(c, follow_up, FollowUpState.CALLED_OFF, FollowUpReason.SETTLED)
        return False
    said = read_follow_up_answer(message.text)
    await _keep(c, follow_up, message, said)
    if said is None or c.conversation.status in {Status.ASSIGNED, Status.QUEUED}:
        return False
    settle(message)
    await _follow(c, follow_up, message, said)
    return True


async def take_button(c: OpenConversation, message: Message) -> None:
    """A button below the question; one that is tapped after the asking has ended still has its effect."""
    said = _BUTTONS[message.payload or ""]
    follow_up = await load_live_follow_up(c)
    asked = follow_up if follow_up and follow_up.state == FollowUpState.ASKED else None
    await _keep(c, asked, message, said)
    await _follow(c, asked, message, said)


async def _keep(c: OpenConversation, follow_up: FollowUp | None, message: Message, said: FollowUpAnswer | None) -> None:
    if said is FollowUpAnswer.NEVER:
        (await c.load_contact()).no_follow_ups = True
    if follow_up is not None:
        settled = {FollowUpAnswer.SETTLED: True, FollowUpAnswer.UNSETTLED: False}
        answer_follow_up(c, follow_up, seq=message.seq, settled=settled.get(said) if said else None)


async def _follow(c: OpenConversation, follow_up: FollowUp | None, message: Message, said: FollowUpAnswer) -> None:
    """Thanks, or a person. By mail nobody is thanked: that would be one more mail."""
    if said is FollowUpAnswer.UNSETTLED:
        return await _pass_on(c, follow_up, message)
    if c.conversation.channel.is_live:
        await c.tell(Say.FOLLOW_UP_THANKS if said is FollowUpAnswer.SETTLED else Say.FOLLOW_UP_STOPPED)
    return None


async def _pass_on(c: OpenConversation, follow_up: FollowUp | None, message: Message) -> None:
    """To the person who had it, if they are there, else to the queue; whoever has it already reads it."""
    if c.conversation.status in {Status.ASSIGNED, Status.QUEUED}:
        await c.tell(Say.ADDED)
        return
    if c.conversation.status == Status.RESOLVED:
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    trigger = Trigger(kind=TriggerKind.FOLLOW_UP, turns=(message.seq,), text=message.text)
    prefer = follow_up.agent_id if follow_up else None
    request = HandoffRequest(triggers=(trigger,), urgency=1, prefer=prefer)
    await c.session.flush()
    if c.conversation.channel.is_live:
        await request_handoff(c, request)
    else:
        await answer_mail(c, BotReply(texts=()), request)
