"""Stored conversations as the rules of the handoff see them, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.log.transcript import log_line_of
from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules.decision import LineMood
from store.models import Article, AskedQuestion, Contact, Conversation, Message, MessageKind

MAX_LINES = 200  # newest lines of a conversation that are looked at

type _Asked = Mapping[tuple[str, int], tuple[str, float | None, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastConversation:
    """A stored conversation as the rules see it. `moods` are those that were stored with its lines."""

    conversation_id: str
    said: tuple[DialogueLine, ...]
    moods: tuple[LineMood, ...]
    topics: Mapping[int, str]
    important: bool


async def load_past_conversations(session: AsyncSession, ids: Sequence[str]) -> list[PastConversation]:
    """Stored conversations as the rules see them, in the order of `ids`."""
    rows = await session.execute(
        select(Message, Conversation.language, Contact.important)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(
            Message.conversation_id.in_(ids),
            Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]),
            Message.author != Author.SYSTEM,
            Message.seq > Conversation.last_seq - MAX_LINES,
        )
        .order_by(Message.conversation_id, Message.seq)
    )
    asked = await _asked(session, ids)
    found = {
        conversation_id: _past(conversation_id, [tuple(row) for row in group], asked)
        for conversation_id, group in groupby(rows, key=lambda row: str(row[0].conversation_id))
    }
    return [found[one] for one in ids if one in found]


async def _asked(session: AsyncSession, ids: Sequence[str]) -> _Asked:
    """What the search came to for a line: outcome, confidence, and the category of the article that answered."""
    rows = await session.execute(
        select(
            AskedQuestion.conversation_id,
            AskedQuestion.seq,
            AskedQuestion.outcome,
            AskedQuestion.confidence,
            Article.category,
        )
        .outerjoin(Article, Article.key == AskedQuestion.article)
        .where(AskedQuestion.conversation_id.in_(ids))
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}


def _past(conversation_id: str, rows: Sequence[tuple[Any, ...]], asked: _Asked) -> PastConversation:
    lines = [_said(message, language, asked.get((conversation_id, message.seq))) for message, language, _ in rows]
    topics = {seq: topic for (one, seq), (_, _, topic) in asked.items() if one == conversation_id and topic}
    moods = [mood for message, _, _ in rows if (mood := message.mood)]
    return PastConversation(
        conversation_id=conversation_id,
        said=tuple(lines),
        moods=tuple(moods),
        topics=topics,
        important=bool(rows[0][2]),
    )


def _said(message: Message, language: str, asked: tuple[str, float | None, str | None] | None) -> DialogueLine:
    """What the search came to stands with the question where an older version didn't write it with the line."""
    said = log_line_of(message, language)
    if asked is None or said.outcome is not None:
        return said
    return replace(said, outcome=asked[0], confidence=asked[1])
