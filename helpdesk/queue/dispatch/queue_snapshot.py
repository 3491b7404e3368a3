"""The queue, the agents who are there and their teams at one moment, read from the database for the pure rules."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.roles import Capability, roles_with
from helpdesk.conversations.lookups import ONLINE_FOR, count_owned
from helpdesk.handoff.priority import QueuedRequest
from helpdesk.handoff.routing import AvailableAgent, TeamNow, choose_team
from helpdesk.schedule.hours import Hours, hours_of, is_open, next_opening
from store.errors import Invalid
from store.models import (
    Agent,
    Availability,
    Contact,
    Conversation,
    Handoff,
    Promise,
    PromiseKind,
    Team,
    TeamMember,
)
from store.status import Status

log = structlog.get_logger()

CALL_AHEAD = timedelta(hours=2)  # a promised call is offered from the beginning of its window on, not days before

_WAITING = (
    select(
        Handoff.id,
        Handoff.conversation_id,
        Handoff.asked_at,
        Handoff.queued_at,
        Handoff.language,
        Handoff.topic,
        Handoff.team_id,
        Handoff.urgency,
        Handoff.preferred_agent,
        Handoff.declined_by,
        Handoff.offered_to,
        Handoff.offered_at,
        Handoff.offered_until,
        Contact.important,
    )
    .join(Conversation, Conversation.id == Handoff.conversation_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .where(Conversation.status == Status.QUEUED, Handoff.ended_at.is_(None), Handoff.accepted_at.is_(None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSnapshot:
    """`chosen` are the teams found for handoffs that had none, `offered_at` the times of the last offers, by id."""

    waiting: tuple[QueuedRequest, ...]
    agents: tuple[AvailableAgent, ...]
    teams: tuple[TeamNow, ...]
    chosen: dict[str, str]
    offered_at: dict[str, datetime]


async def load_queue_snapshot(session: AsyncSession, now: datetime) -> QueueSnapshot | None:
    """Everything the rules need, or `None` when nobody waits. A `QueuedRequest` has the id of its handoff."""
    rows = (await session.execute(_WAITING)).all()
    if not rows:
        return None
    hours, teams = await _teams(session, now)
    due = await _promises(session, [row.conversation_id for row in rows])
    chosen = {row.id: team for row in rows if not row.team_id and (team := choose_team(row.topic, row.language, teams))}
    waiting = [_waiting(row, chosen.get(row.id), hours, due.get(row.conversation_id, {}), now) for row in rows]
    return QueueSnapshot(
        waiting=tuple(each for each in waiting if each is not None),
        agents=await _agents(session, now),
        teams=teams,
        chosen=chosen,
        offered_at={row.id: row.offered_at for row in rows if row.offered_at},
    )


def _waiting(
    row: Row[*tuple[Any, ...]],
    chosen: str | None,
    hours: dict[str, Hours],
    due: dict[PromiseKind, datetime],
    now: datetime,
) -> QueuedRequest | None:
    """One request; `None` as long as it waits for the window of a promised call."""
    called = due.get(PromiseKind.CALLBACK)
    if called is not None and called - CALL_AHEAD > now:
        return None
    waiting = QueuedRequest(
        id=row.id,
        asked_at=row.asked_at,
        language=row.language,
        topic=row.topic,
        team=row.team_id or chosen,
        urgency=row.urgency,
        important=row.important,
        due_at=min(due.values(), default=None),
        preferred_agent=row.preferred_agent,
        declined_by=frozenset(row.declined_by),
        offered_to=row.offered_to,
        offered_until=row.offered_until,
    )
    return replace(waiting, queued_at=_since(row.queued_at or row.asked_at, hours.get(waiting.team or ""), now))


def _since(queued_at: datetime, hours: Hours | None, now: datetime) -> datetime:
    """Since when somebody could have taken it: nobody is late before the team's first opening."""
    opening = next_opening(hours, queued_at) if hours else None
    return opening if opening is not None and opening <= now else queued_at


async def _teams(session: AsyncSession, now: datetime) -> tuple[dict[str, Hours], tuple[TeamNow, ...]]:
    rows = list(await session.scalars(select(Team).where(Team.active).order_by(Team.name)))
    hours = {row.id: found for row in rows if (found := _hours(row))}
    languages: dict[str, set[str]] = defaultdict(set)
    members = await session.execute(
        select(TeamMember.team_id, Agent.languages).join(Agent, Agent.id == TeamMember.agent_id).where(Agent.active)
    )
    for team_id, spoken in members:
        languages[team_id].update(spoken)
    return hours, tuple(
        TeamNow(
            id=row.id,
            topics=frozenset(row.topics),
            languages=frozenset(languages[row.id]),
            is_open=row.id not in hours or is_open(hours[row.id], now),
            is_private=row.private,
        )
        for row in rows
    )


def _hours(team: Team) -> Hours | None:
    """The admin page checks hours before it stores them; should some be wrong all the same, the team counts as open."""
    try:
        return hours_of(team)
    except Invalid as error:
        log.warning("dispatch.bad_hours", team=team.id, reason=str(error))
        return None


async def _promises(session: AsyncSession, conversations: list[str]) -> dict[str, dict[PromiseKind, datetime]]:
    """The next promise of each kind to each contact who waits."""
    found: dict[str, dict[PromiseKind, datetime]] = defaultdict(dict)
    rows = await session.execute(
        select(Promise.conversation_id, Promise.kind, func.min(Promise.due_at))
        .join(Conversation, Conversation.id == Promise.conversation_id)
        .where(
            Conversation.status == Status.QUEUED,
            Promise.kept_at.is_(None),
            Promise.broken_at.is_(None),
            Promise.withdrawn_at.is_(None),
        )
        .group_by(Promise.conversation_id, Promise.kind)
    )
    for conversation_id, kind, due_at in rows:
        found[conversation_id][kind] = due_at
    return found


async def _agents(session: AsyncSession, now: datetime) -> tuple[AvailableAgent, ...]:
    rows = list(
        await session.scalars(
            select(Agent).where(
                Agent.active,
                Agent.availability == Availability.ONLINE,
                Agent.last_seen_at > now - ONLINE_FOR,
                Agent.role.in_(roles_with(Capability.ANSWERS)),
            )
        )
    )
    teams: dict[str, set[str]] = defaultdict(set)
    for team_id, agent_id in await session.execute(select(TeamMember.team_id, TeamMember.agent_id)):
        teams[agent_id].add(team_id)
    owned = await count_owned(session)
    accepted = await _last_accepted(session)
    return tuple(
        AvailableAgent(
            id=row.id,
            open=owned.get(row.id, 0),
            capacity=row.capacity,
            teams=frozenset(teams[row.id]),
            skills=frozenset(row.skills),
            languages=frozenset(row.languages),
            last_offer_at=row.last_offer_at,
            missed=row.missed_offers if row.id not in accepted else 0,
        )
        for row in rows
    )


async def _last_accepted(session: AsyncSession) -> set[str]:
    """Who let offers pass and has accepted something since: they look again."""
    found = await session.scalars(
        select(Agent.id)
        .join(Handoff, Handoff.accepted_by == Agent.id)
        .where(
            Agent.missed_offers > 0,
            or_(Agent.last_offer_at.is_(None), Handoff.accepted_at > Agent.last_offer_at),
        )
        .distinct()
    )
    return set(found)
