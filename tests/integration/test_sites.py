"""Sites that are looked at again every night: what has changed is kept, what vanished is named, nobody is overrun."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from knowledge.articles import drafts
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.drafts import ArticleView
from knowledge.formats.import_plan import apply_plan, make_plan
from knowledge.sites import site_readings
from knowledge.sites.site_changes import as_import
from knowledge.sites.site_client import PageStamp
from knowledge.sites.site_contents import SitePage, assemble
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from knowledge.sites.site_readings import SiteReadings
from knowledge.sites.site_store import (
    SiteView,
    add_site,
    ask_for_reading,
    find_vanished,
    list_sites,
    load_pages,
    load_site,
    load_source,
    next_night,
    remember_sources,
    remove_site,
    stop_reading,
    store_pages,
    switch_site,
    touch_lease,
)
from store.db import Database
from store.errors import NotFound, Unavailable
from store.instances import end_leases
from store.models import ArticleState, Site, SiteStatus, now
from tests.fakes.bot import FakeBot
from tests.fakes.web_site import WebSite, faq_page, serve_site
from tests.harness import eventually, run_helpdesk, settings_for

BERLIN = ZoneInfo("Europe/Berlin")
OARS = ("How long are the oars?", "Every oar is 2.4 metres long.")
HULL = ("What is the hull made of?", "The hull is made of larch, oiled twice.")
KEY = "how-long-are-the-oars"


@pytest.fixture
async def site() -> AsyncIterator[WebSite]:
    async with serve_site() as running:
        running.put("/help", faq_page(OARS, HULL))
        yield running


@pytest.fixture
def readings(db: Database, site: WebSite) -> SiteReadings:
    return readings_of(db, site)


def readings_of(db: Database, site: WebSite) -> SiteReadings:
    """The worker of one instance; it may read this one place of loopback, without pauses."""
    host = f"127.0.0.1:{site.port}"
    return SiteReadings(db, public_url="https://staffel.example", own_hosts=[host], zone=BERLIN, delay_seconds=0.0)


async def entered(db: Database, site: WebSite) -> SiteView:
    return await add_site(db, f"{site.url}/help", language="en", by="Ada")


async def work_off(readings: SiteReadings) -> int:
    """Read what is due; how many sites these were."""
    claims = await readings.claim(5)
    await readings.store([await readings.work(claim) for claim in claims])
    return len(claims)


async def brought_in(db: Database, view: SiteView) -> None:
    """As an admin does it after the preview."""
    contents = assemble(await load_pages(db, view.id))
    await apply_plan(db, await make_plan(db, as_import(contents.articles)), by="Ada")
    await remember_sources(db, contents.sources, view.id)


async def night_falls(db: Database, site_id: str) -> None:
    async with db.write() as session:
        await session.execute(update(Site).where(Site.id == site_id).values(due_at=now() - timedelta(seconds=1)))


async def article(db: Database, key: str = KEY) -> ArticleView:
    return await drafts.load(db, key)


async def watched(db: Database, site: WebSite, readings: SiteReadings, *, publishes: bool = False) -> SiteView:
    """A site that was brought in and is looked at every night."""
    view = await entered(db, site)
    await work_off(readings)
    await brought_in(db, view)
    return await switch_site(db, view.id, nightly=True, publishes=publishes, zone=BERLIN)


async def test_a_site_is_read_at_once_and_nothing_is_stored_but_what_it_says(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await entered(db, site)
    assert view.status is SiteStatus.PENDING

    assert await work_off(readings) == 1

    read = await load_site(db, view.id)
    assert (read.status, read.due_at, read.problem) == (SiteStatus.IDLE, None, None)
    assert read.report is not None
    assert (read.pages_read, read.questions_found, read.report.read) == (1, 2, 1)
    assert len(assemble(await load_pages(db, view.id)).articles) == 2
    with pytest.raises(NotFound):
        await article(db)


async def test_what_pages_said_is_stored_whole(db: Database, site: WebSite) -> None:
    view = await entered(db, site)
    wording = ArticleWording(question="Größe?", answer="Fünf *Meter*.", phrasings=("wie groß",))
    page = SitePage(
        url=f"{site.url}/help",
        stamp=PageStamp(etag='W/"1"', last_modified="Sat, 28 Nov 2026 10:00:00 GMT"),
        articles=(("groesse", Content(variants={"de": wording}, category="boats")),),
        links=(f"{site.url}/b",),
        twins=(f"{site.url}/en",),
    )

    async with db.write() as session:
        await store_pages(session, view.id, [page])

    assert await load_pages(db, view.id) == [page]


async def test_the_article_remembers_its_page(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await watched(db, site, readings)

    found = await load_source(db, KEY)

    assert found is not None
    assert (found.url, found.site_id) == (f"{site.url}/help", view.id)


async def test_what_changed_at_night_is_a_draft_and_not_published(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)
    assert view.due_at is not None
    assert view.due_at > now()
    site.put("/help", faq_page((OARS[0], "Every oar is 2.5 metres long."), HULL, ("Is it new?", "It is new.")))

    await night_falls(db, view.id)
    await work_off(readings)

    changed, new = await article(db), await article(db, "is-it-new")
    assert changed.published is not None
    assert changed.published.variants["en"].answer == OARS[1]
    assert changed.draft is not None
    assert changed.draft.variants["en"].answer == "Every oar is 2.5 metres long."
    assert (new.state, new.changed_by) == (ArticleState.DRAFT, view.name)
    after = await load_site(db, view.id)
    assert after.report is not None
    assert sorted(after.report.drafted) == sorted([KEY, "is-it-new"])
    assert after.status is SiteStatus.PENDING
    assert after.due_at is not None
    assert after.due_at > now()


async def test_a_site_that_may_publish_does(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await watched(db, site, readings, publishes=True)
    site.put("/help", faq_page((OARS[0], "Every oar is 2.5 metres long."), HULL))

    await night_falls(db, view.id)
    await work_off(readings)

    changed = await article(db)
    assert changed.published is not None
    assert changed.published.variants["en"].answer == "Every oar is 2.5 metres long."
    assert changed.draft is None


async def test_a_night_without_changes_changes_nothing(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await watched(db, site, readings)
    before = await article(db)

    await night_falls(db, view.id)
    await work_off(readings)

    assert (await article(db)).version == before.version
    assert site.unchanged["/help"] == 1


async def test_a_draft_of_somebodys_stays_and_the_sites_own_is_renewed(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)
    hull = await article(db, "what-is-the-hull-made-of")
    mine = hull.content.as_json() | {"category": "boats"}
    await drafts.save_draft(db, hull.key, mine, by="Mia", expected_version=hull.version)
    for metres in ("2.5", "2.6"):
        site.put("/help", faq_page((OARS[0], f"Every oar is {metres} metres long."), (HULL[0], f"Oak, {metres}.")))
        await night_falls(db, view.id)
        await work_off(readings)

    oars, hull = await article(db), await article(db, hull.key)

    assert oars.draft is not None
    assert oars.draft.variants["en"].answer == "Every oar is 2.6 metres long."
    assert hull.changed_by == "Mia"
    assert hull.draft is not None
    assert hull.draft.category == "boats"
    after = await load_site(db, view.id)
    assert after.report is not None
    assert after.report.left == (hull.key,)


async def test_a_draft_that_was_declined_comes_back_only_with_other_words(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)
    site.put("/help", faq_page(OARS, HULL, ("Is it new?", "It is new.")))
    await night_falls(db, view.id)
    await work_off(readings)
    new = await article(db, "is-it-new")
    await drafts.discard_draft(db, new.key, by="Mia", expected_version=new.version)

    await night_falls(db, view.id)
    await work_off(readings)

    with pytest.raises(NotFound):
        await article(db, "is-it-new")


async def test_what_is_archived_stays_archived(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await watched(db, site, readings, publishes=True)
    await drafts.archive(db, KEY, by="Mia", expected_version=(await article(db)).version)
    site.put("/help", faq_page((OARS[0], "Every oar is 2.5 metres long."), HULL))

    await night_falls(db, view.id)
    await work_off(readings)

    assert (await article(db)).state is ArticleState.ARCHIVED


async def test_what_vanished_is_named_and_stays_published(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await watched(db, site, readings)
    site.put("/help", faq_page(HULL))

    await night_falls(db, view.id)
    await work_off(readings)

    vanished = await find_vanished(db, view, assemble(await load_pages(db, view.id)))
    assert [(one.key, one.url, one.state) for one in vanished] == [(KEY, f"{site.url}/help", ArticleState.PUBLISHED)]
    assert vanished[0].question == OARS[0]
    assert (await article(db)).state is ArticleState.PUBLISHED


async def test_a_site_that_cannot_be_read_keeps_what_it_said(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)
    site.pages.clear()

    await night_falls(db, view.id)
    await work_off(readings)

    after = await load_site(db, view.id)
    assert after.problem is not None
    assert after.problem.kind is SiteProblemKind.GONE
    assert after.status is SiteStatus.PENDING
    contents = assemble(await load_pages(db, view.id))
    assert len(contents.articles) == 2
    assert await find_vanished(db, view, contents) == []


async def test_who_asks_in_the_daytime_gets_a_preview_and_no_drafts(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)
    site.put("/help", faq_page((OARS[0], "Every oar is 2.5 metres long."), HULL))

    await ask_for_reading(db, view.id, by="Ada")
    await work_off(readings)

    assert (await article(db)).draft is None
    assert (
        assemble(await load_pages(db, view.id)).articles[KEY].variants["en"].answer == "Every oar is 2.5 metres long."
    )


async def test_of_one_host_one_site_is_read_at_a_time(db: Database, site: WebSite, readings: SiteReadings) -> None:
    await entered(db, site)
    await add_site(db, f"{site.url}/more", language="en", by="Ada")
    other = Database(db.url)
    try:
        first = await readings.claim(5)
        assert len(first) == 1
        assert await readings_of(other, site).claim(5) == []
    finally:
        await other.close()


async def test_a_reading_whose_instance_died_is_begun_anew(db: Database, site: WebSite, readings: SiteReadings) -> None:
    view = await entered(db, site)
    await readings.claim(1)

    await end_leases(db, [db.name])
    other = Database(db.url)
    try:
        assert await work_off(readings_of(other, site)) == 1
    finally:
        await other.close()

    assert (await load_site(db, view.id)).read_at is not None


async def test_what_was_read_outlasts_a_database_that_is_away_for_a_moment(
    db: Database, site: WebSite, readings: SiteReadings, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await watched(db, site, readings)
    site.put("/help", faq_page((OARS[0], "Every oar is 2.5 metres long."), HULL))
    await night_falls(db, view.id)
    [claim] = await readings.claim(1)

    async def away(*_anything: object) -> bool:
        raise Unavailable("The database is away.")

    monkeypatch.setattr(site_readings, "touch_lease", away)
    result = await readings.work(claim)  # nobody learns how far it is
    monkeypatch.setattr(site_readings, "touch_lease", touch_lease)
    monkeypatch.setattr(site_readings, "store_pages", away)
    with pytest.raises(Unavailable):
        await readings.store([result])
    monkeypatch.setattr(site_readings, "store_pages", store_pages)
    asked = len(site.requests)
    await readings.store([result])

    after = await load_site(db, view.id)
    assert after.status is SiteStatus.PENDING
    assert len(site.requests) == asked
    assert (await article(db)).draft is not None
    assert after.report is not None
    assert after.report.drafted == (KEY,)


async def test_a_reading_that_was_stopped_or_removed_stores_nothing(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    stopped = await entered(db, site)
    [claim] = await readings.claim(1)
    await stop_reading(db, stopped.id, BERLIN)
    await readings.store([await readings.work(claim)])
    after = await load_site(db, stopped.id)
    assert (after.read_at, after.status) == (None, SiteStatus.IDLE)

    await ask_for_reading(db, stopped.id, by="Ada")
    [claim] = await readings.claim(1)
    await remove_site(db, stopped.id)
    await readings.store([await readings.work(claim)])
    assert await list_sites(db) == []


async def test_the_articles_of_a_site_that_was_removed_stay(
    db: Database, site: WebSite, readings: SiteReadings
) -> None:
    view = await watched(db, site, readings)

    await remove_site(db, view.id)

    assert (await article(db)).state is ArticleState.PUBLISHED
    source = await load_source(db, KEY)
    assert source is not None
    assert source.site_id is None


async def test_a_site_is_entered_once(db: Database, site: WebSite) -> None:
    await entered(db, site)
    with pytest.raises(SiteProblem) as refused:
        await add_site(db, f"  {site.url}/help#top", language="en", by="Jo")
    assert refused.value.kind is SiteProblemKind.THERE_ALREADY


def test_nights_are_those_of_the_installations_time_zone() -> None:
    zone = ZoneInfo("America/New_York")
    for start in (
        datetime(2026, 3, 7, 12, tzinfo=UTC),
        datetime(2026, 10, 31, 12, tzinfo=UTC),
    ):  # before the clocks turn
        night = next_night("0" * 32, start, zone).astimezone(zone)
        assert night.hour in {2, 3}
        assert timedelta(0) < night - start < timedelta(days=1)
        assert next_night("0" * 32, night, zone).astimezone(UTC) > night.astimezone(UTC)


async def test_a_running_helpdesk_reads_what_is_entered(tmp_path: Path, database_url: str, site: WebSite) -> None:
    settings = settings_for(tmp_path, database_url, site_hosts=[f"127.0.0.1:{site.port}"])
    async with run_helpdesk(settings, FakeBot()) as parts:
        view = await entered(parts.db, site)

        async def is_read() -> bool:
            return (await load_site(parts.db, view.id)).read_at is not None

        await eventually(is_read, "the site to be read")
        read = await load_site(parts.db, view.id)

    assert (read.status, read.questions_found) == (SiteStatus.IDLE, 2)
    assert site.requests[0][1]["user-agent"] == f"Staffel (+{settings.origin})"
