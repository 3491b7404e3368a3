"""Umlauts that customers spell out, restored for a model of meaning where an article knows the word."""

import pytest

from knowledge.search.spelling import by_folded_spelling, restore_umlauts, umlaut_words

KNOWN = by_folded_spelling(
    umlaut_words(["Altgeräte geben Sie zurück.", "Größe ändern", "Schöne Maße", "STRASSE oder Straße?"])
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Altgeraete", "Altgeräte"),
        ("altgeraete zurueck", "altgeräte zurück"),
        ("Groesse aendern?", "Größe ändern?"),
        ("welche strasse", "welche straße"),
    ],
)
def test_a_word_of_the_articles_is_written_as_they_write_it(typed: str, meant: str) -> None:
    assert restore_umlauts(typed, KNOWN) == meant


@pytest.mark.parametrize(
    "typed", ["neue Steuer", "schon", "zurück", "does it cost", "Massage", "Michael", "", "Königsstraße"]
)
def test_what_could_be_meant_as_it_is_stays(typed: str) -> None:
    assert restore_umlauts(typed, KNOWN) == typed
