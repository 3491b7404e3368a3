"""What customers asked and what became of it: for gaps, replay, the articles' figures and the overview."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Database
from store.models import AskedQuestion, Conversation, Feedback, Handoff, HelpJudgement, QuestionCandidate, now

MAX_QUESTIONS = 20_000
"""Questions that are read at once, the newest first: a second, 40 MB."""

_FOLLOWS_WITHIN = timedelta(hours=1)  # a handoff later than that has another reason
_SAME_MOMENT = timedelta(seconds=1)  # question and handoff of one turn are stored together, in either order


class QuestionOutcome(StrEnum):
    """What became of a question; each has exactly one."""

    HELPED = "helped"  # the customer said so
    UNHELPED = "unhelped"  # the customer said so
    HANDED_OVER = "handed_over"  # it was the last question before a person was asked for
    ANSWERED = "answered"  # and nobody said whether it helped
    ASKED_BACK = "asked_back"  # a few articles were offered, and that was it
    UNANSWERED = "unanswered"


GAPS = frozenset({QuestionOutcome.UNHELPED, QuestionOutcome.HANDED_OVER, QuestionOutcome.UNANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """One question of a customer. `words` is what they said of the articles they got: (article, helped), in order."""

    id: str
    conversation_id: str
    contact_id: str
    text: str
    language: str
    outcome: str
    article: str | None
    candidates: tuple[str, ...]
    asked_at: datetime
    words: tuple[tuple[str, bool], ...] = ()
    handed_over: bool = False

    @property
    def fate(self) -> QuestionOutcome:
        """What became of it."""
        if any(helped for _, helped in self.words):
            return QuestionOutcome.HELPED
        if self.words:
            return QuestionOutcome.UNHELPED
        if self.handed_over:
            return QuestionOutcome.HANDED_OVER
        if self.article:
            return QuestionOutcome.ANSWERED
        return QuestionOutcome.ASKED_BACK if self.outcome == "clarify" else QuestionOutcome.UNANSWERED

    @property
    def given(self) -> tuple[str, ...]:
        """The articles that the customer got for it, in order, each once."""
        first = (self.article,) if self.article else ()
        return tuple(dict.fromkeys((*first, *(article for article, _ in self.words))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleJudgement:
    """A customer's word on an article."""

    conversation_id: str
    article: str
    helped: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHandoff:
    """A conversation that was handed over, and when that was asked for."""

    conversation_id: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class ArticleFigures:
    """How an article fared. `asked` are questions that got it; `per_day` the same by day (UTC), oldest first.

    What readers of its help page said counts as helped or not, beside what customers said in the chat.
    """

    asked: int = 0
    helped: int = 0
    unhelped: int = 0
    handed_over: int = 0
    per_day: list[int] = field(default_factory=list)

    @property
    def rated(self) -> int:
        """How many customers said whether it helped."""
        return self.helped + self.unhelped

    @property
    def seen(self) -> int:
        """How often it was read at least: readers of the help page say what they think without having asked."""
        return max(self.asked, self.rated + self.handed_over)

    @property
    def failed(self) -> int:
        """How often it didn't do: said so, or a person was asked for next."""
        return self.unhelped + self.handed_over


async def load_questions(
    db: Database, since: datetime, *, about: Collection[str] | None = None, most: int = MAX_QUESTIONS
) -> list[QuestionRecord]:
    """The questions since then, oldest first, at most the newest `most`.

    With `about`, only those of conversations in which these articles came up.
    """
    async with db.read() as session:
        questions = await _asked(session, since, about, most)
        judgements = await _judgements(session, since)
        passings = await _passings(session, since)
    return settle(questions, judgements, passings)


async def load_questions_by_id(db: Database, ids: Sequence[str]) -> list[QuestionRecord]:
    """These questions in this order, as far as they are still there, without what customers said of them."""
    async with db.read() as session:
        rows = await session.execute(_columns().where(AskedQuestion.id.in_(ids)))
        found = {row[0]: _question(*row) for row in rows}
    return [found[one] for one in ids if one in found]


async def load_article_figures(
    db: Database, keys: Collection[str] | None, since: datetime
) -> dict[str, ArticleFigures]:
    """How these articles (`None`: all that were given) fared since then. An article nobody got has only zeros."""
    questions = await load_questions(db, since, about=keys)
    days = _days(since, now())
    figures = {key: ArticleFigures(per_day=[0] * days) for key in keys or ()}
    for question in questions:
        _count(figures, question, since, days, keys)
    for article, helped, times in await _judged_on_pages(db, since.astimezone(UTC).date(), keys):
        mine = figures.setdefault(article, ArticleFigures(per_day=[0] * days))
        mine.helped += times * helped
        mine.unhelped += times * (not helped)
    return figures


async def _judged_on_pages(db: Database, since: date, keys: Collection[str] | None) -> list[tuple[str, bool, int]]:
    wanted = HelpJudgement.day >= since
    if keys is not None:
        wanted &= HelpJudgement.article.in_(keys)
    async with db.read() as session:
        rows = await session.execute(
            select(HelpJudgement.article, HelpJudgement.helpful, func.sum(HelpJudgement.times))
            .where(wanted)
            .group_by(HelpJudgement.article, HelpJudgement.helpful)
        )
        return [(article, helped, int(times)) for article, helped, times in rows]


def settle(
    questions: Sequence[QuestionRecord], judgements: Iterable[ArticleJudgement], passings: Iterable[QuestionHandoff]
) -> list[QuestionRecord]:
    """The questions (oldest first) with what became of them.

    A word belongs to the last question before it that got that article, a handoff to the last question before it.
    """
    asked: dict[str, list[int]] = defaultdict(list)
    for number, question in enumerate(questions):
        asked[question.conversation_id].append(number)
    words: dict[int, dict[str, bool]] = defaultdict(dict)
    for judgement in sorted(judgements, key=lambda one: one.at):
        meant = _meant(questions, asked[judgement.conversation_id], judgement)
        if meant is not None:
            words[meant][judgement.article] = judgement.helped
    passed = {_last_before(questions, asked[passing.conversation_id], passing.at) for passing in passings}
    return [
        replace(question, words=tuple(words.get(number, {}).items()), handed_over=number in passed)
        for number, question in enumerate(questions)
    ]


def _meant(questions: Sequence[QuestionRecord], numbers: Sequence[int], judgement: ArticleJudgement) -> int | None:
    earlier = [number for number in numbers if questions[number].asked_at <= judgement.at]
    said = (number for number in reversed(earlier) if questions[number].article == judgement.article)
    offered = (number for number in reversed(earlier) if judgement.article in questions[number].candidates)
    return next(chain(said, offered), None)


def _last_before(questions: Sequence[QuestionRecord], numbers: Sequence[int], at: datetime) -> int | None:
    earlier = [number for number in numbers if questions[number].asked_at <= at + _SAME_MOMENT]
    if not earlier or at - questions[earlier[-1]].asked_at > _FOLLOWS_WITHIN:
        return None
    return earlier[-1]


def _count(
    figures: dict[str, ArticleFigures],
    question: QuestionRecord,
    since: datetime,
    days: int,
    keys: Collection[str] | None,
) -> None:
    words = dict(question.words)
    for place, key in enumerate(question.given):
        if keys is not None and key not in keys:
            continue
        mine = figures.setdefault(key, ArticleFigures(per_day=[0] * days))
        mine.asked += 1
        mine.per_day[min(days, _days(since, question.asked_at)) - 1] += 1
        mine.helped += words.get(key) is True
        mine.unhelped += words.get(key) is False
        is_last = place == len(question.given) - 1
        mine.handed_over += is_last and question.handed_over and question.fate is not QuestionOutcome.HELPED


def _days(since: datetime, until: datetime) -> int:
    """How many calendar days (UTC) from then to then, both counted."""
    return max(1, (until.astimezone(UTC).date() - since.astimezone(UTC).date()).days + 1)


async def _asked(
    session: AsyncSession, since: datetime, about: Collection[str] | None, most: int
) -> list[QuestionRecord]:
    wanted = AskedQuestion.asked_at >= since
    if about is not None:
        wanted &= _with_articles(about, since)
    rows = await session.execute(_columns().where(wanted).order_by(AskedQuestion.asked_at.desc()).limit(most))
    return sorted((_question(*row) for row in rows), key=lambda one: one.asked_at)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        AskedQuestion.id,
        AskedQuestion.conversation_id,
        Conversation.contact_id,
        AskedQuestion.text,
        AskedQuestion.language,
        AskedQuestion.outcome,
        AskedQuestion.article,
        AskedQuestion.candidates,
        AskedQuestion.asked_at,
    ).join(Conversation, Conversation.id == AskedQuestion.conversation_id)


def _question(
    id_: str,
    conversation_id: str,
    contact_id: str,
    text: str,
    language: str,
    outcome: str,
    article: str | None,
    candidates: tuple[QuestionCandidate, ...],
    asked_at: datetime,
) -> QuestionRecord:
    return QuestionRecord(
        id=id_,
        conversation_id=conversation_id,
        contact_id=contact_id,
        text=text,
        language=language,
        outcome=outcome,
        article=article,
        candidates=tuple(candidate.article for candidate in candidates),
        asked_at=asked_at,
    )


def _with_articles(keys: Collection[str], since: datetime) -> ColumnElement[bool]:
    given = select(AskedQuestion.conversation_id).where(
        AskedQuestion.article.in_(keys), AskedQuestion.asked_at >= since
    )
    judged = select(Feedback.conversation_id).where(Feedback.article.in_(keys), Feedback.created_at >= since)
    return or_(AskedQuestion.conversation_id.in_(given), AskedQuestion.conversation_id.in_(judged))


async def _judgements(session: AsyncSession, since: datetime) -> list[ArticleJudgement]:
    rows = await session.execute(
        select(Feedback.conversation_id, Feedback.article, Feedback.helpful, Feedback.created_at).where(
            Feedback.created_at >= since, Feedback.article.is_not(None)
        )
    )
    return [ArticleJudgement(conversation_id=c, article=str(a), helped=h, at=at) for c, a, h, at in rows]


async def _passings(session: AsyncSession, since: datetime) -> list[QuestionHandoff]:
    rows = await session.execute(select(Handoff.conversation_id, Handoff.asked_at).where(Handoff.asked_at >= since))
    return [QuestionHandoff(conversation_id=conversation_id, at=at) for conversation_id, at in rows]
