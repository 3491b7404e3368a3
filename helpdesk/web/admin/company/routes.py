"""The admin page of the company: its name, the bot's, the languages, the form of address and the web chat's colour."""

from dataclasses import asdict, dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.installation.profile import MAX_COMPANY_LENGTH, MAX_NAME_LENGTH, CurrentProfile, Profile
from helpdesk.web.admin.company.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.pages import Pages
from i18n import available_languages
from store.errors import Invalid

#: The web chat's colour where none was chosen.
STANDARD_ACCENT = "#0f766e"
PATH, SETUP_PATH = "/admin/company", "/admin/setup"


def company_routes(*, profile: CurrentProfile, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _CompanyPages(profile, pages)
    return [
        route(PATH, doors.show, access=Capability.ACCOUNTS),
        route(PATH, doors.save, access=Capability.ACCOUNTS, methods=["POST"]),
    ]


def form_values(profile: CurrentProfile) -> dict[str, Any]:
    """What the form of the company shows: the values in force, and which of them the environment has decided."""
    settings = profile.settings
    return {
        "values": {
            "company": settings.company,
            "bot_name": settings.bot_name,
            "language": settings.language,
            "foreign_language": settings.foreign_language,
            "formality": settings.formality,
            "accent": profile.chosen.accent or STANDARD_ACCENT,
        },
        "given": profile.given,
        "spoken": available_languages("customer"),
        "max_company": MAX_COMPANY_LENGTH,
        "max_name": MAX_NAME_LENGTH,
    }


@dataclass(frozen=True, slots=True)
class _CompanyPages:
    profile: CurrentProfile
    pages: Pages

    async def show(self, request: Request) -> Response:
        await self.profile.look()
        return self._page(request, saved="saved" in request.query_params)

    async def save(self, request: Request) -> Response:
        """Keep what was entered; what the environment has decided isn't asked, and stays as it was."""
        await self.profile.look()
        form = await request.form(max_files=0, max_fields=12)
        was = asdict(self.profile.chosen)
        entered = {name: was[name] if name in self.profile.given else _text(form, name) for name in was}
        entered["accent"] = entered["accent"].lower()
        try:
            await self.profile.save(Profile(**entered))
        except Invalid as error:
            return self._page(request, problem=error.code, entered=entered, status=error.status)
        describe_change(request, before=was, after=entered)
        return RedirectResponse(SETUP_PATH if _text(form, "next") == SETUP_PATH else f"{PATH}?saved", 303)

    def _page(
        self,
        request: Request,
        *,
        problem: str = "",
        entered: dict[str, str] | None = None,
        saved: bool = False,
        status: int = 200,
    ) -> Response:
        shown = form_values(self.profile)
        return self.pages.render(
            request,
            "admin/company/company.html",
            status=status,
            problem=self.pages.texts(request, WORDS)[problem] if problem else "",
            saved=saved,
            **shown | {"values": shown["values"] | (entered or {})},
        )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""
