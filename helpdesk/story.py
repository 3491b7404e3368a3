"""Reads the log for the summary: what was said, what it meant to the bot, and which answers helped."""

from itertools import groupby
from operator import itemgetter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.base import Author
from helpdesk.handoff.dialogue import Said
from helpdesk.handoff.summary import Summary, summarise
from helpdesk.models import AskedQuestion, Contact, Conversation, Kind, Message, Turn
from helpdesk.titles import article_titles

Parts = tuple[tuple[str, str | None], ...]

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
    several = await _several(session, conversation)
    said = [
        _said(message, titles, several.get(message.seq, ()))
        for message in messages
        if message.author != Author.SYSTEM and several.get(message.seq) != ()
    ]
    return summarise(said, language=conversation.language, email=contact.email)


async def _several(session: AsyncSession, conversation: Conversation) -> dict[int, Parts]:
    """The questions of each turn that had several, by the `seq` of its last message; its other messages have none."""
    rows = await session.execute(
        select(Turn, AskedQuestion)
        .join(AskedQuestion, AskedQuestion.turn_id == Turn.id)
        .where(Turn.conversation_id == conversation.id)
        .order_by(Turn.first_seq, AskedQuestion.asked_at)
    )
    found: dict[int, Parts] = {}
    for turn, questions in groupby(rows, key=itemgetter(0)):
        parts = tuple((asked.text, asked.article) for _, asked in questions)
        if len(parts) > 1:
            found |= dict.fromkeys(range(turn.first_seq, turn.last_seq), ()) | {turn.last_seq: parts}
    return found


def _said(message: Message, titles: dict[str, str], parts: Parts) -> Said:
    return Said(
        seq=message.seq,
        author=str(message.author),
        text=message.text,
        intent=message.data.get("intent"),
        article=message.article,
        title=titles.get(message.article or ""),
        helpful=message.data.get("helpful", _HELPFUL.get((message.payload or "").partition("{")[0])),
        tapped=message.payload is not None,
        parts=parts,
    )
