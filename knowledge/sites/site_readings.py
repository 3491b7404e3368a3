"""Reading the sites that are due: one worker in each instance, each site by one of them, by a lease."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from knowledge.sites.site_changes import NightChanges, keep_changes
from knowledge.sites.site_client import MIN_DELAY_SECONDS, SiteClient
from knowledge.sites.site_contents import SitePage, assemble
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from knowledge.sites.site_report import SiteReport
from knowledge.sites.site_store import SiteView, load_pages, rest, store_pages, touch_lease, view_of
from store.db import Database
from store.errors import Unavailable
from store.lease_worker import WorkerLimits
from store.models import Site, SiteStatus, now

if TYPE_CHECKING:
    from knowledge.sites.site_reader import SiteProgress, SiteReading

log = structlog.get_logger()

#: Two sites at once, each at its own pace; a reading that is cut short begins anew elsewhere.
SITE_LIMITS = WorkerLimits(name="sites", at_once=2, at_once_in_burst=1, idle_seconds=60.0, drain_seconds=0.0)
LEASE = timedelta(seconds=60)
#: How often the page that shows a reading learns how far it is.
TELL_SECONDS = 1.0
#: When a site of a host that is being read is looked at again.
_SAME_HOST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClaim:
    """A site that is ours to read. `at_night`: nobody asked for it now, so that what has changed is kept."""

    site: SiteView
    at_night: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResult:
    """How a reading ended: with what the site holds, with a `problem`, or stopped by somebody (neither).

    `before` are the pages as they had been read the last time.
    """

    claim: SiteClaim
    before: tuple[SitePage, ...] = ()
    reading: "SiteReading | None" = None
    problem: SiteProblem | None = None


class StoppedReading(Exception):
    """Somebody stopped it, removed the site, or another instance has it now."""


class SiteReadings:
    """The sites that are due. A `LeaseSource`, with `store` for the results.

    `public_url` is said to the sites, `own_hosts` are those inside of our own network that may be read.
    """

    def __init__(
        self,
        db: Database,
        *,
        public_url: str,
        own_hosts: Collection[str],
        zone: ZoneInfo,
        delay_seconds: float = MIN_DELAY_SECONDS,
    ) -> None:
        self._db = db
        self._public_url = public_url
        self._own_hosts = own_hosts
        self._zone = zone
        self._delay_seconds = delay_seconds

    def log_ids(self, item: SiteClaim) -> Mapping[str, str | int]:
        """Which site."""
        return {"site": item.site.id}

    async def next_due(self) -> datetime | None:
        """When the next site is to be read, a lease that ran out included."""
        async with self._db.read() as session:
            return await session.scalar(
                select(Site.due_at).where(Site.status != SiteStatus.IDLE).order_by(Site.due_at).limit(1)
            )

    async def claim(self, limit: int) -> list[SiteClaim]:
        """Take sites that are due, of each host one at a time."""
        time = now()
        try:
            async with self._db.write() as session:
                due = select(Site).where(Site.status != SiteStatus.IDLE, Site.due_at <= time)
                rows = await session.scalars(due.order_by(Site.due_at).limit(limit).with_for_update(skip_locked=True))
                reading = select(Site.host).where(Site.status == SiteStatus.READING, Site.due_at > time)
                busy = set(await session.scalars(reading))
                return [claim for site in list(rows) if (claim := self._take(site, busy, time))]
        except IntegrityError:  # another instance has just taken a site of the same host
            return []

    def _take(self, site: Site, busy: set[str], time: datetime) -> SiteClaim | None:
        if site.host in busy:
            site.due_at = time + _SAME_HOST
            return None
        busy.add(site.host)
        site.status, site.due_at, site.lease_owner = SiteStatus.READING, time + LEASE, self._db.name
        site.pages_read = site.pages_known = site.questions_found = 0
        return SiteClaim(site=view_of(site), at_night=site.asked_by is None)

    async def work(self, item: SiteClaim) -> SiteResult:
        """Read one site. Raises `Unavailable` when it can't be said how far it is for as long as a lease."""
        pages = await load_pages(self._db, item.site.id)
        try:
            reading = await self._fetch(item.site, {page.url: page for page in pages})
        except SiteProblem as problem:
            return SiteResult(claim=item, problem=problem)
        except StoppedReading:
            log.info("sites.stopped", site=item.site.id)
            return SiteResult(claim=item)
        except Unavailable:
            raise
        except Exception:
            log.exception("sites.broke", site=item.site.id)
            return SiteResult(claim=item, problem=SiteProblem(SiteProblemKind.BROKEN))
        return SiteResult(claim=item, before=tuple(pages), reading=reading)

    async def store(self, results: Sequence[SiteResult]) -> None:
        """Keep what came of readings. Raises `Unavailable`: then it is called again, and twice does no harm."""
        for result in results:
            site = result.claim.site
            try:
                if result.problem is not None:
                    await self._note_problem(site, result.problem)
                elif result.reading is not None:
                    await self._keep(result, result.reading)
            except StoppedReading:
                log.info("sites.stopped", site=site.id)

    async def _keep(self, result: SiteResult, reading: "SiteReading") -> None:
        site, changes = result.claim.site, NightChanges()
        await self._keep_lease(site, _Told())
        if result.claim.at_night:
            changes = await keep_changes(
                self._db,
                assemble(result.before),
                assemble(reading.pages),
                by=site.name,
                site_id=site.id,
                publishing=site.publishes,
            )
        await self._finish(site, reading, changes)
        log.info("sites.read", site=site.id, pages=reading.read, drafted=len(changes.drafted))

    async def _fetch(self, site: SiteView, known: Mapping[str, SitePage]) -> "SiteReading":
        """Read it while telling how far it is. Raises `SiteProblem`, `StoppedReading`, `Unavailable`."""
        from knowledge.sites.site_reader import read_site  # reads HTML, with libraries that nothing else needs

        told = _Told()
        client = SiteClient(public_url=self._public_url, own_hosts=self._own_hosts, delay_seconds=self._delay_seconds)
        reading = asyncio.create_task(
            read_site(client, site.address, language=site.language, known=known, report=told.note)
        )
        try:
            while not (await asyncio.wait([reading], timeout=TELL_SECONDS))[0]:
                await self._tell(site, told)
            await self._tell(site, told)
            return await reading
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await reading
            await client.close()

    async def _tell(self, site: SiteView, told: "_Told") -> None:
        """Keep the lease, unless the database is away for a moment; it may be, as long as the lease lasts."""
        try:
            await self._keep_lease(site, told)
        except Unavailable:
            if monotonic() - told.kept_at > LEASE.total_seconds():
                raise
        else:
            told.kept_at = monotonic()

    async def _keep_lease(self, site: SiteView, told: "_Told") -> None:
        if not await touch_lease(self._db, site.id, self._db.name, now() + LEASE, told.counts):
            raise StoppedReading

    async def _finish(self, site: SiteView, reading: "SiteReading", changes: NightChanges) -> None:
        report = replace(
            SiteReport.of(reading), drafted=changes.drafted, published=changes.published, left=changes.left
        )
        async with self._db.write() as session:
            row = await session.get(Site, site.id, with_for_update=True)
            if row is None or row.lease_owner != self._db.name:
                raise StoppedReading
            await store_pages(session, site.id, reading.pages)
            row.read_at, row.problem, row.report = now(), None, report.as_json()
            rest(row, self._zone)

    async def _note_problem(self, site: SiteView, problem: SiteProblem) -> None:
        """Say why; what was known of the site stays."""
        log.info("sites.not_read", site=site.id, kind=str(problem.kind))
        async with self._db.write() as session:
            row = await session.get(Site, site.id, with_for_update=True)
            if row is not None and row.lease_owner == self._db.name:
                row.problem = problem.of(site.address.start).as_json()
                rest(row, self._zone)


class _Told:
    """The last that a reading told of itself."""

    def __init__(self) -> None:
        self.counts: tuple[int, int, int] | None = None
        self.kept_at = monotonic()

    def note(self, progress: "SiteProgress") -> None:
        self.counts = (progress.read, progress.known, progress.found)
