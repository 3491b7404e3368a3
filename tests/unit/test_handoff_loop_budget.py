"""The loop budget against a simple model: what must never happen, whatever the order of things."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules import DEFAULT_RULES, Act, Circumstances, Decision, PastHandoff, decide, find_same_matter

MATTERS = {
    "invoice": "Meine Rechnung vom Mai ist falsch berechnet",
    "lamp": "Die Lampe flackert abends im Wohnzimmer",
    "parcel": "Das Paket liegt seit Tagen beim Nachbarn",
}
AGENTS = {"invoice": "anna", "lamp": "ben", "parcel": "cem"}
TRIES = DEFAULT_RULES.loop.tries


class LoopBudgetModel(RuleBasedStateMachine):
    """A contact with three matters, a bot, and agents who give conversations back.

    The model counts, for each matter that was with a person, how often the bot has tried it since and before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: list[DialogueLine] = []
        self.earlier: tuple[PastHandoff, ...] = ()
        self.since = -1
        self.handed: str | None = None
        self.handoffs = dict.fromkeys(MATTERS, 0)
        self.tries = dict.fromkeys(MATTERS, 0)

    @precondition(lambda self: self.handed is None)
    @rule(matter=st.sampled_from(sorted(MATTERS)))
    def ask(self, matter: str) -> None:
        decision = self._write(MATTERS[matter])
        must = self.handoffs[matter] > 0 and self.handoffs[matter] + self.tries[matter] >= TRIES
        if must:
            assert decision.act is Act.HAND_OVER
        if self.handoffs[matter] > 0:
            assert decision.prefer == AGENTS[matter]
            assert decision.round == self.handoffs[matter] + 1
        else:
            assert decision.prefer is None
        if self.handoffs[matter] == 1 and self.tries[matter] == 0:
            assert decision.act is Act.NONE, "after the first return the bot may try once"
        self._go_on(matter, decision)

    @precondition(lambda self: self.handed is None)
    @rule(matter=st.sampled_from(sorted(MATTERS)))
    def want_a_person(self, matter: str) -> None:
        decision = self._write(f"{MATTERS[matter]}. Ich möchte mit einem Menschen sprechen.")
        assert decision.act is Act.HAND_OVER
        self._go_on(matter, decision)

    @precondition(lambda self: self.handed is None)
    @rule(text=st.sampled_from(["danke schön", "ok, vielen Dank!", "super"]))
    def thank(self, text: str) -> None:
        assert self._write(text).act is Act.NONE, "an old wish or an old matter does not trigger again"
        self._bot_replies()

    @precondition(lambda self: self.handed is not None)
    @rule()
    def agent_returns_it(self) -> None:
        assert self.handed is not None
        self._say("agent", "Das habe ich für Sie erledigt.")
        self.since = self.said[-1].seq
        handoff = PastHandoff(ended_seq=self.since, text=MATTERS[self.handed], agent=AGENTS[self.handed])
        self.earlier = (*self.earlier, handoff)
        self.handoffs[self.handed] += 1
        self.tries = dict.fromkeys(MATTERS, 0)
        self.handed = None

    @invariant()
    def no_third_try(self) -> None:
        for matter, handoffs in self.handoffs.items():
            assert handoffs == 0 or handoffs + self.tries[matter] <= max(TRIES, handoffs)

    def _go_on(self, matter: str, decision: Decision) -> None:
        if decision.act is Act.HAND_OVER:
            self.handed = matter
        else:
            self._bot_replies()
            self.tries[matter] += 1

    def _write(self, text: str) -> Decision:
        self._say("contact", text)
        decision = decide(
            self.said,
            (),  # a calm contact: moods are a reason of their own
            DEFAULT_RULES,
            Circumstances(since_seq=self.since, earlier=self.earlier),
        )
        self._check_evidence(decision)
        return decision

    def _check_evidence(self, decision: Decision) -> None:
        for trigger in decision.triggers:
            cited = [line for line in self.said if line.seq in trigger.turns]
            assert len(cited) == len(trigger.turns)
            assert all(line.seq > self.since for line in cited), "only lines after the return count"
            assert any(trigger.text in line.text for line in cited)

    def _bot_replies(self) -> None:
        self._say("bot", f"Antwort Nummer {len(self.said)} dazu: {'abcdefgh'[len(self.said) % 8] * 9}")

    def _say(self, author: str, text: str) -> None:
        self.said.append(DialogueLine(seq=len(self.said) + 1, author=author, text=text))


AT = datetime(2026, 5, 29, 12, tzinfo=UTC)


def had_before(subject: str | None, topic: str | None, *earlier: PastHandoff) -> int:
    """How many of the earlier handoffs were about what `subject` asks now."""
    line = DialogueLine(seq=9, author="contact", text=subject) if subject else None
    return len(find_same_matter(line, topic, earlier, at=AT, similarity=DEFAULT_RULES.loop.similarity))


def handoff(text: str = "", *, topic: str | None = None, days_ago: float = 1, accepted: bool = True) -> PastHandoff:
    ended_at = AT - timedelta(days=days_ago)
    return PastHandoff(ended_seq=4, ended_at=ended_at, text=text, topic=topic, accepted=accepted)


def test_the_same_request_is_the_same_matter_however_long_ago() -> None:
    assert had_before(MATTERS["lamp"], None, handoff(MATTERS["lamp"], days_ago=90)) == 1
    assert had_before(MATTERS["lamp"], None, handoff(MATTERS["parcel"])) == 0


def test_the_same_topic_is_the_same_matter_for_a_week() -> None:
    assert had_before("Wo ist es?", "delivery", handoff(topic="delivery")) == 1
    assert had_before("Wo ist es?", "delivery", handoff(topic="delivery", days_ago=8)) == 0
    assert had_before("Wo ist es?", "delivery", handoff(topic="returns")) == 0
    assert had_before("Wo ist es?", None, handoff()) == 0


def test_who_says_nothing_of_what_it_is_about_means_the_last_matter() -> None:
    assert had_before(None, None, handoff(MATTERS["lamp"])) == 1
    assert had_before(None, None, handoff(MATTERS["lamp"], days_ago=8)) == 0


def test_a_handoff_that_nobody_accepted_was_with_no_person() -> None:
    assert had_before(MATTERS["lamp"], None, handoff(MATTERS["lamp"], accepted=False)) == 0


TestLoopBudget = LoopBudgetModel.TestCase
TestLoopBudget.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
