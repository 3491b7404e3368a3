"""The admin page of the translation service: whom texts go to, and a test."""

from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.translation.translator import Translator
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages


class TranslationTrialBody(Body):
    """A text of the admin's own."""

    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    target: Literal["de", "en", "fr"]


def translation_admin_routes(*, translator: Translator, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _TranslationPages(translator, pages)
    return [
        route("/admin/translation", doors.show, access=Capability.RULES),
        route("/admin/api/translation/try", doors.try_it, access=Capability.RULES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _TranslationPages:
    translator: Translator
    pages: Pages

    async def show(self, request: Request) -> Response:
        return self.pages.render(
            request, "admin/translation/translation.html", service=self.translator.service, targets=("de", "en", "fr")
        )

    async def try_it(self, request: Request) -> Response:
        tried = await read(request, TranslationTrialBody)
        started = perf_counter()
        found = await self.translator.try_out(tried.text, tried.target)
        return Json({"text": found.text, "seconds": round(perf_counter() - started, 2)})
