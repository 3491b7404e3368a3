"""Pieces of a message that came while the bot was thinking, and whose answer was on its way already."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.conversations.bot_reply import BotReply
from helpdesk.conversations.unit_of_work import OpenConversation
from store.models import Message, MessageKind


async def is_answered_meanwhile(c: OpenConversation, seqs: Sequence[int], reply: BotReply) -> bool:
    """Whether the contact wrote the lines `seqs` before they read the answer that `reply` would give them once more.

    Whatever else it would do, such as bringing a person, is done.
    """
    if not seqs or max(seqs) == c.conversation.last_seq or reply.request or reply.handoff or reply.call:
        return False  # nothing came after them
    last = (
        await c.session.execute(
            select(Message.seq, Message.article, Message.text)
            .where(Message.conversation_id == c.conversation.id, Message.kind == MessageKind.OUTGOING)
            .order_by(Message.seq.desc())
            .limit(1)
        )
    ).first()
    if last is None or last.article is None or max(seqs) > last.seq or last.article != _article_of(reply):
        return False
    return all(text.text in last.text for text in reply.texts if text.article)


def _article_of(reply: BotReply) -> str | None:
    """The one article of a reply; of one that says nothing new, the article that was found for it."""
    said = {text.article for text in reply.texts if text.article}
    if said:
        return next(iter(said)) if len(said) == 1 and len(reply.texts) == 1 else None
    found = [question.candidates[0].article for question in reply.asked if question.candidates]
    return found[0] if len(found) == 1 and reply.outcome == "answer" else None
