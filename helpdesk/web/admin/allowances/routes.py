"""The admin page of what agents may offer, by topic."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.allowances.allowance import CATALOGS, MAX_NAME, MAX_TEXT, Allowance
from helpdesk.allowances.allowance_store import AllowanceStore
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from knowledge.articles.article_list import list_categories


class AllowanceBody(Body):
    """What the form holds; `texts` by catalog."""

    name: Annotated[str, Field(max_length=MAX_NAME * 2)]
    topic: Annotated[str, Field(max_length=128)] = ""
    texts: dict[Literal["de", "de@informal", "en"], Annotated[str, Field(max_length=MAX_TEXT)]]
    is_on: bool = True

    def as_allowance(self) -> Allowance:
        """What it means."""
        return Allowance(
            name=self.name,
            topic=self.topic,
            texts={str(catalog): text for catalog, text in self.texts.items()},
            is_on=self.is_on,
        )


def allowance_admin_routes(*, store: AllowanceStore, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, api = _AllowancePages(store, pages), "/admin/api/allowances"
    return [
        route("/admin/allowances", doors.show, access=Capability.RULES),
        route(f"{api}/new", doors.add, access=Capability.RULES, methods=["POST"]),
        route(f"{api}/{{id}}/save", doors.save, access=Capability.RULES, methods=["POST"]),
        route(f"{api}/{{id}}/remove", doors.remove, access=Capability.RULES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _AllowancePages:
    store: AllowanceStore
    pages: Pages

    async def show(self, request: Request) -> Response:
        views = await self.store.list_all()
        messages = self.pages.messages(request)
        categories = {*await list_categories(self.store.db), *(view.allowance.topic for view in views)} - {""}
        topics = {category: topic_name(category, messages) for category in sorted(categories)}
        return self.pages.render(
            request, "admin/allowances/allowances.html", views=views, topics=topics, catalogs=CATALOGS
        )

    async def add(self, request: Request) -> Response:
        entered = (await read(request, AllowanceBody)).as_allowance()
        view = await self.store.add(entered, by=_by(request))
        return Json({"id": view.id}, status_code=201)

    async def save(self, request: Request) -> Response:
        entered = (await read(request, AllowanceBody)).as_allowance()
        view = await self.store.change(_id(request), entered, by=_by(request))
        return Json({"id": view.id})

    async def remove(self, request: Request) -> Response:
        await self.store.remove(_id(request))
        return Json({"removed": True})


def _by(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.name


def _id(request: Request) -> str:
    return str(request.path_params["id"])
