"""What a request for a person carries: nothing is lost on the way into the table and back."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.models import (
    DecisionRecord,
    QueuePlaceRecord,
    SummaryLineRecord,
    SummaryRecord,
    SummaryWordingRecord,
    WaitNoticeRecord,
)
from store.triggers import Trigger, TriggerKind

words = st.text(max_size=8)
numbers = st.integers(0, 9)
triggers = st.builds(
    Trigger, kind=st.sampled_from(TriggerKind), turns=st.lists(numbers, max_size=2).map(tuple), text=words
)
lines = st.builds(
    SummaryLineRecord, label=words, text=words, turns=st.lists(numbers).map(tuple), outcome=st.none() | words
)
sentences = st.dictionaries(st.sampled_from(["de", "en"]), words)
decisions = st.builds(
    DecisionRecord,
    act=st.just("hand_over"),
    triggers=st.lists(triggers, max_size=2).map(tuple),
    prefer=st.none() | words,
    signals=st.dictionaries(words, numbers),
    sentence=sentences,
) | st.builds(DecisionRecord, sentence=sentences)
notices = st.builds(
    WaitNoticeRecord,
    at=st.datetimes(timezones=st.just(UTC)),
    seq=numbers,
    position=numbers,
    range_seconds=st.none() | st.tuples(st.floats(0, 9), st.floats(0, 9)),
    first_place=st.none() | st.builds(QueuePlaceRecord, numbers, numbers, numbers),
) | st.just(WaitNoticeRecord())
wordings = st.none() | st.builds(SummaryWordingRecord, model=words, lines=st.lists(words).map(tuple))


@given(decisions)
def test_a_decision_comes_back_as_it_was(kept: DecisionRecord) -> None:
    assert DecisionRecord.from_json(json.loads(json.dumps(kept.as_json()))) == kept


@given(notices)
def test_what_was_told_of_a_wait_comes_back_as_it_was(kept: WaitNoticeRecord) -> None:
    assert WaitNoticeRecord.from_json(json.loads(json.dumps(kept.as_json()))) == kept


@given(st.lists(lines, max_size=2).map(tuple), wordings, st.booleans())
def test_a_summary_comes_back_as_it_was(
    told: tuple[SummaryLineRecord, ...], reworded: SummaryWordingRecord | None, is_tried: bool
) -> None:
    kept = SummaryRecord(language="de", lines=told, reworded=reworded, is_tried=is_tried or reworded is not None)
    assert SummaryRecord.from_json(json.loads(json.dumps(kept.as_json()))) == kept


@pytest.mark.parametrize("record", [DecisionRecord(), WaitNoticeRecord(), SummaryRecord()])
def test_nothing_is_an_empty_object(record: DecisionRecord | WaitNoticeRecord | SummaryRecord) -> None:
    assert record.as_json() == {}
    assert type(record).from_json({}) == record


def test_what_older_versions_stored_is_read() -> None:
    assert WaitNoticeRecord.from_json(
        {"position": 2, "range": [60.0, 180.0], "at": "2026-05-04T10:00:00+00:00", "seq": 4, "first": [3, 1, 0]}
    ) == WaitNoticeRecord(
        at=datetime(2026, 5, 4, 10, tzinfo=UTC),
        seq=4,
        position=2,
        range_seconds=(60.0, 180.0),
        first_place=QueuePlaceRecord(position=3, agents=1, free=0),
    )
    stored = {"label": "request", "text": "„Wo?“", "turns": [2], "outcome": None}
    summary = SummaryRecord.from_json({"language": "de", "lines": [stored], "reworded": None})
    assert (summary.line("request"), summary.is_tried, summary.reworded) == ("„Wo?“", True, None)
