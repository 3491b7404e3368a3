"""What happens on the day: the question goes out once, and what gets no answer ends by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from connectors.contract import Author
from helpdesk.conversations.follow_up_register import (
    FOLLOW_UP,
    ReachWay,
    end_follow_up,
    is_live,
    load_live_follow_up,
    reach_of,
    tell_follow_up,
)
from helpdesk.conversations.follow_ups.ask_times import ask_time
from helpdesk.conversations.follow_ups.question import answer_choices, compose_question
from helpdesk.conversations.promises.register import is_open
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from helpdesk.conversations.waiting.wait_talk import says_nothing_more
from helpdesk.schedule.company_hours import load_shared_hours
from store.models import (
    Delivery,
    DeliveryStatus,
    FollowUp,
    FollowUpReason,
    FollowUpState,
    Message,
    MessageFacts,
    MessageKind,
    Promise,
)
from store.status import Status

#: How long an answer is waited for.
PATIENCE = timedelta(days=3)
#: How long after the question it is seen whether it has gone out at all.
CHECK_AFTER = timedelta(minutes=10)
#: Who has written within this time has told us how it stands.
JUST_WROTE = timedelta(hours=24)
_IN_VAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)


def to_follow_up(at: datetime) -> Select[str]:
    """The conversations whose follow-up somebody has to see to."""
    return select(FollowUp.conversation_id).where(is_live(), FollowUp.due_at <= at)


async def tend_follow_up(c: OpenConversation, at: datetime) -> bool:
    """Ask what is due, or end what got no answer; False where another instance was quicker."""
    follow_up = await load_live_follow_up(c)
    if follow_up is None or follow_up.due_at > at:
        c.audience = Audience.NOBODY
        return False
    if follow_up.state == FollowUpState.PLANNED:
        await _ask(c, follow_up, at)
    else:
        await _look_after(c, follow_up, at)
    return True


async def _ask(c: OpenConversation, follow_up: FollowUp, at: datetime) -> None:
    reach = reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails)
    if reach.problem:
        return await end_follow_up(c, follow_up, FollowUpState.IMPOSSIBLE, reach.problem)
    zone = ZoneInfo(c.settings.time_zone)
    moment = ask_time(await load_shared_hours(c.session, zone), follow_up.day, at)
    if moment is None or moment > at:  # the hours were changed, or nobody could see to it in time
        follow_up.due_at = moment or at + timedelta(days=1)
        return None
    needless = await _find_needless(c, follow_up, at, zone)
    if needless:
        return await end_follow_up(c, follow_up, FollowUpState.CALLED_OFF, needless)
    line = await c.log.append_outgoing(
        Author.BOT,
        await compose_question(c, follow_up),
        choices=answer_choices(c),
        author_name=c.settings.bot_name,
        facts=MessageFacts(aside=FOLLOW_UP),
    )
    follow_up.state, follow_up.asked_at, follow_up.asked_seq = FollowUpState.ASKED, at, line.seq
    follow_up.due_at = at + CHECK_AFTER
    c.conversation.follow_up = FollowUpState.ASKED
    tell_follow_up(c, follow_up, line.seq)
    return None


async def _find_needless(
    c: OpenConversation, follow_up: FollowUp, at: datetime, zone: ZoneInfo
) -> FollowUpReason | None:
    """Why there is nothing to ask: they wait for us, have just told us, or hear from us today anyway."""
    last = await _load_last_word(c)
    is_unanswered = last is not None and last.seq > c.conversation.answered_seq and not last.facts.settled
    if c.conversation.status == Status.QUEUED or (c.conversation.status == Status.ASSIGNED and is_unanswered):
        return FollowUpReason.WAITS
    if last and last.created_at > max(at - JUST_WROTE, follow_up.created_at) and not says_nothing_more(last.text):
        return FollowUpReason.WROTE
    promised = await c.session.scalars(
        select(Promise.due_at).where(Promise.conversation_id == c.conversation.id, is_open())
    )
    today = at.astimezone(zone).date()
    is_promised = any(due.astimezone(zone).date() == today for due in promised)
    return FollowUpReason.PROMISE if is_promised else None


async def _load_last_word(c: OpenConversation) -> Message | None:
    return await c.session.scalar(
        select(Message)
        .where(Message.conversation_id == c.conversation.id, Message.kind == MessageKind.INCOMING)
        .order_by(Message.seq.desc())
        .limit(1)
    )


async def _look_after(c: OpenConversation, follow_up: FollowUp, at: datetime) -> None:
    """It was asked: see whether it arrived, and end it when its time is over."""
    problem = await _find_problem(c, follow_up)
    until = (follow_up.asked_at or at) + PATIENCE
    if problem:
        await end_follow_up(c, follow_up, FollowUpState.IMPOSSIBLE, problem)
    elif at < until:
        follow_up.due_at = until
        c.audience = Audience.NOBODY
    elif await _is_unseen(c, follow_up):
        await end_follow_up(c, follow_up, FollowUpState.IMPOSSIBLE, FollowUpReason.UNSEEN)
    else:
        await end_follow_up(c, follow_up, FollowUpState.ENDED)


async def _find_problem(c: OpenConversation, follow_up: FollowUp) -> FollowUpReason | None:
    """Why the question has not arrived."""
    problem = reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails).problem
    if problem:
        return problem
    sent = (
        select(Delivery.status)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.conversation_id == c.conversation.id, Message.seq == follow_up.asked_seq)
    )
    return FollowUpReason.UNDELIVERED if await c.session.scalar(sent) in _IN_VAIN else None


async def _is_unseen(c: OpenConversation, follow_up: FollowUp) -> bool:
    """In a web chat that was not opened, with nowhere to send a mail to."""
    reach = reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails)
    return reach.way is ReachWay.CHAT_ONLY and c.conversation.contact_seen_seq < (follow_up.asked_seq or 0)
