"""What a request for a person is about, and whether it has been about that before."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.transcript import load_category
from store.models import AskedQuestion, Conversation, Handoff, now

SAME_MATTER_FOR = timedelta(days=7)  # after that a request on the same topic counts as a new matter
MOST_EARLIER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRequest:
    """`topic` is the category of the article that fits, if one does; `round` counts the requests about it, from 1.

    `last_agent` is who had the conversation last, and so knows it.
    """

    topic: str | None
    round: int
    last_agent: str | None


async def load_repeat_request(session: AsyncSession, conversation: Conversation) -> RepeatRequest:
    """What the conversation is about now, seen from its questions and its earlier requests for a person."""
    earlier = await load_earlier_handoffs(session, conversation)
    topic = await _topic(session, conversation)
    recent = [one for one in earlier if one.ended_at and one.ended_at > now() - SAME_MATTER_FOR]
    return RepeatRequest(
        topic=topic,
        round=1 + sum(1 for one in recent if one.accepted_at and (topic is None or one.topic in {None, topic})),
        last_agent=next((one.accepted_by for one in earlier if one.accepted_by), None),
    )


async def load_earlier_handoffs(session: AsyncSession, conversation: Conversation) -> list[Handoff]:
    """The requests of this conversation that have ended, newest first."""
    found = await session.scalars(
        select(Handoff)
        .where(Handoff.conversation_id == conversation.id, Handoff.ended_at.is_not(None))
        .order_by(Handoff.asked_at.desc())
        .limit(MOST_EARLIER)
    )
    return list(found)


async def _topic(session: AsyncSession, conversation: Conversation) -> str | None:
    """The category of what was asked last: of the article that was said, else of the likeliest one."""
    asked = await session.scalar(
        select(AskedQuestion)
        .where(AskedQuestion.conversation_id == conversation.id)
        .order_by(AskedQuestion.asked_at.desc(), AskedQuestion.id.desc())
        .limit(1)
    )
    likeliest = asked.candidates[0].article if asked and asked.candidates and asked.outcome != "none" else None
    key = (asked.article if asked else None) or likeliest or conversation.last_article
    return await load_category(session, key)
