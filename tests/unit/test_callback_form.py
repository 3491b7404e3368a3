"""The form that agrees a call, message by message, without Rasa."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.callback.call_draft import CallDraft, CallEnding, CallNote
from actions.callback.call_plan import CallPlan, CallWindow
from actions.callback.form import KNOWN, STALE_AFTER, CallScene, CallStep, question_for, read_message, tell_ending
from actions.memory import ConversationMemory
from bot_protocol import CallAppointment
from helpdesk.conversations.contacts.contact_details import read_phone
from helpdesk.conversations.promises.call_desk import plan_of
from helpdesk.schedule.hours import Hours

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=BERLIN)  # a Thursday
OFFICE = Hours(zone=BERLIN, week=(*[((timedelta(hours=9), timedelta(hours=17)),)] * 5, (), ()))
TEN = CallWindow(start=NOW.replace(day=27, hour=10), end=NOW.replace(day=27, hour=11))


class OfficeDesk:
    """A CallDesk with office hours."""

    async def load_plan(self, language: str) -> CallPlan:
        return plan_of(OFFICE, NOW, language)

    async def load_phone(self, conversation_id: str) -> str | None:
        return None

    def read_phone(self, text: str) -> str | None:
        return read_phone(text)


def scene(text: str, draft: CallDraft | None = None, known_phone: str | None = None, **changes: Any) -> CallScene:
    past = ConversationMemory(text=text, written=(text,), language="en", formality="sie", **changes)
    draft = draft or CallDraft()
    awaited = "callback_phone" if draft.time else "callback_time"
    plan = plan_of(OFFICE, NOW, "en")
    return CallScene(past=past, plan=plan, draft=draft, awaited=awaited, is_rejected=False, known_phone=known_phone)


def read(text: str, draft: CallDraft | None = None, **changes: Any) -> CallStep:
    return read_message(scene(text, draft, **changes), OfficeDesk())


def test_number_and_time_may_come_in_one_message() -> None:
    step = read("tomorrow at ten, on +49 170 1234567")

    assert (step.draft.time, step.draft.phone) == (TEN, "+49 170 1234567")


@pytest.mark.parametrize(
    "text",
    ["sorry, 11", "no, make it 11", "nein, elf Uhr", "actually 11 am", "doch lieber um 11"],
)
def test_a_bare_hour_corrects_the_time(text: str) -> None:
    time = read(text, CallDraft(time=TEN)).draft.time

    assert time is not None
    assert (time.start.day, time.start.hour) == (27, 11)


def test_another_day_keeps_the_hour() -> None:
    time = read("no, Monday please", CallDraft(time=TEN)).draft.time

    assert time is not None
    assert (time.start.day, time.start.hour) == (30, 10)


def test_a_time_that_does_not_fit_takes_back_the_earlier_one_and_proposes() -> None:
    step = read("sorry, Sunday", CallDraft(time=TEN, phone="+49 170 1234567"))

    assert (step.draft.time, step.draft.note, step.draft.phone) == (None, CallNote.NO_FIT, "+49 170 1234567")
    asked = question_for(replace(scene("Sunday"), draft=step.draft))
    assert asked.choices[0].title.startswith("on Monday, 30 November")


def test_a_question_that_names_a_day_is_a_question() -> None:
    candidates: dict[str, Any] = {"outcome": "answer"}

    assert read("Is your shop open on Saturday?", **candidates).leaves
    assert not read("Can you call on Friday at 10?", **candidates).leaves


@pytest.mark.parametrize(
    "text", ["Geht auch Freitag um 10?", "Passt Ihnen morgen um zehn?", "How about tomorrow at 10?"]
)
def test_a_time_that_is_asked_about_is_a_wish(text: str) -> None:
    assert read(text, outcome="answer").draft.time == TEN


@pytest.mark.parametrize(
    "text",
    ["ach egal", "nee lass gut sein", "doch nicht", "hat sich erledigt", "ich brauche den Rückruf nicht mehr", "nvm"],
)
def test_it_can_be_called_off(text: str) -> None:
    assert read(text).draft.ending is CallEnding.CANCELLED
    assert read(text, CallDraft(time=TEN)).draft.ending is CallEnding.CANCELLED


@pytest.mark.parametrize("text", ["nein, doch nicht am Montag, lieber morgen um zehn", "egal, morgen 10 Uhr"])
def test_a_shrug_with_a_time_is_a_time(text: str) -> None:
    assert read(text, CallDraft()).draft.time == TEN


@pytest.mark.parametrize("intent", ["thanks", "complaint", "greeting", "switch_language"])
def test_talk_is_left_to_others(intent: str) -> None:
    assert read("well well", intent=intent).leaves


def test_after_two_answers_without_a_value_a_person_is_offered() -> None:
    draft = read("blue", read("green").draft).draft

    asked = question_for(replace(scene("blue"), draft=draft))

    assert draft.note is CallNote.WRONG
    assert "/ask_person" in [choice.payload for choice in asked.choices]


def test_who_wants_a_person_is_handed_over_with_the_number() -> None:
    step = read("I want to talk to a human", CallDraft(phone="+49 170 1234567"), intent="ask_person")

    said = tell_ending(replace(scene("I want to talk to a human"), draft=step.draft))

    assert step.draft.ending is CallEnding.PERSON
    assert said is not None
    assert said.handoff is not None
    assert said.handoff.text == "I want to talk to a human"
    assert said.call == CallAppointment(phone="+49 170 1234567")


def test_where_nobody_ever_calls_a_person_takes_over() -> None:
    closed = replace(scene("call me"), plan=CallPlan(now=NOW, openings=(), say=CallWindow.to_text))

    assert read_message(closed, OfficeDesk()).draft.ending is CallEnding.PERSON


def test_a_question_of_yesterday_is_forgotten() -> None:
    old = CallDraft(time=TEN, at=NOW.timestamp() - STALE_AFTER - 1)

    assert read("hello", old).leaves
    back = read_message(replace(scene("hello", old), is_rejected=True), OfficeDesk())
    assert back.draft.ending is CallEnding.LEFT
    assert tell_ending(replace(scene("hello"), draft=back.draft)) is None


def test_a_stale_button_proposes_anew() -> None:
    past = TEN.to_text().replace("2026-11-27", "2026-11-20")

    step = read('/ask_callback{"time": "…"}', intent="ask_callback", entities={"time": past})

    assert (step.draft.time, step.draft.note) == (None, CallNote.NO_FIT)


def test_the_draft_survives_rasas_slots() -> None:
    draft = CallDraft(time=TEN, phone="+49 170 1234567", note=CallNote.BACK, skipped=3, wrong=1, at=7.0)

    assert CallDraft.from_slots(draft.to_slots()) == draft
    assert CallDraft.from_slots({}) == CallDraft()


@pytest.mark.parametrize(
    "said",
    [
        {"text": "yes please", "intent": "affirm"},
        {"text": "+49 170 1234567", "intent": "ask_callback", "entities": {"time": KNOWN}},
    ],
)
def test_whoever_is_signed_in_says_yes_to_the_number_that_is_known(said: dict[str, Any]) -> None:
    draft = CallDraft(time=TEN)
    asked = question_for(scene("tomorrow at ten", draft, known_phone="+49 170 1234567"))

    assert "+49 170 1234567" in asked.text
    assert asked.choices[0].title == "+49 170 1234567"
    assert read(draft=draft, known_phone="+49 170 1234567", **said).draft.phone == "+49 170 1234567"


def test_another_number_than_the_known_one_is_taken_as_it_is_written() -> None:
    step = read("better on +49 30 901820", CallDraft(time=TEN), known_phone="+49 170 1234567")

    assert step.draft.phone == "+49 30 901820"


def test_a_yes_is_no_number_where_none_is_known() -> None:
    assert read("yes", CallDraft(time=TEN), intent="affirm").draft.phone is None
