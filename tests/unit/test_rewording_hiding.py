"""What does not leave the house, and comes back in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.rewording.redaction import LostMark, UnmaskableText, hide

PERSONAL = [
    "ida@example.org", "+49 171 2345678", "0171/2345678", "(030) 123 45 67", "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111", "4111111111111111", "#1234567", "RE-2026001", "Hauptstraße 5", "Lange Straße 12a",
    "https://shop.example/konto?id=7", "www.example.org/x",
]  # fmt: skip


@pytest.mark.parametrize("personal", PERSONAL)
def test_what_is_personal_becomes_a_mark_and_comes_back(personal: str) -> None:
    text = f"Meine Angabe ist {personal}, danke."
    hidden = hide([text])

    assert hidden.texts == ("Meine Angabe ist ⟦1⟧, danke.",)
    assert hidden.show(hidden.texts[0]) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ich heiße Ida Lindgren und warte.", "Ich heiße ⟦1⟧ und warte."),
        ("My name is Ida Lindgren.", "My name is ⟦1⟧."),
        ("Frau Dr. Meier sagte das.", "Frau Dr. ⟦1⟧ sagte das."),
        ("Viele Grüße, Ida", "Viele Grüße, ⟦1⟧"),
        ("Das hat mir Mia gesagt, Mia Berg.", "Das hat mir ⟦2⟧ gesagt, ⟦1⟧."),
    ],
)
def test_names_that_are_told_or_known_stay_at_home(text: str, left: str) -> None:
    hidden = hide([text], ["Mia Berg"])
    assert hidden.texts == (left,)
    assert hidden.show(left) == text


def test_prices_days_and_times_may_leave() -> None:
    text = "14 Tage, 4,90 €, ab 50 €, um 14:30 Uhr, 20 %, am 3. Mai, Montag 9–18 Uhr."
    assert hide([text]).texts == (text,)


def test_the_same_thing_has_the_same_mark_in_every_text() -> None:
    hidden = hide(["a@example.org fragt", "Antwort an a@example.org und b@example.org"])
    assert hidden.texts == ("⟦1⟧ fragt", "Antwort an ⟦1⟧ und ⟦2⟧")


def test_a_text_with_our_brackets_is_not_sent() -> None:
    with pytest.raises(UnmaskableText):
        hide(["Schreib ⟦1⟧"])


def test_a_mark_that_was_never_sent_is_not_shown() -> None:
    with pytest.raises(LostMark):
        hide(["a@example.org"]).show("⟦2⟧")


@given(st.text(alphabet=st.characters(exclude_characters="⟦⟧", exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_hidden_comes_back_as_it_was(text: str) -> None:
    hidden = hide([text], ["Ida Lindgren"])
    assert hidden.show(hidden.texts[0]) == text
