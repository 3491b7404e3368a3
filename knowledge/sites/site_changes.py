"""What a night brought: what has changed on a site becomes drafts, or is published where an admin wants that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from knowledge.articles import drafts
from knowledge.articles.content import Content
from knowledge.formats.import_plan import (
    ImportContents,
    ImportEffect,
    ImportPlan,
    PlannedArticle,
    apply_plan,
    make_plan,
)
from knowledge.formats.problems import FileProblems
from knowledge.sites.site_contents import SiteContents
from knowledge.sites.site_store import remember_sources
from store.db import Database
from store.errors import Conflict
from store.models import Article, ArticleState


@dataclass(frozen=True, slots=True, kw_only=True)
class NightChanges:
    """The keys of what was kept as drafts, of what was published, and of what was left as it is."""

    drafted: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def changed_between(before: SiteContents, after: SiteContents) -> dict[str, Content]:
    """The articles of a site that are new on it, or say something else than before."""
    return {key: content for key, content in after.articles.items() if before.articles.get(key) != content}


def as_import(articles: Mapping[str, Content]) -> ImportContents:
    """Articles of a site, to be planned like those of a file: phrasings and other languages stay as they are."""
    return ImportContents(articles=articles, is_foreign=True, problems=FileProblems())


async def keep_changes(
    db: Database, before: SiteContents, after: SiteContents, *, by: str, site_id: str, publishing: bool
) -> NightChanges:
    """Keep what has changed since the last reading. A draft of somebody's stays as it is, and so does an archived one.

    What was declined isn't proposed again before the page says something else. Raises `Unavailable`.
    """
    changed = changed_between(before, after)
    plan = await make_plan(db, as_import(changed))
    archived = await _archived(db, changed)
    wanted = [one for one in plan.articles if one.fate != ImportEffect.UNCHANGED]
    open_ones = [one for one in wanted if one.key not in archived]
    left = [one.key for one in wanted if one.key in archived]
    if publishing:
        published = await _publish(db, plan, open_ones, by)
        changes = NightChanges(published=published, left=tuple(left))
    else:
        drafted = [one.key for one in open_ones if await _keep_draft(db, one, by, left)]
        changes = NightChanges(drafted=tuple(drafted), left=tuple(left))
    kept = {key: after.sources[key] for key in (*changes.drafted, *changes.published)}
    await remember_sources(db, kept, site_id)
    return changes


async def _publish(db: Database, plan: ImportPlan, wanted: list[PlannedArticle], by: str) -> tuple[str, ...]:
    """All at once; whoever changes an article at this moment makes us look again."""
    if wanted:
        await apply_plan(db, replace(plan, articles=tuple(wanted)), by=by)
        await drop_spent_drafts(db, [one.key for one in wanted if one.has_draft], by=by)
    return tuple(one.key for one in wanted)


async def drop_spent_drafts(db: Database, keys: Iterable[str], *, by: str) -> None:
    """Drop those drafts of these articles that say what has just been published, as a night before may have left."""
    for key in keys:
        view = await drafts.load(db, key)
        if view.draft is not None and view.draft == view.published:
            await drafts.discard_draft(db, key, by=by, expected_version=view.version)


async def _keep_draft(db: Database, planned: PlannedArticle, by: str, left: list[str]) -> bool:
    """Whether the text is in a draft now that nobody else had begun."""
    if planned.has_draft:
        view = await drafts.load(db, planned.key)
        if view.draft == planned.after:
            return view.changed_by == by
        if view.changed_by != by:
            left.append(planned.key)
            return False
    try:
        await drafts.save_draft(db, planned.key, planned.after.as_json(), by=by, expected_version=planned.version)
    except Conflict:  # somebody has it open and was quicker
        left.append(planned.key)
        return False
    return True


async def _archived(db: Database, keys: Mapping[str, Content]) -> set[str]:
    async with db.read() as session:
        chosen = select(Article.key).where(Article.key.in_(list(keys)), Article.state == ArticleState.ARCHIVED)
        return set(await session.scalars(chosen))
