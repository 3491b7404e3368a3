"""What the bot says: stored together with its delivery, if the baton is still the bot's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import starmap

from sqlalchemy import select

from bot_protocol import BotMessage
from connectors.contract import ASK_PERSON, Author, Choice
from helpdesk.conversations.answers.mail_answers import answer_mail
from helpdesk.conversations.bot_reply import BotReply, Company
from helpdesk.conversations.disturbances import tell_notices
from helpdesk.conversations.follow_up_register import note_question
from helpdesk.conversations.follow_ups.planning import plan_by_article
from helpdesk.conversations.late_pieces import is_answered_meanwhile
from helpdesk.conversations.log import statements
from helpdesk.conversations.turn_opening import load_open_messages, open_turn
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation
from helpdesk.conversations.waiting.handoff_requests import (
    LIMBO,
    agree_call,
    offer_ways_out,
    open_handoff,
    request_handoff,
    show_ways_out,
    tell_outlook_again,
    ways_out,
)
from helpdesk.events.event_kinds import EventKind
from helpdesk.texts import Say
from helpdesk.texts.quotation import quoted
from store.failpoints import Failpoint
from store.models import (
    AskedQuestion,
    Conversation,
    Feedback,
    Handoff,
    Message,
    MessageFacts,
    MessageKind,
    RelatedQuestion,
    TurnStatus,
    now,
)
from store.status import Status

#: Within this time of the last word on place and waiting time they are not said again with every line.
TOLD_LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """A line of the contact that a turn answers."""

    id: str
    seq: int
    facts: MessageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLease:
    """A turn as one worker holds it. `lines` are what it answers, as they were when the log ended with line `read_to`.

    The turn answers what the contact wrote from `first_seq` to `last_seq`, under the baton of `epoch`.
    """

    turn_id: str
    owner: str
    conversation_id: str
    epoch: int
    first_seq: int
    last_seq: int
    read_to: int
    lines: tuple[TurnLine, ...]


async def store_reply(conversations: Conversations, turn: TurnLease, reply: BotReply) -> bool:
    """Store a turn's reply and open the next turn; False when it came too late and was withheld.

    Once only: a turn that is finished, or that another worker has taken over, is left alone.
    """
    notices = await conversations.look_notices()
    async with conversations.open(turn.conversation_id) as c:
        c.notices = notices
        owner = Status.QUEUED if reply.company else Status.BOT
        stands = c.conversation.status == owner and c.conversation.epoch == turn.epoch
        if not await _end_turn(c, turn, _end_of(reply) if stands else TurnStatus.WITHHELD):
            c.audience = Audience.NOBODY
            return False
        c.after_commit = Failpoint.REPLY_AFTER_COMMIT
        lines, later = await _load_lines(c, turn)
        if stands:
            reply = await _tell_notices(c, reply)
        if stands and reply.company:
            await _keep_company(c, turn, lines, reply)
        elif stands:
            await _store(c, turn, lines, reply)
        else:
            _withhold(c, turn, reply)
        await _open_next_turn(c, later)
        await show_ways_out(c)
    return stands


async def _tell_notices(c: OpenConversation, reply: BotReply) -> BotReply:
    """The reply as it goes on below what is known to be out of order: where that answers, a person is offered."""
    if not await tell_notices(c, reply.notices, is_asked=True) or not reply.is_miss:
        return reply
    person = Choice(title=c.say(Say.PERSON), payload=ASK_PERSON)
    return replace(reply, texts=(BotMessage(text=c.say(Say.OFFER_PERSON), choices=(person,)),), outcome=None)


def _end_of(reply: BotReply) -> TurnStatus:
    return TurnStatus.FAILED if reply.degraded else TurnStatus.DONE


async def _end_turn(c: OpenConversation, turn: TurnLease, status: TurnStatus) -> bool:
    """End a turn that this worker still holds; False for any other."""
    ended = await c.session.execute(
        statements.END_TURN,
        {
            "turn_id": turn.turn_id,
            "owner": turn.owner,
            "status": status,
            "finished_at": now(),
            "reason": "stale_epoch" if status == TurnStatus.WITHHELD else None,
        },
    )
    return ended.first() is not None


async def _load_lines(c: OpenConversation, turn: TurnLease) -> tuple[tuple[TurnLine, ...], tuple[Message, ...]]:
    """The lines that a turn answers, and what the contact has written since.

    Every change of a line adds one to the log: one that is as long as when the turn was claimed needs no reading.
    """
    if c.conversation.last_seq == turn.read_to:
        return turn.lines, ()
    messages = await load_open_messages(c.session, c.conversation)
    claimed = {line.id for line in turn.lines}
    mine = [message for message in messages if message.id in claimed]
    for message in mine:
        c.session.expunge(message)  # `_store` changes the row, and the summary is to read it anew
    lines = tuple(TurnLine(id=message.id, seq=message.seq, facts=message.facts) for message in mine)
    later = [message for message in messages if message.seq > turn.last_seq or message.is_reopened]
    return lines, tuple(message for message in later if message.id not in claimed)


async def _store(c: OpenConversation, turn: TurnLease, lines: Sequence[TurnLine], reply: BotReply) -> None:
    await _store_facts(c, lines, reply)
    _switch(c.conversation, reply)
    await _keep_number(c, reply)
    if await _is_said_above(c, lines, reply):
        reply = replace(reply, texts=(BotMessage(text=c.say(Say.STILL_HOLDS)),))
    elif not _is_reopened(lines) and await is_answered_meanwhile(c, [line.seq for line in lines], reply):
        reply = replace(reply, texts=())
    is_mail = not c.conversation.channel.is_live and reply.request is not None
    if not is_mail:
        await _say(c, turn, reply)
    c.conversation.answered_seq = max(c.conversation.answered_seq, turn.last_seq)
    _keep_asked(c, turn, reply)
    if reply.asked:
        await note_question(c)
    _keep_judgement(c, turn, reply)
    if is_mail and reply.request is not None:
        await answer_mail(c, reply, reply.request, turn.turn_id)
    elif reply.call and reply.call.end:
        await agree_call(c, reply.call.end, reply.call.phone, tuple(line.seq for line in lines))
    elif reply.request:
        await request_handoff(c, reply.request)
    elif reply.judgement and reply.judgement.helpful and not reply.asked:
        await plan_by_article(c, reply.judgement.article or c.conversation.last_article)


async def _keep_number(c: OpenConversation, reply: BotReply) -> None:
    """The number that a customer has given the bot to be called at."""
    if reply.call:
        (await c.load_contact()).phone = reply.call.phone


async def _keep_company(c: OpenConversation, turn: TurnLease, lines: Sequence[TurnLine], reply: BotReply) -> None:
    """Stay beside a contact who waits for a person. What is only added to the request counts as unanswered."""
    handoff = await c.load_live_handoff() or await open_handoff(c, LIMBO)
    await _store_facts(c, lines, reply)
    _switch(c.conversation, reply)
    if reply.company in {Company.ADDED, Company.URGENT} or await _is_no_answer(c, handoff, lines, reply):
        return await _add_to_request(c, handoff, lines, reply)
    match reply.company:
        case Company.ANSWER:
            choices = await ways_out(c, handoff)
            await _say(c, turn, replace(reply, texts=tuple(replace(each, choices=choices) for each in reply.texts)))
            _keep_asked(c, turn, reply)
        case Company.OUTLOOK:
            await tell_outlook_again(c, handoff)
        case Company.SETTLED:
            await c.tell(Say.SETTLED, await ways_out(c, handoff, cancel=Say.WITHDRAW))
        case Company.IDENTITY:
            await offer_ways_out(c, handoff, c.say(Say.STILL_BOT))
        case _:
            await offer_ways_out(c, handoff, c.say(Say.STILL_WAITING))
    c.conversation.answered_seq = max(c.conversation.answered_seq, turn.last_seq)
    return None


async def _is_no_answer(c: OpenConversation, handoff: Handoff, lines: Sequence[TurnLine], reply: BotReply) -> bool:
    """Whether an article isn't worth reading now: it was read while waiting, or only the request itself has changed."""
    if reply.company is not Company.ANSWER:
        return False
    if lines and all(line.facts.reopened and line.seq <= handoff.asked_seq for line in lines):
        return True
    read = select(Message.id).where(
        Message.conversation_id == c.conversation.id,
        Message.seq > handoff.asked_seq,
        Message.article.in_([text.article for text in reply.texts]),
    )
    return await c.session.scalar(read.limit(1)) is not None


async def _add_to_request(c: OpenConversation, handoff: Handoff, lines: Sequence[TurnLine], reply: BotReply) -> None:
    """Say that it is with the request, and see that it is; place and time only where they were not told just now."""
    said = c.say(Say.CHANGED) if lines and all(line.facts.reopened for line in lines) else await _say_added(c)
    if handoff.correction and handoff.corrected_seq in {line.seq for line in lines}:  # the matter itself
        said = c.say(Say.CORRECTED, request=quoted(handoff.correction, c.conversation.language, "customer"))
    if reply.company is Company.URGENT:
        handoff.urgency, said = max(handoff.urgency, reply.urgency), c.say(Say.MOVED_UP)
        await c.session.flush()
    await c.retell_summary()
    first = [text.text for text in reply.texts if not text.article]
    words = "\n\n".join([*first, said])
    if handoff.told.at is None or now() - handoff.told.at > TOLD_LATELY or reply.company is Company.URGENT:
        await tell_outlook_again(c, handoff, words)
    else:
        await offer_ways_out(c, handoff, words)


async def _say_added(c: OpenConversation) -> str:
    """That it is with the request, in other words than the last time where that was just above."""
    last = await c.session.scalar(
        select(Message.text)
        .where(Message.conversation_id == c.conversation.id, Message.kind == MessageKind.OUTGOING)
        .order_by(Message.seq.desc())
        .limit(1)
    )
    added = c.say(Say.ADDED)
    return c.say(Say.ADDED_TOO) if (last or "").startswith(added) else added


async def _is_said_above(c: OpenConversation, lines: Sequence[TurnLine], reply: BotReply) -> bool:
    """Whether a line in new words gets the answer that it had in the old ones: nobody has to read that twice.

    Another sentence of the same article, the price for Austria beside that for Germany, is another answer.
    """
    if not _is_reopened(lines) or reply.request:
        return False
    articles = {text.article for text in reply.texts if text.article}
    said = await c.session.execute(
        select(Message.text, Message.article, Message.facts).where(
            Message.conversation_id == c.conversation.id,
            Message.kind == MessageKind.OUTGOING,
            Message.seq > lines[0].seq,
        )
    )
    rows = said.all()
    if articles and articles <= {row.article for row in rows}:
        shown = [row.text[: row.facts.lead] for row in rows]
        return all(any(each.short_answer in text for text in shown) for each in reply.texts)
    return not articles and all(each.text in {row.text for row in rows} for each in reply.texts)


def _is_reopened(lines: Sequence[TurnLine]) -> bool:
    """Whether all that is answered has changed after it was answered."""
    return bool(lines) and all(line.facts.reopened for line in lines)


async def _store_facts(c: OpenConversation, lines: Sequence[TurnLine], reply: BotReply) -> None:
    if lines:
        facts = [{"line_id": line.id, "data": _facts_of(line, reply)} for line in lines]
        await c.session.execute(statements.KEEP_FACTS, facts)


async def _say(c: OpenConversation, turn: TurnLease, reply: BotReply) -> None:
    for text in reply.texts:
        await c.log.append_outgoing(
            Author.BOT,
            text.text,
            choices=text.choices,
            article=text.article,
            turn_id=turn.turn_id,
            author_name=c.settings.bot_name,
            facts=MessageFacts(
                lead=text.lead,
                short=text.short,
                related=tuple(starmap(RelatedQuestion, text.related)),
                awaits=text.awaits,
            ),
        )
        c.conversation.last_article = text.article or c.conversation.last_article


def _facts_of(question: TurnLine, reply: BotReply) -> MessageFacts:
    """What is remembered with a line of the contact: what it was taken for, and how it sounded."""
    before = question.facts
    return replace(
        before,
        intent=reply.intent,
        answers=reply.answered,
        outcome=reply.outcome,
        confidence=reply.confidence,
        act=reply.act if reply.act != "none" else before.act,
        mood=reply.felt.get(question.seq, before.mood),
        helpful=reply.judgement.helpful if reply.judgement else before.helpful,
        reopened=False,
    )


def _switch(conversation: Conversation, reply: BotReply) -> None:
    conversation.language = reply.language or conversation.language
    conversation.foreign_language = reply.foreign_language or conversation.foreign_language
    conversation.formality = reply.formality or conversation.formality


def _keep_asked(c: OpenConversation, turn: TurnLease, reply: BotReply) -> None:
    c.session.add_all(
        AskedQuestion(
            conversation_id=c.conversation.id,
            turn_id=turn.turn_id,
            seq=turn.last_seq,
            text=asked.text,
            language=asked.language,
            outcome=asked.outcome,
            article=asked.article,
            confidence=asked.confidence,
            candidates=asked.candidates,
        )
        for asked in reply.asked
    )


def _keep_judgement(c: OpenConversation, turn: TurnLease, reply: BotReply) -> None:
    if reply.judgement:
        rating = "good" if reply.judgement.helpful else "bad"
        c.tell_programs(EventKind.RATED, turn.last_seq, rating=rating, of="answer")
        c.session.add(
            Feedback(
                conversation_id=c.conversation.id,
                turn_id=turn.turn_id,
                article=reply.judgement.article or c.conversation.last_article,
                helpful=reply.judgement.helpful,
            )
        )


def _withhold(c: OpenConversation, turn: TurnLease, reply: BotReply) -> None:
    """The baton has been passed on: keep for the agent's eyes what the bot would have said."""
    words = "\n\n".join(text.text for text in reply.texts)
    if words:
        c.log.append(MessageKind.NOTE, Author.BOT, words, turn_id=turn.turn_id, facts=MessageFacts(withheld=True))


async def _open_next_turn(c: OpenConversation, messages: Sequence[Message]) -> None:
    """What came while the bot was thinking gets the next turn, and so does what was changed meanwhile."""
    if c.conversation.status not in (Status.BOT, Status.QUEUED):
        return
    for message in messages:
        await open_turn(c.session, c.conversation, message, writing=c.is_contact_writing)
