"""Bringing a file in after a look at what it would change: new, changed, unchanged, refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import batched
from time import monotonic

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.catalogue import read_revision
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.drafts import save_draft
from knowledge.articles.publishing import fill_gaps_from, publish_all, read_contents
from knowledge.bulk_work import ROWS_AT_ONCE, bulk_write
from knowledge.formats.file_formats import FileFormat
from knowledge.formats.file_reader import FileArticles, ReadingOptions, read_whole
from knowledge.formats.problem_words import describe_hold
from knowledge.formats.problems import FileProblem, FileProblems, HoldReason
from knowledge.formats.tables.column_mapping import ColumnMapping, TableOutline
from knowledge.formats.transfer import archive_in_steps
from store.db import Database
from store.errors import Conflict, Invalid
from store.models import Article, ArticleState
from store.models.json_value import JsonDocument

MAX_BYTES = 10 * 1024 * 1024
MAX_ARTICLES = 20_000
"""What a file may hold that comes over the web; the command line takes any size."""

_AT_ONCE = 100


class ImportEffect(StrEnum):
    """What an import would do to an article. `drafted`: it has a draft, on top of which the new text would come."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedArticle:
    """One article of a file: what there is, what there would be. `version` is `None` for a new one.

    `hold` says why it comes in as a draft, whatever is asked for.
    """

    key: str
    fate: ImportEffect
    before: Content | None
    after: Content
    version: int | None
    has_draft: bool
    hold: HoldReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would change. `revision` is the knowledge base that it was compared with.

    Of `refused` and `passed_over` the first thousand together are kept, the counts are right; `tables` are how the
    tables of the file were understood.
    """

    articles: tuple[PlannedArticle, ...]
    archived: tuple[str, ...]
    refused: tuple[FileProblem, ...]
    refused_count: int
    passed_over: tuple[FileProblem, ...]
    revision: int
    passed_over_count: int = 0
    tables: tuple[TableOutline, ...] = ()

    @property
    def work(self) -> int:
        """How many articles there are to store or archive."""
        return len(self.articles) - len(self.of(ImportEffect.UNCHANGED)) + len(self.archived)

    def of(self, fate: ImportEffect) -> list[PlannedArticle]:
        """The articles with that fate."""
        return [one for one in self.articles if one.fate == fate]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """A file as it came, and what is known about it; what isn't known is recognised.

    `mappings` say what the columns of its tables are, by the names of the tables' outlines.
    """

    raw: bytes
    name: str
    written: FileFormat | None = None
    language: str | None = None
    mappings: Mapping[str, ColumnMapping] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContents:
    """What a file holds. One of another system knows nothing of phrasings and other languages: they stay.

    `held` are the articles that may not become public, by key; `tables` are how the tables were understood, with three
    cells of each column.
    """

    articles: Mapping[str, Content]
    is_foreign: bool
    problems: FileProblems
    held: Mapping[str, HoldReason] = field(default_factory=dict)
    tables: tuple[TableOutline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did. `left` had a draft already, which a draft doesn't replace; `held` came in as drafts."""

    new: int = 0
    changed: int = 0
    archived: int = 0
    left: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def read_source(source: ImportSource) -> ImportContents:
    """Read a file that came over the web. Raises `Invalid` beyond the limits of fault F96, within five seconds."""
    if len(source.raw) > MAX_BYTES:
        raise Invalid(f"The file has {len(source.raw) / 2**20:.1f} MB; {MAX_BYTES // 2**20} MB are allowed.")
    problems = FileProblems(most=MAX_ARTICLES, until=monotonic() + 4)
    options = ReadingOptions(written=source.written, language=source.language, mappings=source.mappings)
    found = read_whole(source.raw, source.name, problems, options)
    if len(found.contents) > MAX_ARTICLES:
        raise Invalid(f"The file holds {len(found.contents):,} articles; {MAX_ARTICLES:,} are allowed here.")
    return as_contents(found, problems)


def as_contents(found: FileArticles, problems: FileProblems) -> ImportContents:
    """What was read, ready to be compared with what there is."""
    return ImportContents(
        articles=found.contents,
        is_foreign=found.is_foreign,
        problems=problems,
        held=found.held,
        tables=found.tables,
    )


async def make_plan(db: Database, contents: ImportContents, *, replacing: bool = False) -> ImportPlan:
    """What an import of this would do; nothing is stored."""
    revision = await read_revision(db)
    planned: list[PlannedArticle] = []
    async with db.read() as session:
        for batch in batched(contents.articles.items(), _AT_ONCE):
            planned += await _plan(session, dict(batch), contents)
        visible = await session.scalars(select(Article.key).where(Article.state == ArticleState.PUBLISHED))
        others = sorted(key for key in visible if key not in contents.articles) if replacing else []
    return ImportPlan(
        articles=tuple(planned),
        archived=tuple(others),
        refused=contents.problems.refused,
        refused_count=contents.problems.refused_count,
        passed_over=contents.problems.passed_over,
        passed_over_count=contents.problems.count - contents.problems.refused_count,
        revision=revision,
        tables=contents.tables,
    )


async def apply_plan(
    db: Database,
    plan: ImportPlan,
    *,
    by: str,
    as_drafts: bool = False,
    report: Callable[[int], None] = lambda stored: None,
) -> ImportResult:
    """Publish what the plan says, or keep it as drafts; what is held back becomes a draft in any case.

    `report` is told how many are stored so far. Raises `Conflict` when the knowledge base has changed since.
    """
    if await read_revision(db) != plan.revision:
        raise Conflict(
            "The knowledge base has changed since the preview. Look at the preview once more.", code="plan_old"
        )
    wanted = [one for one in plan.articles if one.fate != ImportEffect.UNCHANGED]
    if as_drafts:
        return await _keep_as_drafts(db, wanted, by, report)
    new = changed = 0
    drafts = await _keep_as_drafts(db, [one for one in wanted if one.hold], by, report)
    stored = sum(1 for one in wanted if one.hold)
    for batch in batched([one for one in wanted if not one.hold], ROWS_AT_ONCE):
        async with bulk_write(db) as session:
            added, altered = await publish_all(session, {one.key: one.after for one in batch}, by)
        new, changed, stored = new + added, changed + altered, stored + len(batch)
        report(stored)
    archived = await archive_in_steps(db, plan.archived, by)
    return replace(drafts, new=drafts.new + new, changed=drafts.changed + changed, archived=archived)


async def _keep_as_drafts(
    db: Database, wanted: Sequence[PlannedArticle], by: str, report: Callable[[int], None]
) -> ImportResult:
    left: list[str] = []
    new = changed = 0
    for number, one in enumerate(wanted, start=1):
        report(number)
        if one.has_draft:
            left.append(one.key)
            continue
        why = describe_hold(one.hold) if one.hold else None
        await save_draft(db, one.key, one.after.as_json(), by=by, expected_version=one.version, comment=why)
        new, changed = new + (one.version is None), changed + (one.version is not None)
    held = tuple(one.key for one in wanted if one.hold and one.key not in left)
    return ImportResult(new=new, changed=changed, left=tuple(left), held=held)


async def _plan(session: AsyncSession, found: Mapping[str, Content], source: ImportContents) -> list[PlannedArticle]:
    there = await read_contents(session, list(found))
    rows = await session.execute(
        select(Article.key, Article.state, Article.version, Article.draft).where(Article.key.in_(list(found)))
    )
    known, drafts = {}, {}
    for key, state, version, draft in rows:
        known[key], drafts[key] = (state, version, draft is not None), draft
    return [
        _held(_planned(key, content, there.get(key), known.get(key), source.is_foreign), source, drafts.get(key))
        for key, content in found.items()
    ]


def _held(one: PlannedArticle, source: ImportContents, draft: JsonDocument | None) -> PlannedArticle:
    """With why it may only be a draft; the draft that it came in as before is nothing new."""
    hold = source.held.get(one.key)
    is_there = hold is not None and draft is not None and draft == one.after.as_json()
    return replace(one, hold=hold, fate=ImportEffect.UNCHANGED if is_there else one.fate)


def _planned(
    key: str, content: Content, before: Content | None, known: tuple[ArticleState, int, bool] | None, foreign: bool
) -> PlannedArticle:
    after = fill_gaps_from(keep_unknown(content, before) if foreign else content, before)
    state, version, has_draft = known or (None, None, False)
    seen = state == ArticleState.PUBLISHED and before == after
    fate = ImportEffect.NEW if known is None else ImportEffect.UNCHANGED if seen else ImportEffect.CHANGED
    return PlannedArticle(key=key, fate=fate, before=before, after=after, version=version, has_draft=has_draft)


def keep_unknown(content: Content, before: Content | None) -> Content:
    """What another system can't know stays: phrasings, further languages, and the category where it names none."""
    if before is None:
        return content
    said = {
        language: _with_phrasings(wording, before.variants.get(language))
        for language, wording in content.variants.items()
    }
    return replace(content, variants={**before.variants, **said}, category=content.category or before.category)


def _with_phrasings(wording: ArticleWording, before: ArticleWording | None) -> ArticleWording:
    return replace(wording, phrasings=before.phrasings) if before and not wording.phrasings else wording
