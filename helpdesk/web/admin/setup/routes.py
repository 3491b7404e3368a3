"""Setting up in the browser: a page that leads through the pages there are, and remembers what is done."""

from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.installation.profile import CurrentProfile
from helpdesk.installation.setup_steps import Setup, SetupStep
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.web.admin.articles.view_data import name_of
from helpdesk.web.admin.company.routes import SETUP_PATH, form_values
from helpdesk.web.admin.setup.sample import SAMPLE, load_sample
from helpdesk.web.admin.setup.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.pages import Pages
from knowledge.search.library import Library
from store.errors import NotFound


def setup_routes(*, setup: Setup, library: Library, lookups: LookupStore, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _SetupPages(setup, library, lookups, pages)
    needed, post = Capability.ACCOUNTS, ["POST"]
    return [
        route(SETUP_PATH, doors.show, access=needed),
        route(f"{SETUP_PATH}/sample", doors.load_sample, access=needed, methods=post),
        route(f"{SETUP_PATH}/end", doors.end, access=needed, methods=post),
        route(f"{SETUP_PATH}/{{step}}/skip", doors.skip, access=needed, methods=post),
        route(f"{SETUP_PATH}/{{step}}/offer", doors.offer, access=needed, methods=post),
    ]


@dataclass(frozen=True, slots=True)
class _SetupPages:
    setup: Setup
    library: Library
    lookups: LookupStore
    pages: Pages

    async def show(self, request: Request) -> Response:
        await self.setup.profile.look()
        progress = await self.setup.load()
        return self.pages.render(
            request,
            "admin/setup/setup.html",
            progress=progress,
            articles=progress.articles,
            has_sample=SAMPLE.is_dir(),
            snippet=write_snippet(self.setup.profile),
            steps_words=self.pages.texts(request, WORDS),
            **form_values(self.setup.profile),
        )

    async def load_sample(self, request: Request) -> Response:
        await load_sample(self.setup.db, self.library, self.lookups, by=name_of(request))
        return _back()

    async def skip(self, request: Request) -> Response:
        await self.setup.skip(_step(request))
        return _back()

    async def offer(self, request: Request) -> Response:
        await self.setup.offer(_step(request))
        return _back()

    async def end(self, request: Request) -> Response:
        await self.setup.end()
        return RedirectResponse("/admin", 303)


def write_snippet(profile: CurrentProfile) -> str:
    """The line of HTML that shows the web chat on a page, in the colour and with the name that were chosen."""
    attributes = {"src": f"{profile.settings.origin}/webchat.js"}
    attributes |= {"data-accent": profile.chosen.accent} if profile.chosen.accent else {}
    attributes |= {"data-title": profile.settings.company} if profile.settings.company else {}
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<script {written} async></script>"


def _step(request: Request) -> SetupStep:
    try:
        return SetupStep(request.path_params["step"])
    except ValueError:
        raise NotFound("There is no such step.") from None


def _back() -> Response:
    return RedirectResponse(SETUP_PATH, 303)
