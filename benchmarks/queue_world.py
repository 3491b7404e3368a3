"""A made-up day for the queue: who writes when and about what, and who is there to help. Deterministic by its seed."""

from dataclasses import dataclass
from math import exp, log
from random import Random

DAY = 24 * 3600.0
TEAMS = {
    "orders": ("delivery", "order"),
    "returns": ("returns", "refund"),
    "payments": ("invoice", "payment"),
    "all": (),
}
TOPICS = {
    "delivery": 24,
    "order": 16,
    "returns": 16,
    "refund": 12,
    "invoice": 10,
    "payment": 8,
    "account": 8,
    "other": 6,
}
OPEN = {"orders": (7, 22), "returns": (8, 20), "payments": (9, 18), "all": (8, 20)}  # hours of the day
PER_HOUR = (2, 1, 1, 1, 1, 3, 10, 30, 55, 75, 85, 85, 75, 70, 72, 75, 78, 75, 65, 50, 35, 20, 10, 5)
BURSTS = ((10.5, "delivery", 0.02), (15.25, "payment", 0.012), (18.4, "order", 0.01))  # hour, topic, share of the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One conversation. `wants_person` seconds after its begin, or never; the rest is how it would go."""

    id: str
    at: float
    language: str
    topic: str
    wants_person: float | None
    urgency: int
    important: bool
    patience: float
    work: float  # seconds of an undisturbed agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One agent's day; spans are seconds from midnight. While away unseen, the desk is open and nobody sits at it."""

    id: str
    team: str | None
    skills: frozenset[str]
    languages: frozenset[str]
    capacity: int
    shift: tuple[float, float]
    breaks: tuple[tuple[float, float], ...]
    away_unseen: tuple[tuple[float, float], ...]
    vanishes: tuple[tuple[float, float], ...]
    reaction: float  # median seconds to accept
    declines: float
    pace: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A day."""

    customers: tuple[Customer, ...]
    people: tuple[Person, ...]


def make_world(seed: int, *, conversations: int = 20_000, agents: int = 40, to_person: float = 0.2) -> World:
    """A day of so many conversations and agents; `to_person` of the conversations come to want a person."""
    random = Random(seed)
    times = sorted((*_through_the_day(random, conversations), *_bursts(random, conversations)))[:conversations]
    customers = tuple(_customer(random, number, *time, to_person) for number, time in enumerate(times))
    return World(customers=customers, people=tuple(_person(random, number) for number in range(agents)))


def lognormal(random: Random, middle: float, spread: float) -> float:
    """A time with the median `middle`."""
    return exp(random.gauss(log(middle), spread))


def _through_the_day(random: Random, conversations: int) -> list[tuple[float, str]]:
    calm = conversations - sum(int(share * conversations) for _, _, share in BURSTS)
    hours = random.choices(range(24), PER_HOUR, k=calm)
    topics = random.choices(list(TOPICS), list(TOPICS.values()), k=calm)
    return [((hour + random.random()) * 3600, topic) for hour, topic in zip(hours, topics, strict=True)]


def _bursts(random: Random, conversations: int) -> list[tuple[float, str]]:
    return [
        (hour * 3600 + random.expovariate(1 / 300), topic)
        for hour, topic, share in BURSTS
        for _ in range(int(share * conversations))
    ]


def _customer(random: Random, number: int, at: float, topic: str, to_person: float) -> Customer:
    return Customer(
        id=f"c{number:05}",
        at=min(at, DAY - 1),
        language="en" if random.random() < 0.3 else "de",
        topic=topic,
        wants_person=lognormal(random, 90, 0.8) if random.random() < to_person else None,
        urgency=random.choices((0, 1, 2, 3), (80, 12, 6, 2))[0],
        important=random.random() < 0.03,
        patience=lognormal(random, 2700, 0.7),
        work=lognormal(random, 420, 0.7),
    )


def _person(random: Random, number: int) -> Person:
    start = random.choice((7, 8, 8, 9, 10, 11, 12, 13.5, 14)) * 3600.0
    shift = (start, start + 8 * 3600.0)
    team = list(TEAMS)[number % 4] if number % 7 else None
    topics = TEAMS[team] if team else ()
    return Person(
        id=f"a{number:02}",
        team=team,
        skills=frozenset(topics if number % 3 else topics[:1]),
        languages=frozenset(random.choices((("de",), ("de", "en"), ("en",)), (45, 40, 15))[0]),
        capacity=random.choice((3, 4, 4, 5)),
        shift=shift,
        breaks=(_span(random, shift, 3.5, 4.5, 1800), _span(random, shift, 6, 7, 600)),
        away_unseen=tuple(_span(random, shift, 0.5, 7.5, lognormal(random, 240, 0.5)) for _ in range(3)),
        vanishes=tuple(_span(random, shift, 1, 7, 1500) for _ in range(random.random() < 0.3)),
        reaction=lognormal(random, 7, 0.4),
        declines=random.choice((0.0, 0.01, 0.03, 0.08)),
        pace=lognormal(random, 1.0, 0.2),
    )


def _span(random: Random, shift: tuple[float, float], first: float, last: float, lasts: float) -> tuple[float, float]:
    start = shift[0] + random.uniform(first, last) * 3600
    return start, start + lasts
