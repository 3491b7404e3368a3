"""The coach with what it needs to know: the conversation, what the customer asked, the article that answers it."""

import asyncio
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Channel
from helpdesk.coach import CoachHint, Draft, HintKind, find_hints
from helpdesk.conversations.inbound_priority import InboundPriority
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.errors import NotAllowed, NotFound
from store.models import Agent, Conversation, Message, MessageKind, now

MAX_LINES = 20
"""Lines of the customer that an answer may be to."""
MAX_QUESTION_LENGTH = 400
ARTICLE_WITHIN_SECONDS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What a draft is written into. `off` are the kinds of hints that the agent doesn't want."""

    language: str
    form: str
    foreign: bool
    is_letter: bool
    asked: tuple[str, ...]
    off: tuple[str, ...]


class DraftCoach:
    """Reads drafts; two statements each, nothing kept. The article is looked for only when asked for, and when calm."""

    def __init__(self, db: Database, library: Library, priority: InboundPriority) -> None:
        self.db = db
        self._library = library
        self._priority = priority

    async def read(
        self, conversation_id: str, agent_id: str, text: str, zone: tzinfo, *, with_article: bool
    ) -> tuple[CoachHint, ...]:
        """The hints on a draft of whoever has the conversation. Raises `NotFound`, `NotAllowed`."""
        async with self.db.read() as session:
            around = await _load_around(session, conversation_id, agent_id)
        off = {*around.off, HintKind.LANGUAGE} if around.foreign else set(around.off)
        article = ""
        if with_article and HintKind.ARTICLE not in off:
            article = await self._find_article(around)
        draft = Draft(
            text=text,
            language=around.language,
            form=around.form,
            asked=around.asked,
            now=now(),
            zone=zone,
            is_letter=around.is_letter,
        )
        return await asyncio.to_thread(find_hints, draft, article=article, off=off)

    async def _find_article(self, around: _Around) -> str:
        """The answer to the customer's question, where the search is sure of one; "" for none, or none in time."""
        question = " ".join(around.asked)[-MAX_QUESTION_LENGTH:]
        if not question.strip() or not await self._priority.calm():
            return ""
        try:
            async with asyncio.timeout(ARTICLE_WITHIN_SECONDS):
                found = await self._library.search(question, around.language, limit=1)
        except TimeoutError:
            return ""
        entry = self._library.snapshot.by_key.get(found.candidates[0].article) if found.candidates else None
        if entry is None or found.outcome is not SearchOutcome.ANSWER:
            return ""
        language, wording = entry.content.in_language(around.language)
        return wording.answer if language == around.language else ""


async def _load_around(session: AsyncSession, conversation_id: str, agent_id: str) -> _Around:
    row = (
        await session.execute(
            select(Conversation, Agent.coach_off)
            .outerjoin(Agent, Agent.id == agent_id)
            .where(Conversation.id == conversation_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    conversation, off = row
    if conversation.agent_id != agent_id:
        raise NotAllowed("Only who has the conversation writes the answer.")
    answered = (
        select(func.max(Message.seq))
        .where(
            Message.conversation_id == conversation_id,
            Message.author == Author.AGENT,
            Message.kind == MessageKind.OUTGOING,
        )
        .scalar_subquery()
    )
    said = await session.scalars(
        select(Message.text)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == Author.CONTACT,
            Message.kind == MessageKind.INCOMING,
            Message.seq > func.coalesce(answered, 0),
        )
        .order_by(Message.seq.desc())
        .limit(MAX_LINES)
    )
    return _Around(
        language=conversation.language,
        form=conversation.formality,
        foreign=conversation.foreign_language is not None,
        is_letter=conversation.channel is Channel.EMAIL,
        asked=tuple(reversed(list(said))),
        off=tuple(off or ()),
    )


async def load_kinds_off(db: Database, agent_id: str) -> tuple[str, ...]:
    """The kinds of hints that an agent doesn't want."""
    async with db.read() as session:
        return tuple(await session.scalar(select(Agent.coach_off).where(Agent.id == agent_id)) or ())


async def save_kinds_off(db: Database, agent_id: str, off: tuple[HintKind, ...]) -> None:
    """Choose them. Raises `NotFound`."""
    async with db.write() as session:
        agent = await session.get(Agent, agent_id, with_for_update=True)
        if agent is None:
            raise NotFound("There is no such agent.")
        agent.coach_off = tuple(str(kind) for kind in HintKind if kind in off)
