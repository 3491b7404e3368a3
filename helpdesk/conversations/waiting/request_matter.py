"""What a request for a person is about, and whether that was with a person before."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.log.transcript import load_category, load_past_handoffs
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.rules import DEFAULT_RULES, PastHandoff, find_same_matter
from store.models import AskedQuestion, Conversation, now


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMatter:
    """`topic` is the category of the article that fits, if one does; `earlier` the handoffs that were about the same.

    `last_agent` is who had the conversation last, whatever it was about, and so knows it.
    """

    topic: str | None
    earlier: tuple[PastHandoff, ...]
    last_agent: str | None


async def load_request_matter(session: AsyncSession, conversation: Conversation) -> RequestMatter:
    """What the conversation is about now: what was asked last, compared by words with what was handed over before."""
    asked = await _load_last_question(session, conversation)
    topic = await load_category(session, _likeliest_article(asked) or conversation.last_article)
    handoffs = await load_past_handoffs(session, conversation.id)
    earlier = find_same_matter(
        _line_of(asked) if asked else None,
        topic,
        handoffs,
        at=now(),
        similarity=DEFAULT_RULES.loop.similarity,
    )
    last_agent = next((handoff.agent for handoff in reversed(handoffs) if handoff.agent), None)
    return RequestMatter(topic=topic, earlier=earlier, last_agent=last_agent)


async def _load_last_question(session: AsyncSession, conversation: Conversation) -> AskedQuestion | None:
    return await session.scalar(
        select(AskedQuestion)
        .where(AskedQuestion.conversation_id == conversation.id)
        .order_by(AskedQuestion.asked_at.desc(), AskedQuestion.id.desc())
        .limit(1)
    )


def _likeliest_article(asked: AskedQuestion | None) -> str | None:
    """The article that was said, else the one that was found first."""
    if asked is None or asked.article:
        return asked.article if asked else None
    return asked.candidates[0].article if asked.candidates and asked.outcome != "none" else None


def _line_of(asked: AskedQuestion) -> DialogueLine:
    return DialogueLine(seq=asked.seq, author=CONTACT, text=asked.text, language=asked.language, article=asked.article)
