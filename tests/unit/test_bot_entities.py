"""What the bot recognises by its form. The modules tried here are pure and need no Rasa."""

import pytest

from bot.entities import find_entities


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meine bestellnummer ist 4711023", ("order_number", "4711023")),
        ("Bestellung AB-1234567 fehlt", ("order_number", "AB-1234567")),
        ("Bestellnr. 100234", ("order_number", "100234")),
        ("order number 100234 please", ("order_number", "100234")),
        ("order no. 100234", ("order_number", "100234")),
        ("was ist mit #987654 los", ("order_number", "987654")),
        ("Auftragsnummer: 20260012", ("order_number", "20260012")),
        ("schreiben Sie an Anna.Berg@Beispiel.DE bitte", ("email", "anna.berg@beispiel.de")),
        ("me+shop@mail.example.co.uk", ("email", "me+shop@mail.example.co.uk")),
        ("rufen Sie 0151 23456789 an", ("phone", "015123456789")),
        ("+49 (0)30 1234567", ("phone", "+49301234567")),
        ("0049 30 123456-0", ("phone", "0049301234560")),
        ("DE89 3704 0044 0532 0130 00 ist mein Konto", ("iban", "DE89370400440532013000")),
        ("at611904300234573201", ("iban", "AT611904300234573201")),
        ("am 12.3.2026 bestellt", ("date", "2026-03-12")),
        ("am 12.03. bestellt", ("date", "--03-12")),
        ("seit 2026-03-12", ("date", "2026-03-12")),
        ("seit dem 12. März 2026", ("date", "2026-03-12")),
        ("on March 12th, 2026", ("date", "2026-03-12")),
        ("on the 12th of March", ("date", "--03-12")),
        ("12/03/2026", ("date", "2026-03-12")),
        ("24.12.25", ("date", "2025-12-24")),
    ],
)
def test_a_value_is_found_in_its_normal_form(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "ich habe 3 Artikel für 49,90 Euro bestellt",
        "Version 1.2.3 läuft nicht",
        "am 31.2.2026",
        "am 45.13.2026",
        "DE89 3704 0044 0532 0130 01",
        "XX89370400440532013000",
        "bitte @ mich",
        "das kostet 1.234.567 Euro",
        "im Jahr 2026",
        "die 24/7 Hotline",
        "in order 2 get it",
        "May I ask something",
    ],
)
def test_what_only_looks_alike_is_not_found(text: str) -> None:
    assert found(text) == []


def test_several_values_are_found_in_their_order() -> None:
    text = "Bestellung 4711023 vom 1.2.2026, zurück auf DE89370400440532013000, Antwort an a@b.de"

    assert [kind for kind, _ in found(text)] == ["order_number", "date", "iban", "email"]


def test_the_stretch_of_the_text_is_the_values() -> None:
    text = "IBAN DE89 3704 0044 0532 0130 00, danke"
    (entity,) = find_entities(text)

    assert text[entity.start : entity.end] == "DE89 3704 0044 0532 0130 00"


def test_one_wrong_digit_fails_the_check() -> None:
    assert found("DE89370400440532013000") == [("iban", "DE89370400440532013000")]
    assert found("DE89370400440532013001") == []


def test_an_iban_of_any_country_ends_where_its_countrys_numbers_end() -> None:
    assert found("MT84 MALT 0110 0001 2345 MTLC AST0 01S bitte") == [("iban", "MT84MALT011000012345MTLCAST001S")]
