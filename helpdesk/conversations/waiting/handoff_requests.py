"""Requests for a person: into the queue, and an honest word on what is passed on and what comes next."""

from datetime import datetime, timedelta

from connectors.contract import Channel, Choice
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.follow_up_register import note_handoff
from helpdesk.conversations.log.summary_source import load_restatement, summary_record
from helpdesk.conversations.promises.own_promises import load_own_promises, promise_answer, promise_call
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.unseen_answers import is_mailed
from helpdesk.conversations.wait_outlook import WaitOutlook, find_team, load_wait_outlook
from helpdesk.conversations.waiting.request_matter import load_request_matter
from helpdesk.conversations.waiting.wait_words import say_range
from helpdesk.handoff.wait_estimate import WaitRange
from helpdesk.handoff.wait_notice import WaitNotice
from helpdesk.schedule.hours import say_when
from helpdesk.texts import Say
from store.models import ExpectedInput, Handoff, MessageKind, QueuePlaceRecord, WaitNoticeRecord, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

CANCEL_HANDOFF = "/cancel_handoff"
CORRECT = "/correct_handoff"
CALL = "/call_me"
MAIL = "/mail_me"
LIMBO = HandoffRequest(triggers=(Trigger(kind=TriggerKind.LIMBO, turns=()),))
"""The request of a conversation that waits for a person and has nothing that says why."""


async def request_handoff(c: OpenConversation, request: HandoffRequest) -> None:
    """Put a conversation of the bot's into the queue, and tell the contact what comes next."""
    await c.pass_baton(Event.REQUEST_HANDOFF, shown=False, triggers=request.triggers)
    handoff = await open_handoff(c, request)
    handoff.team_id = await find_team(c.session, handoff.topic, c.conversation.language)
    handoff.wording = await load_restatement(c.session, c.conversation)
    outlook = await load_wait_outlook(c.session, c.conversation, handoff, c.settings)
    await _tell_outlook(c, handoff, outlook, _passed_on(c, handoff))
    promise_answer(c, outlook.due, shown=is_due_told(c, outlook))


def is_due_told(c: OpenConversation, outlook: WaitOutlook) -> bool:
    """Whether the contact has been told by when they have an answer: not who sees that somebody is in."""
    return not (outlook.somebody_is_in and c.conversation.channel.is_live)


def _passed_on(c: OpenConversation, handoff: Handoff) -> str:
    """The matter as it is passed on; who only asked for a person is asked for it once; a line to come may say it."""
    if handoff.wording:
        return c.say(Say.PASSING_ON, request=handoff.wording)
    if not all(trigger.kind == TriggerKind.ASKED for trigger in handoff.triggers):
        return ""
    handoff.awaits = ExpectedInput.CORRECTION
    return c.say(Say.WHAT_ABOUT)


async def agree_call(c: OpenConversation, due: datetime, phone: str, seqs: tuple[int, ...]) -> None:
    """A call that the bot has agreed: a request for a person, promised until `due`. The contact has been told."""
    triggers = (Trigger(kind=TriggerKind.ASKED, turns=seqs),)
    await c.pass_baton(Event.REQUEST_HANDOFF, shown=False, triggers=triggers)
    handoff = await open_handoff(c, HandoffRequest(triggers=triggers))
    handoff.team_id = await find_team(c.session, None, c.conversation.language)
    promise_call(c, due, phone)


async def open_handoff(c: OpenConversation, request: HandoffRequest) -> Handoff:
    """Store a request for a person, with its summary; the status is the caller's to change."""
    await note_handoff(c, request)
    matter = await load_request_matter(c.session, c.conversation)
    summary = await c.load_summary()
    handoff = Handoff(
        conversation_id=c.conversation.id,
        triggers=request.triggers,
        decision=request.decision,
        summary=summary_record(summary),
        topic=request.topic or matter.topic,
        language=c.conversation.language,
        urgency=request.urgency,
        round=request.round or len(matter.earlier) + 1,
        preferred_agent=request.prefer or matter.last_agent,
        asked_seq=c.conversation.last_seq,
        asked_at=now(),
    )
    c.session.add(handoff)
    await c.session.flush()
    return handoff


async def offer_ways_out(c: OpenConversation, handoff: Handoff, text: str) -> None:
    """Say something to a waiting contact, with every way out that is still open to them."""
    await c.tell_text(text, await ways_out(c, handoff))


async def show_ways_out(c: OpenConversation) -> None:
    """See that the last thing a waiting contact reads carries every way out, whatever it was about."""
    if not c.conversation.channel.is_live:
        return
    said = [line for line in c.log.lines if line.kind == MessageKind.OUTGOING]
    handoff = await c.load_live_handoff() if said and c.conversation.status == Status.QUEUED else None
    if handoff is None:
        return
    offered, ways = said[-1].choices, await ways_out(c, handoff)
    if ways[-1].payload not in {choice.payload for choice in offered}:
        said[-1].choices = (*offered, ways[-1]) if offered else ways


async def ways_out(c: OpenConversation, handoff: Handoff, *, cancel: Say = Say.BACK_TO_BOT) -> tuple[Choice, ...]:
    """What a waiting contact may do but wait; what they are asked for already is not offered. `cancel` ends waiting."""
    if not c.conversation.channel.is_live:
        return ()
    contact, asked = await c.load_contact(), handoff.awaits
    ways = [(Say.CORRECT, CORRECT)] if handoff.wording and asked != ExpectedInput.CORRECTION else []
    ways += [(Say.CALL, CALL)] if contact.phone is None and asked != ExpectedInput.PHONE else []
    ways += [(Say.MAIL, MAIL)] if contact.email is None and asked != ExpectedInput.EMAIL else []
    ways.append((cancel, CANCEL_HANDOFF))
    return tuple(Choice(title=c.say(title), payload=payload) for title, payload in ways)


async def tell_outlook_again(c: OpenConversation, handoff: Handoff, before: str = "") -> WaitOutlook:
    """Place and waiting time as they are now, below what is said `before`, with the ways out."""
    outlook = await load_wait_outlook(c.session, c.conversation, handoff, c.settings)
    await _tell_outlook(c, handoff, outlook, before)
    return outlook


async def wait_again(c: OpenConversation, handoff: Handoff, before: str) -> None:
    """Back in the queue: what comes next, below what is said `before`, and a promise where none stands any more."""
    standing = await load_own_promises(c)
    outlook = await tell_outlook_again(c, handoff, before)
    if not standing:
        promise_answer(c, outlook.due, shown=is_due_told(c, outlook))


def usual_wait(c: OpenConversation, outlook: WaitOutlook) -> str:
    """How long others have waited lately, as a sentence; empty where too few did to say."""
    if outlook.wait is None:
        return ""
    return c.say(Say.USUAL_WAIT, wait=say_range(outlook.wait, c.conversation.language))


def record_wait_notice(handoff: Handoff, outlook: WaitOutlook, seq: int) -> None:
    """Keep what line `seq` told the contact of their wait: the first for learning from it, the last for updates."""
    before, wait = handoff.told, outlook.wait
    first = before.first_place
    if before.at is None and outlook.somebody_is_in:  # who asked while nobody was in says nothing about waiting
        first = QueuePlaceRecord(position=outlook.position, agents=outlook.agents, free=outlook.free)
    handoff.told = WaitNoticeRecord(
        at=outlook.at,
        seq=seq,
        position=outlook.position,
        range_seconds=(wait.low.total_seconds(), wait.high.total_seconds()) if wait else None,
        first_place=first,
    )


def wait_notice_of(handoff: Handoff) -> WaitNotice | None:
    """What the contact was told last of their wait; None when nothing has been told yet."""
    told = handoff.told
    if told.at is None:
        return None
    low, high = (timedelta(seconds=end) for end in told.range_seconds or (0.0, 0.0))
    span = WaitRange(low=low, high=high) if told.range_seconds else None
    return WaitNotice(position=told.position, range=span, at=told.at)


async def _tell_outlook(c: OpenConversation, handoff: Handoff, outlook: WaitOutlook, before: str) -> None:
    """What comes next, below what is said `before`, with the ways out."""
    text = "\n\n".join(part for part in (before, await _prospects(c, outlook)) if part)
    await offer_ways_out(c, handoff, text)
    record_wait_notice(handoff, outlook, c.conversation.last_seq)


def say_mail_outlook(c: OpenConversation, outlook: WaitOutlook, what: Say = Say.MAIL_DUE) -> str:
    """By when a person answers a mail, by the contact's clock."""
    return c.say(what, due=say_when(outlook.due, outlook.at, outlook.zone, c.conversation.language))


async def _prospects(c: OpenConversation, outlook: WaitOutlook) -> str:
    """Place and waiting time while somebody is in; otherwise when somebody will be, and our word on it."""
    if not c.conversation.channel.is_live:
        return say_mail_outlook(c, outlook)
    if outlook.somebody_is_in:
        return f"{c.say(Say.QUEUED, position=outlook.position)} {usual_wait(c, outlook)}".strip()
    language = c.conversation.language
    due = say_when(outlook.due, outlook.at, outlook.zone, language)
    if outlook.opens:
        opens = say_when(outlook.opens, outlook.at, outlook.zone, language)
        when = c.say(Say.QUEUED_CLOSED, opens=opens, due=due)
    else:
        when = c.say(Say.QUEUED_NOBODY, due=due)
    return f"{when} {await _way_of_the_answer(c)}"


async def _way_of_the_answer(c: OpenConversation) -> str:
    """Where the answer can be read by who doesn't stay: only what is so."""
    if c.conversation.channel != Channel.WEBCHAT:
        return c.say(Say.NO_NEED_TO_WAIT)
    contact = await c.load_contact()
    if not c.sends_mails:
        return c.say(Say.NO_NEED_TO_WAIT if contact.email else Say.QUEUED_EMAIL)
    return c.say(Say.QUEUED_MAILED, email=contact.email) if is_mailed(contact) else c.say(Say.QUEUED_MAIL)
