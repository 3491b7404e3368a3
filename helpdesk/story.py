"""Reads the log for the summary: what was said, what it meant to the bot, and which answers helped."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.base import Author
from helpdesk.handoff.summary import Said, Summary, summarise
from helpdesk.models import Contact, Conversation, Kind, Message
from helpdesk.titles import article_titles

LONGEST_STORY = 500  # newest lines that a summary is made from
_HELPFUL = {"/feedback_helpful": True, "/feedback_not_helpful": False}


async def tell_story(session: AsyncSession, conversation: Conversation) -> Summary:
    """The summary of a conversation as it stands in this transaction."""
    await session.flush()
    newest = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.kind.in_([Kind.INCOMING, Kind.OUTGOING]))
        .order_by(Message.seq.desc())
        .limit(LONGEST_STORY)
    )
    messages = list(newest)[::-1]
    titles = await article_titles(
        session, {message.article for message in messages if message.article}, conversation.language
    )
    contact = await session.get_one(Contact, conversation.contact_id)
    said = [_said(message, titles) for message in messages if message.author != Author.SYSTEM]
    return summarise(said, language=conversation.language, email=contact.email)


def _said(message: Message, titles: dict[str, str]) -> Said:
    return Said(
        seq=message.seq,
        author=str(message.author),
        text=message.text,
        intent=message.data.get("intent"),
        article=message.article,
        title=titles.get(message.article or ""),
        helpful=message.data.get("helpful", _HELPFUL.get((message.payload or "").partition("{")[0])),
        tapped=message.payload is not None,
    )
