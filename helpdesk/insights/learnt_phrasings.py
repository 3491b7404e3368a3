"""Phrasings learnt from work: what customers picked among choices, and what agents answered with an article's words."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from helpdesk.insights.agent_replies import AgentReply, load_agent_replies
from helpdesk.insights.questions import GAPS, QuestionOutcome, QuestionRecord, load_questions
from helpdesk.insights.replay import DraftReplay, ReplayProgress
from knowledge.articles import drafts
from knowledge.articles.article_list import ArticleFilter, list_articles
from knowledge.articles.content import Content
from knowledge.articles.masking import mask
from knowledge.articles.proposals import add_phrasings
from knowledge.message.replay import Replay, ReplayChange, ReplayEffect
from knowledge.normalization import same_words
from knowledge.search.index import Snapshot
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.errors import Conflict
from store.models import now

#: Words of an article that have to stand in an agent's message, for it to be that article's answer.
MIN_SAME_WORDS = 8
#: Phrasings that are tried together, those of most customers first.
MAX_TRIED = 200
#: How often those that did harm are taken out and the rest is tried again.
MAX_ROUNDS = 3
_LOSSES = (ReplayEffect.WORSE, ReplayEffect.UNCLEAR)


class PhrasingEvidence(StrEnum):
    """Why a question belongs to an article. `picked`: by the customer, among choices. `sent`: by an agent."""

    PICKED = "picked"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntPhrasing:
    """A question that customers asked, masked, and the article that it belongs to; none of its phrasings yet."""

    article: str
    text: str
    language: str
    customers: int
    evidence: PhrasingEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasingTrial:
    """What came of trying phrasings on the questions of the last days.

    `kept` stand in drafts now; `harmful` would have taken an answer from other questions; `left`: somebody has changed
    the article meanwhile. `changes` are the questions that get another answer with those that were kept.
    """

    kept: tuple[LearntPhrasing, ...]
    harmful: tuple[LearntPhrasing, ...]
    left: tuple[LearntPhrasing, ...]
    asked: int
    changes: tuple[ReplayChange, ...]


async def find_learnt_phrasings(db: Database, snapshot: Snapshot, *, days: int) -> list[LearntPhrasing]:
    """What the work of the last days teaches, those of most customers first. Raises `Unavailable`."""
    questions = await load_questions(db, now() - timedelta(days=days))
    replies = await load_agent_replies(db, [question for question in questions if question.fate in GAPS])
    known = await _known_wordings(db, snapshot)
    sent = await asyncio.to_thread(_sent, questions, replies, snapshot)
    found = _Findings(known=known)
    for question, article in _picked(questions):
        found.add(question, article, PhrasingEvidence.PICKED)
    for question, article in sent:
        found.add(question, article, PhrasingEvidence.SENT)
    return found.listed(snapshot)


class PhrasingLearner:
    """Tries what was learnt by replaying real questions, and keeps as drafts what took no answer from anybody."""

    def __init__(self, db: Database, library: Library, replay: DraftReplay) -> None:
        self._db = db
        self._library = library
        self._replay = replay

    async def find(self, days: int) -> list[LearntPhrasing]:
        """What could be learnt from the last `days`."""
        return await find_learnt_phrasings(self._db, self._library.snapshot, days=days)

    async def try_and_keep(
        self, days: int, *, by: str, joining: bool = True
    ) -> AsyncGenerator[ReplayProgress | PhrasingTrial, None]:
        """Progress first, the result last. Nothing is published. Raises `TooManyRequests`, `Unavailable`.

        With `joining`, drafts that others have begun get the phrasings as well; else those articles are left.
        """
        wanted, harmful = (await self.find(days))[:MAX_TRIED], list[LearntPhrasing]()
        tried: Replay | None = None
        for _ in range(MAX_ROUNDS if wanted else 0):
            async for step in self._replay.replay(self._changes(wanted), days=days):
                if isinstance(step, ReplayProgress):
                    yield step
                else:
                    tried = step
            hurt = harmed_by(tried, wanted) if tried else set[str]()
            if not hurt:
                break
            harmful += [one for one in wanted if one.article in hurt]
            wanted = [one for one in wanted if one.article not in hurt]
        else:
            harmful, wanted = [*harmful, *wanted], []  # nobody knows what the rest would do
        kept, left = await self._keep(wanted, by, joining=joining)
        yield PhrasingTrial(
            kept=kept,
            harmful=tuple(harmful),
            left=left,
            asked=tried.asked if tried else 0,
            changes=tuple(change for change in tried.changes if change.after.article) if tried and kept else (),
        )

    def _changes(self, phrasings: Sequence[LearntPhrasing]) -> dict[str, Content | None]:
        """The published articles with the phrasings, as they would be."""
        by_key = self._library.snapshot.by_key
        return {
            article: add_phrasings(by_key[article].content, _asked(those))[0]
            for article, those in _by_article(phrasings).items()
            if article in by_key
        }

    async def _keep(
        self, phrasings: Sequence[LearntPhrasing], by: str, *, joining: bool
    ) -> tuple[tuple[LearntPhrasing, ...], tuple[LearntPhrasing, ...]]:
        """In drafts; what was kept, and what was left."""
        kept: list[LearntPhrasing] = []
        left: list[LearntPhrasing] = []
        for article, those in _by_article(phrasings).items():
            view = await drafts.load(self._db, article)
            if view.draft is not None and view.changed_by != by and not joining:
                left += those
                continue
            content, count = add_phrasings(view.content, _asked(those))
            try:
                if count:
                    await drafts.save_draft(self._db, article, content.as_json(), by=by, expected_version=view.version)
                kept += those
            except Conflict:
                left += those
        return tuple(kept), tuple(left)


def harmed_by(replay: Replay, phrasings: Iterable[LearntPhrasing]) -> set[str]:
    """The articles whose phrasings took an answer from a question; all of them where it can't be told which."""
    tried = {one.article for one in phrasings}
    hurt: set[str] = set()
    for change in replay.changes:
        if change.kind in _LOSSES:
            hurt |= (tried & set(change.after.offered)) or tried
    return hurt


@dataclass(slots=True)
class _Findings:
    """Questions by article and words. `known` are the phrasings that there are, drafts included, by their words."""

    known: Mapping[str, set[str]]
    together: dict[tuple[str, str], list[QuestionRecord]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[tuple[str, str], PhrasingEvidence] = field(default_factory=dict)

    def add(self, question: QuestionRecord, article: str, evidence: PhrasingEvidence) -> None:
        """Count a question, unless it is a phrasing of some article already."""
        words = same_words(mask(question.text))
        if words and words not in self.known:
            self.together[article, words].append(question)
            self.evidence.setdefault((article, words), evidence)

    def listed(self, snapshot: Snapshot) -> list[LearntPhrasing]:
        """Each once; what belongs to two articles belongs to none."""
        articles: defaultdict[str, set[str]] = defaultdict(set)
        for article, words in self.together:
            articles[words].add(article)
        found = [
            LearntPhrasing(
                article=article,
                text=mask(those[-1].text),
                language=those[-1].language,
                customers=len({question.contact_id for question in those}),
                evidence=self.evidence[article, words],
            )
            for (article, words), those in self.together.items()
            if len(articles[words]) == 1 and article in snapshot.by_key
        ]
        return sorted(found, key=lambda one: (-one.customers, one.article, one.text))


def _picked(questions: Sequence[QuestionRecord]) -> list[tuple[QuestionRecord, str]]:
    """Questions that were asked back, and the article that the customer picked and didn't find wanting.

    A tap keeps the question once more with its article (`TurnQuestion`): the two are told by their words.
    """
    open_ones: dict[tuple[str, str], QuestionRecord] = {}
    found: list[tuple[QuestionRecord, str]] = []
    for question in questions:
        name = question.conversation_id, question.text
        if question.outcome == SearchOutcome.CLARIFY and question.article is None:
            open_ones[name] = question
        elif question.article and name in open_ones:
            was_offered = question.article in open_ones.pop(name).candidates
            if was_offered and question.fate in {QuestionOutcome.ANSWERED, QuestionOutcome.HELPED}:
                found.append((question, question.article))
    return found


def _sent(
    questions: Sequence[QuestionRecord], replies: Mapping[str, AgentReply], snapshot: Snapshot
) -> list[tuple[QuestionRecord, str]]:
    """Questions that an agent answered with the words of one article."""
    answers = [
        (key, words)
        for key, entry in snapshot.by_key.items()
        for wording in entry.content.variants.values()
        if len((words := same_words(mask(wording.answer))).split()) >= MIN_SAME_WORDS
    ]
    found: list[tuple[QuestionRecord, str]] = []
    for question in questions:
        reply = replies.get(question.id)
        said = f" {same_words(reply.text)} " if reply else ""
        keys = {key for key, words in answers if f" {words} " in said} if said else set()
        if len(keys) == 1:
            found.append((question, keys.pop()))
    return found


async def _known_wordings(db: Database, snapshot: Snapshot) -> dict[str, set[str]]:
    """Every question and phrasing that there is, published or in a draft, and its articles."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    views = await list_articles(db, ArticleFilter(has_draft=True))
    contents = [(key, entry.content) for key, entry in snapshot.by_key.items()]
    contents += [(view.key, view.draft) for view in views if view.draft]
    for key, content in contents:
        for text in content.asked:
            known[same_words(text)].add(key)
    return known


def _by_article(phrasings: Iterable[LearntPhrasing]) -> dict[str, list[LearntPhrasing]]:
    found: defaultdict[str, list[LearntPhrasing]] = defaultdict(list)
    for one in phrasings:
        found[one.article].append(one)
    return dict(found)


def _asked(phrasings: Collection[LearntPhrasing]) -> list[tuple[str, str]]:
    return [(one.text, one.language) for one in phrasings]
