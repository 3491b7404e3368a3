"""What a question asks to be included, and whether an article names it."""

import pytest

from knowledge.search.applied_things import applied_thing, is_named


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("gilt das auch für Matratzen?", "Matratzen"),
        ("Und gilt das auch bei reduzierter Ware?", "reduzierter Ware"),
        ("does that also apply to sofas?", "sofas"),
        ("and is that the same for the small shelves too?", "small shelves"),
        ("does it go for lamps as well", "lamps"),
        ("gilt das auch für mich?", None),
        ("does that apply to my order", None),
        ("ist das schlimm", None),
        ("Wie lange gilt das?", None),
    ],
)
def test_the_thing_is_read_from_the_question(question: str, thing: str | None) -> None:
    assert applied_thing(question) == thing


@pytest.mark.parametrize(
    ("thing", "named"), [("mattresses", True), ("Matratzen", True), ("sofas", False), ("reduzierter Ware", True)]
)
def test_a_word_is_named_in_any_form(thing: str, named: bool) -> None:
    assert is_named(thing, "Matratzen und reduzierte Möbel: every mattress can come back.") is named
