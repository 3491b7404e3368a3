"""`staffel handoff score`: dialogues in, judgements out."""

import io
import json
from typing import Any

import pytest

from helpdesk.handoff.dialogue_file import read_dialogue
from helpdesk.host.cli.dialogues import read_lines
from helpdesk.rule_admin.dialogue_scores import score_all
from store.errors import Invalid
from tests.fakes.embedder import LetterCounts

TURNS = [
    {"author": "contact", "text": "Wo ist mein Paket?"},
    {"author": "bot", "text": "Unterwegs."},
    {"author": "contact", "text": "Ich möchte mit einem Menschen sprechen."},
]


def line(**fields: Any) -> str:
    return json.dumps({"id": "d1", "language": "de", "turns": TURNS} | fields)


def test_each_turn_of_the_contact_has_an_entry() -> None:
    (scored,) = score_all([read_dialogue(line())], LetterCounts())

    assert scored["id"] == "d1"
    assert [turn["turn"] for turn in scored["turns"]] == [0, 2]
    assert [turn["handoff"] for turn in scored["turns"]] == [False, True]
    assert [trigger["kind"] for trigger in scored["turns"][1]["triggers"]] == ["asked"]
    assert all(0 <= turn[score] <= 1 for turn in scored["turns"] for score in ("frustration", "abuse"))


def test_a_turn_is_judged_without_what_comes_after_it() -> None:
    (whole,) = score_all([read_dialogue(line())], LetterCounts())
    (half,) = score_all([read_dialogue(line(turns=TURNS[:2]))], LetterCounts())
    assert whole["turns"][:1] == half["turns"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "column 2: expected JSON (Expecting property name enclosed in double quotes)"),
        ("3", 'expected an object such as {"id": "d1", "turns": […]}'),
        (line(turns="x"), '"turns": expected a list of at most 10,000 turns'),
        (line(turns=[{"author": "me", "text": "x"}]), '"turns[0].author": expected "contact", "bot" or "agent"'),
        (line(turns=[{"author": "bot", "text": 3}]), '"turns[0].text": expected text'),
        (
            line(turns=[{"author": "bot", "text": "x", "at": "noon"}]),
            '"turns[0].at": expected a time such as "2026-01-31T10:00:00Z"',
        ),
        (line(id=[1]), '"id": expected text or a number'),
        (line(language=3), '"language": expected text such as "de" or "en"'),
    ],
)
def test_what_is_wrong_with_a_line_is_said(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_dialogue(text)
    assert str(refused.value) == message


def test_bad_lines_keep_their_place_and_number() -> None:
    file = io.BytesIO(b"\xef\xbb\xbf" + line().encode() + b"\n\n\xff\n" + line(turns=3, id="b").encode() + b"\n")
    read = list(read_lines(file))

    assert [each.dialogue is not None for each in read] == [True, False, False]
    assert [each.error for each in read[1:]] == [
        "line 3: expected UTF-8, got the byte 0xff",
        'line 4: "turns": expected a list of at most 10,000 turns',
    ]
    assert read[2].id == "b"
