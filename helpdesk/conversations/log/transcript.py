"""Reads a conversation for the rules of the handoff: its lines as they were said, and its earlier requests."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.log import statements
from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.rules import PastHandoff
from helpdesk.handoff.summary import Label
from knowledge.normalization import compact
from store.models import Article, MessageFacts

MAX_LINES = 60  # newest lines that a decision looks at
MAX_HANDOFFS = 20
_ANSWERING = frozenset({BOT, AGENT})
_HELPFUL = {"/feedback_helpful": True, "/feedback_not_helpful": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A conversation as far as a decision needs it. `acts` is what was done on which line of the contact."""

    said: tuple[DialogueLine, ...] = ()
    handoffs: tuple[PastHandoff, ...] = ()
    acts: dict[int, str] = field(default_factory=dict)
    important: bool = False

    def last_with(self, act: str) -> int | None:
        """The newest line of the contact that `act` was the answer to."""
        return max((seq for seq, done in self.acts.items() if done == act), default=None)

    @property
    def awaited(self) -> str | None:
        """The slot that was asked for last, before what the contact has just written; None when nothing was asked."""
        return awaited_in(self.said)


class SpokenLine(Protocol):
    """What the rules need of a stored message; a row with these columns will do."""

    @property
    def seq(self) -> int: ...
    @property
    def author(self) -> Author: ...
    @property
    def text(self) -> str: ...
    @property
    def payload(self) -> str | None: ...
    @property
    def article(self) -> str | None: ...
    @property
    def facts(self) -> MessageFacts: ...
    @property
    def created_at(self) -> datetime: ...


def transcript_of(
    lines: Sequence[SpokenLine], language: str, handoffs: tuple[PastHandoff, ...], *, important: bool
) -> Transcript:
    """The transcript of what was said, oldest first, in a conversation in `language`."""
    return Transcript(
        said=mark_answers(with_open_answers([log_line_of(line, language) for line in lines])),
        handoffs=handoffs,
        acts={line.seq: act for line in lines if (act := line.facts.act)},
        important=important,
    )


def awaited_in(said: Sequence[DialogueLine]) -> str | None:
    """The slot that the last line before the contact's newest ones asks for."""
    return next((line.awaits for line in reversed(said) if line.author in _ANSWERING), None)


def with_open_answers(said: Sequence[DialogueLine]) -> tuple[DialogueLine, ...]:
    """The lines; those after a question of the bot's own count as its answer until the bot has read them."""
    if awaited_in(said) is None:
        return tuple(said)
    newest = max(position for position, line in enumerate(said) if line.author in _ANSWERING)
    return (*said[: newest + 1], *(replace(line, answers_question=True) for line in said[newest + 1 :]))


async def load_past_handoffs(session: AsyncSession, conversation_id: str) -> tuple[PastHandoff, ...]:
    """The requests for a person that have ended, oldest first, without their meanings."""
    await session.flush()  # one may have ended in this transaction
    return (await load_all_past_handoffs(session, [conversation_id])).get(conversation_id, ())


async def load_all_past_handoffs(
    session: AsyncSession, conversation_ids: Collection[str]
) -> dict[str, tuple[PastHandoff, ...]]:
    """The same for several conversations, by their ids; those without any are missing."""
    ended = await session.execute(statements.ENDED_HANDOFFS, {"conversation_ids": list(conversation_ids)})
    found: defaultdict[str, list[PastHandoff]] = defaultdict(list)
    for handoff in ended:
        found[handoff.conversation_id].append(_past_handoff(handoff))
    return {conversation_id: tuple(handoffs[-MAX_HANDOFFS:]) for conversation_id, handoffs in found.items()}


def _past_handoff(handoff: Row[*tuple[Any, ...]]) -> PastHandoff:
    return PastHandoff(
        ended_seq=handoff.ended_seq or 0,
        ended_at=handoff.ended_at,
        accepted=handoff.accepted_at is not None,
        topic=handoff.topic,
        text=_request_text(handoff),
        agent=handoff.accepted_by,
        outcome=handoff.outcome,
    )


def _request_text(handoff: Row[*tuple[Any, ...]]) -> str:
    """The contact's words of a request: as corrected, else as the summary has them."""
    words: str = handoff.correction or handoff.summary.line(Label.REQUEST)
    return words


def log_line_of(message: SpokenLine, language: str) -> DialogueLine:
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
        short=_short_of(message),
        helpful=judged if facts.helpful is None else facts.helpful,
        tapped=message.payload is not None,
        awaits=facts.awaits,
        answers_question=facts.answers is not None,
    )


def _short_of(message: SpokenLine) -> str | None:
    """The sentence of an answer that stood before its fold: the last `short` characters of what was shown."""
    shown = message.text if message.facts.lead is None else message.text[: message.facts.lead]
    return shown.rstrip()[-message.facts.short :] if message.facts.short else None


async def load_category(session: AsyncSession, article: str | None) -> str | None:
    """The category of an article, which is what the rules call its topic."""
    return await session.scalar(select(Article.category).where(Article.key == article)) if article else None
