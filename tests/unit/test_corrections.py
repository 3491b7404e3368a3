"""A message that corrects what was understood asks about what was meant."""

import pytest

from knowledge.message.corrections import without_correction


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("are you dumb or what, I asked about the WARRANTY not about colours", "I asked about the WARRANTY"),
        ("Ich habe nach dem Preis gefragt, nicht nach der Farbe!", "Ich habe nach dem Preis gefragt"),
        ("ich meinte die Garantie, nicht die Farben", "ich meinte die Garantie"),
        ("es geht um die Rechnung und nicht um die Lieferung", "es geht um die Rechnung"),
        ("seid ihr taub? ich frage nach der Rechnung", "ich frage nach der Rechnung"),
    ],
)
def test_what_was_not_meant_is_left_out(text: str, meant: str) -> None:
    assert without_correction(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "kann ich nicht mit Karte zahlen?",
        "ich meine nicht die blaue",
        "ich will das nicht über euch bestellen",
        "bei mir geht das nicht über die App",
        "I want to return it, not exchange it",
        "are you stupid",
        "my wife said it's not for the kitchen",
    ],
)
def test_what_is_negated_and_corrects_nothing_stays(text: str) -> None:
    assert without_correction(text) == text
