"""Who is asked to take whom: offers for a queue, by fit, free places, fairness, and who knows the matter already.

Pure: the same queue, agents and time give the same offers. The work is about the number of requests times the number
of agents, and ends when nobody has a free place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from helpdesk.handoff.priority import PriorityFactor, PriorityReason, QueuedRequest, in_order, reasons_of

AT_ONCE = 1  # offers an agent has to decide on at the same time; a screen that rings five times is let ring
PREFERRED_FOR = timedelta(seconds=60)  # how long a request is kept for who knows the matter, while they are online
RESTS = timedelta(minutes=2)  # without offers after two in a row went unanswered, doubled with each further one
MAX_REST = timedelta(minutes=15)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class AgentFit(IntEnum):
    """How well an agent fits a request. The lower the better."""

    TOPIC = 0  # team, topic and language
    TEAM = 1  # team and language
    LANGUAGE = 2
    ANYBODY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSchedule:
    """From when on agents of a lesser fit are asked as well: while better ones are busy, or when there are none."""

    fit: AgentFit
    while_busy: timedelta
    when_nobody: timedelta
    why: PriorityFactor


WIDENINGS = (
    FitSchedule(
        fit=AgentFit.TEAM,
        while_busy=timedelta(minutes=3),
        when_nobody=timedelta(seconds=15),
        why=PriorityFactor.WIDENED_TEAM,
    ),
    FitSchedule(
        fit=AgentFit.LANGUAGE,
        while_busy=timedelta(minutes=8),
        when_nobody=timedelta(seconds=30),
        why=PriorityFactor.WIDENED_LANGUAGE,
    ),
    FitSchedule(
        fit=AgentFit.ANYBODY,
        while_busy=timedelta(minutes=30),
        when_nobody=timedelta(seconds=60),
        why=PriorityFactor.WIDENED_ANYBODY,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailableAgent:
    """An agent who is online and takes conversations; `open` are theirs now, of `capacity` at once.

    Without `teams` they work for all, without `skills` on every topic, without `languages` in each. `missed` counts
    the offers in a row that they let pass: who doesn't look is asked after the others.
    """

    id: str
    open: int
    capacity: int
    teams: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    last_offer_at: datetime | None = None
    missed: int = 0

    @property
    def rests_until(self) -> datetime:
        """Until when there is no offer, because the last ones went unanswered: the more, the longer."""
        if self.last_offer_at is None or self.missed < 2:
            return LONG_AGO
        return self.last_offer_at + min(RESTS * (1 << min(self.missed - 2, 10)), MAX_REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNow:
    """What counts of a team at this moment: what it takes, the languages its members speak, whether it is open.

    What a private one has is offered to its members only.
    """

    id: str
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    is_open: bool = True
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`agent` is to be asked whether they take `waiting` (the request's id), and why just this one and them."""

    waiting: str
    agent: str
    fit: AgentFit
    reasons: tuple[PriorityReason, ...]


@dataclass(slots=True)
class _Desk:
    """An agent during one pass."""

    agent: AvailableAgent
    rests: bool = False
    offered: int = 0

    @property
    def is_free(self) -> bool:
        return not self.rests and self.offered < AT_ONCE and self.agent.open + self.offered < self.agent.capacity

    @property
    def load(self) -> float:
        return (self.agent.open + self.offered) / max(1, self.agent.capacity)

    @property
    def rank(self) -> tuple[int, float, datetime, str]:
        """Fewest open first, relative to capacity; then who was asked longest ago."""
        return self.agent.missed, self.load, self.agent.last_offer_at or LONG_AGO, self.agent.id


@dataclass(slots=True)
class _Pass:
    """One look at the queue."""

    now: datetime
    desks: dict[str, _Desk]
    teams: dict[str, TeamNow]
    fitting: dict[tuple[str | None, str | None, str], list[tuple[AgentFit, _Desk]]] = field(default_factory=dict)

    def fits_for(self, waiting: QueuedRequest) -> list[tuple[AgentFit, _Desk]]:
        """Everybody who is online, with how well they fit; worked out once for requests of the same sort."""
        team = waiting.team if waiting.team in self.teams else None
        sort = (team, waiting.topic, waiting.language)
        if sort not in self.fitting:
            self.fitting[sort] = [(_fit(desk.agent, *sort), desk) for desk in self.desks.values()]
        return self.fitting[sort]


def route(
    waiting: Sequence[QueuedRequest], agents: Sequence[AvailableAgent], teams: Sequence[TeamNow], now: datetime
) -> tuple[Offer, ...]:
    """The offers to make now. A request has one at a time; nobody is offered more than they have places for."""
    desks = {agent.id: _Desk(agent, rests=agent.rests_until > now) for agent in agents}
    look = _Pass(now, desks, {team.id: team for team in teams})
    for each in waiting:
        if each.offered_to in look.desks and each.is_offered(now):
            look.desks[each.offered_to].offered += 1
    offers = []
    for each in in_order([each for each in waiting if not each.is_offered(now)], now):
        if not any(desk.is_free for desk in look.desks.values()):
            break
        if offer := _offer(each, look):
            look.desks[offer.agent].offered += 1
            offers.append(offer)
    return tuple(offers)


def choose_team(topic: str | None, language: str, teams: Sequence[TeamNow]) -> str | None:
    """The team for a request: one that takes its topic, else one that takes all others; `None`: there is neither.

    Among several, one that speaks the language, then one that is open, then the first.
    """
    named = [team for team in teams if topic is not None and topic in team.topics]
    found = named or [team for team in teams if not team.topics]
    best = max(found, key=lambda team: (_speaks(team, language), team.is_open), default=None)
    return best.id if best else None


def _speaks(team: TeamNow, language: str) -> bool:
    return not team.languages or language in team.languages


def _offer(waiting: QueuedRequest, look: _Pass) -> Offer | None:
    willing = [(fit, desk) for fit, desk in look.fits_for(waiting) if _is_willing(waiting, desk, look)]
    waited = look.now - (waiting.queued_at or waiting.asked_at)
    if waited < PREFERRED_FOR:
        for fit, desk in willing:
            if desk.agent.id == waiting.preferred_agent:  # while they are busy it waits for them
                return (
                    _make(waiting, desk, fit, look, PriorityReason(why=PriorityFactor.LAST_AGENT, value=1.0))
                    if desk.is_free
                    else None
                )
    widest = _widest(waiting, willing, waited, look)
    free = [(fit, desk) for fit, desk in willing if desk.is_free and fit <= widest]
    if not free:
        return None
    fit, desk = min(free, key=lambda each: (each[0], each[1].rank))
    rivals = [other for others_fit, other in free if others_fit == fit and other is not desk]
    return _make(waiting, desk, fit, look, *_widened(fit, waited), *_fair(desk, rivals))


def _is_willing(waiting: QueuedRequest, desk: _Desk, look: _Pass) -> bool:
    team = look.teams.get(waiting.team or "")
    if team is not None and team.is_private and team.id not in desk.agent.teams:
        return False
    return desk.agent.id not in waiting.declined_by and desk.agent.id != waiting.offered_to


def _widest(
    waiting: QueuedRequest, willing: Iterable[tuple[AgentFit, _Desk]], waited: timedelta, look: _Pass
) -> AgentFit:
    """The least fit that is asked by now. A team that is closed is not waited for."""
    best = min((fit for fit, _ in willing), default=AgentFit.ANYBODY)
    team = look.teams.get(waiting.team or "")
    if team is not None and not team.is_open:
        best = max(best, AgentFit.LANGUAGE)
    widest = AgentFit.TOPIC
    for widening in WIDENINGS:
        if waited >= (widening.when_nobody if best >= widening.fit else widening.while_busy):
            widest = widening.fit
    return widest


def _widened(fit: AgentFit, waited: timedelta) -> list[PriorityReason]:
    return [PriorityReason(why=each.why, value=waited.total_seconds()) for each in WIDENINGS if each.fit == fit]


def _fair(desk: _Desk, rivals: Sequence[_Desk]) -> list[PriorityReason]:
    """What spoke for this one among those who fit as well; nothing where somebody with less was passed over."""
    if not rivals:
        return [PriorityReason(why=PriorityFactor.ONLY_FREE, value=1.0)]
    has_fewest = all(desk.load <= rival.load for rival in rivals)
    return [PriorityReason(why=PriorityFactor.FEWEST_OPEN, value=desk.load)] if has_fewest else []


def _suits(waiting: QueuedRequest, agent: AvailableAgent) -> list[PriorityReason]:
    """What the agent is there for; who is there for everything says nothing about this request."""
    found = {
        PriorityFactor.SPEAKS: waiting.language in agent.languages,
        PriorityFactor.KNOWS_TOPIC: waiting.topic in agent.skills,
        PriorityFactor.IN_TEAM: waiting.team in agent.teams,
    }
    return [PriorityReason(why=why, value=1.0) for why, is_so in found.items() if is_so]


def _make(waiting: QueuedRequest, desk: _Desk, fit: AgentFit, look: _Pass, *more: PriorityReason) -> Offer:
    reasons = (*reasons_of(waiting, look.now), *_suits(waiting, desk.agent), *more)
    return Offer(waiting=waiting.id, agent=desk.agent.id, fit=fit, reasons=reasons)


def _fit(agent: AvailableAgent, team: str | None, topic: str | None, language: str) -> AgentFit:
    if agent.languages and language not in agent.languages:
        return AgentFit.ANYBODY
    if team is not None and agent.teams and team not in agent.teams:
        return AgentFit.LANGUAGE
    if topic is not None and agent.skills and topic not in agent.skills:
        return AgentFit.TEAM
    return AgentFit.TOPIC
