"""An answer taken apart into passages: sentences, items and rows, each with what stands above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.passages import Passage, PassageKind, split_passages
from knowledge.sentence_ends import split_sentences

ANSWER = """\
Parcels go out **the same day**. They take 2 days.

## Abroad

We send to [our neighbours](https://example.org/map), by:

- post: 3.5 kg at most. Longer than a pallet is not possible.
- carrier
  - up to 30 kg

Lost on the way? Write to us. We look for it.

| Country | Costs |
|---|---|
| Austria | 4.90 € |
| Sweden | on request |

**By hand**

At our door: ring twice. Somebody comes.
"""


def _texts(answer: str) -> list[str]:
    return [passage.text for passage in split_passages(answer)]


def _passage(answer: str, words: str) -> Passage:
    return next(passage for passage in split_passages(answer) if words in passage.text)


def test_sentences_items_and_rows_are_passages_as_customers_read_them() -> None:
    assert _texts(ANSWER) == [
        "Parcels go out the same day.",
        "They take 2 days.",
        "post: 3.5 kg at most. Longer than a pallet is not possible.",
        "carrier",
        "up to 30 kg",
        "Lost on the way? Write to us.",
        "We look for it.",
        "Country: Austria · Costs: 4.90 €",
        "Country: Sweden · Costs: on request",
        "At our door: ring twice.",
        "Somebody comes.",
    ]


def test_a_passage_knows_its_kind_and_place() -> None:
    passages = split_passages(ANSWER)
    assert [passage.number for passage in passages] == list(range(len(passages)))
    assert _passage(ANSWER, "Austria").kind is PassageKind.ROW
    assert _passage(ANSWER, "carrier").kind is PassageKind.ITEM
    assert _passage(ANSWER, "They take").kind is PassageKind.SENTENCE
    first, behind = _passage(ANSWER, "Sweden").lines
    assert ANSWER.splitlines()[first:behind] == ["| Sweden | on request |"]


def test_what_stands_above_a_passage_is_kept_beside_it() -> None:
    assert (_passage(ANSWER, "They take").heading, _passage(ANSWER, "They take").lead) == ("", "")
    assert _passage(ANSWER, "3.5 kg").heading == "Abroad"
    assert _passage(ANSWER, "3.5 kg").lead == "We send to our neighbours, by:"
    assert _passage(ANSWER, "30 kg").lead == "carrier"
    assert _passage(ANSWER, "We look").lead == "Lost on the way?"
    assert _passage(ANSWER, "Somebody").heading == "By hand"
    assert _passage(ANSWER, "Somebody").lead == "At our door"


def test_in_its_context_a_passage_says_what_it_is_about() -> None:
    context = _passage(ANSWER, "3.5 kg").in_context("Sending parcels?")
    assert context.startswith("Sending parcels? Abroad. We send to our neighbours, by: post: 3.5 kg")


def test_a_heading_with_nothing_under_it_is_not_lost() -> None:
    assert _texts("Hello there.\n\n## Closed on Sundays\n\n## Parking\n\nIn the yard.") == [
        "Hello there.",
        "Closed on Sundays",
        "In the yard.",
    ]


def test_a_question_that_announces_a_list_is_what_its_items_answer() -> None:
    assert _passage("Nothing came?\n\n1. Look again\n2. Call us", "Call").lead == "Nothing came?"


@pytest.mark.parametrize("answer", ["", "   ", "---", "***", "| |\n|---|\n| |", "![](x.png)"])
def test_an_answer_without_words_has_no_passages(answer: str) -> None:
    assert split_passages(answer) == ()


def test_a_row_with_more_or_fewer_cells_than_its_table_is_read() -> None:
    assert _texts("| Day | Open |\n|---|---|\n| Monday |\n| Tuesday | 9–5 | late |") == [
        "Day: Monday",
        "Day: Tuesday · Open: 9–5",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Das gilt z. B. Für Schuhe nicht.",
        "Es sind ca. 3.5 Kilo.",
        "Der Stichtag ist der 20. November 2026.",
        "Wir erinnern am 5. Werktag per Brief.",
        "Fragen Sie Dr. Sommer oder Fr. Winter.",
        "Siehe § 5 Abs. 2 Nr. 1 des Vertrags.",
        "We close at 5 p.m. on Fridays, i.e. Before the weekend.",
        "Ask Mrs. Miller in room no. 7 about it.",
        "It costs 1.50 at example.org.",
        "Das kostet inkl. Versand 5 Euro.",
        "Moved on Dec. 24 by J. Smith.",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split_sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Ja. Nein! Vielleicht? Doch …  Gut.", ["Ja.", "Nein!", "Vielleicht?", "Doch …", "Gut."]),
        ("Er sagt „Ja.“ Dann geht er.", ["Er sagt „Ja.“", "Dann geht er."]),
        ("Frist ist der 10. Danach kostet es.", ["Frist ist der 10.", "Danach kostet es."]),
        ("No. We don't. (Really not.) Ask again.", ["No.", "We don't.", "(Really not.)", "Ask again."]),
        ("Es dauert 5 min. Bitte warten Sie.", ["Es dauert 5 min.", "Bitte warten Sie."]),
        ("Ein Jahr. 30 Tage. Äpfel auch.", ["Ein Jahr.", "30 Tage.", "Äpfel auch."]),
    ],
)
def test_sentences_end_where_they_end(prose: str, expected: list[str]) -> None:
    assert split_sentences(prose) == expected


@given(st.text("aA1.!? \n-#|*:“äÄ", max_size=80))
def test_no_word_of_an_answer_is_lost(answer: str) -> None:
    passages = split_passages(answer)
    found = " ".join(f"{passage.heading} {passage.lead} {passage.text}" for passage in passages)
    wanted = "".join(filter(str.isalpha, answer))
    if "|" not in answer and "#" not in answer and wanted:
        assert set(wanted) <= set(found)
    assert all(passage.text.strip() == passage.text for passage in passages)
