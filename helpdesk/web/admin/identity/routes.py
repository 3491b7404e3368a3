"""The admin page of sign-ins: the keys with which the web site vouches for its customers."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.identity.keys import IdentityKeys
from helpdesk.web.admin.identity.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Json
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.pages import Pages
from i18n import locale_of


def identity_routes(*, keys: IdentityKeys, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The routes of this module; times are those of `zone`."""
    doors = _IdentityPages(keys, pages, zone)
    return [
        route("/admin/identity", doors.show, access=Capability.CHANNELS),
        route("/admin/api/identity/keys", doors.add, access=Capability.CHANNELS, methods=["POST"]),
        route("/admin/api/identity/keys/{id}/retire", doors.retire, access=Capability.CHANNELS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _IdentityPages:
    keys: IdentityKeys
    pages: Pages
    zone: ZoneInfo

    async def show(self, request: Request) -> Response:
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/identity/identity.html",
            keys=await self.keys.list_all(),
            audience=self.keys.audience,
            moment=partial(short_moment, locale=locale, zone=self.zone),
            texts=self.pages.texts(request, WORDS),
        )

    async def add(self, request: Request) -> Response:
        """A new key. This answer is the only place where it ever stands."""
        key = await self.keys.add(request.state.agent.name)
        return Json({"id": key.id, "secret": key.secret}, status_code=201)

    async def retire(self, request: Request) -> Response:
        await self.keys.retire(str(request.path_params["id"]))
        return Json({"retired": True})
