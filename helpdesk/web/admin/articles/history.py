"""The versions of an article, what differs between any two, and the way back."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.view_data import key_of, shown_differences
from helpdesk.web.admin.articles.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.pages import Pages
from knowledge.articles import drafts
from knowledge.articles.states import possible_events
from knowledge.articles.versions import VersionRecord, list_versions, load_version
from store.db import Database
from store.models import ArticleEvent


@dataclass(frozen=True, slots=True)
class ArticleHistoryRoutes:
    """The doors of the versions."""

    db: Database
    pages: Pages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [route("/admin/articles/history/{key}", self.show, access=Capability.ARTICLES)]

    async def show(self, request: Request) -> Response:
        """All versions, and two of them compared: the ones asked for, else the newest with the last other text."""
        view = await drafts.load(self.db, key_of(request))
        versions = await list_versions(self.db, view.key)
        new = await self._version(request, "new", versions[0] if versions else None)
        earlier = [one for one in versions if new and one.number < new.number]
        before = next((one for one in earlier if new and one.content != new.content), next(iter(earlier), None))
        old = await self._version(request, "old", before)
        return self.pages.render(
            request,
            "admin/articles/history.html",
            view=view,
            title=view.content.in_language(self.pages.language(request))[1].question,
            versions=versions,
            new=new,
            old=old,
            differences=shown_differences(old.content if old else None, new.content) if new else [],
            can_roll_back=ArticleEvent.ROLLBACK in possible_events(view.stage),
            texts=self.pages.texts(request, WORDS),
        )

    async def _version(self, request: Request, name: str, otherwise: VersionRecord | None) -> VersionRecord | None:
        given = request.query_params.get(name, "")
        if not (given.isascii() and given.isdigit() and len(given) < 9):
            return otherwise
        return await load_version(self.db, key_of(request), int(given))
