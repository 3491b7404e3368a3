"""How it was: asked once after a person has helped, kept, and in good hands where it was not good."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Author, Choice, InboundMessage, Tap
from helpdesk.conversations.answers.mail_answers import answer_mail, is_silent
from helpdesk.conversations.bot_reply import BotReply, HandoffRequest
from helpdesk.conversations.promises.own_promises import withdraw_own_promises
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.handoff_requests import request_handoff
from helpdesk.events.event_kinds import EventKind
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.mood import ABUSIVE_FROM, judge_moods
from helpdesk.texts import Say
from store.models import Agent, Contact, Conversation, Handoff, Message, MessageKind, Rating, new_id, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

RATED = {"/rated_good": True, "/rated_bad": False}
ASKED_AGAIN_AFTER = timedelta(days=30)
"""Who was asked is not asked again in the same conversation for so long, whatever they said."""
REPLACED_WITHIN = timedelta(days=7)
"""How long after the question another answer takes the place of the first."""
LAST_LINES = 3
"""Lines of the contact in which abuse means that nobody asks them how it was."""


async def ask_how_it_was(c: OpenConversation, agent: Agent, handoff: Handoff | None) -> bool:
    """One question after `agent` has helped; False where it isn't put: asked lately, to be erased, or abusive.

    By mail it says as well that the conversation is closed, and isn't put to who wants no questions or no machines.
    """
    if (await c.load_contact()).forget_at is not None or await _was_asked(c) or await _is_abusive(c, handoff):
        return False
    if not c.conversation.channel.is_live and not await _may_ask_by_mail(c, handoff):
        return False
    good = Choice(title=c.say(Say.WAS_GOOD), payload="/rated_good")
    bad = Choice(title=c.say(Say.WAS_BAD), payload="/rated_bad")
    words = [Say.HOW_WAS_IT] if c.conversation.channel.is_live else [Say.RESOLVED, Say.HOW_WAS_IT]
    asked = await c.tell_text("\n\n".join(map(c.say, words)), (good, bad))
    c.session.add(
        Rating(
            conversation_id=c.conversation.id,
            channel=c.conversation.channel,
            agent_id=agent.id,
            team_id=handoff.team_id if handoff else None,
            article=c.conversation.last_article,
            asked_seq=asked.seq,
        )
    )
    return True


async def rate(c: OpenConversation, message: Message, *, helped: bool) -> None:
    """Keep what `message` says of how it was. Who was not helped is promised that somebody looks at it, and waits."""
    rating = await load_rating(c)
    was_bad = rating is not None and rating.helped is False
    if rating is not None and rating.helped is not helped:
        rating.helped, rating.rated_seq, rating.rated_at = helped, message.seq, now()
        await _note_with_handoff(c, helped=helped)
        c.tell_programs(EventKind.RATED, message.seq, rating="good" if helped else "bad", of="person")
    if c.conversation.channel.is_live:  # by mail the page thanks
        await c.tell(Say.THANKS_GOOD if helped else Say.THANKS_BAD)
    if not helped:
        await _make_task(c, message)
    elif was_bad:
        await _withdraw_task(c)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailQuestion:
    """How it was, asked by mail: the line that asked, whom, and the mail that an answer belongs to."""

    seq: int
    address: Address
    contact_id: str
    answered_id: str
    subject: str | None

    def answer(self, *, helped: bool) -> InboundMessage:
        """What the contact says by the link in the mail."""
        return InboundMessage(
            address=self.address,
            contact_id=self.contact_id,
            external_id=f"{self.answered_id}#rating-{new_id()}",
            text="",
            tap=Tap(seq=self.seq, choice=list(RATED.values()).index(helped)),
            subject=self.subject,
        )


async def load_mail_question(session: AsyncSession, conversation_id: str) -> MailQuestion | None:
    """The question that a mail's link answers; `None` when it has been erased or its time is over."""
    rating = await session.scalar(
        select(Rating)
        .where(Rating.conversation_id == conversation_id, Rating.asked_at > now() - REPLACED_WITHIN)
        .order_by(Rating.asked_at.desc())
        .limit(1)
    )
    conversation = await session.get(Conversation, conversation_id)
    if rating is None or conversation is None:
        return None
    mail = await session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.kind == MessageKind.INCOMING,
            Message.seq < rating.asked_seq,
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    contact = await session.get_one(Contact, conversation.contact_id)
    return MailQuestion(
        seq=rating.asked_seq,
        address=conversation.address,
        contact_id=contact.external_id,
        answered_id=((mail.external_id or "") if mail else "").partition("#")[0],
        subject=mail.facts.subject if mail else None,
    )


async def load_rating(c: OpenConversation) -> Rating | None:
    """The newest question of how it was, if an answer to it still counts."""
    return await c.session.scalar(
        select(Rating)
        .where(Rating.conversation_id == c.conversation.id, Rating.asked_at > now() - REPLACED_WITHIN)
        .order_by(Rating.asked_at.desc())
        .limit(1)
    )


async def _make_task(c: OpenConversation, message: Message) -> None:
    """A request for a person, with the whole conversation, unless somebody has it or is waited for already."""
    if c.conversation.status in {Status.QUEUED, Status.ASSIGNED}:
        return
    if c.conversation.status == Status.RESOLVED:
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    trigger = Trigger(kind=TriggerKind.RATED_BAD, turns=(message.seq,), text=message.text)
    request = HandoffRequest(triggers=(trigger,), urgency=1)
    if c.conversation.channel.is_live:
        await request_handoff(c, request)
    else:
        await answer_mail(c, BotReply(texts=()), request)


async def _withdraw_task(c: OpenConversation) -> None:
    """Nobody has to look at it any more, if nobody does yet and it was for nothing else."""
    handoff = await c.load_live_handoff()
    if handoff is None or c.conversation.status != Status.QUEUED:
        return
    if {trigger.kind for trigger in handoff.triggers} == {TriggerKind.RATED_BAD}:
        await withdraw_own_promises(c)
        await c.pass_baton(Event.CANCEL, shown=False)


async def _note_with_handoff(c: OpenConversation, *, helped: bool) -> None:
    """The request for a person that had been settled when it was asked says so, too."""
    newest = await c.session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == c.conversation.id, Handoff.ended_at.is_not(None))
        .order_by(Handoff.ended_at.desc())
        .limit(1)
    )
    if newest is not None:
        newest.helped = helped


async def _was_asked(c: OpenConversation) -> bool:
    """In this conversation; by mail, where each matter is one of its own, in any of the contact's."""
    same = Conversation.id == c.conversation.id
    if not c.conversation.channel.is_live:
        same = Conversation.contact_id == c.conversation.contact_id
    asked = (
        select(Rating.id)
        .join(Conversation, Conversation.id == Rating.conversation_id)
        .where(same, Rating.asked_at > now() - ASKED_AGAIN_AFTER)
    )
    return await c.session.scalar(asked.limit(1)) is not None


async def _may_ask_by_mail(c: OpenConversation, handoff: Handoff | None) -> bool:
    contact = await c.load_contact()
    is_wanted = not contact.no_follow_ups and contact.mail_refusal is None
    return c.sends_mails and is_wanted and not (handoff and is_silent(handoff.triggers))


async def _is_abusive(c: OpenConversation, handoff: Handoff | None) -> bool:
    """Whether it ended in abuse: that was why a person came, or the contact's last words are."""
    if handoff and any(trigger.kind == TriggerKind.ABUSE for trigger in handoff.triggers):
        return True
    rows = await c.session.execute(
        select(Message.seq, Message.text)
        .where(
            Message.conversation_id == c.conversation.id,
            Message.kind == MessageKind.INCOMING,
            Message.author == Author.CONTACT,
        )
        .order_by(Message.seq.desc())
        .limit(LAST_LINES)
    )
    lines = [DialogueLine(seq=seq, author=CONTACT, text=text) for seq, text in reversed(rows.all())]
    return any(mood.abuse >= ABUSIVE_FROM for mood in judge_moods(lines))
