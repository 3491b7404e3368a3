"""The lists that agents keep under a name: their own, their team's, and everybody's."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import Agent, Article, Handoff, SavedView, Tag, Team, TeamMember

MAX_VIEWS = 50  # of one agent


@dataclass(frozen=True, slots=True, kw_only=True)
class NewView:
    """What an agent wants to keep, and for whom."""

    name: str
    wanted: dict[str, str]
    team: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCard:
    """A kept list. `is_own`: its reader made it."""

    id: str
    name: str
    wanted: dict[str, Any]
    team: str | None
    shared: bool
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoices:
    """What can be filtered by, as it occurs; `shares_with` are the teams with which an agent may share a view."""

    teams: list[dict[str, str]]
    agents: list[dict[str, str]]
    topics: list[str]
    tags: list[dict[str, str]]
    shares_with: list[dict[str, str]]


async def load_views(db: Database, agent_id: str) -> list[ViewCard]:
    """What an agent may see, by name; their own first."""
    async with db.read() as session:
        found = await session.scalars(
            select(SavedView).where(_is_shown_to(agent_id)).order_by(SavedView.agent_id != agent_id, SavedView.name)
        )
        return [_card(view, agent_id) for view in found]


async def keep_view(db: Database, agent_id: str, wanted: NewView, *, may_share: bool) -> ViewCard:
    """Keep a list. Raises `NotAllowed` for sharing with whom one doesn't belong to, `Conflict` for one too many."""
    if not wanted.name:
        raise Invalid("The view needs a name.")
    if wanted.shared and not may_share:
        raise NotAllowed("Only supervisors share a view with everybody.")
    async with db.write() as session:
        if wanted.team is not None and not may_share:
            membership = select(TeamMember).where(TeamMember.team_id == wanted.team, TeamMember.agent_id == agent_id)
            if await session.scalar(membership) is None:
                raise NotAllowed("A view is shared with a team by its members.")
        if wanted.team is not None and await session.get(Team, wanted.team) is None:
            raise NotFound("There is no such team.")
        count = await session.scalar(select(func.count()).where(SavedView.agent_id == agent_id)) or 0
        if count >= MAX_VIEWS:
            raise Conflict(f"No more than {MAX_VIEWS} views can be kept.")
        view = SavedView(
            name=wanted.name, agent_id=agent_id, team_id=wanted.team, shared=wanted.shared, wanted=wanted.wanted
        )
        session.add(view)
        await session.flush()
        return _card(view, agent_id)


async def drop_view(db: Database, agent_id: str, view_id: str, *, may_share: bool) -> None:
    """Forget a list: one's own, a supervisor any that is shared. Raises `NotFound`."""
    async with db.write() as session:
        view = await session.get(SavedView, view_id)
        is_shared = view is not None and (view.shared or view.team_id is not None)
        if view is None or (view.agent_id != agent_id and not (may_share and is_shared)):
            raise NotFound("There is no such view.")
        await session.delete(view)


async def load_filter_choices(db: Database, agent_id: str, *, may_share: bool) -> FilterChoices:
    """The teams, agents and topics that conversations can be filtered by."""
    async with db.read() as session:
        known = (await session.execute(select(Team.id, Team.name).where(Team.active).order_by(Team.name))).all()
        teams = [{"id": id_, "name": name} for id_, name in known]
        own = set(await session.scalars(select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)))
        agents = await session.execute(select(Agent.id, Agent.name).where(Agent.active).order_by(Agent.name))
        categories = select(Article.category).where(Article.category.is_not(None)).distinct()
        topics = set(await session.scalars(categories))
        topics |= set(await session.scalars(select(Handoff.topic).where(Handoff.topic.is_not(None)).distinct()))
        tags = await session.execute(select(Tag.id, Tag.name).order_by(Tag.key))
        return FilterChoices(
            tags=[{"id": id_, "name": name} for id_, name in tags],
            teams=teams,
            agents=[{"id": id_, "name": name} for id_, name in agents],
            topics=sorted(topic for topic in topics if topic),
            shares_with=[team for team in teams if may_share or team["id"] in own],
        )


def _is_shown_to(agent_id: str) -> ColumnElement[bool]:
    teams = select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)
    return or_(SavedView.agent_id == agent_id, SavedView.shared, SavedView.team_id.in_(teams))


def _card(view: SavedView, agent_id: str) -> ViewCard:
    return ViewCard(
        id=view.id,
        name=view.name,
        wanted=dict(view.wanted),
        team=view.team_id,
        shared=view.shared,
        is_own=view.agent_id == agent_id,
    )
