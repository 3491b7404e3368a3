"""The admin pages of the providers that staff sign in with: entered, tried, switched on and off, removed."""

from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.single_sign_on.definition import FactorTrust, ProviderDefinition
from helpdesk.single_sign_on.errors import BadProvider, ProviderAway
from helpdesk.single_sign_on.group_rules import format_rules, parse_rules
from helpdesk.single_sign_on.provider_client import ProviderClient
from helpdesk.single_sign_on.providers import ProviderStore, ProviderView
from helpdesk.web.account.forms import text_fields
from helpdesk.web.account.single_sign_on import redirect_address
from helpdesk.web.admin.providers.words import FACTORS, PROBLEMS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import locale_of
from store.errors import Conflict, HelpdeskError

LIST = "/admin/providers"
NEW = f"{LIST}/new"
ONE = f"{LIST}/{{id}}"
_EMPTY = ProviderDefinition(name="", issuer="", client_id="", rules=())


def provider_routes(
    *, providers: ProviderStore, client: ProviderClient, pages: Pages, zone: ZoneInfo, origin: str, passwords: bool
) -> list[BaseRoute]:
    """The routes of this module; times are those of `zone`. `passwords`: whether they are taken besides."""
    doors = _ProviderPages(providers, client, pages, zone, origin, passwords)
    access = Capability.ACCOUNTS
    return [
        route(LIST, doors.show_all, access=access),
        route(NEW, doors.show_new, access=access),
        route(NEW, doors.add, access=access, methods=["POST"]),
        route(ONE, doors.show, access=access),
        route(ONE, doors.change, access=access, methods=["POST"]),
        route(f"{ONE}/check", doors.check, access=access, methods=["POST"]),
        route(f"{ONE}/switch", doors.switch, access=access, methods=["POST"]),
        route(f"{ONE}/remove", doors.remove, access=access, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ProviderPages:
    providers: ProviderStore
    client: ProviderClient
    pages: Pages
    zone: ZoneInfo
    origin: str
    passwords: bool

    async def show_all(self, request: Request) -> Response:
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/providers/providers.html",
            providers=await self.providers.list_all(),
            passwords=self.passwords,
            moment=partial(short_moment, locale=locale, zone=self.zone),
        )

    async def show_new(self, request: Request) -> Response:
        return self._form(request, None, _EMPTY, "")

    async def show(self, request: Request) -> Response:
        view = await self.providers.load(_id(request))
        return self._page(request, view, saved="saved" in request.query_params)

    async def add(self, request: Request) -> Response:
        """Enter one, switched off: the provider needs its redirect address first."""
        fields = await text_fields(request)
        definition, rules = _definition(fields, _EMPTY), fields.get("rules", "")
        try:
            definition = replace(definition, rules=parse_rules(rules))
            made = await self.providers.add(definition, fields.get("secret", "").strip(), request.state.agent.name)
        except (BadProvider, Conflict) as error:
            return self._form(request, None, definition, rules, error=error)
        describe_change(request, after={"provider": made, **_facts(definition)})
        return RedirectResponse(f"{LIST}/{made}?saved", 303)

    async def change(self, request: Request) -> Response:
        """Change one; an empty field for the secret keeps it, unless it is to go."""
        fields, view = await text_fields(request), await self.providers.load(_id(request))
        definition, rules = _definition(fields, view.definition), fields.get("rules", "")
        typed = fields.get("secret", "").strip()
        secret = "" if "no_secret" in fields else typed or None
        try:
            definition = replace(definition, rules=parse_rules(rules))
            await self.providers.change(view.id, definition, secret, request.state.agent.name)
        except (BadProvider, Conflict) as error:
            return self._form(request, view, definition, rules, error=error)
        describe_change(request, before=_facts(view.definition), after=_facts(definition))
        return RedirectResponse(f"{LIST}/{view.id}?saved", 303)

    async def check(self, request: Request) -> Response:
        """Ask the provider what it is, and say what came."""
        view = await self.providers.load(_id(request))
        try:
            await self.client.check(view.definition)
        except ProviderAway as error:
            messages = self.pages.messages(request)
            problem = messages.gettext(PROBLEMS.get(error.reason, PROBLEMS["other"])).format(reason=error.reason)
            return self._page(request, view, problem=problem)
        return self._page(request, view, answers=True)

    async def switch(self, request: Request) -> Response:
        is_on = (await text_fields(request)).get("on") == "yes"
        await self.providers.switch(_id(request), is_on=is_on, by=request.state.agent.name)
        describe_change(request, after={"on": "yes" if is_on else "no"})
        return RedirectResponse(f"{LIST}/{_id(request)}", 303)

    async def remove(self, request: Request) -> Response:
        view = await self.providers.load(_id(request))
        await self.providers.remove(view.id)
        describe_change(request, before={"name": view.definition.name})
        return RedirectResponse(LIST, 303)

    def _page(
        self, request: Request, view: ProviderView, *, saved: bool = False, answers: bool = False, problem: str = ""
    ) -> Response:
        rules = format_rules(view.definition.rules)
        return self._form(request, view, view.definition, rules, saved=saved, answers=answers, problem=problem)

    def _form(
        self,
        request: Request,
        view: ProviderView | None,
        definition: ProviderDefinition,
        rules: str,
        *,
        error: HelpdeskError | None = None,
        saved: bool = False,
        answers: bool = False,
        problem: str = "",
    ) -> Response:
        return self.pages.render(
            request,
            "admin/providers/provider.html",
            status=error.status if error else 200,
            view=view,
            definition=definition,
            rules=rules,
            error=message_of(self.pages, request, error) if error else "",
            saved=saved,
            answers=answers,
            problem=problem,
            factors=self.pages.texts(request, FACTORS),
            redirect=redirect_address(self.origin, view.id) if view else "",
            home=f"{self.origin}/signin",
        )


def _definition(fields: dict[str, str], before: ProviderDefinition) -> ProviderDefinition:
    """What the form says, without its rules."""
    factor = fields.get("factor", "")
    return replace(
        before,
        name=" ".join(fields.get("name", "").split())[:60],
        issuer=fields.get("issuer", "").strip()[:300],
        client_id=fields.get("client_id", "").strip()[:300],
        rules=(),
        scopes=tuple(dict.fromkeys(fields.get("scopes", "").split()))[:20],
        groups_claim=fields.get("groups_claim", "").strip()[:200] or _EMPTY.groups_claim,
        domains=tuple(dict.fromkeys(fields.get("domains", "").replace(",", " ").lower().split()))[:50],
        factor=FactorTrust(factor) if factor in set(FactorTrust) else before.factor,
        acr_values=tuple(dict.fromkeys(fields.get("acr_values", "").split()))[:20],
        creates="creates" in fields,
    )


def _facts(definition: ProviderDefinition) -> dict[str, object]:
    """What the audit log says of a provider."""
    return {
        "issuer": definition.issuer,
        "client": definition.client_id,
        "rules": format_rules(definition.rules).replace("\n", "; ")[:1000],
        "domains": definition.domains,
        "factor": definition.factor,
        "creates": "yes" if definition.creates else "no",
    }


def _id(request: Request) -> str:
    return str(request.path_params["id"])
