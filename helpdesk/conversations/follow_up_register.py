"""The live follow-up of a conversation, how it ends, and whether its contact can be reached at all."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.unseen_answers import is_mailed
from helpdesk.events.event_kinds import EventKind
from store.models import (
    Activity,
    Agent,
    Contact,
    Conversation,
    FollowUp,
    FollowUpReason,
    FollowUpState,
    MailRefusal,
    Message,
    now,
)
from store.triggers import TriggerKind

#: States in which something is still to come.
LIVE = (FollowUpState.PLANNED, FollowUpState.ASKED)
#: The mark of the line that asks (`MessageFacts.aside`).
FOLLOW_UP = "follow_up"
_AGENTS_OWN = frozenset({TriggerKind.AGENT_TOOK, TriggerKind.LIMBO})


class ReachWay(StrEnum):
    """Where a question on a later day is read. `chat_only`: whenever the contact opens the web chat again."""

    CHANNEL = "channel"
    MAIL = "mail"
    CHAT_ONLY = "chat_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReach:
    """How a contact is reached who has gone, or the reason why not: one of the two is set."""

    way: ReachWay | None = None
    problem: FollowUpReason | None = None


def reach_of(conversation: Conversation, contact: Contact, *, sends_mails: bool) -> ContactReach:
    """Whether and where the contact of a conversation can be asked. Pure."""
    if contact.forget_at is not None:
        return ContactReach(problem=FollowUpReason.ERASED)
    if contact.no_follow_ups:
        return ContactReach(problem=FollowUpReason.DECLINED)
    if not contact.reachable or contact.blocked_at is not None:
        return ContactReach(problem=FollowUpReason.BLOCKED)
    is_by_mail = not conversation.channel.is_live
    if is_by_mail and not sends_mails:
        return ContactReach(problem=FollowUpReason.NO_MAIL)
    if contact.mail_refusal and (is_by_mail or conversation.channel.shows_the_log):
        bounced = contact.mail_refusal == MailRefusal.BOUNCED
        return ContactReach(problem=FollowUpReason.BOUNCED if bounced else FollowUpReason.STOPPED)
    if is_by_mail or not conversation.channel.shows_the_log:
        return ContactReach(way=ReachWay.MAIL if is_by_mail else ReachWay.CHANNEL)
    return ContactReach(way=ReachWay.MAIL if sends_mails and is_mailed(contact) else ReachWay.CHAT_ONLY)


def is_live() -> ColumnElement[bool]:
    """Planned, or asked and neither answered nor ended."""
    return FollowUp.state.in_(LIVE)


async def load_live_follow_up(c: OpenConversation) -> FollowUp | None:
    """The follow-up that is under way; costs no statement where the conversation has none."""
    if c.conversation.follow_up is None:
        return None
    return await c.session.scalar(select(FollowUp).where(FollowUp.conversation_id == c.conversation.id, is_live()))


def answer_follow_up(c: OpenConversation, follow_up: FollowUp, *, seq: int, settled: bool | None) -> None:
    """The contact has answered in line `seq`; `settled` None: with something else."""
    follow_up.answered_seq, follow_up.settled = seq, settled
    _end(c, follow_up, FollowUpState.ANSWERED, now())
    tell_follow_up(c, follow_up, seq)


async def end_follow_up(
    c: OpenConversation,
    follow_up: FollowUp,
    state: FollowUpState,
    reason: FollowUpReason | None = None,
    *,
    agent: Agent | None = None,
) -> None:
    """It is over without an answer, and the log says so."""
    follow_up.reason = reason
    _end(c, follow_up, state, now())
    await log_follow_up(c, follow_up, f"follow_up_{state}", agent=agent, done=str(reason) if reason else None)


async def log_follow_up(
    c: OpenConversation, follow_up: FollowUp, event: str, *, agent: Agent | None = None, done: str | None = None
) -> Message:
    """Add the line that says what became of a follow-up, for agents only; `done` is a reason (`FollowUpReason`)."""
    activity = Activity(event=event, shown=False, what=follow_up.text or None, due=follow_up.due_at, done=done)
    line = await c.log.append_activity(activity, agent=agent)
    tell_follow_up(c, follow_up, line.seq)
    return line


def tell_follow_up(c: OpenConversation, follow_up: FollowUp, seq: int) -> None:
    """Tell programs how far it has come; line `seq` says it. The question itself and the answer are in the log."""
    known = {
        "reason": follow_up.reason and str(follow_up.reason),
        "settled": None if follow_up.settled is None else "yes" if follow_up.settled else "no",
        "agent": follow_up.agent_id,
        "article": follow_up.article,
    }
    facts = {name: value for name, value in known.items() if value}
    c.tell_programs(EventKind.FOLLOW_UP, seq, state=str(follow_up.state), day=follow_up.day.isoformat(), **facts)


async def note_handoff(c: OpenConversation, request: HandoffRequest) -> None:
    """A person takes up the matter: nobody is asked about it meanwhile. An agent who takes over keeps the own plan."""
    follow_up = await load_live_follow_up(c)
    if follow_up is None:
        return
    by_agent = all(trigger.kind in _AGENTS_OWN for trigger in request.triggers)
    if follow_up.state == FollowUpState.ASKED:
        if not by_agent:
            answer_follow_up(c, follow_up, seq=c.conversation.last_seq, settled=False)
    elif follow_up.article or not by_agent:
        await end_follow_up(c, follow_up, FollowUpState.CALLED_OFF, FollowUpReason.HANDED_OVER)


async def note_question(c: OpenConversation) -> None:
    """The contact has asked something else since an article planned to ask them."""
    if c.conversation.follow_up != FollowUpState.PLANNED:
        return
    follow_up = await load_live_follow_up(c)
    if follow_up is not None and follow_up.article:
        await end_follow_up(c, follow_up, FollowUpState.CALLED_OFF, FollowUpReason.ASKED_OTHERWISE)


def _end(c: OpenConversation, follow_up: FollowUp, state: FollowUpState, at: datetime) -> None:
    follow_up.state, follow_up.ended_at = state, at
    c.conversation.follow_up = None
