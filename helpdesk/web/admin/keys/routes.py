"""The admin page of the keys with which programs use /api/v1."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, list_agents
from helpdesk.accounts.keys import DEFAULT_PER_MINUTE, end_key, list_keys, make_key, rotate_key
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.web.admin.keys.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from store.db import Database
from store.errors import Invalid
from store.models import now

_SCOPES = tuple(name.removeprefix("keys_scope_") for name in WORDS)
MAX_DAYS = 3_650


class KeyBody(Body):
    """A new key: what the program is called, what it may, whose it is, and when it ends."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    scopes: Annotated[list[Annotated[str, Field(max_length=20)]], Field(min_length=1, max_length=20)]
    agent: Annotated[str, Field(max_length=32)] = ""
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_PER_MINUTE


def key_routes(*, db: Database, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The routes of this module."""
    doors = _KeyPages(db, pages, zone)
    one = "/admin/api/keys/{id}"
    return [
        route("/admin/keys", doors.show, access=Capability.KEYS),
        route("/admin/api/keys", doors.add, access=Capability.KEYS, methods=["POST"]),
        route(f"{one}/rotate", doors.rotate, access=Capability.KEYS, methods=["POST"]),
        route(f"{one}/end", doors.end, access=Capability.KEYS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _KeyPages:
    db: Database
    pages: Pages
    zone: ZoneInfo

    async def show(self, request: Request) -> Response:
        agents = await list_agents(self.db)
        return self.pages.render(
            request,
            "admin/keys/keys.html",
            keys=await list_keys(self.db),
            names={agent.id: agent.name for agent in agents},
            agents=[one for one in agents if one.active and has_capability(one.role, Capability.ANSWERS)],
            scopes=_SCOPES,
            per_minute=DEFAULT_PER_MINUTE,
            now=now(),
            zone=self.zone,
            texts=self.pages.texts(request, WORDS),
        )

    async def add(self, request: Request) -> Response:
        wanted = await read(request, KeyBody)
        if unknown := set(wanted.scopes) - set(_SCOPES):
            raise Invalid(f"There is no scope {min(unknown)!r}; there are: {', '.join(_SCOPES)}.")
        agent = (await find_agent(self.db, wanted.agent)).id if wanted.agent else None
        key = await make_key(
            self.db,
            " ".join(wanted.name.split()),
            wanted.scopes,
            agent_id=agent,
            days=wanted.days,
            per_minute=wanted.per_minute,
        )
        describe_change(request, after={"name": wanted.name, "scopes": wanted.scopes, "agent": agent or ""})
        return Json({"key": key}, status_code=201)

    async def rotate(self, request: Request) -> Response:
        """A new key; the old one works for another day."""
        return Json({"key": await rotate_key(self.db, str(request.path_params["id"]))}, status_code=201)

    async def end(self, request: Request) -> Response:
        ended = await end_key(self.db, str(request.path_params["id"]))
        describe_change(request, before={"name": ended.name})
        return Json({"id": ended.id})
