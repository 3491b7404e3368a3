"""What the bot says: stored together with its delivery, if the baton is still the bot's."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.bot_reply import BotReply, BotText
from helpdesk.conversations.handoff_requests import HandoffRequests
from helpdesk.conversations.turn_opening import load_unanswered_messages, open_turn
from store.failpoints import Failpoint, failpoint
from store.models import AskedQuestion, Conversation, Feedback, Message, MessageKind, Turn, TurnStatus, now
from store.status import Status


async def store_reply(conversations: HandoffRequests, turn_id: str, lease_owner: str, reply: BotReply) -> bool:
    """Store a turn's reply and open the next turn; False when it came too late and was withheld.

    Once only: a turn that is finished, or that another worker has taken over, is left alone.
    """
    async with conversations.db.write() as session:
        turn = await session.get_one(Turn, turn_id)
        conversation = await lines.lock(session, turn.conversation_id)
        await session.refresh(turn)
        if turn.status != TurnStatus.RUNNING or turn.lease_owner != lease_owner:
            return False
        stands = conversation.status == Status.BOT and conversation.epoch == turn.epoch
        if stands:
            await _store(conversations, session, conversation, turn, reply)
        else:
            _withhold(session, conversation, turn, reply)
        is_writing = conversations.live.is_contact_writing(conversation.id)
        await _open_next(session, conversation, turn, writing=is_writing)
    failpoint(Failpoint.REPLY_AFTER_COMMIT)
    conversations.announce(conversation)
    return stands


async def _store(
    conversations: HandoffRequests, session: AsyncSession, conversation: Conversation, turn: Turn, reply: BotReply
) -> None:
    questions = await load_turn_messages(session, turn)
    for question in questions:
        question.data = {**question.data, **_known_of(reply, question.seq), **_judged(reply)}
    _switch(conversation, reply)
    for text in reply.texts:
        await lines.append_outgoing(
            session,
            conversation,
            Author.BOT,
            text.text,
            choices=text.choices,
            article=text.article,
            turn_id=turn.id,
            author_name=conversations.settings.bot_name,
            data=_around(text),
        )
        conversation.last_article = text.article or conversation.last_article
    turn.status = TurnStatus.FAILED if reply.degraded else TurnStatus.DONE
    turn.finished_at, conversation.answered_seq = now(), turn.last_seq
    _keep_asked(session, conversation, turn, reply)
    _keep_judgement(session, conversation, turn, reply)
    if reply.request:
        await conversations.request_handoff_in(session, conversation, reply.request)


def _known_of(reply: BotReply, seq: int) -> dict[str, Any]:
    """What is remembered with a line of the contact: what it was taken for, and how it sounded."""
    known: dict[str, Any] = {"intent": reply.intent, "outcome": reply.outcome, "confidence": reply.confidence}
    known |= {"act": reply.act} if reply.act != "none" else {}
    return known | ({"mood": dict(reply.felt[seq])} if seq in reply.felt else {})


def _around(text: BotText) -> dict[str, Any]:
    """What a channel needs beside the words: where the fold is, and which articles go along with this one."""
    fold = {} if text.lead is None else {"lead": text.lead}
    return fold | ({"related": [list(pair) for pair in text.related]} if text.related else {})


def _judged(reply: BotReply) -> dict[str, bool]:
    return {"helpful": reply.judgement.helpful} if reply.judgement else {}


def _switch(conversation: Conversation, reply: BotReply) -> None:
    conversation.language = reply.language or conversation.language
    conversation.formality = reply.formality or conversation.formality


def _keep_asked(session: AsyncSession, conversation: Conversation, turn: Turn, reply: BotReply) -> None:
    session.add_all(
        AskedQuestion(
            conversation_id=conversation.id,
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


def _keep_judgement(session: AsyncSession, conversation: Conversation, turn: Turn, reply: BotReply) -> None:
    if reply.judgement:
        session.add(
            Feedback(
                conversation_id=conversation.id,
                turn_id=turn.id,
                article=reply.judgement.article or conversation.last_article,
                helpful=reply.judgement.helpful,
            )
        )


def _withhold(session: AsyncSession, conversation: Conversation, turn: Turn, reply: BotReply) -> None:
    """The baton has been passed on: keep for the agent's eyes what the bot would have said."""
    turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), "stale_epoch"
    words = "\n\n".join(text.text for text in reply.texts)
    if words:
        lines.append(
            session, conversation, MessageKind.NOTE, Author.BOT, words, turn_id=turn.id, data={"withheld": True}
        )


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
    return [message for message in found if not message.data.get("settled")]


async def _open_next(session: AsyncSession, conversation: Conversation, turn: Turn, *, writing: bool) -> None:
    """Messages that came while the bot was thinking get the next turn."""
    if conversation.status != Status.BOT:
        return
    await session.flush()
    after = max(turn.last_seq, conversation.answered_seq)
    for message in await load_unanswered_messages(session, conversation, after=after):
        await open_turn(session, conversation, message, writing=writing)
        await session.flush()
