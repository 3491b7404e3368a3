"""The sites that are read: entered, listed, switched and removed; and which article is of which page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.content import read_content
from knowledge.articles.publishing import read_contents
from knowledge.sites.site_address import SiteAddress, read_site_address
from knowledge.sites.site_client import PageStamp
from knowledge.sites.site_contents import SiteContents, SitePage
from knowledge.sites.site_problems import PassedPage, SiteProblem, SiteProblemKind
from knowledge.sites.site_report import SiteReport
from store.db import Database
from store.errors import NotFound
from store.models import Article, ArticleSource, ArticleState, Site, SitePageRecord, SiteStatus, now

MAX_SITES = 50
#: The hour (installation's time) from which on sites are read at night; each has its own minute of the next two.
NIGHT_HOUR = 2
_NIGHT_MINUTES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """A site as it is shown. `due_at` is when it is read next, if that is known."""

    id: str
    address: SiteAddress
    language: str
    status: SiteStatus
    due_at: datetime | None
    nightly: bool
    publishes: bool
    pages_read: int
    pages_known: int
    questions_found: int
    read_at: datetime | None
    problem: PassedPage | None
    report: SiteReport | None
    added_by: str

    @property
    def name(self) -> str:
        """Its host: who has changed an article at night."""
        return self.address.host


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfArticle:
    """Where an article's text was taken from, and when; `site_id` while that site is in the list."""

    url: str
    read_at: datetime
    site_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VanishedArticle:
    """An article that customers see, or could, although its page doesn't say it any more."""

    key: str
    question: str
    url: str
    state: ArticleState


async def add_site(db: Database, text: str, *, language: str, by: str) -> SiteView:
    """Enter a site, to be read at once. Raises `SiteProblem` for what is no address, or is there already."""
    address = read_site_address(text)
    async with db.write() as session:
        addresses = set(await session.scalars(select(Site.address)))
        if address.text in addresses:
            raise SiteProblem(SiteProblemKind.THERE_ALREADY)
        if len(addresses) >= MAX_SITES:
            raise SiteProblem(SiteProblemKind.TOO_MANY_SITES, most=MAX_SITES)
        site = Site(address=address.text, host=address.host, language=language, added_by=by, asked_by=by)
        session.add(site)
        await session.flush()
        return view_of(site)


async def list_sites(db: Database) -> list[SiteView]:
    """All of them, the newest first."""
    async with db.read() as session:
        return [view_of(site) for site in await session.scalars(select(Site).order_by(Site.added_at.desc(), Site.id))]


async def load_site(db: Database, site_id: str) -> SiteView:
    """One of them. Raises `NotFound`."""
    async with db.read() as session:
        return view_of(await _get(session, site_id))


async def ask_for_reading(db: Database, site_id: str, *, by: str) -> SiteView:
    """Have a site read now, unless it is being read already."""
    async with db.write() as session:
        site = await _get(session, site_id, locked=True)
        if site.status != SiteStatus.READING:
            site.status, site.due_at, site.asked_by, site.lease_owner = SiteStatus.PENDING, now(), by, None
            site.pages_read = site.pages_known = site.questions_found = 0
        return view_of(site)


async def stop_reading(db: Database, site_id: str, zone: ZoneInfo) -> SiteView:
    """Read no further; what was read is dropped. Whoever reads it notices within a second or two."""
    async with db.write() as session:
        site = await _get(session, site_id, locked=True)
        site.problem = SiteProblem(SiteProblemKind.NOT_STARTED).of(site_address(site).start).as_json()
        rest(site, zone)
        return view_of(site)


async def switch_site(db: Database, site_id: str, *, nightly: bool, publishes: bool, zone: ZoneInfo) -> SiteView:
    """Look again every night or not; publish what has changed then or not."""
    async with db.write() as session:
        site = await _get(session, site_id, locked=True)
        site.nightly, site.publishes = nightly, nightly and publishes
        waits_for_night = site.status == SiteStatus.PENDING and site.due_at is not None and site.due_at > now()
        if site.status == SiteStatus.IDLE or waits_for_night:
            rest(site, zone)
        return view_of(site)


async def remove_site(db: Database, site_id: str) -> None:
    """Take a site out of the list; its articles stay, and remember their pages."""
    async with db.write() as session:
        await session.execute(delete(Site).where(Site.id == site_id))


def rest(site: Site, zone: ZoneInfo) -> None:
    """Nothing is to be done for a site until the night, if it is read then."""
    site.lease_owner = site.asked_by = None
    site.status = SiteStatus.PENDING if site.nightly else SiteStatus.IDLE
    site.due_at = next_night(site.id, now(), zone) if site.nightly else None


def next_night(site_id: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The next time of a night at which a site is read: always the same minute, another one for each site."""
    minute = int(site_id[:8], 16) % _NIGHT_MINUTES
    day = after.astimezone(zone).date()
    at = time(NIGHT_HOUR + minute // 60, minute % 60, tzinfo=zone)
    tonight = datetime.combine(day, at)
    return tonight if tonight > after else datetime.combine(day + timedelta(days=1), at)


async def load_pages(db: Database, site_id: str) -> list[SitePage]:
    """What the pages of a site said when they were read last."""
    async with db.read() as session:
        rows = await session.scalars(select(SitePageRecord).where(SitePageRecord.site_id == site_id))
        return [_page(row) for row in rows]


async def store_pages(session: AsyncSession, site_id: str, pages: Iterable[SitePage]) -> None:
    """Put these in the place of all that were known of a site."""
    await session.execute(delete(SitePageRecord).where(SitePageRecord.site_id == site_id))
    session.add_all(
        SitePageRecord(
            site_id=site_id,
            url=page.url,
            etag=page.stamp.etag,
            last_modified=page.stamp.last_modified,
            links=page.links,
            articles={
                "articles": [{"key": key, "content": content.as_json()} for key, content in page.articles],
                "twins": list(page.twins),
            },
        )
        for page in pages
    )


async def remember_sources(db: Database, sources: Mapping[str, str], site_id: str | None) -> None:
    """Note of articles that there are which pages they are of."""
    async with db.write() as session:
        there = set(await session.scalars(select(Article.key).where(Article.key.in_(list(sources)))))
        await session.execute(delete(ArticleSource).where(ArticleSource.article_key.in_(list(there))))
        session.add_all(ArticleSource(article_key=key, url=sources[key], site_id=site_id) for key in sorted(there))


async def load_source(db: Database, key: str) -> PageOfArticle | None:
    """The page that an article is of, if it is of one."""
    async with db.read() as session:
        row = await session.get(ArticleSource, key)
        return PageOfArticle(url=row.url, read_at=row.read_at, site_id=row.site_id) if row else None


async def find_vanished(db: Database, site: SiteView, contents: SiteContents) -> list[VanishedArticle]:
    """The articles of a site that its pages don't say any more and that nobody has archived yet."""
    async with db.read() as session:
        found = await session.execute(
            select(ArticleSource.article_key, ArticleSource.url, Article.state)
            .join(Article, Article.key == ArticleSource.article_key)
            .where(ArticleSource.site_id == site.id, Article.state != ArticleState.ARCHIVED)
            .order_by(ArticleSource.article_key)
        )
        rows = [row for row in found if row.article_key not in contents.articles]
        published = await read_contents(session, [row.article_key for row in rows])
        asked = {key: content.in_language(site.language)[1].question for key, content in published.items()}
        return [
            VanishedArticle(key=key, question=asked.get(key, key), url=url, state=state) for key, url, state in rows
        ]


async def count_articles(db: Database, site_ids: Sequence[str]) -> dict[str, int]:
    """How many articles are of each of these sites."""
    async with db.read() as session:
        counted = func.count(ArticleSource.article_key)
        rows = await session.execute(
            select(ArticleSource.site_id, counted)
            .where(ArticleSource.site_id.in_(site_ids))
            .group_by(ArticleSource.site_id)
        )
        return {site_id: count for site_id, count in rows if site_id}


async def touch_lease(
    db: Database, site_id: str, owner: str, until: datetime, progress: tuple[int, int, int] | None
) -> bool:
    """Note how far a reading is (pages read, pages known, questions) and keep its lease; false if it isn't ours now."""
    names = ("pages_read", "pages_known", "questions_found")
    async with db.write() as session:
        kept = await session.execute(
            update(Site)
            .where(Site.id == site_id, Site.lease_owner == owner, Site.status == SiteStatus.READING)
            .values(due_at=until, **dict(zip(names, progress or (), strict=False)))
            .returning(Site.id)
        )
        return kept.first() is not None


def site_address(site: Site) -> SiteAddress:
    """Read anew from what was stored."""
    return read_site_address(site.address)


def view_of(site: Site) -> SiteView:
    """A row as a value."""
    return SiteView(
        id=site.id,
        address=site_address(site),
        language=site.language,
        status=site.status,
        due_at=site.due_at,
        nightly=site.nightly,
        publishes=site.publishes,
        pages_read=site.pages_read,
        pages_known=site.pages_known,
        questions_found=site.questions_found,
        read_at=site.read_at,
        problem=PassedPage.from_json(site.problem) if site.problem else None,
        report=SiteReport.from_json(site.report) if site.report else None,
        added_by=site.added_by,
    )


def _page(row: SitePageRecord) -> SitePage:
    listed: list[Mapping[str, Any]] = row.articles["articles"]
    return SitePage(
        url=row.url,
        stamp=PageStamp(etag=row.etag, last_modified=row.last_modified),
        articles=tuple((str(one["key"]), read_content(one["content"])) for one in listed),
        links=row.links,
        twins=tuple(map(str, row.articles.get("twins", ()))),
    )


async def _get(session: AsyncSession, site_id: str, *, locked: bool = False) -> Site:
    site = await session.get(Site, site_id, with_for_update=locked)
    if site is None:
        raise NotFound("This site isn't in the list any more.")
    return site
