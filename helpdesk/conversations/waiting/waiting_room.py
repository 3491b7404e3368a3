"""A contact who waits for a person: corrects what is passed on, leaves an address, is called, or goes on without."""

import json
import re
from datetime import datetime, timedelta

from connectors.contract import Choice, InboundReceipt
from helpdesk.conversations.contacts.contact_details import is_attempt, is_email, left_email, read_email, read_phone
from helpdesk.conversations.promises.own_promises import (
    load_broken_promise,
    load_own_promises,
    promise_answer,
    promise_call,
    withdraw_own_promises,
)
from helpdesk.conversations.turn_opening import (
    load_closed_over,
    load_forgotten_messages,
    load_open_messages,
    open_turn,
    take_back_turn,
)
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from helpdesk.conversations.wait_outlook import WaitOutlook, load_wait_outlook
from helpdesk.conversations.waiting.handoff_requests import (
    CALL,
    CANCEL_HANDOFF,
    CORRECT,
    LIMBO,
    MAIL,
    offer_ways_out,
    open_handoff,
    record_wait_notice,
    show_ways_out,
    usual_wait,
    wait_again,
    wait_notice_of,
)
from helpdesk.conversations.waiting.wait_talk import asks_something, names_time, read_wait_talk
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.summary import restate
from helpdesk.handoff.wait_notice import changed_enough
from helpdesk.schedule.hours import OpeningPeriod, say_when, say_window, windows
from helpdesk.texts import Say
from helpdesk.texts.quotation import quoted
from store.errors import Invalid
from store.models import Activity, ExpectedInput, Handoff, Message, Promise, PromiseKind, now
from store.status import Event, Status
from store.triggers import TriggerKind

CALL_WINDOW = re.compile(r'/call_window\{"from": "(?P<start>[^"]+)", "until": "(?P<end>[^"]+)"\}')
WINDOWS = 4  # that are offered for a call
_NO = "nein|nee|no|nope"
_NOT_IT = (
    "falsch|(?:das )?stimmt (?:so )?nicht|nicht ganz|so nicht|"
    "wrong|that's not|that is not|that isn't|not quite|not what"
)
_OBJECTS_TO_WORDING = re.compile(rf"^\W*(?:(?:{_NO})\W+)*(?:{_NOT_IT})\b", re.IGNORECASE)
_OBJECTS = re.compile(rf"{_OBJECTS_TO_WORDING.pattern}|^\W*(?:{_NO})\b", re.IGNORECASE)


def is_way_out(payload: str | None) -> bool:
    """Whether a button is one of those that are offered to a waiting contact."""
    return payload in {CORRECT, CALL, MAIL, CANCEL_HANDOFF} or bool(CALL_WINDOW.fullmatch(payload or ""))


async def take_way_out(c: OpenConversation, message: Message) -> None:
    """Carry out what a waiting contact has chosen."""
    handoff = await _load_waiting_handoff(c)
    if handoff is None:
        await c.tell(Say.NO_LONGER_WAITING)
    elif message.payload == CANCEL_HANDOFF:
        await _cancel(c, message)
    elif message.payload == CORRECT:
        await _expect(c, handoff, ExpectedInput.CORRECTION, Say.HOW_TO_SAY)
    elif message.payload == MAIL:
        await _expect(c, handoff, ExpectedInput.EMAIL, Say.ASK_EMAIL)
    elif message.payload == CALL:
        await _expect(c, handoff, ExpectedInput.PHONE, Say.ASK_PHONE)
    else:
        await _promise_call_within(c, handoff, message.payload or "")


async def take_message(c: OpenConversation, message: Message) -> bool:
    """What a waiting contact writes: the answer to what was asked, a correction; False when it is anything else."""
    handoff = await c.load_live_handoff()
    if handoff is None or not message.text or message.payload:
        return False
    if handoff.awaits == ExpectedInput.EMAIL:
        return await _take_email(c, handoff, message.text)
    if handoff.awaits == ExpectedInput.PHONE:
        return await _take_phone(c, handoff, message.text)
    if handoff.awaits == ExpectedInput.WINDOW:
        return await _take_window(c, handoff, message.text)
    if handoff.awaits == ExpectedInput.CORRECTION or _objects(handoff, message):
        return await _correct(c, handoff, message)
    if address := left_email(message.text):
        await _keep_email(c, address)
        return True
    return False


async def leave_email(c: OpenConversation, email: str) -> InboundReceipt:
    """Keep an address for a contact who waits while nobody is online. Raises `Invalid` for a malformed one."""
    address = email.strip()
    if not is_email(address):
        raise Invalid("This doesn't look like an e-mail address, expected name@example.org.", code="bad_email")
    contact = await c.load_contact()
    repeated = contact.email == address and contact.mail_refusal is None
    if not repeated:
        await _keep_email(c, address)
    return InboundReceipt(
        conversation_id=c.conversation.id,
        seq=c.conversation.last_seq,
        stored_at=c.conversation.changed_at,
        repeated=repeated,
    )


async def tell_progress(c: OpenConversation) -> bool:
    """Tell a waiting contact of a better place or another waiting time; False when it isn't worth a message."""
    handoff = await _load_waiting_handoff(c)
    if handoff is None or await _is_called_back(c):
        return _nothing_changed(c)
    outlook = await _load_outlook(c, handoff)
    told = wait_notice_of(handoff)
    if not outlook.somebody_is_in or not changed_enough(told, outlook.wait, outlook.position, outlook.at):
        return _nothing_changed(c)
    text = f"{c.say(Say.QUEUE_MOVED, position=outlook.position)} {usual_wait(c, outlook)}".strip()
    await c.log.append_activity(Activity(event="queue_moved", shown=False, position=outlook.position))
    await offer_ways_out(c, handoff, text)
    record_wait_notice(handoff, outlook, c.conversation.last_seq)
    return True


async def renew_promise(c: OpenConversation) -> bool:
    """A waiting contact has no word of ours that still stands: give a new one, and own up to a broken one."""
    handoff = await _load_waiting_handoff(c)
    if handoff is None or await load_own_promises(c):
        return _nothing_changed(c)
    broken = await load_broken_promise(c)
    if broken is None:  # kept, withdrawn or never given: there is nothing to be sorry for
        await wait_again(c, handoff, "")
        return True
    handoff.urgency = max(handoff.urgency, 1)
    await c.session.flush()
    outlook = await _load_outlook(c, handoff)
    promise_answer(c, outlook.due, shown=True)
    again = say_when(outlook.due, outlook.at, outlook.zone, c.conversation.language)
    front = c.say(Say.AT_THE_FRONT) if outlook.position == 1 else ""
    await offer_ways_out(c, handoff, f"{c.say(_owning_up_to(broken), again=again)} {front}".strip())
    return True


def _owning_up_to(broken: Promise) -> Say:
    """The sentence for a promise that was not kept: only what the contact knows of is called one."""
    if broken.kind == PromiseKind.CALLBACK:
        return Say.CALL_MISSED
    return Say.PROMISE_MISSED if broken.shown else Say.TAKES_LONGER


async def open_missing_handoff(c: OpenConversation) -> bool:
    """A conversation waits for a person and nothing says why: open the request that belongs to it."""
    if c.conversation.status != Status.QUEUED or await c.load_live_handoff():
        return _nothing_changed(c)
    await open_handoff(c, LIMBO)
    return True


async def open_missing_turn(c: OpenConversation) -> bool:
    """A message of the contact that nobody works on gets the bot's turn that it should have had.

    A conversation that was closed over it is opened again.
    """
    if c.conversation.status == Status.RESOLVED and await load_closed_over(c.session, c.conversation):
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    forgotten = await load_forgotten_messages(c.session, c.conversation)
    for message in forgotten:
        await open_turn(c.session, c.conversation, message, writing=False)
        await c.session.flush()
    return bool(forgotten) or _nothing_changed(c)


async def expire(c: OpenConversation, waited: timedelta) -> bool:
    """Give up a request that nobody took up in all this time; the bot answers again and says so."""
    handoff = await _load_waiting_handoff(c)
    if handoff is None or handoff.asked_at > now() - waited:
        return _nothing_changed(c)
    await withdraw_own_promises(c)
    await c.pass_baton(Event.EXPIRE, c.say(Say.EXPIRED))
    c.conversation.answered_seq = c.conversation.last_seq
    return True


def _nothing_changed(c: OpenConversation) -> bool:
    c.audience = Audience.NOBODY
    return False


async def _load_waiting_handoff(c: OpenConversation) -> Handoff | None:
    """The request that the contact waits for."""
    return await c.load_live_handoff() if c.conversation.status == Status.QUEUED else None


async def _load_outlook(c: OpenConversation, handoff: Handoff) -> WaitOutlook:
    return await load_wait_outlook(c.session, c.conversation, handoff, c.settings)


async def _expect(c: OpenConversation, handoff: Handoff, expected: ExpectedInput, ask: Say) -> None:
    handoff.awaits = expected
    await c.tell(ask)


async def _cancel(c: OpenConversation, message: Message) -> None:
    """The contact goes on without a person; what they wrote just before and nobody has answered is the bot's now."""
    begun = await take_back_turn(c.session, c.conversation)
    await withdraw_own_promises(c)
    await c.pass_baton(Event.CANCEL, c.say(Say.CANCELLED))
    c.conversation.answered_seq = message.seq if begun is None else begun - 1
    for line in await load_open_messages(c.session, c.conversation):
        await open_turn(c.session, c.conversation, line, writing=False)
        await c.session.flush()


def _objects(handoff: Handoff, message: Message) -> bool:
    """A "no, that's not it" right after the sentence it is about; a bare no isn't a correction yet.

    Where we spoke of danger as well, a no answers that: "no, nobody is hurt" takes the place of nothing.
    """
    is_next = handoff.correction is None and message.seq <= handoff.told.seq + 1
    spoke_of_danger = any(trigger.kind == TriggerKind.SENSITIVE for trigger in handoff.triggers)
    pattern = _OBJECTS_TO_WORDING if spoke_of_danger else _OBJECTS
    return bool(handoff.wording) and is_next and bool(pattern.match(message.text))


async def _take_matter(c: OpenConversation, handoff: Handoff, message: Message) -> bool:
    """The first line of somebody who only asked for a person that says what it is about; False until there is one.

    What asks something goes to the bot as well, which may know the answer meanwhile and says what is passed on if not.
    """
    line = DialogueLine(seq=message.seq, author=CONTACT, text=message.text)
    matter = restate(mark_answers([line]), quoted=str).text
    if not matter or read_wait_talk(message.text):
        return False
    if asks_something(message.text):
        await _note_request(c, handoff, matter, message)
        return False
    await _keep_request(c, handoff, matter, message)
    return True


async def _note_request(c: OpenConversation, handoff: Handoff, said: str, message: Message) -> None:
    """Pass on what the contact has said from now on."""
    handoff.awaits, handoff.correction, handoff.corrected_seq = ExpectedInput.NOTHING, said, message.seq
    await c.retell_summary()


async def _keep_request(c: OpenConversation, handoff: Handoff, said: str, message: Message) -> None:
    """Pass on what the contact has said from now on, and say so."""
    await _note_request(c, handoff, said, message)
    await offer_ways_out(c, handoff, c.say(Say.CORRECTED, request=quoted(said, c.conversation.language, "customer")))


async def _correct(c: OpenConversation, handoff: Handoff, message: Message) -> bool:
    """Take the line for the request; False for what is none, such as a question how long it takes."""
    if not handoff.wording:
        return await _take_matter(c, handoff, message)
    said = _OBJECTS.sub("", message.text).lstrip(" ,.;:!–-\n").rstrip()
    if not said:
        await _expect(c, handoff, ExpectedInput.CORRECTION, Say.HOW_TO_SAY)
        return True
    handoff.awaits = ExpectedInput.NOTHING
    if read_wait_talk(message.text) or is_email(said):
        return False
    await _keep_request(c, handoff, said, message)
    return True


async def _take_email(c: OpenConversation, handoff: Handoff, text: str) -> bool:
    address = read_email(text)
    if address is None:
        return await _ask_again(c, handoff, text, Say.BAD_EMAIL)
    handoff.awaits = ExpectedInput.NOTHING
    await _keep_email(c, address)
    return True


async def _keep_email(c: OpenConversation, address: str) -> None:
    contact = await c.load_contact()
    contact.email, contact.mail_refusal = address, None
    await c.log.append_activity(Activity(event="email_left", shown=False))
    await c.tell(_address_kept(c), email=address)
    await show_ways_out(c)
    await c.retell_summary()


def _address_kept(c: OpenConversation) -> Say:
    if c.sends_mails and c.conversation.channel.shows_the_log:
        return Say.EMAIL_MAILED
    return Say.EMAIL_KEPT if c.conversation.status == Status.QUEUED else Say.EMAIL_NOTED


async def _take_phone(c: OpenConversation, handoff: Handoff, text: str) -> bool:
    phone = read_phone(text)
    if phone is None:
        return await _ask_again(c, handoff, text, Say.BAD_PHONE)
    contact = await c.load_contact()
    contact.phone, handoff.awaits = phone, ExpectedInput.WINDOW
    await _offer_windows(c, handoff, phone)
    await c.retell_summary()
    return True


async def _ask_again(c: OpenConversation, handoff: Handoff, text: str, explain: Say) -> bool:
    """Explain what was expected; False for what is no try at it, which drops the question."""
    if is_attempt(text, handoff.awaits):
        await c.tell(explain)
        return True
    handoff.awaits = ExpectedInput.NOTHING
    return False


async def _take_window(c: OpenConversation, handoff: Handoff, text: str) -> bool:
    """A time in words instead of one of the windows: noted, and the call is promised as soon as somebody is in."""
    handoff.awaits = ExpectedInput.NOTHING
    contact = await c.load_contact()
    if contact.phone is None or not names_time(text):
        return False
    await _promise_call_soon(c, await _load_outlook(c, handoff), contact.phone)
    await c.retell_summary()
    return True


async def _promise_call_soon(c: OpenConversation, outlook: WaitOutlook, phone: str) -> None:
    await withdraw_own_promises(c)
    promise_call(c, outlook.due, phone)
    due = say_when(outlook.due, outlook.at, outlook.zone, c.conversation.language)
    await c.tell(Say.NO_WINDOW, phone=phone, due=due)


async def _offer_windows(c: OpenConversation, handoff: Handoff, phone: str) -> None:
    outlook = await _load_outlook(c, handoff)
    offered = windows(outlook.hours, outlook.at, WINDOWS)
    if not offered:
        handoff.awaits = ExpectedInput.NOTHING
        await _promise_call_soon(c, outlook, phone)
        return
    choices = tuple(
        Choice(
            title=say_window(each, outlook.at, outlook.zone, c.conversation.language),
            payload=f"/call_window{json.dumps({'from': each.start.isoformat(), 'until': each.end.isoformat()})}",
        )
        for each in offered
    )
    await c.tell(Say.ASK_WINDOW, choices)


async def _promise_call_within(c: OpenConversation, handoff: Handoff, payload: str) -> None:
    """A call is promised by the end of the chosen window; the contact need not wait here any longer."""
    chosen = CALL_WINDOW.fullmatch(payload)
    contact = await c.load_contact()
    if chosen is None or contact.phone is None:
        return
    period = OpeningPeriod(start=datetime.fromisoformat(chosen["start"]), end=datetime.fromisoformat(chosen["end"]))
    handoff.awaits = ExpectedInput.NOTHING
    await withdraw_own_promises(c)
    promise_call(c, period.end, contact.phone)
    outlook = await _load_outlook(c, handoff)
    window = say_window(period, outlook.at, outlook.zone, c.conversation.language)
    await c.tell(Say.CALL_PROMISED, window=window, phone=contact.phone)
    await c.retell_summary()


async def _is_called_back(c: OpenConversation) -> bool:
    return any(one.kind == PromiseKind.CALLBACK for one in await load_own_promises(c))
