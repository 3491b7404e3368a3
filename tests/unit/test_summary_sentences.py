"""Where a quotation may be cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.summary.sentences import LogSentence, sentences_of, shortened
from helpdesk.handoff.summary.vocabulary import NEGATIONS


def read(text: str) -> list[LogSentence]:
    return list(sentences_of(DialogueLine(seq=1, author=CONTACT, text=text)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Das kostet 1.234,50 € bzw. mehr. Warum?", ["Das kostet 1.234,50 € bzw. mehr.", "Warum?"]),
        ("Am 3. Mai kam Dr. Meier, z. B. um 8. Danke!", ["Am 3. Mai kam Dr. Meier, z. B. um 8. Danke!"]),
        ("Version 10.13.1 crashes! Why? No idea", ["Version 10.13.1 crashes!", "Why?", "No idea"]),
        ("  viel\n\nPlatz ", ["viel Platz"]),
        ("", []),
    ],
)
def test_a_sentence_ends_where_people_end_it(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in read(text)] == sentences


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Hallo zusammen, das Paket ist da, es war gestern schon angekommen.", "das Paket ist da …"),
        ("Das Paket ist da, aber es ist nicht meins.", "Das Paket ist da, aber es ist nicht meins."),
        ("I would come over, if you were there.", "I would come over, if you were there."),
        ("If that fails, restart the router, and then the phone.", "If that fails, restart the router …"),
        ("Ich zahle 1,50 Euro, weil es so da steht.", "Ich zahle 1,50 Euro …"),
    ],
)
def test_clauses_fall_off_the_end_but_never_what_turns_the_sentence_around(text: str, short: str) -> None:
    assert shortened(read(text)[0], 4) == short


@given(st.text(max_size=300), st.integers(min_value=1, max_value=20))
def test_what_stays_is_letter_for_letter_and_keeps_every_negation(text: str, limit: int) -> None:
    for sentence in read(text):
        short = shortened(sentence, limit)
        assert short.removesuffix("…").rstrip() in sentence.text
        assert len(NEGATIONS.findall(short)) == len(NEGATIONS.findall(sentence.text)) or len(sentence.text.split()) > 45


def test_what_we_have_written_is_quoted_without_marks_of_bold() -> None:
    ours = DialogueLine(seq=2, author="agent", text="**Ich schaue** gleich __nach__.")
    theirs = DialogueLine(seq=1, author=CONTACT, text="Das steht **da**.")

    assert [sentence.text for line in (theirs, ours) for sentence in sentences_of(line)] == [
        "Das steht **da**.",
        "Ich schaue gleich nach.",
    ]
