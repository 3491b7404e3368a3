"""What lines of the log carry beside their words: nothing is lost on the way into the table and back."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import Tap
from store.models import Activity, MessageEdit, MessageFacts, MoodRecord, MoodSignRecord, RelatedQuestion
from store.triggers import Trigger, TriggerKind

DUE = "2026-05-04T10:00:00+00:00"
words = st.text(max_size=8)
numbers = st.integers(0, 9)
moods = st.builds(
    MoodRecord,
    frustration=st.floats(0, 1),
    abuse=st.floats(0, 1),
    shown_by=st.lists(st.builds(MoodSignRecord, words, numbers, words), max_size=2).map(tuple),
)
triggers = st.builds(
    Trigger, kind=st.sampled_from(TriggerKind), turns=st.lists(numbers, max_size=2).map(tuple), text=words
)
activities = st.builds(
    Activity,
    event=words.filter(bool),
    shown=st.booleans(),
    of=st.none() | numbers,
    triggers=st.lists(triggers, max_size=2).map(tuple),
    position=st.none() | numbers,
    due=st.none() | st.datetimes(),
    done=st.none() | words,
)
facts = st.builds(
    MessageFacts,
    intent=st.none() | words,
    answers=st.none() | words,
    confidence=st.none() | st.floats(0, 1),
    mood=st.none() | moods,
    helpful=st.none() | st.booleans(),
    settled=st.booleans(),
    tap=st.none() | st.builds(Tap, seq=numbers, choice=numbers),
    edits=st.none() | st.lists(st.builds(MessageEdit, edit_id=words, before=words), max_size=2).map(tuple),
    withdrawn=st.booleans(),
    lead=st.none() | numbers,
    short=st.none() | numbers,
    related=st.lists(st.builds(RelatedQuestion, words, words), max_size=2).map(tuple),
    awaits=st.none() | words,
    withheld=st.booleans(),
    aside=st.none() | st.sampled_from(["notice", "follow_up"]),
    activity=st.none() | activities,
)


@given(facts)
def test_what_is_stored_comes_back(kept: MessageFacts) -> None:
    assert MessageFacts.from_json(json.loads(json.dumps(kept.as_json()))) == kept


def test_nothing_set_is_an_empty_object() -> None:
    assert MessageFacts().as_json() == {}


@pytest.mark.parametrize(
    ("stored", "facts"),
    [
        ({}, MessageFacts()),
        ({"intent": None, "outcome": None, "confidence": None}, MessageFacts()),
        ({"edits": []}, MessageFacts(edits=())),
        ({"tap": [4, 0], "settled": True}, MessageFacts(tap=Tap(seq=4, choice=0), settled=True)),
        (
            {"mood": {"frustration": 0.8, "abuse": 0, "signs": [["shouting", 2, "JETZT"]]}, "act": "offer"},
            MessageFacts(
                mood=MoodRecord(frustration=0.8, abuse=0.0, shown_by=(MoodSignRecord("shouting", 2, "JETZT"),)),
                act="offer",
            ),
        ),
        (
            {
                "event": "promised",
                "shown": False,
                "promise": "p",
                "what": "Rückruf",
                "due": DUE,
            },
            MessageFacts(
                activity=Activity(
                    event="promised",
                    shown=False,
                    promise="p",
                    what="Rückruf",
                    due=datetime.fromisoformat(DUE),
                )
            ),
        ),
        (
            {
                "event": "request_handoff",
                "shown": False,
                "triggers": [{"kind": "of tomorrow", "turns": []}],
            },
            MessageFacts(activity=Activity(event="request_handoff", shown=False)),
        ),
    ],
)
def test_what_older_versions_stored_is_read(stored: dict[str, Any], facts: MessageFacts) -> None:
    assert MessageFacts.from_json(stored) == facts
