"""The day of `queue_world` played through the real rules: states, routing, waiting ranges, when news is worth telling.

Time is simulated; everything that decides is the code that runs in production. The journal of what happened is kept
apart from it, so that owners and limbo are checked by somebody who wasn't there.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from benchmarks.queue_world import DAY, OPEN, TEAMS, Customer, Person, World, lognormal
from helpdesk.conversations.lookups import ONLINE_FOR
from helpdesk.handoff.priority import QueuedRequest, in_order
from helpdesk.handoff.routing import AvailableAgent, Offer, TeamNow, choose_team
from helpdesk.handoff.states import next_status
from helpdesk.handoff.wait_estimate import LOOK_BACK, PastWait, WaitRange, expect
from helpdesk.handoff.wait_notice import QUIET, WaitNotice, changed_enough, rounded
from helpdesk.queue.dispatch.dispatcher import ASK_AGAIN
from helpdesk.queue.watchdog import EVERY as WATCHED_EVERY
from store.status import Event, Status

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
OFFER_LASTS = 30.0
BOT_ANSWERS = 1.0
CHECKED_EVERY = 5.0
TOLD_EVERY = 10.0  # seconds between looks at whether there is news for those who wait
NEWS_WITHIN = 300.0  # seconds after which somebody hears again who was told that the wait isn't known
OPENING_TAKES = 3600.0  # seconds after opening until which an answer was promised to those who came before it

Router = Callable[[Sequence[QueuedRequest], Sequence[AvailableAgent], Sequence[TeamNow], datetime], tuple[Offer, ...]]


@dataclass(slots=True)
class Talk:
    """A conversation at this moment, and what is measured of it."""

    customer: Customer
    status: Status = Status.BOT
    epoch: int = 1
    owner: str | None = None
    topic: str = ""
    waiting: QueuedRequest | None = None
    asked: float = 0.0
    accepted: float | None = None
    left: float | None = None
    told: WaitNotice | None = None
    promised_until: float = 0.0
    next_news: float = 0.0
    first_told: WaitRange | None = None
    simple: float | None = None  # position times average, for comparison
    place: tuple[int, int, int] = (0, 0, 0)
    by_day: bool = True
    known_by: str | None = None
    fits: bool = True


@dataclass(slots=True)
class Desk:
    """An agent at this moment."""

    person: Person
    here: bool = False  # sits at the desk
    online: bool = False  # counts as there, which outlasts `here` by the patience of the watchdog
    gone_at: float | None = None
    open: set[str] = field(default_factory=set)
    last_offer: datetime | None = None
    missed: int = 0
    served: int = 0
    online_seconds: float = 0.0
    since: float = 0.0


@dataclass(slots=True)
class DayOutcome:
    """What came of a day."""

    talks: list[Talk]
    desks: list[Desk]
    journal: list[tuple[float, str, Event, str | None]]
    longest_limbo: float = 0.0
    limbos: int = 0
    checks: int = 0
    late_accepts: int = 0
    lost: int = 0
    longest_queue: int = 0
    offers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    news: int = 0
    looks: list[tuple[int, float]] = field(default_factory=list)
    updates: list[tuple[WaitRange, float, Talk]] = field(default_factory=list)


class Simulation:
    """Plays one day. `router` makes the offers, `clock` measures a pass."""

    def __init__(self, world: World, router: Router, seed: int, clock: Callable[[], float]) -> None:
        self.random = Random(seed)
        self.router, self.clock = router, clock
        self.talks = {each.id: Talk(each) for each in world.customers}
        self.desks = {each.id: Desk(each) for each in world.people}
        self.queue: dict[str, Talk] = {}
        self.recent: dict[tuple[str | None, str], list[PastWait]] = defaultdict(list)
        self.outcome = DayOutcome(list(self.talks.values()), list(self.desks.values()), [])
        self.limbo_since: dict[str, float] = {}
        self.live: dict[str, Talk] = {}
        self.time = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._dirty = False
        self.gaps: dict[tuple[str | None, str], list[float]] = defaultdict(list)

    def run(self) -> DayOutcome:
        """The whole day, and the evening until nobody is left who could be helped."""
        for talk in self.talks.values():
            self.at(talk.customer.at, lambda talk=talk: self.begin(talk))  # type: ignore[misc]
        for desk in self.desks.values():
            self._plan(desk)
        for every, what in ((1.0, self.look), (TOLD_EVERY, self.tell), (CHECKED_EVERY, self.check)):
            self.repeat(every, what)
        self.repeat(WATCHED_EVERY, self.watch)
        while self._events and self.time < DAY:
            self.time, _, act = heapq.heappop(self._events)
            act()
        return self.outcome

    def at(self, time: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._number), act))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self.at(self.time + seconds, act)

    def repeat(self, every: float, act: Callable[[], None]) -> None:
        def again() -> None:
            act()
            self.after(every, again)

        self.after(every, again)

    @property
    def now(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.time)

    def change(self, talk: Talk, event: Event, agent: str | None = None) -> None:
        """One transition by the real table; the owner and the journal follow."""
        talk.status = next_status(talk.status, event)
        if talk.owner is not None:
            self.desks[talk.owner].open.discard(talk.customer.id)
        talk.owner = agent if talk.status == Status.ASSIGNED else None
        talk.epoch += 1
        self._dirty = True
        self.outcome.journal.append((self.time, talk.customer.id, event, agent))

    # customers

    def begin(self, talk: Talk) -> None:
        self.live[talk.customer.id] = talk
        talk.promised_until = self.time + BOT_ANSWERS
        if talk.customer.wants_person is None:
            self.after(lognormal(self.random, 240, 0.8), lambda: self.finish(talk))
        else:
            self.after(talk.customer.wants_person, lambda: self.ask(talk))

    def finish(self, talk: Talk) -> None:
        if talk.status == Status.BOT:
            self.change(talk, Event.RESOLVE)
            self.live.pop(talk.customer.id, None)

    def ask(self, talk: Talk) -> None:
        talk.asked, talk.topic = self.time, talk.customer.topic
        self.change(talk, Event.REQUEST_HANDOFF)
        self.enqueue(talk, first=True)
        self.after(talk.customer.patience, lambda: self.give_up(talk))

    def give_up(self, talk: Talk) -> None:
        if talk.status == Status.QUEUED and talk.accepted is None and talk.by_day:
            talk.left = self.time
            self.leave_queue(talk)
            self.change(talk, Event.CANCEL)
            self.after(60, lambda: self.finish(talk))

    def enqueue(self, talk: Talk, *, first: bool = False) -> None:
        team = choose_team(talk.topic, talk.customer.language, self.teams())
        is_open = self.is_open(team)
        queued = self.time if is_open else self.opening(team)
        talk.waiting = QueuedRequest(
            id=talk.customer.id,
            asked_at=MIDNIGHT + timedelta(seconds=talk.asked),
            queued_at=MIDNIGHT + timedelta(seconds=queued),
            language=talk.customer.language,
            topic=talk.topic,
            team=team,
            urgency=talk.customer.urgency,
            important=talk.customer.important,
            due_at=None if is_open else MIDNIGHT + timedelta(seconds=queued + OPENING_TAKES),
            preferred_agent=talk.known_by,
        )
        self.queue[talk.customer.id] = talk
        self.outcome.longest_queue = max(self.outcome.longest_queue, len(self.queue))
        if first:
            talk.by_day = is_open
        self.welcome(talk, first=first)

    def leave_queue(self, talk: Talk) -> None:
        self.queue.pop(talk.customer.id, None)
        talk.waiting = None

    def welcome(self, talk: Talk, *, first: bool) -> None:
        """Tell somebody who begins to wait how long it will be, or when somebody is there."""
        assert talk.waiting
        if not self.is_open(talk.waiting.team):
            talk.promised_until = self.opening(talk.waiting.team) + OPENING_TAKES
            return
        sort = (talk.waiting.team, talk.waiting.language)
        positions, agents, free = self.places(sort)
        position = positions[talk.customer.id]
        range_ = expect(position, agents, self.recent[sort][-LOOK_BACK:], self.now, free=free)
        self.inform(talk, (position, agents, free), range_)
        if first:
            talk.place, talk.first_told = (position, agents, free), range_
            gaps = self.gaps[sort][-50:]
            talk.simple = position * sum(gaps) / len(gaps) if len(gaps) > 10 else None

    def inform(self, talk: Talk, place: tuple[int, int, int], range_: WaitRange | None) -> None:
        """What is said is a promise: of a person, or of news."""
        talk.told = WaitNotice(position=place[0], range=range_, at=self.now)
        spoken = rounded(range_).high if range_ else timedelta(seconds=NEWS_WITHIN)
        talk.promised_until = self.time + min(spoken, timedelta(hours=4)).total_seconds()

    def places(self, sort: tuple[str | None, str]) -> tuple[dict[str, int], int, int]:
        """Positions of those who wait for the same people, how many people that are, and their free places."""
        same = [
            each.waiting
            for each in self.queue.values()
            if each.waiting and (each.waiting.team, each.waiting.language) == sort
        ]
        people = [
            desk
            for desk in self.desks.values()
            if desk.online and sort[1] in desk.person.languages and desk.person.team in (None, sort[0])
        ]
        positions = {each.id: number for number, each in enumerate(in_order(same, self.now), start=1)}
        return positions, len(people), sum(max(0, desk.person.capacity - len(desk.open)) for desk in people)

    def tell(self) -> None:
        sorts: dict[tuple[str | None, str], list[Talk]] = defaultdict(list)
        for talk in self.queue.values():
            assert talk.waiting
            if self.is_open(talk.waiting.team):
                sorts[talk.waiting.team, talk.waiting.language].append(talk)
            elif self.time >= talk.promised_until - TOLD_EVERY:  # the team went home: when it is back
                talk.promised_until = self.opening(talk.waiting.team) + OPENING_TAKES
        for sort, talks in sorts.items():
            positions, agents, free = self.places(sort)
            for talk in talks:
                self.tell_one(talk, (positions[talk.customer.id], agents, free), sort)

    def tell_one(self, talk: Talk, place: tuple[int, int, int], sort: tuple[str | None, str]) -> None:
        """News when it is worth telling, and always before what was promised is over."""
        ends = self.time >= talk.promised_until - TOLD_EVERY
        if not ends and (self.time < talk.next_news or (talk.told and self.now - talk.told.at < QUIET)):
            return
        talk.next_news = self.time + 30
        range_ = expect(place[0], place[1], self.recent[sort][-LOOK_BACK:], self.now, free=place[2])
        if ends or changed_enough(talk.told, range_, place[0], self.now):
            self.inform(talk, place, range_)
            self.outcome.news += 1
            if range_:
                self.outcome.updates.append((range_, self.time, talk))

    # agents

    def _plan(self, desk: Desk) -> None:
        person = desk.person
        start, end = person.shift
        self.at(start + self.random.uniform(-120, 300), lambda: self.come(desk))
        self.at(min(end, DAY - 60) - 600, lambda: self.pause(desk))
        self.at(min(end, DAY - 60), lambda: self.go_home(desk))
        for span in person.breaks:
            self.at(span[0], lambda: self.pause(desk))
            self.at(span[1], lambda: self.come(desk))
        for span in person.away_unseen:
            self.at(span[0], lambda: self.step_away(desk))
            self.at(span[1], lambda: self.come_back(desk))
        for span in person.vanishes:
            self.at(span[0], lambda: self.vanish(desk))
            self.at(span[1], lambda: self.come(desk))

    def come(self, desk: Desk) -> None:
        if self.time >= desk.person.shift[1] - 600:
            return
        desk.here, desk.gone_at, self._dirty = True, None, True
        self._online(desk, True)

    def _online(self, desk: Desk, online: bool) -> None:
        if online and not desk.online:
            desk.since = self.time
        if desk.online and not online:
            desk.online_seconds += self.time - desk.since
        desk.online = online

    def pause(self, desk: Desk) -> None:
        self._online(desk, False)

    def step_away(self, desk: Desk) -> None:
        desk.here = False

    def come_back(self, desk: Desk) -> None:
        desk.here = desk.gone_at is None

    def vanish(self, desk: Desk) -> None:
        desk.here = False
        desk.gone_at = self.time + ONLINE_FOR.total_seconds()
        self.at(desk.gone_at, lambda: self._online(desk, False) if desk.gone_at is not None else None)

    def go_home(self, desk: Desk) -> None:
        self._online(desk, False)
        for id_ in sorted(desk.open):
            self.give_back(self.talks[id_], Event.RELEASE)

    def give_back(self, talk: Talk, event: Event) -> None:
        self.change(talk, event)
        self.enqueue(talk)

    def watch(self) -> None:
        """What `Watchdog.look` does: conversations of agents who count as gone come back."""
        for desk in self.desks.values():
            if desk.gone_at is not None and self.time >= desk.gone_at:
                for id_ in sorted(desk.open):
                    self.outcome.lost += 1
                    self.give_back(self.talks[id_], Event.AGENT_LOST)

    # offers

    def look(self) -> None:
        """What `Dispatcher.look` does."""
        if not self.queue:
            return
        self.end_offers()
        if not self._dirty and int(self.time) % 5:
            return
        self._dirty = False
        waiting = [talk.waiting for talk in self.queue.values() if talk.waiting]
        agents, teams = self.available(), self.teams()
        begin = self.clock()
        offers = self.router(waiting, agents, teams, self.now)
        self.outcome.looks.append((len(waiting), self.clock() - begin))
        for offer in offers:
            self.offer(self.queue[offer.waiting], self.desks[offer.agent], offer)

    def end_offers(self) -> None:
        here = {desk.person.id for desk in self.desks.values() if desk.online}
        for talk in self.queue.values():
            waiting = talk.waiting
            assert waiting
            if waiting.offered_to and not (waiting.is_offered(self.now) and waiting.offered_to in here):
                missed = waiting.offered_to in here
                self.outcome.offers["missed" if missed else "withdrawn"] += 1
                if missed:
                    self.desks[waiting.offered_to].missed += 1
                self.unoffer(talk, declined=missed)
            elif here and here <= waiting.declined_by and self.now >= (waiting.offered_until or self.now) + ASK_AGAIN:
                talk.waiting = replace(waiting, declined_by=frozenset())
                self._dirty = True

    def unoffer(self, talk: Talk, *, declined: bool) -> None:
        assert talk.waiting
        assert talk.waiting.offered_to
        more = {talk.waiting.offered_to} if declined else set()
        talk.waiting = replace(talk.waiting, offered_to=None, declined_by=talk.waiting.declined_by | more)
        self._dirty = True

    def offer(self, talk: Talk, desk: Desk, offer: Offer) -> None:
        assert talk.waiting
        self.outcome.offers["made"] += 1
        until = self.now + timedelta(seconds=OFFER_LASTS)
        talk.waiting = replace(talk.waiting, offered_to=desk.person.id, offered_until=until)
        desk.last_offer = self.now
        epoch = talk.epoch
        reaction = lognormal(self.random, desk.person.reaction, 0.6)
        if self.random.random() < desk.person.declines:
            self.after(reaction, lambda: self.decline(talk, desk, epoch))
        elif desk.here:
            self.after(reaction, lambda: self.accept(talk, desk, epoch))

    def decline(self, talk: Talk, desk: Desk, epoch: int) -> None:
        if talk.epoch == epoch and talk.waiting and talk.waiting.offered_to == desk.person.id:
            self.outcome.offers["declined"] += 1
            desk.missed = 0
            self.unoffer(talk, declined=True)

    def accept(self, talk: Talk, desk: Desk, epoch: int) -> None:
        """Whoever comes too late is told so; the baton has one owner."""
        if not desk.here or not desk.online:
            return
        if talk.epoch != epoch or talk.status != Status.QUEUED:
            self.outcome.late_accepts += 1
            return
        self.take(talk, desk)

    def take(self, talk: Talk, desk: Desk) -> None:
        waiting = talk.waiting
        assert waiting
        self.outcome.offers["accepted" if waiting.offered_to == desk.person.id else "picked"] += 1
        self.leave_queue(talk)
        self.change(talk, Event.ACCEPT, desk.person.id)
        desk.open.add(talk.customer.id)
        desk.missed, desk.served = 0, desk.served + 1
        if talk.accepted is None:
            talk.accepted = self.time
            self.learn(talk, waiting)
        self.work_on(talk, desk)

    def learn(self, talk: Talk, waiting: QueuedRequest) -> None:
        if not talk.by_day:
            return
        sort, (position, agents, free) = (waiting.team, waiting.language), talk.place
        asked = MIDNIGHT + timedelta(seconds=talk.asked)
        self.recent[sort].append(
            PastWait(asked_at=asked, accepted_at=self.now, position=position, agents=agents, free=free)
        )
        self.gaps[sort].append((self.time - talk.asked) / position)

    def work_on(self, talk: Talk, desk: Desk) -> None:
        person, customer = desk.person, talk.customer
        speaks = customer.language in person.languages
        knows = not person.skills or talk.topic in person.skills
        talk.fits = speaks and knows
        epoch = talk.epoch
        if self.random.random() < (0.25 if speaks else 0.8) and not talk.fits:
            self.after(lognormal(self.random, 90, 0.4), lambda: self.pass_on(talk, desk, epoch))
            return
        seconds = customer.work * person.pace * (1 + 0.15 * (len(desk.open) - 1)) * (1.0 if talk.fits else 1.4)
        self.after(seconds, lambda: self.done(talk, desk, epoch))

    def pass_on(self, talk: Talk, desk: Desk, epoch: int) -> None:
        if talk.epoch == epoch:
            self.give_back(talk, Event.TRANSFER_TO_QUEUE)
            assert talk.waiting
            talk.waiting = replace(talk.waiting, declined_by=frozenset({desk.person.id}))

    def done(self, talk: Talk, desk: Desk, epoch: int) -> None:
        if talk.epoch != epoch or desk.gone_at is not None:
            return
        talk.known_by = desk.person.id
        kind = self.random.random()
        if kind < 0.05:
            self.give_back(talk, Event.TRANSFER_TO_QUEUE)
        elif kind < 0.5:
            self.change(talk, Event.RETURN_TO_BOT)
            self.after(120, lambda: self.return_or_finish(talk))
        else:
            self.change(talk, Event.RESOLVE)
            self.live.pop(talk.customer.id, None)

    def return_or_finish(self, talk: Talk) -> None:
        if talk.status == Status.BOT and self.random.random() < 0.05:
            self.change(talk, Event.REQUEST_HANDOFF)
            self.enqueue(talk)
        else:
            self.finish(talk)
        if self.random.random() < 0.02:
            self.pick()

    def pick(self) -> None:
        """Now and then somebody takes the first in the queue by hand, whoever it is offered to."""
        free = [d for d in self.desks.values() if d.here and d.online and len(d.open) < d.person.capacity]
        if free and self.queue:
            first = in_order([talk.waiting for talk in self.queue.values() if talk.waiting], self.now)[0]
            self.take(self.queue[first.id], self.random.choice(free))

    # the state of things

    def available(self) -> list[AvailableAgent]:
        return [
            AvailableAgent(
                id=desk.person.id,
                open=len(desk.open),
                capacity=desk.person.capacity,
                teams=frozenset({desk.person.team} if desk.person.team else ()),
                skills=desk.person.skills,
                languages=desk.person.languages,
                last_offer_at=desk.last_offer,
                missed=desk.missed,
            )
            for desk in self.desks.values()
            if desk.online
        ]

    def teams(self) -> list[TeamNow]:
        return [
            TeamNow(id=team, topics=frozenset(topics), is_open=self.is_open(team)) for team, topics in TEAMS.items()
        ]

    def is_open(self, team: str | None) -> bool:
        start, end = OPEN[team or "all"]
        return start * 3600 <= self.time < end * 3600

    def opening(self, team: str | None) -> float:
        start = OPEN[team or "all"][0] * 3600.0
        return start if self.time < start else start + DAY

    def check(self) -> None:
        """Each conversation is answered, owned by somebody who counts as there, or has a promise that isn't over."""
        for id_, talk in self.live.items():
            self.outcome.checks += 1
            if self._is_cared_for(talk):
                self.limbo_since.pop(id_, None)
                continue
            since = self.limbo_since.setdefault(id_, self.time)
            self.outcome.limbos += since == self.time
            self.outcome.longest_limbo = max(self.outcome.longest_limbo, self.time - since + CHECKED_EVERY)

    def _is_cared_for(self, talk: Talk) -> bool:
        if talk.status == Status.QUEUED:
            return self.time <= talk.promised_until
        if talk.status == Status.ASSIGNED:
            gone_at = self.desks[talk.owner or ""].gone_at
            return gone_at is None or self.time <= gone_at
        return True
