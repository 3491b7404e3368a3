"""Teams in the database: kept, changed, archived. Two admins don't overwrite each other (`version`)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.schedule.teams.team_form import BadTeam, TeamForm, TeamProblem, check_form
from store.db import Database, is_unique_violation
from store.errors import Conflict, NotFound
from store.models import Agent, Team, TeamMember, now


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """A team and the ids of its members, by name of the member."""

    team: Team
    members: tuple[str, ...]


async def list_teams(db: Database) -> list[TeamView]:
    """Every team, active ones first, by name."""
    async with db.read() as session:
        teams = list(await session.scalars(select(Team).order_by(Team.active.desc(), Team.name, Team.id)))
        members = await _members(session)
    return [TeamView(team=team, members=tuple(members.get(team.id, ()))) for team in teams]


async def load(db: Database, team_id: str) -> TeamView:
    """One team. Raises `NotFound`."""
    async with db.read() as session:
        team = await _get(session, team_id)
        members = await _members(session)
    return TeamView(team=team, members=tuple(members.get(team.id, ())))


async def save(db: Database, form: TeamForm, *, by: str, team_id: str | None = None, version: int = 0) -> TeamView:
    """Make a team, or change the one that was looked at in `version`.

    Raises `BadTeam` naming every field that is wrong, `Conflict` when somebody else was quicker, `NotFound`.
    """
    wanted = check_form(form)
    try:
        async with db.write() as session:
            team = Team(version=0, changed_by=by) if team_id is None else await _to_change(session, team_id, version)
            _write(team, wanted, by)
            session.add(team)
            await session.flush()
            await _write_members(session, team.id, wanted.members)
    except IntegrityError as error:
        if is_unique_violation(error):
            raise BadTeam([TeamProblem(field="name", code="name_taken", found=wanted.name)]) from error
        raise
    return TeamView(team=team, members=wanted.members)


async def archive(db: Database, team_id: str, *, by: str, version: int) -> TeamView:
    """Nothing is given to the team any more; it can be restored. Raises `Conflict`, `NotFound`."""
    return await _switch(db, team_id, by=by, version=version, active=False)


async def restore(db: Database, team_id: str, *, by: str, version: int) -> TeamView:
    """Undo `archive`. Raises `Conflict`, `NotFound`."""
    return await _switch(db, team_id, by=by, version=version, active=True)


async def load_teams_of_agents(db: Database) -> Mapping[str, tuple[str, ...]]:
    """The ids of the active teams of each agent, by the name of the team."""
    found: dict[str, tuple[str, ...]] = {}
    async with db.read() as session:
        rows = await session.execute(
            select(TeamMember.agent_id, Team.id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(Team.active)
            .order_by(Team.name)
        )
        for agent_id, team_id in rows:
            found[agent_id] = (*found.get(agent_id, ()), team_id)
    return found


async def store_teams_of(session: AsyncSession, agent_id: str, team_ids: Collection[str]) -> None:
    """Make these the active teams of an agent; membership in archived ones stays. Raises `NotFound`."""
    active = set(await session.scalars(select(Team.id).where(Team.active)))
    if unknown := set(team_ids) - active:
        raise NotFound(f"There is no team {min(unknown)!r}, or it is archived.")
    await session.execute(
        delete(TeamMember).where(TeamMember.agent_id == agent_id, TeamMember.team_id.in_(sorted(active)))
    )
    session.add_all([TeamMember(team_id=team_id, agent_id=agent_id) for team_id in dict.fromkeys(team_ids)])


async def _switch(db: Database, team_id: str, *, by: str, version: int, active: bool) -> TeamView:
    async with db.write() as session:
        team = await _to_change(session, team_id, version)
        team.active = active
        _sign(team, by)
    return await load(db, team_id)


async def _to_change(session: AsyncSession, team_id: str, version: int) -> Team:
    team = await _get(session, team_id, lock=True)
    if team.version != version:
        raise Conflict(
            f"{team.changed_by} has changed the team {team.name} in the meantime.",
            code="team_changed",
            changed_by=team.changed_by,
        )
    return team


async def _get(session: AsyncSession, team_id: str, *, lock: bool = False) -> Team:
    team = await session.get(Team, team_id, with_for_update=lock or None)
    if team is None:
        raise NotFound("There is no such team.")
    return team


def _write(team: Team, form: TeamForm, by: str) -> None:
    team.name, team.topics, team.time_zone, team.region = form.name, tuple(form.topics), form.time_zone, form.region
    team.hours = {} if form.hours is None else {day: tuple(form.hours[day]) for day in form.hours}
    team.closed_on = tuple(form.closed_on)
    team.private = form.private
    _sign(team, by)


def _sign(team: Team, by: str) -> None:
    team.version += 1
    team.changed_by, team.changed_at = by, now()


async def _write_members(session: AsyncSession, team_id: str, agent_ids: Iterable[str]) -> None:
    wanted = list(agent_ids)
    known = set(await session.scalars(select(Agent.id).where(Agent.id.in_(wanted))))
    if any(agent_id not in known for agent_id in wanted):
        raise BadTeam([TeamProblem(field="members", code="member")])
    await session.execute(delete(TeamMember).where(TeamMember.team_id == team_id))
    session.add_all([TeamMember(team_id=team_id, agent_id=agent_id) for agent_id in wanted])


async def _members(session: AsyncSession) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = await session.execute(
        select(TeamMember.team_id, TeamMember.agent_id)
        .join(Agent, Agent.id == TeamMember.agent_id)
        .order_by(Agent.name, Agent.id)
    )
    for team_id, agent_id in rows:
        found.setdefault(team_id, []).append(agent_id)
    return found
