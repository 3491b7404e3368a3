"""HandoffRequests for a person: into the queue, and an honest word on what is passed on and what comes next."""

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Channel, Choice
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.own_promises import promise_answer
from helpdesk.conversations.ownership import CANCEL_HANDOFF, Ownership
from helpdesk.conversations.summary_source import load_restatement
from helpdesk.conversations.wait_outlook import WaitOutlook, find_team, load_wait_outlook
from helpdesk.conversations.wait_words import say_range
from helpdesk.handoff.triggers import Trigger
from helpdesk.handoff.wait_notice import WaitNotice
from helpdesk.schedule.hours import say_when
from helpdesk.texts import Say
from store.models import Contact, Conversation, Handoff, Message
from store.status import Event

CORRECT = "/correct_handoff"
CALL = "/call_me"
MAIL = "/mail_me"


class HandoffRequests(Ownership):
    """Takes requests for a person."""

    async def request_handoff(self, conversation_id: str, triggers: list[Trigger]) -> Conversation:
        """Put a conversation of the bot's into the queue."""
        async with self._changing(conversation_id) as (session, conversation):
            await self.request_handoff_in(session, conversation, HandoffRequest(triggers=tuple(triggers)))
        return conversation

    async def request_handoff_in(
        self, session: AsyncSession, conversation: Conversation, request: HandoffRequest
    ) -> None:
        """The same inside a transaction: status, epoch, handoff with its summary, and an honest word on what's next."""
        reasons = [trigger.as_json() for trigger in request.triggers]
        await self._pass_baton(session, conversation, Event.REQUEST_HANDOFF, text="", shown=False, triggers=reasons)
        handoff = await self._open_handoff(session, conversation, request)
        handoff.team_id = await find_team(session, handoff.topic, conversation.language)
        handoff.wording = await load_restatement(session, conversation)
        outlook = await load_wait_outlook(session, conversation, handoff, self.settings)
        await self._tell_outlook(session, conversation, handoff, outlook)
        promise_answer(session, conversation, outlook.due, shown=not outlook.somebody_is_in)

    async def _tell_outlook(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, outlook: WaitOutlook
    ) -> None:
        """What is passed on, for the contact to correct, and what comes next."""
        passed_on = self._say(conversation, Say.PASSING_ON, request=handoff.wording) if handoff.wording else ""
        text = "\n\n".join(part for part in (passed_on, self._prospects(conversation, outlook)) if part)
        await self._offer_ways(session, conversation, handoff, text)
        record_wait_notice(handoff, outlook, conversation.last_seq)

    def _prospects(self, conversation: Conversation, outlook: WaitOutlook) -> str:
        """Place and waiting time while somebody is in; otherwise when somebody will be, and our word on it."""
        if outlook.somebody_is_in:
            place = self._say(conversation, Say.QUEUED, position=outlook.position)
            return f"{place} {self._usual_wait(conversation, outlook)}".strip()
        due = say_when(outlook.due, outlook.at, outlook.zone, conversation.language)
        if outlook.opens:
            opens = say_when(outlook.opens, outlook.at, outlook.zone, conversation.language)
            when = self._say(conversation, Say.QUEUED_CLOSED, opens=opens, due=due)
        else:
            when = self._say(conversation, Say.QUEUED_NOBODY, due=due)
        more = Say.QUEUED_EMAIL if conversation.channel == Channel.WEBCHAT else Say.NO_NEED_TO_WAIT
        return f"{when} {self._say(conversation, more)}"

    def _usual_wait(self, conversation: Conversation, outlook: WaitOutlook) -> str:
        if outlook.wait is None:
            return ""
        return self._say(conversation, Say.USUAL_WAIT, wait=say_range(outlook.wait, conversation.language))

    async def _offer_ways(
        self, session: AsyncSession, conversation: Conversation, handoff: Handoff, text: str
    ) -> Message:
        """Say something to a waiting contact, with every way out that is still open to them."""
        contact = await session.get_one(Contact, conversation.contact_id)
        ways = [(Say.CORRECT, CORRECT)] if handoff.wording else []
        ways += [(Say.CALL, CALL)] if contact.phone is None else []
        ways += [(Say.MAIL, MAIL)] if contact.email is None else []
        ways.append((Say.BACK_TO_BOT, CANCEL_HANDOFF))
        return await lines.append_outgoing(
            session,
            conversation,
            Author.SYSTEM,
            text,
            choices=tuple(Choice(title=self._say(conversation, title), payload=payload) for title, payload in ways),
            author_name=self.settings.bot_name,
        )


def record_wait_notice(handoff: Handoff, outlook: WaitOutlook, seq: int) -> None:
    """Keep what line `seq` told the contact of their wait: the first for learning from it, the last for updates."""
    told = WaitNotice(position=outlook.position, range=outlook.wait, at=outlook.at).as_json()
    first = handoff.told.get("first") if handoff.told else None
    if not handoff.told and outlook.somebody_is_in:  # who asked while nobody was in says nothing about waiting
        first = [outlook.position, outlook.agents, outlook.free]
    handoff.told = {**told, "seq": seq} | ({"first": first} if first else {})
