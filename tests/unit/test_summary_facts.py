"""What a summary knows: numbers, dates and names exactly as the contact wrote them, and what is hidden of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.summary import mask_personal
from helpdesk.handoff.summary.facts import FactKind, facts_of
from helpdesk.handoff.summary.numbers import is_card, is_iban


def known(text: str, language: str = "de") -> dict[str, str]:
    said = DialogueLine(seq=1, author=CONTACT, text=text, language=language)
    return {fact.text: str(fact.kind) for fact in facts_of([said])}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Bestellung 4711-0815 kam nicht", {"Bestellung 4711-0815": "order"}),
        ("meine bestellnummer ist AB-20391", {"bestellnummer ist AB-20391": "order"}),
        ("Rechnung Nr. 88123 über 1.234,50 €", {"Rechnung Nr. 88123": "invoice", "1.234,50 €": "amount"}),
        ("Sendungsnummer 00340434161094042557", {"Sendungsnummer 00340434161094042557": "shipment"}),
        ("am 3. Mai 2026 um 14:30 Uhr", {"3. Mai 2026": "date", "14:30 Uhr": "time"}),
        ("seit dem 03.05.2026, spätestens Freitag", {"03.05.2026": "date", "Freitag": "date"}),
        ("ich warte seit 17 Tagen und drei Wochen", {"17 Tagen": "number", "drei Wochen": "number"}),
        ("Frau Meier aus München", {"Frau Meier": "name", "München": "name"}),
        ("das iPhone 12 Pro von Anna Schmidt", {"iPhone 12 Pro": "number", "Anna Schmidt": "name"}),
        ("Ich hätte gern eine Rückmeldung zur Lieferung der Bestellung", {}),
    ],
)
def test_german_facts(text: str, facts: dict[str, str]) -> None:
    assert known(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("My order no. 20391-A never came", {"order no. 20391-A": "order"}),
        ("I paid $79.90 on May 3rd at 5 pm", {"$79.90": "amount", "May 3rd": "date", "5 pm": "time"}),
        ("The tracking number is JD0140012345678.", {"tracking number is JD0140012345678": "shipment"}),
        ("error code 262144 on my Xbox One", {"code 262144": "number", "Xbox One": "name"}),
        ("it runs 10.13.1 since 2 weeks", {"10.13.1": "number", "2 weeks": "number"}),
        ("I flew from London to New York with Delta", {"London": "name", "New York": "name", "Delta": "name"}),
        ("THIS IS SO BAD", {}),
    ],
)
def test_english_facts(text: str, facts: dict[str, str]) -> None:
    assert known(text, "en") == facts


def test_a_fact_that_comes_up_again_is_one_fact_with_both_lines() -> None:
    said = [
        DialogueLine(seq=seq, author=CONTACT, text=f"{word} 4711", language="de")
        for seq, word in ((1, "Paket"), (4, "paket"))
    ]
    [fact] = facts_of(said)

    assert (fact.kind, fact.text, fact.turns) == (FactKind.SHIPMENT, "Paket 4711", (1, 4))


def test_check_digits_tell_accounts_from_other_long_numbers() -> None:
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert not is_iban("DE89 3704 0044 0532 0130 01")
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("an anna.schmidt@example.org", "an a•••@example.org"),
        ("IBAN de89370400440532013000.", "IBAN DE•• •••• …3000."),
        ("Karte 4111-1111-1111-1111", "Karte •••• …1111"),
        ("ruf an: +49 (0)171 2345678", "ruf an: •••• …78"),
        ("ich wohne Lindenstraße 12a, 80331 München", "ich wohne L•••, 80331 München"),
        ("geboren am 03.05.1980 in Ulm", "geboren am •••• in Ulm"),
        ("Bestellung 4111111111111112, 49,90 € am 03.05.2026", "Bestellung 4111111111111112, 49,90 € am 03.05.2026"),
    ],
)
def test_what_is_personal_is_masked_and_nothing_else(text: str, hidden: str) -> None:
    assert mask_personal(text) == hidden


@given(st.text(max_size=200), st.sampled_from(["ida@example.org", "DE89370400440532013000", "4111 1111 1111 1111"]))
def test_no_secret_survives_whatever_stands_around_it(around: str, secret: str) -> None:
    assert secret not in mask_personal(f"{around} {secret} {around}")
