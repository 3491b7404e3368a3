"""The admin pages of the teams: who takes which topics, and when they are there, in plain words before it is saved."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import list_agents
from helpdesk.accounts.roles import Capability
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.schedule import teams
from helpdesk.schedule.teams import DAYS, BadTeam, TeamForm, TeamProblem, TeamView
from helpdesk.web.admin.teams.opening_hours import OpeningHoursView, day_name, describe_opening_hours
from helpdesk.web.admin.teams.words import PROBLEMS, REGION_NAMES, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from i18n import catalog, translate
from knowledge.articles.article_list import list_categories
from store.db import Database
from store.models import Team, now

_MAX_ITEMS = 500

type Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
type Text = Annotated[str, Field(max_length=500)]
type Some = Annotated[list[Text], Field(max_length=_MAX_ITEMS)]


class TeamBody(Body):
    """A team as the editor holds it. `hours` is null for "always"."""

    name: Text
    topics: Some
    members: Some
    hours: dict[Day, Annotated[list[tuple[Text, Text]], Field(max_length=_MAX_ITEMS)]] | None
    time_zone: Text
    region: Text
    closed_on: Some
    private: bool = False
    version: int = 0

    def as_form(self) -> TeamForm:
        """Without the version that was looked at."""
        return TeamForm(
            name=self.name,
            topics=tuple(self.topics),
            members=tuple(self.members),
            hours=None if self.hours is None else {str(day): spans for day, spans in self.hours.items()},
            time_zone=self.time_zone,
            region=self.region,
            closed_on=tuple(self.closed_on),
            private=self.private,
        )


class TeamVersionBody(Body):
    """The version that was looked at."""

    version: int


def team_routes(*, db: Database, live: ChangeHints, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, one = _TeamPages(db, live, pages), "/admin/api/teams/{id}"
    return [
        route("/admin/teams", doors.show_list, access=Capability.RULES),
        route("/admin/teams/new", doors.show_new, access=Capability.RULES),
        route("/admin/teams/{id}", doors.show_team, access=Capability.RULES),
        route("/admin/api/teams", doors.add, access=Capability.RULES, methods=["POST"]),
        route("/admin/api/teams/preview", doors.preview, access=Capability.RULES, methods=["POST"]),
        route(one, doors.facts, access=Capability.RULES),
        route(f"{one}/save", doors.save, access=Capability.RULES, methods=["POST"]),
        route(f"{one}/archive", doors.archive, access=Capability.RULES, methods=["POST"]),
        route(f"{one}/restore", doors.restore, access=Capability.RULES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _TeamPages:
    db: Database
    live: ChangeHints
    pages: Pages

    async def show_list(self, request: Request) -> Response:
        views = await teams.list_teams(self.db)
        names = {agent.id: agent.name for agent in await list_agents(self.db)}
        rows = [(view, self._opening(request, view.team), [names[each] for each in view.members]) for view in views]
        return self.pages.render(
            request,
            "admin/teams/teams.html",
            rows=[row for row in rows if row[0].team.active],
            archived=[view.team for view in views if not view.team.active],
            texts=self.pages.texts(request, WORDS),
        )

    async def show_new(self, request: Request) -> Response:
        return await self._editor(request, None)

    async def show_team(self, request: Request) -> Response:
        return await self._editor(request, await teams.load(self.db, _id(request)))

    async def facts(self, request: Request) -> Response:
        return Json(_facts(await teams.load(self.db, _id(request))))

    async def preview(self, request: Request) -> Response:
        """The hours in words and as a picture, or what is wrong with them; nothing is kept."""
        form = (await read(request, TeamBody)).as_form()
        try:
            checked, problems = teams.check_form(form), []
        except BadTeam as bad:
            checked, problems = form, self._problems(request, bad)
            if any(problem.field.startswith(("hours", "time_zone", "region", "closed_on")) for problem in bad.problems):
                return Json({"problems": problems, "html": ""})
        return Json({"problems": problems, "html": self._drawn(request, checked)})

    async def add(self, request: Request) -> Response:
        return await self._save(request, None)

    async def save(self, request: Request) -> Response:
        return await self._save(request, _id(request))

    async def archive(self, request: Request) -> Response:
        seen = await read(request, TeamVersionBody)
        return self._changed(await teams.archive(self.db, _id(request), by=_name(request), version=seen.version))

    async def restore(self, request: Request) -> Response:
        seen = await read(request, TeamVersionBody)
        return self._changed(await teams.restore(self.db, _id(request), by=_name(request), version=seen.version))

    async def _save(self, request: Request, team_id: str | None) -> Response:
        written = await read(request, TeamBody)
        try:
            view = await teams.save(
                self.db, written.as_form(), by=_name(request), team_id=team_id, version=written.version
            )
        except BadTeam as bad:
            problems = self._problems(request, bad)
            error = {"code": bad.code, "message": problems[0]["sentence"], "problems": problems}
            return Json({"error": error}, status_code=bad.status)
        return self._changed(view, status=200 if team_id else 201)

    def _changed(self, view: TeamView, *, status: int = 200) -> Response:
        self.live.queue_changed()
        return Json(_facts(view), status_code=status)

    async def _editor(self, request: Request, view: TeamView | None) -> Response:
        others = [each for each in await teams.list_teams(self.db) if view is None or each.team.id != view.team.id]
        agents = [agent for agent in await list_agents(self.db) if agent.active or (view and agent.id in view.members)]
        form = TeamForm(name="", hours=_USUAL_WEEK) if view is None else _form_of(view)
        return self.pages.render(
            request,
            "admin/teams/team.html",
            view=view,
            facts=_facts(view) if view else _new_facts(form),
            agents=agents,
            categories=await list_categories(self.db),
            taken=_taken(others),
            days=DAYS,
            day_name=partial(day_name, language=self.pages.language(request)),
            regions=self.pages.texts(request, REGION_NAMES),
            zones=_zones(),
            texts=self.pages.texts(request, WORDS),
        )

    def _drawn(self, request: Request, form: TeamForm) -> str:
        """The preview as safe HTML, by the same template as in the list."""
        macros = self.pages.macros(request, "admin/teams/opening_hours.html")
        return str(macros.show(self._opening(request, _unsaved(form))))

    def _opening(self, request: Request, team: Team) -> OpeningHoursView:
        language = self.pages.language(request)
        return describe_opening_hours(team, at=now(), language=language)

    def _problems(self, request: Request, bad: BadTeam) -> list[dict[str, str]]:
        language = self.pages.language(request)
        return [{"field": each.field, "sentence": say_problem(each, language)} for each in bad.problems]


def say_problem(problem: TeamProblem, language: str) -> str:
    """What is wrong, in the reader's language: where, what was expected, and what stood there."""
    _, _, rest = problem.field.partition(".")
    code = rest.partition(".")[0]
    day = day_name(code, language) if code in DAYS else ""
    return translate(catalog("staff", language), PROBLEMS[problem.code]).format(day=day, found=problem.found)


_USUAL_WEEK = {day: [("09:00", "17:00")] for day in DAYS[:5]}


def _form_of(view: TeamView) -> TeamForm:
    team = view.team
    return TeamForm(
        name=team.name,
        topics=tuple(team.topics),
        members=view.members,
        hours={day: [(start, end) for start, end in spans] for day, spans in team.hours.items()} or None,
        time_zone=team.time_zone,
        region=team.region,
        closed_on=tuple(team.closed_on),
        private=team.private,
    )


def _facts(view: TeamView) -> dict[str, Any]:
    """What the editor holds, and what it needs to know after each step."""
    team = view.team
    return _new_facts(_form_of(view)) | {
        "id": team.id,
        "version": team.version,
        "active": team.active,
        "changed_by": team.changed_by,
        "changed_at": team.changed_at.isoformat(),
    }


def _new_facts(form: TeamForm) -> dict[str, Any]:
    return {
        "name": form.name,
        "topics": form.topics,
        "members": form.members,
        "hours": form.hours,
        "time_zone": form.time_zone,
        "region": form.region,
        "closed_on": form.closed_on,
        "private": form.private,
        "version": 0,
    }


def _unsaved(form: TeamForm) -> Team:
    """As the database would hold it, so that the preview shows what routing will go by."""
    hours = {} if form.hours is None else {day: [list(span) for span in spans] for day, spans in form.hours.items()}
    return Team(
        name=form.name, hours=hours, time_zone=form.time_zone, region=form.region, closed_on=list(form.closed_on)
    )


def _taken(others: list[TeamView]) -> dict[str, str]:
    """Which other team takes a topic already."""
    return {topic: view.team.name for view in others if view.team.active for topic in view.team.topics}


def _zones() -> list[str]:
    """Places, the nearest to our readers first."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix")))
    return sorted(places, key=lambda zone: not zone.startswith("Europe/"))


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _name(request: Request) -> str:
    return str(request.state.agent.name)
