"""The own account: a new password, and the browsers that are signed in."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel import Locale
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, has_password
from helpdesk.accounts.errors import BadPassword, TooManySignIns, WrongPassword
from helpdesk.accounts.own_sessions import end_other_sessions, end_session, load_own_sessions
from helpdesk.accounts.password_change import change_password
from helpdesk.accounts.roles import Capability
from helpdesk.second_factor.passkeys import Passkeys
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.web.account.forms import text_fields
from helpdesk.web.shared.access import route
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import locale_of
from store.db import Database
from store.errors import HelpdeskError

PATH = "/account"


def own_account_routes(
    *, db: Database, pages: Pages, zone: ZoneInfo, factors: SecondFactors, passkeys: Passkeys
) -> list[BaseRoute]:
    """The doors of this module; times are those of `zone`."""
    doors = _OwnAccountPages(db, pages, zone, factors, passkeys)
    return [
        route(PATH, doors.show, access=Capability.OWN_ACCOUNT),
        route("/account/password", doors.change_password, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route("/account/sessions", doors.end_sessions, access=Capability.OWN_ACCOUNT, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _OwnAccountPages:
    db: Database
    pages: Pages
    zone: ZoneInfo
    factors: SecondFactors
    passkeys: Passkeys

    async def show(self, request: Request) -> Response:
        """Password and sessions, and what was just done (`done`)."""
        return await self._page(request, done=request.query_params.get("done", ""))

    async def change_password(self, request: Request) -> Response:
        """A new password for the old one; all other sessions end."""
        fields = await text_fields(request)
        try:
            await change_password(
                self.db,
                request.state.agent,
                fields.get("old", ""),
                fields.get("new", ""),
                installation_words=self.pages.settings().names,
            )
        except (WrongPassword, BadPassword, TooManySignIns) as error:
            return await self._page(request, error=error)
        return RedirectResponse(f"{PATH}?done=password", 303)

    async def end_sessions(self, request: Request) -> Response:
        """Sign out one other browser (`session`), or all others."""
        agent, reference = request.state.agent, (await text_fields(request)).get("session", "")
        if reference:
            await end_session(self.db, agent.id, reference)
        else:
            await end_other_sessions(self.db, agent.id, agent.session)
        return RedirectResponse(f"{PATH}?done=sessions", 303)

    async def _page(self, request: Request, *, done: str = "", error: HelpdeskError | None = None) -> Response:
        agent = request.state.agent
        locale = Locale.parse(locale_of(self.pages.language(request)))
        moment = partial(_moment, locale=locale, zone=self.zone)
        return self.pages.render(
            request,
            "account/own_account.html",
            status=error.status if error else 200,
            sessions=await load_own_sessions(self.db, agent.id, agent.session),
            moment=moment,
            has_password=has_password(await find_agent(self.db, agent.id)),
            has_factor=await self.factors.is_set_up(agent.id),
            passkeys=len(await self.passkeys.list_own(agent.id)),
            done=done,
            error=message_of(self.pages, request, error) if error else "",
            code=error.code if error else "",
        )


def _moment(at: datetime, *, locale: Locale, zone: ZoneInfo) -> str:
    return short_moment(at, locale, zone)
