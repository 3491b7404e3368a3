"""Macros: what may be entered, and what one would do in a conversation before it does it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.macros.macro import (
    MAX_STEPS,
    MacroDraft,
    MacroProblem,
    MacroStep,
    StepKind,
    read_steps,
    tidy_macro,
    write_steps,
)
from helpdesk.macros.plan import Receiver, Situation, Surroundings, plan_steps
from store.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
#: A Wednesday, half past eleven in the evening in Berlin: there it is still today.
WEDNESDAY = datetime(2026, 12, 2, 22, 30, tzinfo=UTC)
KNOWN = Surroundings(
    replies={"hi": {"de": "Guten Tag {name}!", "de@informal": "Hallo {first_name}!"}, "en": {"en": "Thank you."}},
    teams={"t": Receiver(name="Versand")},
    colleagues={"tom": Receiver(name="Tom"), "ada": Receiver(name="Ada", is_away=True)},
)


def step(kind: str, text: str = "", choice: str = "") -> MacroStep:
    return MacroStep(kind=StepKind(kind), text=text, choice=choice)


def entered(*steps: MacroStep, **changes: Any) -> MacroDraft:
    return MacroDraft(name=changes.pop("name", " Alles  erledigt "), steps=steps, **changes)


def stands(**changes: Any) -> Situation:
    mine = {"status": Status.ASSIGNED, "is_mine": True, "is_answered": True, "is_waiting": False, "undo_seconds": 5}
    values = {"name": "Eva Berg", "first_name": "Eva"}
    return Situation(**{**mine, "at": WEDNESDAY, "zone": BERLIN, "values": values, **changes})


def problems(steps: list[MacroStep], **changes: Any) -> list[str | None]:
    return [one.problem for one in plan_steps(steps, stands(**changes), KNOWN)]


def test_a_macro_is_tidied_and_kept_as_it_was_entered() -> None:
    draft = tidy_macro(entered(step("answer", "  Danke! "), step("add_tag", " Lob "), step("resolve")))
    assert draft.name == "Alles erledigt"
    assert draft.steps == (step("answer", "Danke!"), step("add_tag", "Lob"), step("resolve"))
    assert read_steps(write_steps(draft.steps)) == draft.steps


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "macro_steps"),
        ([step("note", "x")] * (MAX_STEPS + 1), "macro_steps"),
        ([step("answer")], "macro_text"),
        ([step("answer", "Danke", "hi")], "macro_text"),
        ([step("answer", "{nonsense}")], "macro_text"),
        ([step("note", "x" * 4_001)], "macro_text"),
        ([step("note")], "macro_text"),
        ([step("add_tag")], "macro_tag"),
        ([step("remove_tag", "x" * 41)], "macro_tag"),
        ([step("team")], "macro_receiver"),
        ([step("agent")], "macro_receiver"),
        ([step("snooze", choice="never")], "macro_choice"),
        ([step("resolve", choice="because")], "macro_choice"),
        ([step("answer", "a"), step("insert", "b")], "macro_one_answer"),
        ([step("resolve"), step("add_tag", "x")], "macro_end"),
        ([step("snooze", choice="hours"), step("resolve")], "macro_end"),
        ([step("insert", "a"), step("resolve")], "macro_insert"),
    ],
)
def test_what_can_not_work_is_refused(steps: list[MacroStep], code: str) -> None:
    with pytest.raises(MacroProblem) as caught:
        tidy_macro(entered(*steps))
    assert caught.value.code == code


def test_a_name_is_needed() -> None:
    for name in ("  ", "x" * 81):
        with pytest.raises(MacroProblem, match="name"):
            tidy_macro(entered(step("note", "x"), name=name))


def test_texts_are_filled_in_for_the_conversation() -> None:
    [polite] = plan_steps([step("answer", choice="hi")], stands(), KNOWN)
    [familiar] = plan_steps([step("insert", choice="hi")], stands(formality="du"), KNOWN)
    [foreign] = plan_steps([step("insert", choice="en")], stands(), KNOWN)
    assert (polite.text, polite.other, polite.is_undoable) == ("Guten Tag Eva Berg!", None, True)
    assert (familiar.text, familiar.is_undoable) == ("Hallo Eva!", False)
    assert (foreign.text, foreign.other, foreign.problem) == ("Thank you.", "en", None)


def test_an_answer_with_a_gap_is_not_sent_but_may_be_inserted() -> None:
    nameless: dict[str, Any] = {"values": {}, "names": {"name": "Name"}}
    [answer] = plan_steps([step("answer", choice="hi")], stands(**nameless), KNOWN)
    [insert] = plan_steps([step("insert", choice="hi")], stands(**nameless), KNOWN)
    assert (answer.problem, answer.gaps, answer.text) == ("macro_gap", ("name",), "Guten Tag ⟨Name⟩!")
    assert insert.problem is None


def test_what_is_not_there_any_more_is_said() -> None:
    gone = [step("answer", choice="old"), step("note", "x"), step("team", choice="old")]
    assert problems(gone) == ["macro_reply_gone", None, "macro_receiver_gone"]


def test_only_the_owner_answers_hands_over_and_puts_off_and_everybody_tags() -> None:
    steps = [step("add_tag", "x"), step("note", "x"), step("answer", "x"), step("snooze", choice="hours")]
    others = {"is_mine": False, "status": Status.ASSIGNED}
    assert problems(steps, **others) == [None, None, "macro_not_mine", "macro_not_mine"]
    assert problems([step("team", choice="t")], **others) == ["macro_not_mine"]
    assert problems([step("resolve")], **others) == ["macro_not_mine"]
    assert problems([step("resolve")], is_mine=False, status=Status.QUEUED) == [None]
    assert problems([step("resolve")], is_mine=False, status=Status.RESOLVED) == ["macro_not_mine"]


def test_who_has_no_answer_is_neither_closed_nor_put_off() -> None:
    waiting = {"is_answered": False, "is_waiting": True}
    assert problems([step("resolve")], **waiting) == ["macro_unanswered"]
    assert problems([step("resolve", choice="spam")], **waiting) == [None]
    assert problems([step("resolve")], status=Status.BOT, is_mine=False, **waiting) == [None]
    assert problems([step("snooze", choice="answer")], **waiting) == ["snooze_waiting"]


def test_the_answer_of_the_macro_itself_counts() -> None:
    waiting = {"is_answered": False, "is_waiting": True}
    assert problems([step("answer", "Danke"), step("resolve")], **waiting) == [None, None]
    assert problems([step("answer", "Danke"), step("snooze", choice="monday")], **waiting) == [None, None]


def test_what_is_given_away_takes_the_held_answer_along_at_once() -> None:
    answer = step("answer", "Danke")
    for last, can_undo in (
        (step("team", choice="t"), False),
        (step("snooze", choice="hours"), False),
        (step("agent", choice="tom"), True),
        (step("resolve"), True),
    ):
        assert plan_steps([answer, last], stands(), KNOWN)[0].is_undoable is can_undo
    assert not plan_steps([answer], stands(undo_seconds=0), KNOWN)[0].is_undoable


def test_who_is_away_is_said() -> None:
    planned = plan_steps([step("agent", choice="ada")], stands(), KNOWN)
    assert [(one.name, one.is_away) for one in planned] == [("Ada", True)]


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ("hours", WEDNESDAY + timedelta(hours=3)),
        ("tomorrow", datetime(2026, 12, 3, 9, tzinfo=BERLIN)),
        ("monday", datetime(2026, 12, 7, 9, tzinfo=BERLIN)),
    ],
)
def test_times_are_those_of_the_company(choice: str, until: datetime) -> None:
    [planned] = plan_steps([step("snooze", choice=choice)], stands(), KNOWN)
    assert planned.until == until


def test_on_monday_monday_is_a_week_away_also_over_the_change_of_clocks() -> None:
    monday = datetime(2026, 10, 19, 12, tzinfo=BERLIN)
    [planned] = plan_steps([step("snooze", choice="monday")], stands(at=monday), KNOWN)
    assert planned.until == datetime(2026, 10, 26, 9, tzinfo=BERLIN)
    assert planned.until.utcoffset() == timedelta(hours=1)


def test_until_an_answer_is_as_long_as_can_be() -> None:
    [planned] = plan_steps([step("snooze", choice="answer")], stands(), KNOWN)
    assert planned.until is not None
    assert timedelta(days=29) < planned.until - WEDNESDAY < timedelta(days=30)
