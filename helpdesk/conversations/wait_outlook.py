"""What a waiting contact can expect: their place, how long it takes, when the team is in, and by when we answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.lookups import count_free_places, load_agents_online
from helpdesk.handoff.priority import QueuedRequest, in_order
from helpdesk.handoff.routing import TeamNow, choose_team
from helpdesk.handoff.wait_estimate import PastWait, WaitRange, expect
from helpdesk.schedule.hours import Hours, hours_of, is_open, next_opening, opens_until, zone_or
from store.errors import Invalid
from store.models import Contact, Conversation, Handoff, QueuePlaceRecord, Team, now
from store.settings import Settings
from store.status import Status

log = structlog.get_logger()

LEARN_FROM = 200  # newest handoffs that a waiting range is learnt from
WITHOUT_HOURS = timedelta(hours=24)  # nobody is in and no hours say when somebody will be


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOutlook:
    """`position` counts from 1, `free` are the places that agents have for more.

    `opens` is when the team is next in, `None` while it is; `due` is our word. `wait` is what others waited lately,
    `None` where too few did to say, or nobody is in. `zone` is the contact's.
    """

    at: datetime
    position: int
    agents: int
    free: int
    wait: WaitRange | None
    hours: Hours
    opens: datetime | None
    due: datetime
    zone: ZoneInfo

    @property
    def somebody_is_in(self) -> bool:
        """Whether an agent is there to take over within the opening hours."""
        return self.agents > 0 and self.opens is None


async def load_wait_outlook(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, settings: Settings
) -> WaitOutlook:
    """The outlook of a request for a person that waits."""
    time = now()
    team = await session.get(Team, handoff.team_id) if handoff.team_id else None
    hours = team_hours(team, settings.time_zone)
    online = await load_agents_online(session, team.id if team else None)
    agents, free = len(online), await count_free_places(session, online)
    position = 1 + await _count_before(session, handoff, time)
    opens = None if is_open(hours, time) else next_opening(hours, time)
    contact = await session.get_one(Contact, conversation.contact_id)
    past = await _past(session, handoff) if agents and opens is None else []
    return WaitOutlook(
        at=time,
        position=position,
        agents=agents,
        free=free,
        wait=expect(position, agents, past, time, free=free),
        hours=hours,
        opens=opens,
        due=answer_due(time, hours, opens, agents=agents, within=timedelta(minutes=settings.answer_within)),
        zone=zone_or(contact.time_zone, settings.time_zone),
    )


def answer_due(time: datetime, hours: Hours, opens: datetime | None, *, agents: int, within: timedelta) -> datetime:
    """By when an answer can honestly be promised: `within` of opening time, within a day where no hours are known."""
    if opens is not None:
        return opens + within
    if agents == 0 and hours.week is None:
        return time + max(within, WITHOUT_HOURS)
    closes = opens_until(hours, time)
    if closes is None or time + within <= closes:
        return time + within
    following = next_opening(hours, closes)
    return (following + within) if following else time + max(within, WITHOUT_HOURS)


def team_hours(team: Team | None, time_zone: str) -> Hours:
    """A team's hours. Without a team, or with hours that can't be read, somebody may be in at any time."""
    always = Hours(zone=ZoneInfo(time_zone))
    try:
        return hours_of(team) if team else always
    except Invalid:
        log.warning("team.hours_unreadable", team=team.id if team else None)
        return always


async def find_team(session: AsyncSession, topic: str | None, language: str) -> str | None:
    """The id of the team that takes requests about `topic`."""
    teams = list(await session.scalars(select(Team).where(Team.active).order_by(Team.created_at, Team.id)))
    at = now()
    now_ = [
        TeamNow(id=team.id, topics=frozenset(team.topics), is_open=is_open(team_hours(team, team.time_zone), at))
        for team in teams
    ]
    return choose_team(topic, language, now_)


async def _count_before(session: AsyncSession, handoff: Handoff, time: datetime) -> int:
    """Who waits for the same team and is served earlier, by the order in which agents are asked."""
    rows = await session.execute(
        select(Handoff.id, Handoff.asked_at, Handoff.urgency, Contact.important)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.status == Status.QUEUED, Handoff.ended_at.is_(None), _same_team(handoff))
    )
    queue = [
        QueuedRequest(id=id_, asked_at=asked_at, language="", urgency=urgency, important=important)
        for id_, asked_at, urgency, important in rows
    ]
    return next((place for place, each in enumerate(in_order(queue, time)) if each.id == handoff.id), 0)


def _same_team(handoff: Handoff) -> ColumnElement[bool]:
    return Handoff.team_id.is_(None) if handoff.team_id is None else Handoff.team_id == handoff.team_id


async def _past(session: AsyncSession, handoff: Handoff) -> list[PastWait]:
    """The newest requests that a person took up, with what was told to them as their place then."""
    rows = await session.scalars(
        select(Handoff)
        .where(Handoff.accepted_at.is_not(None), Handoff.language == handoff.language, _same_team(handoff))
        .order_by(Handoff.accepted_at.desc())
        .limit(LEARN_FROM)
    )
    return [_as_past(row, place) for row in rows if row.accepted_at and (place := row.told.first_place)]


def _as_past(row: Handoff, place: QueuePlaceRecord) -> PastWait:
    accepted = row.accepted_at or row.asked_at
    return PastWait(
        asked_at=row.asked_at, accepted_at=accepted, position=place.position, agents=place.agents, free=place.free
    )
