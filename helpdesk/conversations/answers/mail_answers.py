"""What a mail is answered with by a machine: once, as one mail, and always with a person's answer promised."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from bot_protocol import BotMessage
from connectors.contract import Author
from helpdesk.conversations.bot_reply import BotReply, HandoffRequest
from helpdesk.conversations.disturbances import find_untold, note_told
from helpdesk.conversations.log.message_log import settle
from helpdesk.conversations.log.summary_source import load_restatement
from helpdesk.conversations.promises.own_promises import promise_answer
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.wait_outlook import find_team, load_wait_outlook
from helpdesk.conversations.waiting.handoff_requests import open_handoff, record_wait_notice, say_mail_outlook
from helpdesk.texts import Say
from store.models import Conversation, Message, MessageKind, now
from store.status import Event
from store.triggers import Trigger, TriggerKind

#: The last brake against two machines that answer each other: so many automatic mails to one contact within `WITHIN`.
_FIRST_LINES = 2  # the mail itself, and that it goes to a person
MAX_ANSWERS, WITHIN = 5, timedelta(hours=1)
SILENT = "silent"
_SAID = {"encrypted": Say.MAIL_ENCRYPTED, "tnef": Say.MAIL_UNREADABLE, "too_large": Say.MAIL_TOO_LARGE}


async def answer_mail(
    c: OpenConversation, reply: BotReply, request: HandoffRequest, turn_id: str | None = None
) -> None:
    """Put a mail's conversation into the queue; its contact reads in one mail what `reply` says and what comes next.

    Nothing is written to who has had too many such mails lately: the queue alone knows of it then.
    """
    await c.pass_baton(Event.REQUEST_HANDOFF, shown=False, triggers=request.triggers)
    handoff = await open_handoff(c, request)
    handoff.team_id = await find_team(c.session, handoff.topic, c.conversation.language)
    handoff.wording = await load_restatement(c.session, c.conversation)
    outlook = await load_wait_outlook(c.session, c.conversation, handoff, c.settings)
    told = not is_silent(request.triggers) and await _count_answers(c) < MAX_ANSWERS
    if told:
        article = next((text.article for text in reply.texts if text.article), None)
        closing = say_mail_outlook(c, outlook, Say.MAIL_READ_TOO if article else Say.MAIL_PASSED_ON)
        untold = await find_untold(c, (*reply.notices, *c.notices))
        words = [
            *(view.notice.text_in(c.conversation.language) for view in untold),
            *([c.say(Say.MAIL_AUTOMATIC)] if article else []),
            *(text.text for text in reply.texts),
            closing,
            *(await c.load_privacy_words() if c.conversation.last_seq <= _FIRST_LINES else []),
        ]
        await c.log.append_outgoing(
            Author.BOT, "\n\n".join(words), article=article, turn_id=turn_id, author_name=c.settings.bot_name
        )
        for view in untold:
            note_told(c, view, c.conversation.last_seq, is_asked=view in reply.notices)
        record_wait_notice(handoff, outlook, c.conversation.last_seq)
    promise_answer(c, outlook.due, shown=told)


async def hold_mail(c: OpenConversation, message: Message, reason: str) -> None:
    """A mail that a person looks at first: the machine says only what it surely knows of it."""
    settle(message)
    kind = TriggerKind.LATE if reason == "too_old" else TriggerKind.MAIL
    request = HandoffRequest(triggers=(Trigger(kind=kind, turns=(message.seq,), text=reason),))
    said = (BotMessage(text=c.say(_SAID[reason])),) if reason in _SAID else ()
    await answer_mail(c, BotReply(texts=said), request)


async def add_mail(c: OpenConversation, message: Message) -> None:
    """One more mail of somebody who waits: it is with the request, and what was promised stands."""
    settle(message)
    await c.session.flush()
    await c.retell_summary()


def is_silent(triggers: Iterable[Trigger]) -> bool:
    """Whether the contact's mail has asked machines not to answer."""
    return any(trigger.text == SILENT for trigger in triggers)


async def _count_answers(c: OpenConversation) -> int:
    """The automatic mails to this contact lately, in all their conversations."""
    mine = select(Conversation.id).where(Conversation.contact_id == c.conversation.contact_id)
    counted = select(func.count(Message.id)).where(
        Message.conversation_id.in_(mine),
        Message.kind == MessageKind.OUTGOING,
        Message.author != Author.AGENT,
        Message.created_at > now() - WITHIN,
    )
    return await c.session.scalar(counted) or 0
