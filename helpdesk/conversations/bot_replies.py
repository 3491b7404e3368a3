"""What the bot says: stored together with its delivery, if the baton is still the bot's."""

from dataclasses import replace
from itertools import starmap

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.conversations.handoff_requests import request_handoff
from helpdesk.conversations.turn_opening import load_unanswered_messages, open_turn
from helpdesk.conversations.unit_of_work import Audience, Conversations, OpenConversation
from store.failpoints import Failpoint
from store.models import (
    AskedQuestion,
    Conversation,
    Feedback,
    Message,
    MessageFacts,
    MessageKind,
    RelatedQuestion,
    Turn,
    TurnStatus,
    now,
)
from store.status import Status


async def store_reply(conversations: Conversations, turn_id: str, lease_owner: str, reply: BotReply) -> bool:
    """Store a turn's reply and open the next turn; False when it came too late and was withheld.

    Once only: a turn that is finished, or that another worker has taken over, is left alone.
    """
    async with conversations.open(select(Turn.conversation_id).where(Turn.id == turn_id)) as c:
        turn = await c.session.get_one(Turn, turn_id)
        if turn.status != TurnStatus.RUNNING or turn.lease_owner != lease_owner:
            c.audience = Audience.NOBODY
            return False
        c.after_commit = Failpoint.REPLY_AFTER_COMMIT
        stands = c.conversation.status == Status.BOT and c.conversation.epoch == turn.epoch
        if stands:
            await _store(c, turn, reply)
        else:
            _withhold(c, turn, reply)
        await _open_next_turn(c, turn)
    return stands


async def _store(c: OpenConversation, turn: Turn, reply: BotReply) -> None:
    questions = await load_turn_messages(c.session, turn)
    for question in questions:
        question.facts = _facts_of(question, reply)
    _switch(c.conversation, reply)
    for text in reply.texts:
        await c.log.append_outgoing(
            Author.BOT,
            text.text,
            choices=text.choices,
            article=text.article,
            turn_id=turn.id,
            author_name=c.settings.bot_name,
            facts=MessageFacts(lead=text.lead, related=tuple(starmap(RelatedQuestion, text.related))),
        )
        c.conversation.last_article = text.article or c.conversation.last_article
    turn.status = TurnStatus.FAILED if reply.degraded else TurnStatus.DONE
    turn.finished_at, c.conversation.answered_seq = now(), turn.last_seq
    _keep_asked(c, turn, reply)
    _keep_judgement(c, turn, reply)
    if reply.request:
        await request_handoff(c, reply.request)


def _facts_of(question: Message, reply: BotReply) -> MessageFacts:
    """What is remembered with a line of the contact: what it was taken for, and how it sounded."""
    before = question.facts
    return replace(
        before,
        intent=reply.intent,
        outcome=reply.outcome,
        confidence=reply.confidence,
        act=reply.act if reply.act != "none" else before.act,
        mood=reply.felt.get(question.seq, before.mood),
        helpful=reply.judgement.helpful if reply.judgement else before.helpful,
    )


def _switch(conversation: Conversation, reply: BotReply) -> None:
    conversation.language = reply.language or conversation.language
    conversation.formality = reply.formality or conversation.formality


def _keep_asked(c: OpenConversation, turn: Turn, reply: BotReply) -> None:
    c.session.add_all(
        AskedQuestion(
            conversation_id=c.conversation.id,
            turn_id=turn.id,
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


def _keep_judgement(c: OpenConversation, turn: Turn, reply: BotReply) -> None:
    if reply.judgement:
        c.session.add(
            Feedback(
                conversation_id=c.conversation.id,
                turn_id=turn.id,
                article=reply.judgement.article or c.conversation.last_article,
                helpful=reply.judgement.helpful,
            )
        )


def _withhold(c: OpenConversation, turn: Turn, reply: BotReply) -> None:
    """The baton has been passed on: keep for the agent's eyes what the bot would have said."""
    turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), "stale_epoch"
    words = "\n\n".join(text.text for text in reply.texts)
    if words:
        c.log.append(MessageKind.NOTE, Author.BOT, words, turn_id=turn.id, facts=MessageFacts(withheld=True))


async def _open_next_turn(c: OpenConversation, turn: Turn) -> None:
    """Messages that came while the bot was thinking get the next turn."""
    if c.conversation.status != Status.BOT:
        return
    await c.session.flush()
    after = max(turn.last_seq, c.conversation.answered_seq)
    for message in await load_unanswered_messages(c.session, c.conversation, after=after):
        await open_turn(c.session, c.conversation, message, writing=c.is_contact_writing)
        await c.session.flush()


async def load_turn_messages(session: AsyncSession, turn: Turn) -> list[Message]:
    """The customer's messages that a turn answers, in order."""
    found = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == turn.conversation_id,
            Message.kind == MessageKind.INCOMING,
            Message.seq.between(turn.first_seq, turn.last_seq),
        )
        .order_by(Message.seq)
    )
    return [message for message in found if not message.is_settled]
