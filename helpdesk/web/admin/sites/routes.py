"""The admin pages of web sites: enter one, watch it being read, look at what was found, bring it in, look again."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.view_data import EDITED_LANGUAGES, name_of, shown_differences
from helpdesk.web.admin.articles.words import WORDS as ARTICLE_WORDS
from helpdesk.web.admin.exchange.import_report import report_import
from helpdesk.web.admin.sites.view_data import describe_passed, state_of
from helpdesk.web.admin.sites.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from knowledge.formats.import_plan import ImportEffect, ImportPlan, ImportResult, apply_plan, make_plan
from knowledge.formats.problem_words import describe_problem
from knowledge.search.library import Library
from knowledge.sites import site_store
from knowledge.sites.site_changes import as_import, drop_spent_drafts
from knowledge.sites.site_contents import SiteContents, assemble
from knowledge.sites.site_store import SiteView
from store.db import Database
from store.errors import Conflict

_MAX_SHOWN = 300  # articles of one kind; their number is always said
_MAX_LEFT_OUT = 1_000


class NewSiteBody(Body):
    """A site to be read."""

    address: Annotated[str, Field(max_length=20_000)]
    language: Annotated[str, Field(pattern=r"^(de|en)$")]


class SiteSwitchesBody(Body):
    """Whether a site is looked at every night, and what is done with what has changed."""

    nightly: bool
    publishes: bool


class SiteImportBody(Body):
    """What the admin has seen, what isn't wanted of it, and whether the rest is only to become drafts."""

    revision: Annotated[str, Field(max_length=100)]
    drafts: bool
    without: list[Annotated[str, Field(max_length=128)]] = Field(default_factory=list, max_length=_MAX_LEFT_OUT)


def site_routes(*, db: Database, library: Library, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The doors of this module. `zone` is where it is night."""
    doors = _SitePages(db, library, pages, zone)
    api = "/admin/api/sites"
    changes = {
        "read": doors.read_again,
        "stop": doors.stop,
        "switches": doors.switch,
        "remove": doors.remove,
        "import": doors.bring_in,
    }
    return [
        route("/admin/sites", doors.show_list, access=Capability.ARTICLES),
        route("/admin/sites/{id}", doors.show_site, access=Capability.ARTICLES),
        route(api, doors.list_states, access=Capability.ARTICLES),
        route(f"{api}/new", doors.add, access=Capability.ARTICLES, methods=["POST"]),
        route(f"{api}/{{id}}", doors.show_state, access=Capability.ARTICLES),
        route(f"{api}/{{id}}/plan", doors.show_plan, access=Capability.ARTICLES),
        *(
            route(f"{api}/{{id}}/{verb}", door, access=Capability.ARTICLES, methods=["POST"])
            for verb, door in changes.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class _SitePages:
    db: Database
    library: Library
    pages: Pages
    zone: ZoneInfo

    async def show_list(self, request: Request) -> Response:
        sites = await site_store.list_sites(self.db)
        messages = self.pages.messages(request)
        return self.pages.render(
            request,
            "admin/sites/sites.html",
            sites=[(site, state_of(site, messages)) for site in sites],
            counts=await site_store.count_articles(self.db, [site.id for site in sites]),
            languages=EDITED_LANGUAGES,
            chosen=self.pages.default_language,
            texts=self.pages.texts(request, WORDS),
        )

    async def show_site(self, request: Request) -> Response:
        site = await site_store.load_site(self.db, _id(request))
        return self.pages.render(
            request,
            "admin/sites/site.html",
            site=site,
            state=state_of(site, self.pages.messages(request)),
            texts=self.pages.texts(request, ARTICLE_WORDS, WORDS),
        )

    async def list_states(self, request: Request) -> Response:
        return Json({"sites": [self._facts(request, site) for site in await site_store.list_sites(self.db)]})

    async def show_state(self, request: Request) -> Response:
        return Json(self._facts(request, await site_store.load_site(self.db, _id(request))))

    async def add(self, request: Request) -> Response:
        entered = await read(request, NewSiteBody)
        site = await site_store.add_site(self.db, entered.address, language=entered.language, by=name_of(request))
        return Json({"id": site.id}, status_code=201)

    async def read_again(self, request: Request) -> Response:
        site = await site_store.ask_for_reading(self.db, _id(request), by=name_of(request))
        return Json(self._facts(request, site))

    async def stop(self, request: Request) -> Response:
        return Json(self._facts(request, await site_store.stop_reading(self.db, _id(request), self.zone)))

    async def switch(self, request: Request) -> Response:
        wanted = await read(request, SiteSwitchesBody)
        site = await site_store.switch_site(
            self.db, _id(request), nightly=wanted.nightly, publishes=wanted.publishes, zone=self.zone
        )
        return Json({"nightly": site.nightly, "publishes": site.publishes})

    async def remove(self, request: Request) -> Response:
        await site_store.remove_site(self.db, _id(request))
        return Json({})

    async def show_plan(self, request: Request) -> Response:
        """What bringing in the site as it was read last would change; nothing is stored."""
        site = await site_store.load_site(self.db, _id(request))
        contents, plan = await self._plan(site)
        vanished = await site_store.find_vanished(self.db, site, contents)
        html = self.pages.render_part(
            request,
            "admin/sites/plan.html",
            site=site,
            plan=plan,
            new=plan.of(ImportEffect.NEW)[:_MAX_SHOWN],
            changed=[
                (one, shown_differences(one.before, one.after) if one.before else [])
                for one in plan.of(ImportEffect.CHANGED)[:_MAX_SHOWN]
            ],
            sources=contents.sources,
            asked={one.key: one.after.in_language(site.language)[1].question for one in plan.articles},
            vanished=vanished,
            report=site.report,
            why=partial(describe_passed, messages=self.pages.messages(request)),
            describe_problem=partial(describe_problem, messages=self.pages.messages(request)),
            texts=self.pages.texts(request, ARTICLE_WORDS),
        )
        counts = {str(effect): len(plan.of(effect)) for effect in ImportEffect}
        return Json({"html": html, "revision": _revision(site, plan), "counts": counts})

    async def bring_in(self, request: Request) -> Response:
        """Publish what was seen, or keep it as drafts."""
        wanted = await read(request, SiteImportBody)
        site = await site_store.load_site(self.db, _id(request))
        contents, plan = await self._plan(site)
        if _revision(site, plan) != wanted.revision:
            raise Conflict("The site or the knowledge base has changed since the preview.", code="plan_old")
        left_out = set(wanted.without)
        kept = replace(plan, articles=tuple(one for one in plan.articles if one.key not in left_out))
        done = await apply_plan(self.db, kept, by=name_of(request), as_drafts=wanted.drafts)
        if not wanted.drafts:
            await drop_spent_drafts(self.db, [one.key for one in kept.articles if one.has_draft], by=name_of(request))
        sources = {one.key: contents.sources[one.key] for one in kept.articles}
        await site_store.remember_sources(self.db, sources, site.id)
        report = await self._report(request, kept, done, as_drafts=wanted.drafts)
        return Json({"new": done.new, "changed": done.changed, "left": list(done.left), "html": report})

    async def _report(self, request: Request, plan: ImportPlan, done: ImportResult, *, as_drafts: bool) -> str:
        """What there is to look after now, as after the import of a file."""
        if not as_drafts:
            await self.library.refresh()
        language = self.pages.language(request)
        named = {one.key: one for one in plan.articles}
        return self.pages.render_part(
            request,
            "admin/exchange/import_report.html",
            result=done,
            report=await report_import(plan, done, self.library.snapshot, EDITED_LANGUAGES, language),
            as_drafts=as_drafts,
            held=[],
            left=[named[key] for key in done.left],
            first_draft=next((key for key in named if key not in done.left and as_drafts), ""),
            most=_MAX_SHOWN,
            why=str,
        )

    async def _plan(self, site: SiteView) -> tuple[SiteContents, ImportPlan]:
        contents = assemble(await site_store.load_pages(self.db, site.id))
        return contents, await make_plan(self.db, as_import(contents.articles))

    def _facts(self, request: Request, site: SiteView) -> dict[str, Any]:
        return state_of(site, self.pages.messages(request)).facts_of(site)


def _revision(site: SiteView, plan: ImportPlan) -> str:
    """What was looked at: the site as of a reading, and the knowledge base as of a revision."""
    return f"{plan.revision}@{site.read_at.isoformat() if site.read_at else ''}"


def _id(request: Request) -> str:
    return str(request.path_params["id"])
