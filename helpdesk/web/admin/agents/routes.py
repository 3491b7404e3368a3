"""The admin pages: how things stand, and who is on the team."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_percent
from babel.units import format_unit
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import (
    NO_PASSWORD,
    add_agent,
    change_role,
    deactivate,
    find_agent,
    list_agents,
    reactivate,
)
from helpdesk.accounts.errors import PasswordsOff
from helpdesk.accounts.invitations import invitation_link
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.workload import MAX_AT_ONCE, AgentWorkload, set_work
from helpdesk.conversations import ONLINE_FOR
from helpdesk.delivery.staff_mails import StaffMails
from helpdesk.insights.ratings import is_readable, load_ratings
from helpdesk.installation.setup_steps import Setup, SetupProgress
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.schedule.teams import list_teams, load_teams_of_agents
from helpdesk.turns.rasa_client import BotError
from helpdesk.web.admin.agents.words import WORDS
from helpdesk.web.admin.overview.figures import load_overview
from helpdesk.web.admin.overview.handoff_figures import load_handoff_figures
from helpdesk.web.admin.overview.words import WORDS as OVERVIEW_WORDS
from helpdesk.web.admin.setup.words import WORDS as SETUP_WORDS
from helpdesk.web.internal.health import Health
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.chart import draw_chart
from helpdesk.web.shared.days import short_day, short_moment
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import AVAILABILITY, TRIGGERS
from helpdesk.webhooks.webhook_store import load_ended_webhooks
from i18n import available_languages, locale_of
from knowledge.articles.article_list import list_categories
from store.db import Database
from store.errors import Conflict
from store.models import Agent, Role, now

_CHECKED_WITHIN = 2.0  # seconds the page waits for the state of the parts


class Newcomer(Body):
    """Who joins the team."""

    email: Annotated[str, Field(max_length=320)]
    name: Annotated[str, Field(max_length=200)]
    role: Annotated[Role, Field(strict=False)] = Role.AGENT


class NewRole(Body):
    """What somebody may do from now on."""

    role: Annotated[Role, Field(strict=False)]


class NewWork(Body):
    """What somebody takes from now on."""

    skills: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=500)]
    languages: Annotated[list[Annotated[str, Field(max_length=8)]], Field(max_length=10)]
    capacity: int
    teams: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=500)]


class OwnAccount(Conflict):
    """Closing the own account would be a slip of the hand."""

    code = "yourself"


def admin_routes(
    *,
    db: Database,
    live: ChangeHints,
    health: Health,
    pages: Pages,
    origin: str,
    zone: ZoneInfo,
    mails: StaffMails | None = None,
    setup: Setup | None = None,
    passwords: bool = True,
) -> list[BaseRoute]:
    """The doors of this module; days are those of `zone`. Without `passwords` nobody is given a link to choose one."""
    doors = _AdminPages(db, live, health, pages, origin, zone, mails, setup, passwords)
    one = "/admin/api/agents/{id}"
    return [
        route("/admin", doors.show_overview, access=Capability.FIGURES),
        route("/admin/agents", doors.show_agents, access=Capability.ACCOUNTS),
        route("/admin/api/agents", doors.add, access=Capability.ACCOUNTS, methods=["POST"]),
        route(f"{one}/link", doors.make_link, access=Capability.ACCOUNTS, methods=["POST"]),
        route(f"{one}/role", doors.change_role, access=Capability.ACCOUNTS, methods=["POST"]),
        route(f"{one}/work", doors.set_work, access=Capability.ACCOUNTS, methods=["POST"]),
        route(f"{one}/deactivate", doors.deactivate, access=Capability.ACCOUNTS, methods=["POST"]),
        route(f"{one}/reactivate", doors.reactivate, access=Capability.ACCOUNTS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _AdminPages:
    db: Database
    live: ChangeHints
    health: Health
    pages: Pages
    origin: str
    zone: ZoneInfo
    mails: StaffMails | None
    setup: Setup | None
    passwords: bool

    async def show_overview(self, request: Request) -> Response:
        locale = locale_of(self.pages.language(request))
        overview = await load_overview(self.db, at=now(), locale=locale, zone=self.zone)
        ratings = await load_ratings(self.db, now() - timedelta(days=7), only=is_readable(request.state.agent.id))
        baton = await load_handoff_figures(self.db, at=now(), locale=locale, zone=self.zone)
        columns = [(short_day(day.date, locale), day.conversations, day.handoffs) for day in overview.days]
        parts, model = await asyncio.gather(self._parts(), self._model())
        chart = draw_chart(columns)
        return self.pages.render(
            request,
            "admin/overview/overview.html",
            overview=overview,
            unfinished=await self._unfinished(request),
            steps_words=self.pages.texts(request, SETUP_WORDS),
            ended_webhooks=await load_ended_webhooks(self.db),
            baton=baton,
            ratings=ratings,
            chart=chart,
            parts=parts,
            model=model,
            now=now(),
            duration=partial(_duration, locale),
            moment=partial(short_moment, locale=locale, zone=self.zone),
            percent=partial(format_percent, locale=locale),
            texts=self.pages.texts(request, OVERVIEW_WORDS, TRIGGERS),
        )

    async def _unfinished(self, request: Request) -> SetupProgress | None:
        may = request.state.agent.may(Capability.ACCOUNTS)
        return await self.setup.load_unfinished() if may and self.setup else None

    async def show_agents(self, request: Request) -> Response:
        since = now() - ONLINE_FOR
        teams = {view.team.id: view.team.name for view in await list_teams(self.db) if view.team.active}
        of_agents = await load_teams_of_agents(self.db)
        rows = [
            (agent, _account(agent), _is_here(agent, since), of_agents.get(agent.id, ()))
            for agent in await list_agents(self.db)
        ]
        skills = {skill for agent, *_ in rows for skill in agent.skills}
        topics = sorted({*await list_categories(self.db), *skills}, key=str.casefold)
        return self.pages.render(
            request,
            "admin/agents/agents.html",
            rows=rows,
            roles=list(Role),
            teams=teams,
            topics=topics,
            languages=available_languages("customer"),
            most_at_once=MAX_AT_ONCE,
            texts=self.pages.texts(request, WORDS, AVAILABILITY),
        )

    async def add(self, request: Request) -> Response:
        wanted = await read(request, Newcomer)
        language = self.pages.language(request)
        added = await add_agent(self.db, wanted.email, wanted.name, wanted.role, language=language)
        link = await self._link(added.id)
        describe_change(request, after={"agent": added.id, "role": added.role})
        mailed = self.passwords and self.mails is not None and await self.mails.invite(added.id)
        return Json({"id": added.id, "link": link, "mailed": mailed}, status_code=201)

    async def make_link(self, request: Request) -> Response:
        if not self.passwords:
            raise PasswordsOff("Sign-in by password is switched off here.")
        return Json({"link": await self._link(_id(request))})

    async def change_role(self, request: Request) -> Response:
        wanted, before = (await read(request, NewRole)).role, await find_agent(self.db, _id(request))
        changed = await change_role(self.db, before.id, wanted)
        describe_change(request, before={"role": before.role}, after={"role": changed.role})
        return Json({"id": changed.id, "role": changed.role})

    async def set_work(self, request: Request) -> Response:
        wanted = await read(request, NewWork)
        work = AgentWorkload(
            skills=wanted.skills, languages=wanted.languages, capacity=wanted.capacity, teams=wanted.teams
        )
        was = await find_agent(self.db, _id(request))
        changed = await set_work(self.db, was.id, work)
        describe_change(request, before=_work_facts(was), after=_work_facts(changed))
        self.live.queue_changed()
        return Json(
            {
                "id": changed.id,
                "skills": changed.skills,
                "languages": changed.languages,
                "capacity": changed.capacity,
                "teams": wanted.teams,
            }
        )

    async def deactivate(self, request: Request) -> Response:
        if _id(request) == request.state.agent.id:
            raise OwnAccount("You can't close your own account here.")
        closed = await deactivate(self.db, _id(request))
        self.live.queue_changed()
        return Json({"id": closed.id, "active": closed.active})

    async def reactivate(self, request: Request) -> Response:
        opened = await reactivate(self.db, _id(request))
        return Json({"id": opened.id, "link": await self._link(opened.id)})

    async def _link(self, agent_id: str) -> str:
        """A link to choose a password; empty where none are taken."""
        return await invitation_link(self.db, self.origin, agent_id) if self.passwords else ""

    async def _parts(self) -> dict[str, str]:
        """Each part of the installation with `ok` or what is wrong; a bot that doesn't answer holds up no page."""
        try:
            async with asyncio.timeout(_CHECKED_WITHIN):
                return await self.health.check()
        except TimeoutError:
            return {"bot": "doesn't answer in time"}

    async def _model(self) -> str | None:
        """The trained model the bot runs, by the beginning of its hash; `None` when the bot doesn't say."""
        try:
            async with asyncio.timeout(_CHECKED_WITHIN):
                facts = await self.health.rasa.health()
        except (TimeoutError, BotError):
            return None
        return str(facts.get("model") or "")[:12] or None


def _work_facts(agent: Agent) -> dict[str, object]:
    return {"topics": agent.skills, "languages": agent.languages, "capacity": agent.capacity}


def _account(agent: Agent) -> str:
    if not agent.active:
        return "closed"
    return "invited" if agent.password_hash == NO_PASSWORD else "active"


def _is_here(agent: Agent, since: datetime) -> bool:
    return agent.active and agent.last_seen_at is not None and agent.last_seen_at > since


def _duration(locale: Locale, minutes: int) -> str:
    """Minutes, or hours from two hours on: "1 minute", "2.5 hours"."""
    if minutes < 120:
        return format_unit(minutes, "duration-minute", locale=locale)
    return format_unit(round(minutes / 60, 1), "duration-hour", locale=locale)


def _id(request: Request) -> str:
    return str(request.path_params["id"])
