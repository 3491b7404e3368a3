"""What a supervisor sees of this moment: who waits, who is there and what they have, and what is late."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.conversations import ONLINE_FOR
from helpdesk.conversations.promises.promise_cards import PromiseCard, load_promise_cards
from helpdesk.conversations.promises.register import is_open
from helpdesk.conversations.visibility import load_private_readers
from helpdesk.views.timeline.cards import ConversationCard, load_cards, select_cards
from store.db import Database
from store.models import (
    Agent,
    Availability,
    Conversation,
    Handoff,
    Message,
    MessageKind,
    Promise,
    StaffingSample,
    Team,
    TeamMember,
    now,
)
from store.status import Status
from store.write_feed import deleted

#: Seconds for which one look at the database is good for everybody who looks at this instance.
GOOD_FOR = 3.0
MAX_CONVERSATIONS = 400
MAX_OVERDUE = 100
WEEKS = 4
HOURS = 24
_P90 = 9
_FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedConversation:
    """A conversation of an agent's. `unanswered_since`: the customer's oldest line that has no answer."""

    card: ConversationCard
    unanswered_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """A colleague as they are now; `presence` is what they have chosen, `offline` while no desk of theirs is open."""

    id: str
    name: str
    presence: str
    capacity: int
    teams: tuple[str, ...]
    conversations: tuple[OwnedConversation, ...]
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team's queue; without an id, those whose team isn't known. Waits are of today, in seconds, until accepted."""

    id: str | None
    name: str
    waiting: int
    waiting_since: datetime | None
    online: int
    accepted: int
    wait_median_seconds: float | None
    wait_p90_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBoard:
    """All queues and all agents at one moment."""

    at: datetime
    waiting: tuple[ConversationCard, ...]
    teams: tuple[TeamRow, ...]
    agents: tuple[AgentRow, ...]
    overdue: tuple[PromiseCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourLoad:
    """One hour of the day, local time: requests for a person and agents online, usually on this weekday, and today.

    `None` where nothing was counted.
    """

    hour: int
    came_usually: float
    came_today: int
    online_usually: float | None
    online_today: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSource:
    """What every supervisor's board is made of. `readers`: who may read what private teams have, by conversation.

    `members` are the teams of each agent, by id; `waits` seconds from asking to being accepted today, by team.
    """

    at: datetime
    cards: Sequence[ConversationCard]
    unanswered: Mapping[str, datetime]
    overdue: Sequence[PromiseCard]
    teams: Sequence[Team]
    members: Mapping[str, Sequence[str]]
    staff: Sequence[Agent]
    waits: Mapping[str | None, list[float]]
    readers: Mapping[str, frozenset[str]]


class LiveBoards:
    """Loads what boards are made of at most once in `GOOD_FOR` seconds, however many look at them."""

    def __init__(self, db: Database, *, time_zone: str) -> None:
        self.db = db
        self.zone = ZoneInfo(time_zone)
        self._lock = asyncio.Lock()
        self._source: BoardSource | None = None
        self._loaded_at = float("-inf")
        db.feed.listen((deleted("conversations"),), self._forget)

    async def look(self, agent_id: str, *, afresh: bool = False) -> LiveBoard:
        """The board as it is for an agent; `afresh`: after a change of one's own."""
        async with self._lock:
            source = self._source
            if source is None or afresh or monotonic() - self._loaded_at >= GOOD_FOR:
                async with self.db.read() as session:
                    self._source = source = await load_board_source(session, now(), self.zone)
                self._loaded_at = monotonic()
            return board_for(source, agent_id)

    def _forget(self) -> None:
        """Somebody was erased: what is kept may name them."""
        self._source = None

    async def hours(self) -> tuple[HourLoad, ...]:
        """The load of this weekday by hour, and who was there: two statements."""
        async with self.db.read() as session:
            return await load_hours(session, now(), self.zone)


async def load_board_source(session: AsyncSession, at: datetime, zone: ZoneInfo) -> BoardSource:
    """Everything in eight statements, nine where a team is private. Who waits longest is first."""
    here = Conversation.status.in_([Status.QUEUED, Status.ASSIGNED])
    query = select_cards().where(here).order_by(Handoff.asked_at, Conversation.id).limit(MAX_CONVERSATIONS)
    cards = await load_cards(session, query)
    overdue = (await load_promise_cards(session, is_open() & (Promise.due_at <= at)))[:MAX_OVERDUE]
    teams = list(await session.scalars(select(Team).where(Team.active).order_by(Team.name)))
    members: dict[str, list[str]] = defaultdict(list)
    for team_id, agent_id in await session.execute(select(TeamMember.team_id, TeamMember.agent_id)):
        members[agent_id].append(team_id)
    named = {card.id for card in cards} | {promise.conversation_id for promise in overdue}
    return BoardSource(
        at=at,
        cards=cards,
        unanswered=await _load_unanswered(session),
        overdue=overdue,
        teams=teams,
        members=members,
        staff=list(await session.scalars(select(Agent).where(Agent.active).order_by(Agent.name, Agent.id))),
        waits=await _load_waits(session, _midnight(at, zone)),
        readers=await load_private_readers(session, named) if any(team.private for team in teams) else {},
    )


def board_for(source: BoardSource, agent_id: str) -> LiveBoard:
    """The board without what an agent may not read: conversations, their promises, and queues of private teams."""

    def may_read(conversation_id: str) -> bool:
        return agent_id in source.readers.get(conversation_id, (agent_id,))

    cards = [card for card in source.cards if may_read(card.id)]
    waiting = tuple(card for card in cards if card.status == Status.QUEUED)
    overdue = tuple(promise for promise in source.overdue if may_read(promise.conversation_id))
    owned: dict[str, list[OwnedConversation]] = defaultdict(list)
    for card in cards:
        if card.status == Status.ASSIGNED and card.agent_id:
            since = source.unanswered.get(card.id)
            owned[card.agent_id].append(OwnedConversation(card=card, unanswered_since=since))
    names = {team.id: team.name for team in source.teams}
    agents = tuple(
        AgentRow(
            id=agent.id,
            name=agent.name,
            presence=presence_of(agent, source.at),
            capacity=agent.capacity,
            teams=tuple(sorted(names[team] for team in source.members.get(agent.id, ()) if team in names)),
            conversations=tuple(owned[agent.id]),
            overdue=sum(promise.agent_id == agent.id for promise in overdue),
        )
        for agent in source.staff
    )
    shown = {team.id: team.name for team in source.teams if not team.private or _sees_queue(source, team, agent_id)}
    teams = _team_rows(shown, source.members, waiting, agents, source.waits)
    return LiveBoard(at=source.at, waiting=waiting, teams=teams, agents=agents, overdue=overdue)


def _sees_queue(source: BoardSource, team: Team, agent_id: str) -> bool:
    role = next((agent.role for agent in source.staff if agent.id == agent_id), None)
    reads_all = role is not None and has_capability(role, Capability.PRIVATE_TEAMS)
    return reads_all or team.id in source.members.get(agent_id, ())


def presence_of(agent: Agent, at: datetime) -> str:
    """What an agent has chosen while their desk is open, else that they are away."""
    is_here = agent.last_seen_at is not None and agent.last_seen_at > at - ONLINE_FOR
    return str(agent.availability if is_here else Availability.OFFLINE)


async def _load_unanswered(session: AsyncSession) -> dict[str, datetime]:
    rows = await session.execute(
        select(Message.conversation_id, func.min(Message.created_at))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.status == Status.ASSIGNED,
            Message.kind == MessageKind.INCOMING,
            Message.seq > Conversation.answered_seq,
        )
        .group_by(Message.conversation_id)
    )
    return {conversation_id: since for conversation_id, since in rows}


async def _load_waits(session: AsyncSession, since: datetime) -> dict[str | None, list[float]]:
    """Seconds from asking to being accepted of those accepted since then, by team."""
    rows = await session.execute(
        select(Handoff.team_id, Handoff.asked_at, Handoff.accepted_at).where(Handoff.accepted_at >= since)
    )
    waits: dict[str | None, list[float]] = defaultdict(list)
    for team_id, asked_at, accepted_at in rows:
        if accepted_at is not None:
            waits[team_id].append(max(0.0, (accepted_at - asked_at).total_seconds()))
    return waits


def _team_rows(
    teams: Mapping[str, str],
    members: Mapping[str, Sequence[str]],
    waiting: Iterable[ConversationCard],
    agents: Iterable[AgentRow],
    waits: Mapping[str | None, list[float]],
) -> tuple[TeamRow, ...]:
    """A row for each team, and a last one for whoever is nobody's, if there is anybody."""
    queues: dict[str | None, list[ConversationCard]] = defaultdict(list)
    ids = {name: team_id for team_id, name in teams.items()}
    for card in waiting:
        queues[ids.get(card.team or "")].append(card)
    online = [agent for agent in agents if agent.presence == Availability.ONLINE]
    rows = []
    for team_id, name in [*teams.items(), (None, "")]:
        queue, took = queues[team_id], sorted(waits.get(team_id, ()))
        if team_id is None and teams and not queue and not took:
            continue
        there = [agent for agent in online if team_id in members.get(agent.id, ()) or not members.get(agent.id)]
        rows.append(
            TeamRow(
                id=team_id,
                name=name,
                waiting=len(queue),
                waiting_since=min((card.waiting_since for card in queue if card.waiting_since), default=None),
                online=len(there if team_id else online),
                accepted=len(took),
                wait_median_seconds=took[len(took) // 2] if took else None,
                wait_p90_seconds=_p90(took),
            )
        )
    return tuple(rows)


def _p90(ordered: list[float]) -> float | None:
    if len(ordered) < _FEW:
        return ordered[0] if ordered else None
    return quantiles(ordered, n=10, method="inclusive")[_P90 - 1]


async def load_hours(session: AsyncSession, at: datetime, zone: ZoneInfo) -> tuple[HourLoad, ...]:
    """Requests for a person by the hour on this weekday, the mean of some weeks and today, beside who was online."""
    today = _midnight(at, zone)
    days = [_days_before(today, 7 * week, zone) for week in range(WEEKS, -1, -1)]
    spans = [(day, _days_before(day, -1, zone)) for day in days]
    asked = await session.scalars(
        select(Handoff.asked_at).where(or_(*((Handoff.asked_at >= a) & (Handoff.asked_at < b) for a, b in spans)))
    )
    came = _count(asked, zone, today)
    samples = await session.execute(
        select(StaffingSample.at, StaffingSample.online).where(
            or_(*((StaffingSample.at >= a) & (StaffingSample.at < b) for a, b in spans))
        )
    )
    usually: dict[int, list[int]] = defaultdict(list)
    lately: dict[int, list[int]] = defaultdict(list)
    for sampled_at, online in samples:
        (lately if sampled_at >= today else usually)[sampled_at.astimezone(zone).hour].append(online)
    return tuple(
        HourLoad(
            hour=hour,
            came_usually=came[False, hour] / WEEKS,
            came_today=came[True, hour],
            online_usually=_mean(usually[hour]),
            online_today=_mean(lately[hour]),
        )
        for hour in range(HOURS)
    )


def _count(times: Iterable[datetime], zone: ZoneInfo, today: datetime) -> Mapping[tuple[bool, int], int]:
    """By whether it was today, and the local hour."""
    counts: dict[tuple[bool, int], int] = defaultdict(int)
    for time in times:
        counts[time >= today, time.astimezone(zone).hour] += 1
    return counts


def _mean(counts: list[int]) -> float | None:
    return sum(counts) / len(counts) if counts else None


def _midnight(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _days_before(midnight: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Midnight so many days before, by the calendar: a day may have 23 or 25 hours."""
    day = midnight.date() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=zone)
