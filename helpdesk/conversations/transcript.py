"""Reads a conversation for the rules of the handoff: its lines as they were said, and its earlier requests."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.rules import PastHandoff
from helpdesk.handoff.summary import Label
from knowledge.normalization import compact
from store.models import Article, Contact, Conversation, Handoff, Message, MessageKind

MAX_LINES = 60  # newest lines that a decision looks at
MAX_HANDOFFS = 20
_HELPFUL = {"/feedback_helpful": True, "/feedback_not_helpful": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A conversation as far as a decision needs it. `acts` is what was done on which line of the contact."""

    said: tuple[DialogueLine, ...]
    handoffs: tuple[PastHandoff, ...]
    acts: dict[int, str]
    important: bool

    def last_with(self, act: str) -> int | None:
        """The newest line of the contact that `act` was the answer to."""
        return max((seq for seq, done in self.acts.items() if done == act), default=None)


async def load_transcript(session: AsyncSession, conversation_id: str, *, most: int = MAX_LINES) -> Transcript:
    """The newest lines of contact, bot and agents, in order, with the ended requests for a person, oldest first."""
    conversation = await session.get_one(Conversation, conversation_id)
    contact = await session.get_one(Contact, conversation.contact_id)
    newest = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]),
            Message.author != Author.SYSTEM,
        )
        .order_by(Message.seq.desc())
        .limit(most)
    )
    messages = list(newest)[::-1]
    return Transcript(
        said=tuple(log_line_of(message, conversation.language) for message in messages),
        handoffs=await load_past_handoffs(session, conversation_id),
        acts={message.seq: act for message in messages if (act := message.facts.act)},
        important=contact.important,
    )


async def load_past_handoffs(session: AsyncSession, conversation_id: str) -> tuple[PastHandoff, ...]:
    """The requests for a person that have ended, oldest first, without their meanings."""
    ended = await session.scalars(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_not(None))
        .order_by(Handoff.asked_at.desc())
        .limit(MAX_HANDOFFS)
    )
    return tuple(_past_handoff(handoff) for handoff in ended)[::-1]


def _past_handoff(handoff: Handoff) -> PastHandoff:
    return PastHandoff(
        ended_seq=handoff.ended_seq or 0,
        ended_at=handoff.ended_at,
        accepted=handoff.accepted_at is not None,
        topic=handoff.topic,
        text=_request_text(handoff),
        agent=handoff.accepted_by,
        outcome=handoff.outcome,
    )


def _request_text(handoff: Handoff) -> str:
    """The contact's words of a request: as corrected, else as the summary has them."""
    return handoff.correction or handoff.summary.line(Label.REQUEST)


def log_line_of(message: Message, language: str) -> DialogueLine:
    """A stored message as the rules see it."""
    facts = message.facts
    judged = _HELPFUL.get((message.payload or "").partition("{")[0])
    return DialogueLine(
        seq=message.seq,
        author=CONTACT if message.author == Author.CONTACT else str(message.author),
        text=compact(message.text),
        language=language,
        at=message.created_at,
        intent=facts.intent,
        outcome=facts.outcome,
        confidence=facts.confidence,
        article=message.article,
        helpful=judged if facts.helpful is None else facts.helpful,
        tapped=message.payload is not None,
    )


async def load_category(session: AsyncSession, article: str | None) -> str | None:
    """The category of an article, which is what the rules call its topic."""
    return await session.scalar(select(Article.category).where(Article.key == article)) if article else None
