"""What is personal doesn't become a phrasing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.articles.masking import MASK, mask


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("wo ist meine bestellung 4711-998 ?", "wo ist meine bestellung … ?"),
        ("Bestellung AB-12345X fehlt", "Bestellung … fehlt"),
        ("mail an karin.m+shop@mail.example.org bitte", "mail an … bitte"),
        ("DE89 3704 0044 0532 0130 00 ist meine iban", "… ist meine iban"),
        ("de89370400440532013000 buchen", "… buchen"),
        ("rufen Sie +49 (0)170 1234567 an", "rufen Sie … an"),
        ("siehe https://example.org/bestellung?id=3 bitte", "siehe … bitte"),
        ("wohne Hauptstraße 12a, 80331 München", "wohne … München"),
        ("I live at 221b Baker Street", "I live at …"),
        ("Am Alten Weg 5 abgeben", "Am … abgeben"),
        ("Ich bin Karin Müller und warte", "Ich bin … und warte"),
        ("mein name ist jonas und ich warte", "mein name ist … und ich warte"),
        ("hallo ich heiße anna schmidt, wo ist mein paket", "hallo ich heiße …, wo ist mein paket"),
        ("My name is John Smith and I want a refund", "My name is … and I want a refund"),
        ("Frau Dr. Weber hat mir das gesagt", "Frau … hat mir das gesagt"),
        ("wo bleibt es? Viele Grüße Karin", "wo bleibt es? Viele Grüße …"),
    ],
)
def test_the_personal_part_is_masked(said: str, kept: str) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "kostet das 49,90 € oder 100€?",
        "passt größe 44/46",
        "kann ich bis 18.30 uhr kommen",
        "habt ihr am 24.12. offen",
        "lieferung in 2-3 tagen?",
        "ich bin sauer",
        "ich bin Kundin seit 3 Jahren",
        "I am in Vienna, do you deliver",
        "was ist der Weg 5 Schritte zur Rückgabe",
    ],
)
def test_what_makes_the_question_stays(said: str) -> None:
    assert mask(said) == said


@given(st.text(max_size=300))
def test_any_text_is_masked_to_something_that_stays_as_it_is(text: str) -> None:
    once = mask(text)
    assert len(once) <= 2 * len(text) + len(MASK)
    assert not any(digits.isdigit() and len(digits) > 12 for digits in once.split() if digits.isascii())
