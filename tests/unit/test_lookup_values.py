"""How the values of a look-up's fields are found in what customers write."""

from dataclasses import replace

import pytest

from actions.lookups.field_values import example_of, find_values, value_of, without_values
from actions.lookups.lookup import AskedField, FieldKind
from tests.bot.shop_lookups import ORDER_STATE

FIELDS = ORDER_STATE.asked
ORDER, POSTCODE, EMAIL = FIELDS


def found_in(text: str) -> dict[str, str]:
    return {name: one.value for name, one in find_values(FIELDS, text).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wo ist LH-2024-88317?", {"order_number": "LH-2024-88317"}),
        ("wo ist lh 2024 88317", {"order_number": "LH-2024-88317"}),
        ("lh2024/88317 ist nicht da", {"order_number": "LH-2024-88317"}),
        ("LH–2024–88317", {"order_number": "LH-2024-88317"}),
        ("meine bestellung 88317 ist noch nicht da.", {"order_number": "88317"}),
        ("bestellung 88317 plz 79098", {"order_number": "88317", "postcode": "79098"}),
        ("PLZ 79098, Bestellung 88317", {"order_number": "88317", "postcode": "79098"}),
        ("my postcode is 79098 and the order is 88317", {"order_number": "88317", "postcode": "79098"}),
        ("88317 / Mara@Example.org", {"order_number": "88317", "email": "mara@example.org"}),
        ("1010", {"postcode": "1010"}),
        ("das kostet 49,90 und 12 Stück", {}),
        ("LH-2024-883", {}),
        ("in 2 bis 3 tagen", {}),
        ("+49 761 1234567", {}),
        ("0761-88317", {}),
        ("meine nummer: 0761 88317", {}),
        ("+49 (761) 88317", {}),
        ("88317 79098", {"order_number": "88317", "postcode": "79098"}),
    ],
)
def test_values_are_found_by_their_form(text: str, expected: dict[str, str]) -> None:
    assert found_in(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("am 3.2.2026", "2026-02-03"),
        ("2026-02-03", "2026-02-03"),
        ("3 February 2026", "2026-02-03"),
        ("3. Februar 2026", "2026-02-03"),
        ("31.02.2026", None),
        ("gestern", None),
    ],
)
def test_dates_are_read_in_each_language(text: str, value: str | None) -> None:
    day = AskedField(name="day", kind=FieldKind.DATE, label={}, question={})
    assert value_of(day, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "nicht 88317, sondern 88318",
        "88318 statt 88317",
        "88317, äh nein, 88318",
        "not 88317 but 88318",
        "88318, nicht die 88317",
    ],
)
def test_of_a_correction_the_value_that_is_meant_counts(text: str) -> None:
    assert find_values((ORDER,), text, is_correction=True)["order_number"].value == "88318"


def test_free_text_is_a_value_only_where_it_was_asked_for() -> None:
    name = AskedField(name="name", kind=FieldKind.TEXT, label={}, question={})

    assert value_of(name, "  Mara   Winter ") == "Mara Winter"
    assert find_values((name,), "Mara Winter") == {}


def test_an_order_number_without_forms_is_whatever_looks_like_one() -> None:
    order = replace(ORDER, forms=())

    assert [value_of(order, text) for text in ("AB-12345", "12345", "9", "hallo")] == ["AB-12345", "12345", None, None]


def test_a_form_is_shown_by_an_example() -> None:
    assert [example_of(one) for one in FIELDS] == ["LH-1234-56789", "12345", "name@example.org"]


def test_a_text_without_its_values_says_what_it_means() -> None:
    text = "wo ist bestellung LH-2024-88317, plz 79098?"
    assert without_values(text, find_values(FIELDS, text)) == "wo ist bestellung , plz ?"


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    assert found_in("9" * 100_000 + " 88317") == {}
