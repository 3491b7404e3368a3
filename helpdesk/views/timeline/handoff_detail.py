"""What the agent reads before anything else: the handoff with its reason, the mood, the articles that may help."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.handoff.summary import mask_personal
from knowledge.articles.placeholders import fill_article
from store.errors import NotFound
from store.models import (
    Agent,
    Article,
    ArticleState,
    AskedQuestion,
    Conversation,
    DecisionRecord,
    ExpectedInput,
    Handoff,
    LineMoodRecord,
    Message,
    MessageKind,
    MoodSignRecord,
    SummaryRecord,
    Variant,
)

MAX_MOODS = 200  # newest lines of the contact in the course of the mood
MAX_ARTICLES = 3
_QUESTIONS = 5  # newest questions whose candidates are looked at
_LIKELY = 0.1  # below that an article is hardly about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The sentence it was passed on with. `state`: `confirmed`, `corrected`, or `asked` while the contact is silent."""

    text: str
    state: str
    before: str
    seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPoint:
    """The mood of one line of the contact, 0 to 1 each; `signs` are (kind, line, words)."""

    seq: int
    frustration: float
    abuse: float
    signs: tuple[MoodSignRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingArticle:
    """An article that may answer what is still open; `given`: the customer has had it already."""

    key: str
    title: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article to put into an answer, as Markdown, in the language that was found."""

    key: str
    language: str
    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffDetail:
    """The newest handoff, as far as its card doesn't say it already."""

    confirmation: Confirmation | None
    decision: DecisionRecord
    summary: SummaryRecord
    before: str | None
    asked_at: datetime
    accepted_at: datetime | None


async def load_handoff_detail(session: AsyncSession, handoff: Handoff | None) -> HandoffDetail | None:
    """What is known of a handoff; `before` is who had the conversation the last time."""
    if handoff is None:
        return None
    return HandoffDetail(
        confirmation=_confirmation(handoff),
        decision=handoff.decision,
        summary=handoff.summary,
        before=await _before(session, handoff),
        asked_at=handoff.asked_at,
        accepted_at=handoff.accepted_at,
    )


def without_personal(baton: HandoffDetail) -> HandoffDetail:
    """The same for somebody who doesn't have to call or pay anybody."""
    said = baton.confirmation
    lines = tuple(replace(line, text=mask_personal(line.text)) for line in baton.summary.lines)
    return replace(
        baton,
        confirmation=said and replace(said, text=mask_personal(said.text), before=mask_personal(said.before)),
        summary=replace(baton.summary, lines=lines),
    )


def _confirmation(handoff: Handoff) -> Confirmation | None:
    if handoff.correction:
        return Confirmation(
            text=handoff.correction, state="corrected", before=handoff.wording, seq=handoff.corrected_seq
        )
    if not handoff.wording:
        return None
    state = "asked" if handoff.awaits == ExpectedInput.CORRECTION else "confirmed"
    return Confirmation(text=handoff.wording, state=state, before="", seq=None)


async def _before(session: AsyncSession, handoff: Handoff) -> str | None:
    last = (
        select(Handoff.accepted_by)
        .where(
            Handoff.conversation_id == handoff.conversation_id,
            Handoff.id != handoff.id,
            Handoff.accepted_by.is_not(None),
            Handoff.asked_at <= handoff.asked_at,
        )
        .order_by(Handoff.asked_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = Agent.id == handoff.preferred_agent if handoff.preferred_agent else Agent.id == last
    name: str | None = await session.scalar(select(Agent.name).where(wanted))
    return name


async def load_moods(session: AsyncSession, conversation_id: str) -> tuple[MoodPoint, ...]:
    """The course of the contact's mood, oldest first."""
    newest = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.kind == MessageKind.INCOMING)
        .order_by(Message.seq.desc())
        .limit(MAX_MOODS)
    )
    return tuple(_point(mood) for message in reversed(newest.all()) if (mood := message.mood))


def _point(mood: LineMoodRecord) -> MoodPoint:
    return MoodPoint(seq=mood.seq, frustration=mood.frustration, abuse=mood.abuse, signs=mood.shown_by)


async def load_fitting_articles(session: AsyncSession, conversation: Conversation) -> tuple[FittingArticle, ...]:
    """The published articles that the newest questions came near to, those not yet given first."""
    asked = list(
        await session.scalars(
            select(AskedQuestion)
            .where(AskedQuestion.conversation_id == conversation.id)
            .order_by(AskedQuestion.seq.desc(), AskedQuestion.asked_at.desc())
            .limit(_QUESTIONS)
        )
    )
    likely = [one.article for question in asked for one in question.candidates if one.confidence >= _LIKELY]
    published = await _published(session, set(likely))
    given = {question.article for question in asked if question.article}
    ordered = sorted((key for key in dict.fromkeys(likely) if key in published), key=lambda key: key in given)
    titles = await load_article_titles(session, published, conversation.language)
    return tuple(
        FittingArticle(key=key, title=titles.get(key, key), given=key in given) for key in ordered[:MAX_ARTICLES]
    )


async def load_article_text(session: AsyncSession, key: str, language: str) -> ArticleText:
    """What customers see of an article, in `language` where it has that. Raises `NotFound`."""
    if key in await _published(session, {key}):
        variants = list(await session.scalars(select(Variant).where(Variant.article_key == key)))
        for variant in sorted(variants, key=lambda variant: variant.language != language)[:1]:
            return ArticleText(
                key=key, language=variant.language, title=variant.question, answer=fill_article(variant.answer, {})
            )
    raise NotFound("There is no such article, or customers don't see it at the moment.")


async def _published(session: AsyncSession, keys: set[str]) -> set[str]:
    if not keys:
        return set()
    found = await session.scalars(
        select(Article.key).where(Article.key.in_(keys), Article.state == ArticleState.PUBLISHED, Article.in_window)
    )
    return set(found)
