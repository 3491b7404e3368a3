"""The page that looks after tags: how often each is used, its name, its colour."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.conversations.tags import MAX_NAME, change_tag, forget_tag, load_tag_figures
from helpdesk.web.admin.tags.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from store.db import Database
from store.models import TagColor, now

LATELY = timedelta(days=30)


class TagBody(Body):
    """A tag's name and look."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    color: Annotated[TagColor, Field(strict=False)]


def tag_admin_routes(*, db: Database, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, one = _TagPage(db, pages), "/admin/api/tags/{id}"
    return [
        route("/admin/tags", doors.show, access=Capability.SUPERVISION),
        route(f"{one}/save", doors.save, access=Capability.SUPERVISION, methods=["POST"]),
        route(f"{one}/remove", doors.remove, access=Capability.SUPERVISION, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _TagPage:
    db: Database
    pages: Pages

    async def show(self, request: Request) -> Response:
        return self.pages.render(
            request,
            "admin/tags/tags.html",
            tags=await load_tag_figures(self.db, now() - LATELY),
            colors=list(TagColor),
            texts=self.pages.texts(request, WORDS),
        )

    async def save(self, request: Request) -> Response:
        wanted = await read(request, TagBody)
        await change_tag(self.db, _id(request), wanted.name, wanted.color)
        return Json({})

    async def remove(self, request: Request) -> Response:
        await forget_tag(self.db, _id(request))
        return Json({})


def _id(request: Request) -> str:
    return str(request.path_params["id"])
