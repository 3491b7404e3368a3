"""What is recognised in a message by its form, and what the message says without it."""

import pytest

from identifiers import find_identifiers, is_nothing_else, without_identifiers


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in find_identifiers(text)]


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
        ("Wo ist LH-2024-88317?", ("order_number", "LH-2024-88317")),
        ("meine bestellung 88317 ist noch nicht da", ("order_number", "88317")),
        ("88317", ("order_number", "88317")),
        ("#12345", ("order_number", "12345")),
        ("Best.-Nr. 4711-22", ("order_number", "4711-22")),
        ("88317 ist meine Bestellnummer", ("order_number", "88317")),
        ("Vorgangsnummer 5512-B", ("order_number", "5512-B")),
        ("ma commande n° 88317", ("order_number", "88317")),
        ("Sendungsnr. 0034 0434 1610 9404 2557", ("tracking_number", "00340434161094042557")),
        ("1Z999AA10123456784", ("tracking_number", "1Z999AA10123456784")),
        ("DPD 01505094123456", ("tracking_number", "01505094123456")),
        ("Hermes H1000730003127980013", ("tracking_number", "H1000730003127980013")),
        ("RR123456785DE hängt fest", ("tracking_number", "RR123456785DE")),
        ("Rechnungsnr. 20261188", ("invoice_number", "20261188")),
        ("RE-2024-1188 fehlt", ("invoice_number", "RE-2024-1188")),
        ("Kundennr.: 55 123", ("customer_number", "55123")),
        ("Art.-Nr. 300-771", ("article_number", "300-771")),
        ("my voucher SPRING-2026", ("voucher_code", "SPRING-2026")),
        ("4111 1111 1111 1111 wurde belastet", ("card_number", "4111111111111111")),
        ("https://a.example.com/p/12345?x=1 kaputt", ("url", "https://a.example.com/p/12345?x=1")),
        ("ich heiße Petra Lohse", ("name", "Petra Lohse")),
        ("wann kommt es?\nKind regards\nAnna Smith", ("name", "Anna Smith")),
        ("für 49,90 Euro", ("amount", "49,90 Euro")),
        ("wohne in 10115 Berlin", ("number", "10115")),
    ],
)
def test_a_value_is_found_in_its_normal_form(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Version 1.2.3 läuft nicht",
        "am 31.2.2026",
        "am 45.13.2026",
        "DE89 3704 0044 0532 0130 01",
        "XX89370400440532013000",
        "bitte @ mich",
        "der Zähler steht auf 1.234.567",
        "Bestellung 2024",
        "order 4711 pieces",
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
    (entity,) = find_identifiers(text)

    assert text[entity.start : entity.end] == "DE89 3704 0044 0532 0130 00"


def test_one_wrong_digit_fails_the_check() -> None:
    assert found("DE89370400440532013000") == [("iban", "DE89370400440532013000")]
    assert found("DE89370400440532013001") == []


def test_an_iban_of_any_country_ends_where_its_countrys_numbers_end() -> None:
    assert found("MT84 MALT 0110 0001 2345 MTLC AST0 01S bitte") == [("iban", "MT84MALT011000012345MTLCAST001S")]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("meine bestellung 88317 ist noch nicht da", "meine bestellung ist noch nicht da"),
        ("Wo ist LH-2024-88317?", "Wo ist meine Bestellung?"),
        ("was ist mit #987654 los", "was ist mit meiner Bestellung los"),
        ("where's the status of #12345", "where's the status of my order"),
        ("Bestellnummer LH-2024-88317, wo ist die???", "Bestellung, wo ist die???"),
        ("Order number is 100234, how do I pay by card?", "how do I pay by card?"),
        ("Hallo, ich heiße Petra Müller, Kundennummer 4711. Wie zahle ich?", "Hallo, Wie zahle ich?"),
        ("ich habe am 12.03.2026 für 49,90 € bestellt, wann kommt das Geld?", "wann kommt das Geld?"),
        ("Wie storniere ich?\nLG Thomas Meier", "Wie storniere ich?"),
        ("Wie kann ich bezahlen?", "Wie kann ich bezahlen?"),
    ],
)
def test_what_is_left_of_a_message_is_a_sentence(text: str, bare: str) -> None:
    assert without_identifiers(text, find_identifiers(text), values=True) == bare


def test_dates_and_amounts_stay_where_they_may_be_asked_for() -> None:
    text = "Kunde 4711 fragt: am 24.12. ab 50 € offen? Bestellnr. 88317"

    assert "24.12." in without_identifiers(text, find_identifiers(text))
    assert "88317" not in without_identifiers(text, find_identifiers(text))


@pytest.mark.parametrize(
    "text",
    [
        "88317",
        "LH-2024-88317?",
        "hier meine Bestellnummer: 4711-22",
        "It's order no. 100234",
        "1Z999AA10123456784 danke",
    ],
)
def test_a_number_and_nothing_else(text: str) -> None:
    assert is_nothing_else(text, find_identifiers(text))


@pytest.mark.parametrize(
    "text", ["Wo ist 88317?", "Vielen Dank, Petra", "12.03.2026", "49,90 €", "danke", "", "4711 kaputt"]
)
def test_anything_more_than_a_number(text: str) -> None:
    assert not is_nothing_else(text, find_identifiers(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("und am zweiten jänner?", "--01-02"), ("on the third of May 2026", "2026-05-03"), ("erste Mahnung", None)],
)
def test_a_day_whose_number_is_written_out_is_a_date(text: str, value: str | None) -> None:
    assert [one.value for one in find_identifiers(text) if one.kind == "date"] == ([value] if value else [])
