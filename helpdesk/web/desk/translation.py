"""Translation on the desk: lines in the agent's language, a draft in the customer's."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.translation.translator import MAX_TEXT_LENGTH, Translator
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages


class LinesToTranslateBody(Body):
    """Lines by their seq."""

    seqs: Annotated[tuple[int, ...], Field(min_length=1, max_length=30, strict=False)]


class DraftToTranslateBody(Body):
    """What an agent has written."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_LENGTH)]


def translation_routes(translator: Translator, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, one = _TranslationRoutes(translator, pages), "/desk/api/conversations/{id}/translations"
    return [
        route(f"{one}/lines", doors.translate_lines, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/draft", doors.translate_draft, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _TranslationRoutes:
    translator: Translator
    pages: Pages

    async def translate_lines(self, request: Request) -> Response:
        wanted = await read(request, LinesToTranslateBody)
        found = await self.translator.translate_lines(_id(request), wanted.seqs, self.pages.language(request))
        return Json({"lines": [{"seq": seq, "text": each.text, "losses": each.losses} for seq, each in found.items()]})

    async def translate_draft(self, request: Request) -> Response:
        draft = await read(request, DraftToTranslateBody)
        return Json(await self.translator.translate_draft(_id(request), draft.text, self.pages.language(request)))


def _id(request: Request) -> str:
    return str(request.path_params["id"])
