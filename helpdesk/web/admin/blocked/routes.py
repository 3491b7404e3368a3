"""The page of everybody who is blocked: since when, by whom, why, and the way to let them in again."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.conversations.blocking import load_blocked
from helpdesk.web.shared.access import route
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import CHANNELS
from i18n import locale_of
from store.db import Database


def blocked_routes(*, db: Database, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The route of this page; letting somebody in again is the desk's. Times are told in `zone`."""
    return [route("/admin/blocked", _BlockedPage(db, pages, zone).show, access=Capability.SUPERVISION)]


@dataclass(frozen=True, slots=True)
class _BlockedPage:
    db: Database
    pages: Pages
    zone: ZoneInfo

    async def show(self, request: Request) -> Response:
        async with self.db.read() as session:
            contacts = await load_blocked(session)
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/blocked/blocked.html",
            contacts=contacts,
            when=lambda at: short_moment(at, locale, self.zone),
            texts=self.pages.texts(request, CHANNELS),
        )
