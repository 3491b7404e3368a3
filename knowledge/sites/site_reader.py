"""Reading a site, page by page: what its robots.txt allows, what its sitemap names or its links lead to."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from time import monotonic
from urllib.parse import urlsplit

from knowledge.formats.problems import FileProblem
from knowledge.sites.page_questions import PageQuestions, find_questions, speaks_of_help
from knowledge.sites.robots import RobotsRules, fetch_robots
from knowledge.sites.site_address import SiteAddress
from knowledge.sites.site_client import SiteClient, SiteResponse
from knowledge.sites.site_contents import SitePage
from knowledge.sites.site_problems import PassedPage, SiteProblem, SiteProblemKind
from knowledge.sites.sitemap import MAX_SITEMAP_BYTES, XML_TYPES, fetch_listed_pages, read_sitemap
from knowledge.sites.web_page import HTML_TYPES, WebPage, read_web_page

#: A reading that was to be stopped, or that would overtax a site, isn't lost: what has been read counts.
MAX_PAGES = 300
MAX_PAGE_BYTES = 3 * 1024 * 1024
#: Links from the first page to the last.
MAX_DEPTH = 3
MAX_SITE_SECONDS = 45 * 60.0
#: Pages that were passed over, of which the list is kept; their number always is.
MAX_PASSED_SHOWN = 200
_TYPES = HTML_TYPES | XML_TYPES
_FILES = frozenset(
    """
    .avi .css .doc .docx .eps .exe .gif .gz .ico .jpeg .jpg .js .json .mov .mp3 .mp4 .odt .pdf .png .ppt .pptx .rar .rss
    .svg .tar .tif .tiff .wav .webm .webp .woff .woff2 .xls .xlsx .zip
    """.split()  # noqa: SIM905
)
#: A page of which this is said is there no more; of any other nobody knows, and what it said stays.
_GONE = frozenset(
    {
        SiteProblemKind.GONE,
        SiteProblemKind.ROBOTS,
        SiteProblemKind.HIDDEN,
        SiteProblemKind.NO_QUESTIONS,
        SiteProblemKind.ELSEWHERE,
        SiteProblemKind.KIND,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProgress:
    """How far a reading is: pages read, pages known of, questions found, and the page that is being read."""

    read: int = 0
    known: int = 0
    found: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """What a site holds now. `unread`: pages that were known of, but are more than are read."""

    pages: tuple[SitePage, ...]
    passed: tuple[PassedPage, ...]
    passed_count: int
    problems: tuple[FileProblem, ...]
    read: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimits:
    """How much of a site is read."""

    pages: int = MAX_PAGES
    depth: int = MAX_DEPTH
    seconds: float = MAX_SITE_SECONDS


type ReportProgress = Callable[[SiteProgress], None]


async def read_site(
    client: SiteClient,
    address: SiteAddress,
    *,
    language: str,
    known: Mapping[str, SitePage] | None = None,
    limits: SiteLimits | None = None,
    report: ReportProgress = lambda progress: None,
) -> SiteReading:
    """Read a site. `known` are its pages as they were: those that haven't changed aren't sent again.

    Pages with articles are asked for by what the site says their version is. What can't be read at the moment stays as
    it was. Raises `SiteProblem` when the site can't be read at all, or holds nothing.
    """
    reader = _SiteReader(
        client=client,
        address=address,
        language=language,
        known=known or {},
        limits=limits or SiteLimits(),
        report=report,
    )
    return await reader.read()


@dataclass(slots=True, kw_only=True)
class _SiteReader:
    """One reading. `waiting` holds pages with their distance from the first."""

    client: SiteClient
    address: SiteAddress
    language: str
    known: Mapping[str, SitePage]
    limits: SiteLimits
    report: ReportProgress
    robots: RobotsRules = field(default_factory=lambda: RobotsRules(""))
    follows_links: bool = False
    waiting: deque[tuple[str, int]] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)
    pages: dict[str, SitePage] = field(default_factory=dict)
    passed: list[PassedPage] = field(default_factory=list)
    passed_count: int = 0
    problems: list[FileProblem] = field(default_factory=list)
    read_count: int = 0
    found: int = 0

    async def read(self) -> SiteReading:
        """From the first page to the last."""
        until = monotonic() + self.limits.seconds
        self.report(SiteProgress(url=self.address.start))
        self.robots = await fetch_robots(self.client, self.address.start)
        self.client.delay_seconds = self.robots.delay_seconds(self.client.delay_seconds)
        if self.client.delay_seconds > self.limits.seconds:
            raise SiteProblem(SiteProblemKind.BUSY)
        await self._begin()
        while self.waiting and self.read_count < self.limits.pages and self._has_time(until):
            url, depth = self.waiting.popleft()
            await self._read_page(url, depth)
        self._keep_unread()
        if not any(page.articles for page in self.pages.values()):
            raise self._nothing()
        return SiteReading(
            pages=tuple(self.pages.values()),
            passed=tuple(self.passed),
            passed_count=self.passed_count,
            problems=tuple(self.problems),
            read=self.read_count,
            unread=len(self.waiting),
        )

    async def _begin(self) -> None:
        """The pages that were listed; else those of the sitemap; else those that the first page leads to.

        Raises `SiteProblem` when the first page can't be read: then hardly any other can.
        """
        if self.address.listed:
            return self._add(self.address.listed, 0)
        start = self.address.start
        first = await self._fetch(start)
        await self._follow_start(first.url)
        if first.media_type in XML_TYPES or _is_sitemap(first):
            return self._add(await self._fetch_sitemap(start=first.body), 0)
        self.seen |= {start, first.url}
        self._add(await self._fetch_sitemap(), 0)
        self.follows_links = not self.waiting
        self._tell(start)
        await self._take(start, first, 0)
        return None

    async def _follow_start(self, url: str) -> None:
        """The first page may have led us on: to www, to https, to its folder in another language."""
        moved = replace(self.address, start=url)
        if moved.origin != self.address.origin:
            self.robots = await fetch_robots(self.client, url)
            self.robots.refuse_forbidden(url)
        self.address = moved

    async def _fetch_sitemap(self, start: bytes | None = None) -> list[str]:
        return await fetch_listed_pages(self.client, self.address, self.robots, start=start)

    async def _read_page(self, url: str, depth: int) -> None:
        self._tell(url)
        try:
            response = await self._fetch(url)
        except SiteProblem as problem:
            self.read_count += 1
            self._pass_over(url, problem)
        else:
            await self._take(url, response, depth)

    async def _fetch(self, url: str) -> SiteResponse:
        known = self.known.get(url)
        return await self.client.get(
            url,
            media_types=_TYPES,
            max_bytes=MAX_SITEMAP_BYTES if url == self.address.start else MAX_PAGE_BYTES,
            stamp=known.stamp if known and known.articles else None,
            check=self.robots.refuse_forbidden,
        )

    async def _take(self, url: str, response: SiteResponse, depth: int) -> None:
        """What the page says, and where it leads."""
        self.read_count += 1
        if response.is_unchanged:
            self._follow(self.known[url].links, depth)
            return self._keep(url, self.known[url])
        self.seen.add(response.url)
        page, found = await asyncio.to_thread(self._look, response)
        self._follow(page.links, depth)
        if isinstance(found, SiteProblem):
            return self._pass_over(url, found)
        self.problems += found.problems
        links = tuple(link for link in page.links if self.address.covers(link))
        return self._keep(
            url, SitePage(url=url, stamp=response.stamp, articles=found.articles, links=links, twins=page.twins)
        )

    def _follow(self, links: Iterable[str], depth: int) -> None:
        if self.follows_links and depth < self.limits.depth:
            self._add((link for link in links if self.address.covers(link)), depth + 1)

    def _look(self, response: SiteResponse) -> tuple[WebPage, PageQuestions | SiteProblem]:
        page = read_web_page(response)
        try:
            return page, find_questions(page, language=self.language, whole_site=self.address.is_whole_site)
        except SiteProblem as problem:
            return page, problem

    def _keep(self, url: str, page: SitePage) -> None:
        self.pages[url] = page
        self.found += len(page.articles)
        self._tell("")

    def _pass_over(self, url: str, problem: SiteProblem) -> None:
        """Note why. What a page said before stays, unless it is known that it doesn't say it any more."""
        self.passed_count += 1
        if len(self.passed) < MAX_PASSED_SHOWN:
            self.passed.append(problem.of(url))
        if problem.kind not in _GONE and url in self.known:
            self._keep(url, self.known[url])

    def _keep_unread(self) -> None:
        """Pages that there was no time or room for are as they were."""
        for url, _ in self.waiting:
            if url in self.known:
                self.pages[url] = self.known[url]

    def _add(self, urls: Iterable[str], depth: int) -> None:
        """Pages that speak of help come first: there may be more pages than are read."""
        for url in sorted(urls, key=lambda url: not speaks_of_help(url)):
            if url not in self.seen and not _is_file(url):
                self.seen.add(url)
                self.waiting.append((url, depth))

    def _has_time(self, until: float) -> bool:
        return monotonic() + self.client.delay_seconds < until

    def _tell(self, url: str) -> None:
        known = min(self.limits.pages, self.read_count + len(self.waiting) + (1 if url else 0))
        self.report(SiteProgress(read=self.read_count, known=known, found=self.found, url=url))

    def _nothing(self) -> SiteProblem:
        """Why nothing was found: the reason of the only page, if it was only one."""
        if self.read_count == 1 and self.passed and self.passed[0].kind != SiteProblemKind.NO_QUESTIONS:
            only = self.passed[0]
            return SiteProblem(only.kind, **only.details)
        return SiteProblem(SiteProblemKind.NOTHING)


def _is_file(url: str) -> bool:
    """Whether the address alone says that it is no page: nobody needs to ask for that."""
    return PurePosixPath(urlsplit(url).path).suffix.lower() in _FILES


def _is_sitemap(response: SiteResponse) -> bool:
    """A sitemap that is sent as text or HTML: some servers know no better."""
    if response.media_type in HTML_TYPES and b"<urlset" not in response.body[:1000]:
        return False
    sitemap = read_sitemap(response.body[:MAX_SITEMAP_BYTES])
    return bool(sitemap.pages or sitemap.sitemaps)
