"""What customers asked for in vain, grouped by meaning, and who has said that a group needs no article."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

import numpy as np
import structlog
from numpy.typing import NDArray

from helpdesk.insights.agent_replies import AgentReply, best_replies, load_agent_replies
from helpdesk.insights.gap_dismissals import (
    Dismissal,
    add_dismissal,
    find_dismissal,
    load_dismissals,
    make_dismissal,
    remove_dismissal,
)
from helpdesk.insights.questions import GAPS, QuestionOutcome, QuestionRecord, load_questions, load_questions_by_id
from knowledge.articles.article_list import ArticleFilter, list_articles
from knowledge.articles.masking import mask
from knowledge.normalization import same_words, tidy
from knowledge.search.clustering import MAX_VECTORS, QuestionCluster, cluster_vectors, place_across_languages
from knowledge.search.library import Library, SearchCandidate
from knowledge.search.ranking import SearchOutcome
from knowledge.search.similarity_thresholds import similarity_thresholds
from knowledge.search.vector_cache import CachedEmbedder
from knowledge.search.vector_space import VectorSpace
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import now

log = structlog.get_logger()

MAX_GROUPS = 40
"""Groups that are shown, those with most customers first."""
MAX_NAMED = 40
"""Questions by which a group is named when something is done with it, the most typical ones."""

_EXAMPLES = 6
_TRIED = 5  # typical questions of a group that are asked again to see whether they are answered by now
_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One wording, masked, and how many customers used it."""

    text: str
    language: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that mean the same and weren't answered well.

    `questions` are ids of the most typical ones; `per_day` counts the days (UTC) of the period, oldest first.
    `answered_by` is the article that answers them by now; `draft` one that already has this question. `replies` are
    what agents answered, one for each language.
    """

    examples: tuple[Example, ...]
    questions: tuple[str, ...]
    customers: int
    times: int
    fates: dict[QuestionOutcome, int]
    languages: tuple[str, ...]
    per_day: tuple[int, ...]
    nearest: tuple[SearchCandidate, ...]
    answered_by: str | None = None
    draft: str | None = None
    dismissal: Dismissal | None = None
    replies: tuple[AgentReply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapList:
    """Open gaps, and those that were dismissed or are answered by now; `asked` is how many questions were looked at."""

    open: tuple[Gap, ...]
    answered: tuple[Gap, ...]
    dismissed: tuple[Gap, ...]
    asked: int
    failed: int
    customers: int
    groups: int


@dataclass(slots=True, kw_only=True)
class _Wording:
    """Questions in the same words."""

    text: str
    language: str
    questions: list[QuestionRecord]

    @property
    def customers(self) -> int:
        return len({question.contact_id for question in self.questions})


@dataclass(slots=True, kw_only=True)
class GapProgress:
    """How far a reading of the gaps is: so many wordings embedded, of so many."""

    done: int = 0
    total: int = 0


class Gaps:
    """Reads gaps. What has to be embedded first is embedded in small steps, in the background."""

    def __init__(self, db: Database, library: Library, recent: CachedEmbedder) -> None:
        self.db = db
        self.library = library
        self.recent = recent
        self._at_work: dict[int, asyncio.Task[GapList]] = {}
        self._progress: dict[int, GapProgress] = {}

    async def look(self, days: int, *, patience: float) -> GapList | GapProgress:
        """The gaps of the last `days`, or how far they are when that takes longer than `patience` seconds."""
        task = self._at_work.get(days)
        if task is None:
            self._progress[days] = GapProgress()
            task = self._at_work[days] = asyncio.create_task(self._read(days, self._progress[days]))
            task.add_done_callback(lambda done: self._finished(days, done))
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(task)
        except TimeoutError:
            if task.done():
                return task.result()
            return self._progress[days]

    def _finished(self, days: int, task: asyncio.Task[GapList]) -> None:
        """The page that looks next starts afresh; a fault is named here, since nobody may be waiting any more."""
        self._at_work.pop(days, None)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Unavailable):
            log.error("gaps.reading_failed", days=days, error=type(error).__name__)

    def progress(self, days: int) -> GapProgress | None:
        """How far the reading of these days is; `None` when nobody reads them now."""
        return self._progress.get(days) if days in self._at_work else None

    async def close(self) -> None:
        """Stop what is still being read."""
        for task in list(self._at_work.values()):
            task.cancel()
        await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def _read(self, days: int, progress: GapProgress) -> GapList:
        since = now() - timedelta(days=days)
        questions = await load_questions(self.db, since)
        failed = [question for question in questions if question.fate in GAPS]
        wordings = _by_words(failed)
        await self._embed([wording.text for wording in wordings], progress)
        groups = await asyncio.to_thread(self._group, wordings)
        ranked = sorted(groups, key=lambda one: (-_customers(wordings, one), -_times(wordings, one)))
        dismissals = await load_dismissals(self.db)
        drafts = await self._drafts()
        replies = await load_agent_replies(self.db, failed)
        gaps = [await self._gap(wordings, one, since, days, dismissals, drafts, replies) for one in ranked[:MAX_GROUPS]]
        return GapList(
            open=tuple(gap for gap in gaps if not gap.answered_by and not _is_away(gap)),
            answered=tuple(gap for gap in gaps if gap.answered_by),
            dismissed=tuple(gap for gap in gaps if not gap.answered_by and _is_away(gap)),
            asked=len(questions),
            failed=len(failed),
            customers=len({question.contact_id for question in failed}),
            groups=len(groups),
        )

    async def _embed(self, texts: Sequence[str], progress: GapProgress) -> None:
        missing = self.recent.missing(texts)
        progress.total = len(missing)
        for step in batched(missing, _AT_ONCE):
            await asyncio.to_thread(self.recent.embed_queries, step)
            progress.done += len(step)

    def _group(self, wordings: Sequence[_Wording]) -> list[QuestionCluster]:
        vectors = self.recent.embed_queries([wording.text for wording in wordings])
        placed = place_across_languages(self.library.snapshot, vectors, [wording.language for wording in wordings])
        alike = similarity_thresholds(self.library.snapshot.space).questions
        return cluster_vectors(placed, [wording.customers for wording in wordings], alike=alike)

    async def _gap(
        self,
        wordings: Sequence[_Wording],
        one: QuestionCluster,
        since: datetime,
        days: int,
        dismissals: Sequence[Dismissal],
        drafts: dict[str, str],
        replies: Mapping[str, AgentReply],
    ) -> Gap:
        mine = [wordings[row] for row in one.rows]
        questions = [question for wording in mine for question in wording.questions]
        found = await self.library.search_many([(wording.text, wording.language) for wording in mine[:_TRIED]])
        answers = [hit.candidates[0].article for hit in found if hit.outcome is SearchOutcome.ANSWER]
        customers = len({question.contact_id for question in questions})
        return Gap(
            examples=tuple(_example(wording) for wording in _both_languages(mine)),
            questions=tuple(wording.questions[-1].id for wording in mine[:MAX_NAMED]),
            customers=customers,
            times=len(questions),
            fates=dict(Counter(question.fate for question in questions)),
            languages=tuple(sorted({wording.language for wording in mine})),
            per_day=_per_day(questions, since, days),
            nearest=found[0].candidates[:3],
            answered_by=_answered_by(answers, len(found), questions),
            draft=next((drafts[words] for words in map(_masked_words, mine) if words in drafts), None),
            dismissal=self._dismissal(mine, dismissals),
            replies=best_replies(replies[question.id] for question in questions if question.id in replies),
        )

    async def dismiss(self, ids: Sequence[str], *, customers: int, by: str, why: str) -> None:
        """Put a group aside until it has grown by half. Raises `NotFound` when nothing of it is left."""
        middle = await self._middle_of(ids)
        await add_dismissal(self.db, self._space, make_dismissal(middle, customers=customers, by=by, why=why, at=now()))

    async def show_again(self, ids: Sequence[str]) -> None:
        """Undo `dismiss`. Raises `NotFound` when nothing of the group is left."""
        await remove_dismissal(self.db, self._space, await self._middle_of(ids))

    async def _middle_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        texts = [question.text for question in await load_questions_by_id(self.db, ids)]
        if not texts:
            raise NotFound("Nothing is left of this group: the conversations have been erased.")
        return await asyncio.to_thread(lambda: self.recent.embed_queries(texts).mean(axis=0))

    def _dismissal(self, mine: Sequence[_Wording], dismissals: Sequence[Dismissal]) -> Dismissal | None:
        if not dismissals:
            return None
        middle = self.recent.embed_queries([wording.text for wording in mine[:MAX_NAMED]]).mean(axis=0)
        return find_dismissal(dismissals, self._space, middle)

    @property
    def _space(self) -> VectorSpace:
        return self.library.snapshot.space

    async def _drafts(self) -> dict[str, str]:
        """The articles that are being written, by the words that they are asked for in."""
        views = await list_articles(self.db, ArticleFilter(has_draft=True))
        return {same_words(text): view.key for view in views for text in view.content.asked}


def _by_words(questions: Sequence[QuestionRecord]) -> list[_Wording]:
    """Each wording once, those of most customers first; at most as many as can be grouped."""
    together: dict[str, _Wording] = {}
    for question in questions:
        words = same_words(question.text) or tidy(question.text)
        if not words:
            continue
        mine = together.setdefault(words, _Wording(text=question.text, language=question.language, questions=[]))
        mine.questions.append(question)
    return sorted(together.values(), key=lambda one: -one.customers)[:MAX_VECTORS]


def _customers(wordings: Sequence[_Wording], one: QuestionCluster) -> int:
    return len({question.contact_id for row in one.rows for question in wordings[row].questions})


def _times(wordings: Sequence[_Wording], one: QuestionCluster) -> int:
    return sum(len(wordings[row].questions) for row in one.rows)


def _both_languages(mine: Sequence[_Wording]) -> list[_Wording]:
    """A few typical ones; the first of each language is always among them."""
    firsts = {wording.language: wording for wording in reversed(mine)}
    chosen = [wording for wording in mine if wording is firsts[wording.language]]
    others = [wording for wording in mine if wording not in chosen]
    return [*chosen, *others][:_EXAMPLES]


def _example(wording: _Wording) -> Example:
    return Example(text=mask(wording.text), language=wording.language, customers=wording.customers)


def _masked_words(wording: _Wording) -> str:
    return same_words(mask(wording.text))


def _answered_by(answers: Sequence[str], tried: int, questions: Sequence[QuestionRecord]) -> str | None:
    """The article that now answers most of them, unless it is one that they got and that didn't do."""
    if not answers:
        return None
    article, count = Counter(answers).most_common(1)[0]
    got: Collection[str] = {key for question in questions for key in question.given}
    return article if 2 * count > tried and article not in got else None


def _per_day(questions: Sequence[QuestionRecord], since: datetime, days: int) -> tuple[int, ...]:
    first = since.astimezone(UTC).date()
    counted = Counter((question.asked_at.astimezone(UTC).date() - first).days for question in questions)
    return tuple(counted.get(day, 0) for day in range(days + 1))


def _is_away(gap: Gap) -> bool:
    return gap.dismissal is not None and not gap.dismissal.outgrown_by(gap.customers)
