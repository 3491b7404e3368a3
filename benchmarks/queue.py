"""Does the queue hold on a bad day? 20,000 conversations, 40 agents in shifts, absences, bursts.

`python -m benchmarks.queue [--seed 11]` plays one day through the real rules and prints whether the waiting ranges
were true, whether anybody was in limbo or had two owners, and how fairly it went, beside first come first served.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import mean, median

from benchmarks.measures import percentile
from benchmarks.queue_simulation import DayOutcome, Desk, Simulation, Talk
from benchmarks.queue_world import make_world
from helpdesk.handoff.priority import QueuedRequest
from helpdesk.handoff.routing import AgentFit, AvailableAgent, Offer, TeamNow, route
from helpdesk.handoff.states import next_status
from helpdesk.handoff.wait_notice import rounded
from store.status import Event, Status


def main() -> None:
    """Play, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--conversations", type=int, default=20_000)
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--to-person", type=float, default=0.2)
    chosen = parser.parse_args()
    world = make_world(
        chosen.seed, conversations=chosen.conversations, agents=chosen.agents, to_person=chosen.to_person
    )
    begin = time.perf_counter()
    ours = Simulation(world, route, chosen.seed, time.process_time).run()
    plain = Simulation(world, first_come, chosen.seed, time.process_time).run()
    print(f"seed {chosen.seed}: {len(world.customers):,} conversations, {len(world.people)} agents")
    for line in (*_ranges(ours), *_duties(ours), *_speed(ours)):
        print(line)
    print()
    for line in _beside(ours, plain):
        print(line)
    print(f"took {time.perf_counter() - begin:.0f} s")


AHEAD = (("free place", 0, 0), ("1–3 ahead", 1, 3), ("4–15 ahead", 4, 15), ("16 or more ahead", 16, 9999))


def first_come(
    waiting: Sequence[QueuedRequest], agents: Sequence[AvailableAgent], teams: Sequence[TeamNow], now: datetime
) -> tuple[Offer, ...]:
    """The baseline: in the order of asking, to whoever has the most free places; no skills, languages or teams."""
    open_ = {each.id: each.open for each in agents}
    taken = {each.offered_to for each in waiting if each.is_offered(now)}
    free = {each.id: each for each in agents if each.id not in taken and each.open < each.capacity}
    offers = []
    for each in sorted((each for each in waiting if not each.is_offered(now)), key=lambda each: each.asked_at):
        willing = [agent for agent in free.values() if agent.id not in each.declined_by]
        if not free:
            break
        if willing:
            agent = min(willing, key=lambda agent: (agent.missed > 1, open_[agent.id] - agent.capacity, agent.id))
            del free[agent.id]
            offers.append(Offer(waiting=each.id, agent=agent.id, fit=AgentFit.ANYBODY, reasons=()))
    return tuple(offers)


def asked(outcome: DayOutcome) -> list[Talk]:
    """Who asked for a person while somebody was there."""
    return [talk for talk in outcome.talks if talk.asked and talk.by_day]


def _ranges(outcome: DayOutcome) -> Iterable[str]:
    everybody = asked(outcome)
    told = [talk for talk in everybody if talk.first_told and (talk.accepted or talk.left)]
    unknown = share(talk.first_told is None for talk in everybody)
    yield f"asked for a person in opening hours: {len(everybody):,}; told a range: {len(told):,}; unknown: {unknown}"
    said = share(_contains(talk, said=True) for talk in told)
    yield f"true wait within the range: {share(map(_contains, told))}; within the range as it is said: {said}"
    early = share(_is_early(talk) for talk in told)
    late = share(not _contains(talk) and not _is_early(talk) for talk in told)
    yield f"  sooner than the range: {early}; later: {late}"
    for name, low, high in AHEAD:
        part = [talk for talk in told if low <= max(0, talk.place[0] - talk.place[2]) <= high]
        if part:
            yield f"  {name}: {_part(part)}"
    yield _widths(told)
    yield _simple([(_wait(talk), talk.simple) for talk in told if talk.simple])
    yield _news(outcome)


def _part(part: Sequence[Talk]) -> str:
    said = share(_contains(talk, said=True) for talk in part)
    wait, width = median(map(_wait, part)), median(map(_width, part))
    held = share(map(_contains, part))
    return f"{len(part):,}, within {held}, as said {said}, median wait {wait:.0f} s, median width {width:.0f} s"


def _widths(told: Sequence[Talk]) -> str:
    relative = [(_wait(talk), _width(talk) / _wait(talk)) for talk in told if _wait(talk) > 0]
    long = [width for wait, width in relative if wait > 60]
    all_ = median(width for _, width in relative)
    return f"width over the true wait, median: {all_:.2f}; for waits over a minute ({len(long):,}): {median(long):.2f}"


def _simple(pairs: Sequence[tuple[float, float]]) -> str:
    near = share(0.5 * told <= wait <= 1.5 * told for wait, told in pairs)
    by_then = share(wait <= told for wait, told in pairs)
    error = median(abs(told - wait) / max(1.0, wait) for wait, told in pairs)
    return (
        f"position × average: within ±50 % of it {near}, over by then {by_then}, median error {error:.0%} of the wait"
    )


def _news(outcome: DayOutcome) -> str:
    later = [
        range_.low.total_seconds() <= talk.accepted - at <= range_.high.total_seconds()
        for range_, at, talk in outcome.updates
        if talk.accepted and talk.accepted > at
    ]
    return f"news while waiting: {outcome.news:,}; the rest of the wait within the new range: {share(later)}"


def _is_early(talk: Talk) -> bool:
    assert talk.first_told
    return talk.accepted is not None and _wait(talk) < talk.first_told.low.total_seconds()


def _wait(talk: Talk) -> float:
    return (talk.accepted or talk.left or 0.0) - talk.asked


def _width(talk: Talk) -> float:
    assert talk.first_told
    return (talk.first_told.high - talk.first_told.low).total_seconds()


def _contains(talk: Talk, *, said: bool = False) -> bool:
    """Who left before the range was over would have seen it kept or broken: only leaving after its end breaks it."""
    assert talk.first_told
    range_ = rounded(talk.first_told) if said else talk.first_told
    if talk.accepted is None:
        return _wait(talk) <= range_.high.total_seconds()
    return range_.low.total_seconds() <= _wait(talk) <= range_.high.total_seconds()


def _duties(outcome: DayOutcome) -> Iterable[str]:
    longest = f"longest {outcome.longest_limbo:.0f} s (allowed 15)"
    yield f"checks {outcome.checks:,}; times somebody was in limbo: {outcome.limbos}, {longest}"
    late, lost = outcome.late_accepts, outcome.lost
    yield f"owner conflicts: {owner_conflicts(outcome)}; came too late: {late}; lost agents' brought back: {lost}"
    outside = [talk for talk in outcome.talks if talk.asked and not talk.by_day]
    answered = sum(talk.accepted is not None for talk in outside)
    yield f"asked outside opening hours: {len(outside):,}; answered the same day: {answered:,}"
    offers = ", ".join(f"{name} {number:,}" for name, number in sorted(outcome.offers.items()))
    yield f"offers: {offers}; longest queue {outcome.longest_queue}"


def owner_conflicts(outcome: DayOutcome) -> int:
    """The journal read again from the start: accepted while somebody else owned it, or a step that no table has."""
    conflicts = 0
    status: dict[str, Status] = {}
    owner: dict[str, str | None] = {}
    for _, id_, event, agent in outcome.journal:
        if event == Event.ACCEPT and owner.get(id_) is not None:
            conflicts += 1
            continue
        status[id_] = next_status(status.get(id_, Status.BOT), event)
        owner[id_] = agent if status[id_] == Status.ASSIGNED else None
    return conflicts


def _speed(outcome: DayOutcome) -> Iterable[str]:
    for name, least in (("all", 0), ("with 100 or more waiting", 100)):
        times = [seconds * 1000 for waiting, seconds in outcome.looks if waiting >= least]
        if times:
            yield f"one pass, {name}: median {median(times):.2f} ms, p99 {percentile(times, 0.99):.1f} ms of processor"


def _beside(ours: DayOutcome, plain: DayOutcome) -> Iterable[str]:
    yield "| | ours | first come, first served |"
    yield "|---|---|---|"
    for name, measure in MEASURES:
        yield f"| {name} | {measure(ours)} | {measure(plain)} |"


def waits(outcome: DayOutcome) -> list[float]:
    return [_wait(talk) for talk in asked(outcome) if talk.accepted]


def _fitting(outcome: DayOutcome) -> str:
    return share(talk.fits for talk in outcome.talks if talk.accepted)


def _passed_on(outcome: DayOutcome) -> str:
    return f"{Counter(event for _, _, event, _ in outcome.journal)[Event.TRANSFER_TO_QUEUE]:,}"


def _load(desk: Desk) -> float:
    return desk.served / desk.person.capacity / max(1.0, desk.online_seconds / 3600)


def _fairness(outcome: DayOutcome) -> str:
    loads = [_load(desk) for desk in outcome.desks if desk.online_seconds > 3600]
    return f"{gini(loads):.2f}"


def gini(values: Sequence[float]) -> float:
    """Gini coefficient: 0 when all have the same, near 1 when one has everything."""
    ordered = sorted(values)
    weighted = sum((2 * place - len(ordered) + 1) * value for place, value in enumerate(ordered))
    return weighted / (len(ordered) * sum(ordered)) if sum(ordered) else 0.0


def _urgent(outcome: DayOutcome) -> list[float]:
    return [_wait(talk) for talk in asked(outcome) if talk.accepted and talk.customer.urgency > 1]


def _by_language(outcome: DayOutcome) -> str:
    served = [talk for talk in asked(outcome) if talk.accepted]
    means = (mean(_wait(talk) for talk in served if talk.customer.language == each) for each in ("de", "en"))
    return " / ".join(f"{each:.0f} s" for each in means)


MEASURES = (
    ("accepted", lambda outcome: f"{sum(talk.accepted is not None for talk in outcome.talks):,}"),
    ("gave up waiting", lambda outcome: f"{sum(talk.left is not None for talk in outcome.talks):,}"),
    ("wait, mean", lambda outcome: f"{mean(waits(outcome)):.0f} s"),
    ("wait, median", lambda outcome: f"{median(waits(outcome)):.0f} s"),
    ("wait, 95 %", lambda outcome: f"{percentile(waits(outcome), 0.95) / 60:.1f} min"),
    ("wait, longest", lambda outcome: f"{max(waits(outcome)) / 60:.0f} min"),
    ("urgent (2–3), median", lambda outcome: f"{median(_urgent(outcome)):.0f} s"),
    ("urgent (2–3), 95 %", lambda outcome: f"{percentile(_urgent(outcome), 0.95) / 60:.1f} min"),
    ("German / English, mean", _by_language),
    ("last agent fits language and topic", _fitting),
    ("passed on to somebody else", _passed_on),
    ("Gini of conversations per place and hour", _fairness),
)


def share(values: Iterable[bool]) -> str:
    """Percent that are true."""
    all_ = list(values)
    return share_of(sum(all_), len(all_))


def share_of(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


if __name__ == "__main__":
    main()
