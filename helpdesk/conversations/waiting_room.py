"""A contact who waits for a person: corrects what is passed on, leaves an address, is called, or goes on without."""

import json
import re
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Choice
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.contact_details import read_email, read_phone
from helpdesk.conversations.handoff_requests import CALL, CORRECT, MAIL, HandoffRequests, record_wait_notice
from helpdesk.conversations.lookups import load_live_handoff
from helpdesk.conversations.own_promises import load_own_promises, promise_answer, promise_call, withdraw_promises
from helpdesk.conversations.ownership import CANCEL_HANDOFF
from helpdesk.conversations.turn_opening import load_forgotten_messages, open_turn
from helpdesk.conversations.wait_outlook import load_wait_outlook
from helpdesk.handoff.summary.phrases import quoted
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.handoff.wait_notice import WaitNotice, changed_enough
from helpdesk.schedule.hours import OpeningPeriod, say_when, say_window, windows
from helpdesk.texts import Say
from store.models import Contact, Conversation, ExpectedInput, Handoff, Message, PromiseKind, now
from store.status import Event, Status

CALL_WINDOW = re.compile(r'/call_window\{"from": "(?P<start>[^"]+)", "until": "(?P<end>[^"]+)"\}')
WINDOWS = 4  # that are offered for a call
_OBJECTS = re.compile(
    r"^\W*(?:nein|falsch|das stimmt (?:so )?nicht|stimmt (?:so )?nicht|nicht ganz|so nicht|"
    r"no|wrong|that's not|that is not|that isn't|not quite)\b",
    re.IGNORECASE,
)


def is_way(payload: str | None) -> bool:
    """Whether a button is one of those that are offered to a waiting contact."""
    return payload in {CORRECT, CALL, MAIL, CANCEL_HANDOFF} or bool(CALL_WINDOW.fullmatch(payload or ""))


class WaitingRoom(HandoffRequests):
    """Hears contacts who wait, and keeps them informed."""

    async def _take_way(self, session: AsyncSession, conversation: Conversation, message: Message) -> None:
        """Carry out what a waiting contact has chosen."""
        handoff = await load_live_handoff(session, conversation)
        if handoff is None or conversation.status != Status.QUEUED:
            await self._tell(session, conversation, Say.NO_LONGER_WAITING)
        elif message.payload == CANCEL_HANDOFF:
            await withdraw_promises(session, conversation)
            text = self._say(conversation, Say.CANCELLED)
            await self._pass_baton(session, conversation, Event.CANCEL, text=text)
        elif message.payload == CORRECT:
            await self._await(session, conversation, handoff, ExpectedInput.CORRECTION, Say.HOW_TO_SAY)
        elif message.payload == MAIL:
            await self._await(session, conversation, handoff, ExpectedInput.EMAIL, Say.ASK_EMAIL)
        elif message.payload == CALL:
            await self._await(session, conversation, handoff, ExpectedInput.PHONE, Say.ASK_PHONE)
        else:
            await self._set_window(session, conversation, handoff, message.payload or "")

    async def _await(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, awaited: ExpectedInput, ask: Say
    ) -> None:
        handoff.awaits = awaited
        await self._tell(session, conversation, ask)

    async def _hear(self, session: AsyncSession, conversation: Conversation, message: Message) -> None:
        """What a waiting contact writes: the answer to what was asked, a correction, or more for the agent to read."""
        handoff = await load_live_handoff(session, conversation)
        if handoff is None or not message.text:
            return
        if handoff.awaits == ExpectedInput.EMAIL:
            await self._hear_email(session, conversation, handoff, message.text)
        elif handoff.awaits == ExpectedInput.PHONE:
            await self._hear_phone(session, conversation, handoff, message.text)
        elif handoff.awaits == ExpectedInput.CORRECTION or self._objects(handoff, message):
            await self._correct(session, conversation, handoff, message)

    def _objects(self, handoff: Handoff, message: Message) -> bool:
        """A "no, that's not it" right after the sentence it is about; a bare no isn't a correction yet."""
        is_next = handoff.correction is None and message.seq <= handoff.told.get("seq", 0) + 1
        return bool(handoff.wording) and is_next and bool(_OBJECTS.match(message.text))

    async def _correct(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, message: Message
    ) -> None:
        said = _OBJECTS.sub("", message.text).lstrip(" ,.;:!–-\n").rstrip()
        if not said:
            await self._await(session, conversation, handoff, ExpectedInput.CORRECTION, Say.HOW_TO_SAY)
            return
        handoff.awaits, handoff.correction, handoff.corrected_seq = ExpectedInput.NOTHING, said, message.seq
        await self._retell(session, conversation)
        text = self._say(conversation, Say.CORRECTED, request=quoted(said, conversation.language))
        await self._offer_ways(session, conversation, handoff, text)

    async def _hear_email(self, session: AsyncSession, conversation: Conversation, handoff: Handoff, text: str) -> None:
        address = read_email(text)
        if address is None:
            await self._ask_again(session, conversation, handoff, text, Say.BAD_EMAIL)
            return
        handoff.awaits = ExpectedInput.NOTHING
        await self._keep_email(session, conversation, address)

    async def _keep_email(self, session: AsyncSession, conversation: Conversation, address: str) -> None:
        contact = await session.get_one(Contact, conversation.contact_id)
        contact.email = address
        text = self._say(conversation, Say.EMAIL_KEPT, email=address)
        await lines.append_activity(session, conversation, "email_left", text)
        await self._retell(session, conversation)

    async def _hear_phone(self, session: AsyncSession, conversation: Conversation, handoff: Handoff, text: str) -> None:
        phone = read_phone(text)
        if phone is None:
            await self._ask_again(session, conversation, handoff, text, Say.BAD_PHONE)
            return
        contact = await session.get_one(Contact, conversation.contact_id)
        contact.phone, handoff.awaits = phone, ExpectedInput.WINDOW
        await self._offer_windows(session, conversation, handoff, phone)
        await self._retell(session, conversation)

    async def _ask_again(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, text: str, explain: Say
    ) -> None:
        """Explain what was expected; what is no try at it is a message for the agent, and the question is dropped."""
        if any(letter.isdigit() or letter == "@" for letter in text) and len(text) < 100:
            await self._tell(session, conversation, explain)
        else:
            handoff.awaits = ExpectedInput.NOTHING

    async def _offer_windows(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, phone: str
    ) -> None:
        outlook = await load_wait_outlook(session, conversation, handoff, self.settings)
        offered = windows(outlook.hours, outlook.at, WINDOWS)
        if not offered:
            handoff.awaits = ExpectedInput.NOTHING
            due = say_when(outlook.due, outlook.at, outlook.zone, conversation.language)
            promise_call(session, conversation, outlook.due, phone)
            await self._tell(session, conversation, Say.NO_WINDOW, phone=phone, due=due)
            return
        choices = tuple(
            Choice(
                title=say_window(each, outlook.at, outlook.zone, conversation.language),
                payload=f"/call_window{json.dumps({'from': each.start.isoformat(), 'until': each.end.isoformat()})}",
            )
            for each in offered
        )
        await self._tell(session, conversation, Say.ASK_WINDOW, choices)

    async def _set_window(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, payload: str
    ) -> None:
        """A call is promised by the end of the window; the customer need not wait here any longer."""
        chosen = CALL_WINDOW.fullmatch(payload)
        contact = await session.get_one(Contact, conversation.contact_id)
        if chosen is None or contact.phone is None:
            return
        period = OpeningPeriod(start=datetime.fromisoformat(chosen["start"]), end=datetime.fromisoformat(chosen["end"]))
        handoff.awaits = ExpectedInput.NOTHING
        await withdraw_promises(session, conversation)
        promise_call(session, conversation, period.end, contact.phone)
        outlook = await load_wait_outlook(session, conversation, handoff, self.settings)
        window = say_window(period, outlook.at, outlook.zone, conversation.language)
        await self._tell(session, conversation, Say.CALL_PROMISED, window=window, phone=contact.phone)
        await self._retell(session, conversation)

    async def tell_progress(self, conversation_id: str) -> bool:
        """Tell a waiting contact of a better place or another waiting time, if that is worth a message."""
        async with self._changing(conversation_id) as (session, conversation):
            handoff = await load_live_handoff(session, conversation)
            if (
                handoff is None
                or conversation.status != Status.QUEUED
                or await self._called_back(session, conversation)
            ):
                return False
            outlook = await load_wait_outlook(session, conversation, handoff, self.settings)
            told = WaitNotice.from_json(handoff.told)
            if not outlook.somebody_is_in or not changed_enough(told, outlook.wait, outlook.position, outlook.at):
                return False
            moved = self._say(conversation, Say.QUEUE_MOVED, position=outlook.position)
            text = f"{moved} {self._usual_wait(conversation, outlook)}".strip()
            await lines.append_activity(session, conversation, "queue_moved", text, position=outlook.position)
            record_wait_notice(handoff, outlook, conversation.last_seq)
            return True

    async def _called_back(self, session: AsyncSession, conversation: Conversation) -> bool:
        return any(one.kind == PromiseKind.CALLBACK for one in await load_own_promises(session, conversation))

    async def renew_promise(self, conversation_id: str) -> bool:
        """A waiting contact has no word of ours that still stands: give a new one, and own up to a broken one."""
        async with self._changing(conversation_id) as (session, conversation):
            handoff = await load_live_handoff(session, conversation)
            if (
                handoff is None
                or conversation.status != Status.QUEUED
                or await load_own_promises(session, conversation)
            ):
                return False
            outlook = await load_wait_outlook(session, conversation, handoff, self.settings)
            promise_answer(session, conversation, outlook.due, shown=True)
            handoff.urgency = max(handoff.urgency, 1)
            again = say_when(outlook.due, outlook.at, outlook.zone, conversation.language)
            text = self._say(conversation, Say.PROMISE_MISSED, again=again)
            await self._offer_ways(session, conversation, handoff, text)
            return True

    async def open_missing_handoff(self, conversation_id: str) -> bool:
        """A conversation waits for a person and nothing says why: open the request that belongs to it."""
        async with self._changing(conversation_id) as (session, conversation):
            if conversation.status != Status.QUEUED or await load_live_handoff(session, conversation):
                return False
            trigger = Trigger(kind=TriggerKind.LIMBO, turns=())
            await self._open_handoff(session, conversation, HandoffRequest(triggers=(trigger,)))
            return True

    async def take_up(self, conversation_id: str) -> bool:
        """A message of the contact that nobody works on gets the bot's turn that it should have had."""
        async with self._changing(conversation_id) as (session, conversation):
            forgotten = await load_forgotten_messages(session, conversation)
            for message in forgotten:
                await open_turn(session, conversation, message, writing=False)
                await session.flush()
            return bool(forgotten)

    async def expire(self, conversation_id: str, waited: timedelta) -> bool:
        """Give up a request that nobody took up in all this time; the bot answers again and says so."""
        async with self._changing(conversation_id) as (session, conversation):
            handoff = await load_live_handoff(session, conversation)
            if handoff is None or conversation.status != Status.QUEUED or handoff.asked_at > now() - waited:
                return False
            await withdraw_promises(session, conversation)
            text = self._say(conversation, Say.EXPIRED)
            await self._pass_baton(session, conversation, Event.EXPIRE, text=text)
            return True

    async def _tell(
        self,
        session: AsyncSession,
        conversation: Conversation,
        what: Say,
        choices: tuple[Choice, ...] = (),
        **values: object,
    ) -> Message:
        return await lines.append_outgoing(
            session,
            conversation,
            Author.SYSTEM,
            self._say(conversation, what, **values),
            choices=choices,
            author_name=self.settings.bot_name,
        )
