"""The first sentences of a long answer stand before the fold."""

import pytest

from knowledge.articles.fold import fold

LIST = "1. Open **My account**.\n2. Choose the order.\n3. Choose *Return* and print the label.\n" * 4
LONG = "It takes three steps. " * 30


def lead_of(answer: str) -> str | None:
    lead = fold(answer)
    return None if lead is None else answer[:lead]


def test_a_short_answer_is_not_folded() -> None:
    assert fold("You see it under **My orders**.\n\n- A\n- B") is None


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_the_first_paragraph_stands_before_a_list(gap: str) -> None:
    first = "You return an item free of charge within 30 days."

    assert lead_of(f"{first}{gap}{LIST}") == first


def test_a_line_that_announces_a_list_takes_the_list_along() -> None:
    assert lead_of(f"This is how it goes for all of our articles:\n\n{LIST}\n\n{LONG}") == (
        f"This is how it goes for all of our articles:\n\n{LIST}".rstrip()
    )


def test_a_heading_takes_the_next_paragraph_along() -> None:
    lead = lead_of(f"## Returns\n\nYou have 30 days from the day of delivery.\n\n{LIST}")

    assert lead == "## Returns\n\nYou have 30 days from the day of delivery."


def test_a_long_paragraph_is_folded_at_the_end_of_a_sentence() -> None:
    lead = lead_of(LONG)

    assert lead is not None
    assert lead.endswith("steps.")
    assert 40 <= len(lead) <= 240


@pytest.mark.parametrize(
    "answer",
    [
        LIST * 3,
        "```\n" + "a. b. c. d.\n" * 60 + "```",
        "| a | b |\n|---|---|\n" + "| 1. One | Two. |\n" * 40,
        "> " + "Quoted. " * 60,
        "word " * 200,
        "",
    ],
)
def test_nothing_is_cut_inside_a_list_a_table_code_or_a_quotation(answer: str) -> None:
    assert fold(answer) is None


@pytest.mark.parametrize(
    "start",
    [
        "Write to us, e.g. by mail, or on 3. May at no. 5 of the street, z. B. to [the team. Or so](https://shop.example/a)",
        "All of this is **bold. And strong. And so on, without an end, over many words that are of no matter**",
    ],
)
def test_an_abbreviation_a_link_or_an_emphasis_is_not_cut(start: str) -> None:
    lead = lead_of(f"{start}. {LONG}")

    assert lead is not None
    assert lead.startswith(f"{start}.")


def test_a_rest_that_is_hardly_anything_is_not_hidden() -> None:
    assert fold("A sentence of a certain length that fills the page a little. " * 6 + "\n\nBye.") is not None
    assert fold("a" * 300 + ".\n\nBye for now, and thanks.") is None
