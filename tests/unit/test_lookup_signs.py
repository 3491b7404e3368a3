"""What a message in the middle of a look-up shows beside values."""

import pytest

from actions.lookups.signs import asks_why, has_no_value, is_called_off, is_called_off_first, is_correction


@pytest.mark.parametrize(
    "text",
    ["egal", "ach, vergiss es", "Abbrechen bitte", "lass gut sein", "lassen wir das", "nevermind", "forget it", "stop"],
)
def test_it_is_called_off(text: str) -> None:
    assert is_called_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bestellung abbrechen",
        "ich will die Bestellung stornieren, egal wie",
        "cancel my order",
        "88317",
        "es ist mir wirklich nicht egal, wann das endlich bei mir zu Hause ankommt",
    ],
)
def test_what_is_about_the_order_calls_nothing_off(text: str) -> None:
    assert not is_called_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "nein, 88318",
        "Sorry 88318",
        "falsch, es ist 88318",
        "i meant 88318",
        "no, 88318",
        "88317, äh nein, 88318",
        "88318 meinte ich",
    ],
)
def test_a_correction_is_heard(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize("text", ["88318", "die nummer ist 88318", "plz 79098"])
def test_a_plain_value_corrects_nothing(text: str) -> None:
    assert not is_correction(text)


@pytest.mark.parametrize(
    "text",
    [
        "weiß ich nicht",
        "hab ich grad nicht da",
        "keine ahnung",
        "no idea",
        "I can't find it",
        "das möchte ich nicht sagen",
    ],
)
def test_who_has_no_value_is_understood(text: str) -> None:
    assert has_no_value(text)


@pytest.mark.parametrize(("text", "expected"), [("wozu brauchst du das?", True), ("why?", True), ("79098", False)])
def test_whoever_asks_why_is_heard(text: str, expected: bool) -> None:
    assert asks_why(text) == expected


def test_what_is_called_off_first_leaves_room_for_another_question() -> None:
    assert is_called_off_first("Egal. Was kostet es, wenn ich das Bett nach oben tragen lasse?")
    assert is_called_off_first("never mind! how do I return it?")
    assert not is_called_off_first("Egal. Abbrechen.")
    assert not is_called_off_first("")
    assert not is_called_off_first("Was kostet das? Egal wohin?")
