"""Who is asked to take whom: by example, and against a model that only counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from helpdesk.handoff.priority import (
    MAX_HEAD_START,
    URGENT,
    PriorityFactor,
    QueuedRequest,
    in_order,
    points,
    reasons_of,
)
from helpdesk.handoff.routing import (
    MAX_REST,
    WIDENINGS,
    AgentFit,
    AvailableAgent,
    Offer,
    TeamNow,
    choose_team,
    route,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RETURNS = TeamNow(id="returns", topics=frozenset({"return"}))
OTHERS = TeamNow(id="others")
CLOSED = TeamNow(id="night", topics=frozenset({"night"}), is_open=False)
TEAMS = (RETURNS, OTHERS, CLOSED)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def waiting(id_: str = "w", ago: float = 1.0, **values: Any) -> QueuedRequest:
    base: dict[str, Any] = {"id": id_, "asked_at": NOW - minutes(ago), "language": "de"}
    return QueuedRequest(**(base | values))


def agent(id_: str = "a", **values: Any) -> AvailableAgent:
    base: dict[str, Any] = {"id": id_, "open": 0, "capacity": 4}
    return AvailableAgent(**(base | values))


def offers(waiting: list[QueuedRequest], agents: list[AvailableAgent]) -> dict[str, str]:
    return {each.waiting: each.agent for each in route(waiting, agents, TEAMS, NOW)}


def test_the_agent_with_the_fewest_open_is_asked_relative_to_capacity() -> None:
    assert offers([waiting()], [agent("full", open=2), agent("big", open=3, capacity=10)]) == {"w": "big"}


def test_among_equals_it_is_who_was_asked_longest_ago() -> None:
    agents = [agent("lately", last_offer_at=NOW - minutes(2)), agent("long", last_offer_at=NOW - minutes(9))]
    assert offers([waiting()], agents) == {"w": "long"}
    assert offers([waiting()], [*agents, agent("never")]) == {"w": "never"}


def test_nobody_is_asked_beyond_their_places_or_while_they_decide() -> None:
    decides = waiting("other", offered_to="a", offered_until=NOW + minutes(0.2))
    assert offers([waiting()], [agent(open=4)]) == {}
    assert offers([waiting(), decides], [agent()]) == {}
    assert offers([waiting(), replace(decides, offered_until=NOW)], [agent()]) == {"w": "a"}


def test_who_said_no_or_let_it_pass_is_not_asked_again() -> None:
    assert offers([waiting(declined_by=frozenset("a"))], [agent("a"), agent("b")]) == {"w": "b"}
    assert offers([waiting(offered_to="a", offered_until=NOW - minutes(1))], [agent("a")]) == {}


def test_who_did_not_look_is_asked_after_the_others_and_rests_after_two() -> None:
    asleep = agent("asleep", missed=1, last_offer_at=NOW)
    assert offers([waiting()], [asleep, agent("busy", open=3)]) == {"w": "busy"}
    assert offers([waiting()], [asleep]) == {"w": "asleep"}
    assert offers([waiting()], [replace(asleep, missed=2)]) == {}
    long_ago = replace(asleep, missed=99, last_offer_at=NOW - MAX_REST)
    assert offers([waiting()], [long_ago]) == {"w": "asleep"}


@pytest.mark.parametrize(
    ("waited", "fits"),
    [
        (0, AgentFit.TOPIC),
        (3, AgentFit.TEAM),
        (8, AgentFit.LANGUAGE),
        (29.9, AgentFit.LANGUAGE),
        (30, AgentFit.ANYBODY),
    ],
)
def test_while_those_who_fit_are_busy_it_is_widened_step_by_step(waited: float, fits: AgentFit) -> None:
    team, free = frozenset({"returns"}), {"languages": frozenset({"de"})}
    agents = [
        agent("topic", open=4, teams=team, skills=frozenset({"return"}), **free),
        agent("team", open=4 * (fits != AgentFit.TEAM), teams=team, skills=frozenset({"x"}), **free),
        agent("language", open=4 * (fits != AgentFit.LANGUAGE), teams=frozenset({"others"}), **free),
        agent("anybody", languages=frozenset({"en"})),
    ]
    found = route([waiting(ago=waited, team="returns", topic="return")], agents, TEAMS, NOW)
    assert [each.fit for each in found] == ([fits] if fits != AgentFit.TOPIC else [])
    assert {reason.why for each in found for reason in each.reasons} >= {w.why for w in WIDENINGS if w.fit == fits}


def test_when_nobody_speaks_the_language_it_is_widened_within_a_minute() -> None:
    agents = [agent(languages=frozenset({"en"}))]
    assert offers([waiting(ago=0.9)], agents) == {}
    assert offers([waiting(ago=1)], agents) == {"w": "a"}


def test_a_team_that_is_closed_is_not_waited_for() -> None:
    agents = [agent(open=4, teams=frozenset({"night"})), agent("b", teams=frozenset({"others"}))]
    assert offers([waiting(ago=0.5, team="night")], agents) == {"w": "b"}


def test_a_night_in_the_queue_does_not_widen_at_once_in_the_morning() -> None:
    early = waiting(ago=600, queued_at=NOW - minutes(0.5))
    assert offers([early], [agent(languages=frozenset({"en"}))]) == {}


def test_who_fits_best_is_asked_first_even_when_it_has_been_widened() -> None:
    agents = [agent("b", teams=frozenset({"others"})), agent("a", open=3, teams=frozenset({"returns"}))]
    assert offers([waiting(ago=20, team="returns")], agents) == {"w": "a"}


def test_the_last_agent_is_asked_first_and_waited_for_a_minute() -> None:
    knows = agent("knows", open=3)
    assert offers([waiting(ago=0.5, preferred_agent="knows")], [knows, agent("b")]) == {"w": "knows"}
    busy = replace(knows, open=4)
    assert offers([waiting(ago=0.5, preferred_agent="knows")], [busy, agent("b")]) == {}
    assert offers([waiting(ago=1, preferred_agent="knows")], [busy, agent("b")]) == {"w": "b"}
    assert offers([waiting(ago=0.5, preferred_agent="knows")], [agent("b")]) == {"w": "b"}


def because(request: QueuedRequest, agents: list[AvailableAgent]) -> set[PriorityFactor]:
    (offer,) = route([request], agents, TEAMS, NOW)
    return {reason.why for reason in offer.reasons} - {PriorityFactor.WAITED}


def test_an_offer_says_what_speaks_for_the_agent() -> None:
    fits = agent(teams=frozenset({"returns"}), skills=frozenset({"return"}), languages=frozenset({"de"}), open=1)
    request = waiting(team="returns", topic="return")
    assert because(request, [fits]) == {
        PriorityFactor.SPEAKS,
        PriorityFactor.KNOWS_TOPIC,
        PriorityFactor.IN_TEAM,
        PriorityFactor.ONLY_FREE,
    }
    assert because(request, [fits, replace(fits, id="b", open=2)]) >= {PriorityFactor.FEWEST_OPEN}


def test_who_is_there_for_everything_is_not_said_to_know_the_topic() -> None:
    assert because(waiting(team="returns", topic="return"), [agent()]) == {PriorityFactor.ONLY_FREE}


def test_nobody_is_said_to_have_the_fewest_when_somebody_with_less_was_passed_over() -> None:
    asleep, busy = agent("asleep", missed=1, last_offer_at=NOW), agent("busy", open=3)
    assert because(waiting(), [asleep, busy]) == set()


def test_who_knows_the_matter_is_asked_for_that_alone() -> None:
    assert because(waiting(ago=0.5, preferred_agent="a"), [agent(), agent("b")]) == {PriorityFactor.LAST_AGENT}


def test_the_places_in_the_queue_have_their_reasons() -> None:
    first = waiting(ago=4, urgency=2, important=True, due_at=NOW + minutes(20))
    found = {reason.why: reason.value for reason in reasons_of(first, NOW)}
    assert found == {
        PriorityFactor.WAITED: 4.0,
        PriorityFactor.URGENT: URGENT[2],
        PriorityFactor.IMPORTANT: 10.0,
        PriorityFactor.PROMISED: 10.0,
    }
    assert points(first, NOW) == sum(found.values())


def test_nobody_is_overtaken_by_who_came_much_later_however_urgent() -> None:
    pressing = waiting("late", ago=0, urgency=9, important=True, due_at=NOW - minutes(60))
    assert [each.id for each in in_order([pressing, waiting("old", ago=MAX_HEAD_START + 1)], NOW)] == ["old", "late"]
    assert [each.id for each in in_order([pressing, waiting("new", ago=MAX_HEAD_START - 1)], NOW)] == ["late", "new"]


@pytest.mark.parametrize(
    ("topic", "language", "expected"),
    [("return", "de", "returns"), ("invoice", "de", "others"), (None, "de", "others"), ("night", "de", "night")],
)
def test_a_topic_has_its_team_and_the_rest_go_to_the_others(topic: str | None, language: str, expected: str) -> None:
    assert choose_team(topic, language, TEAMS) == expected


def test_among_teams_for_a_topic_the_one_that_speaks_the_language_and_is_open_is_chosen() -> None:
    german = TeamNow(id="german", languages=frozenset({"de"}))
    english, asleep = TeamNow(id="english", languages=frozenset({"en"})), TeamNow(id="asleep", is_open=False)
    assert choose_team(None, "en", [german, english, asleep]) == "english"
    assert choose_team(None, "de", [asleep, german]) == "german"
    assert choose_team(None, "de", []) is None


TOPICS = st.sampled_from([None, "return", "invoice"])
LANGUAGES = st.sampled_from(["de", "en"])


class Queue(RuleBasedStateMachine):
    """Requests come and go, agents accept, decline, sleep and change their hours, time passes; a model counts along."""

    requests = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.waiting: dict[str, QueuedRequest] = {}
        self.agents = {
            "german": agent("german", languages=frozenset({"de"}), skills=frozenset({"return"}), capacity=2),
            "english": agent("english", languages=frozenset({"en"}), teams=frozenset({"others"}), capacity=1),
            "both": agent("both", capacity=3),
        }
        self.number = 0

    @rule(target=requests, topic=TOPICS, language=LANGUAGES, urgency=st.integers(0, 3), important=st.booleans())
    def somebody_asks(self, topic: str | None, language: str, urgency: int, important: bool) -> str:
        self.number += 1
        id_ = f"w{self.number}"
        self.waiting[id_] = QueuedRequest(
            id=id_,
            asked_at=self.now,
            language=language,
            topic=topic,
            team=choose_team(topic, language, TEAMS),
            urgency=urgency,
            important=important,
            preferred_agent="both" if self.number % 3 == 0 else None,
        )
        return id_

    @rule(id_=consumes(requests))
    def somebody_gives_up(self, id_: str) -> None:
        self.waiting.pop(id_, None)

    @rule(seconds=st.sampled_from([1, 20, 31, 70, 200, 2000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for id_, each in self.waiting.items():
            if each.offered_to and not each.is_offered(self.now):
                slept = self.agents[each.offered_to]
                self.agents[each.offered_to] = replace(slept, missed=slept.missed + 1)
                self.waiting[id_] = replace(each, offered_to=None, declined_by=each.declined_by | {slept.id})

    @rule()
    def look(self) -> None:
        before = dict(self.waiting)
        for offer in route(list(self.waiting.values()), list(self.agents.values()), TEAMS, self.now):
            each, asked = before[offer.waiting], self.agents[offer.agent]
            self.check_offer(each, asked, offer)
            until = self.now + timedelta(seconds=30)
            self.waiting[each.id] = replace(each, offered_to=asked.id, offered_until=until)
            self.agents[asked.id] = replace(asked, last_offer_at=self.now)

    def check_offer(self, each: QueuedRequest, asked: AvailableAgent, offer: Offer) -> None:
        assert not self.waiting[each.id].is_offered(self.now), "offered to two"
        assert asked.id not in each.declined_by
        waited = (self.now - each.asked_at).total_seconds()
        if asked.languages and each.language not in asked.languages:
            assert waited >= 60, "too soon for a stranger to the language"
            assert offer.fit == AgentFit.ANYBODY
        assert offer.reasons

    def offered(self) -> list[QueuedRequest]:
        return sorted((each for each in self.waiting.values() if each.is_offered(self.now)), key=lambda each: each.id)

    @rule(data=st.data())
    def an_agent_accepts(self, data: st.DataObject) -> None:
        if self.offered():
            each = data.draw(st.sampled_from(self.offered()))
            taker = self.agents[each.offered_to or ""]
            self.agents[taker.id] = replace(taker, open=taker.open + 1, missed=0)
            del self.waiting[each.id]

    @rule(data=st.data())
    def an_agent_declines(self, data: st.DataObject) -> None:
        if self.offered():
            each = data.draw(st.sampled_from(self.offered()))
            no = each.declined_by | {each.offered_to or ""}
            self.waiting[each.id] = replace(each, offered_to=None, declined_by=no)

    @rule(id_=st.sampled_from(["german", "english", "both"]))
    def an_agent_is_done(self, id_: str) -> None:
        self.agents[id_] = replace(self.agents[id_], open=max(0, self.agents[id_].open - 1))

    @invariant()
    def nobody_is_beyond_their_places(self) -> None:
        for each in self.agents.values():
            mine = sum(1 for waits in self.offered() if waits.offered_to == each.id)
            assert mine <= 1
            assert each.open + mine <= each.capacity

    def teardown(self) -> None:
        """Nobody starves: with agents who accept and come to an end, everybody's turn comes within hours."""
        for _ in range(400):
            for each in self.offered():
                taker = self.agents[each.offered_to or ""]
                self.agents[taker.id] = replace(taker, open=0, missed=0)
                del self.waiting[each.id]
            for id_, each in self.waiting.items():
                if each.declined_by >= set(self.agents):
                    self.waiting[id_] = replace(each, declined_by=frozenset())
            self.agents = {id_: replace(each, open=0) for id_, each in self.agents.items()}
            self.time_passes(29)
            self.look()
        assert not self.waiting


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
