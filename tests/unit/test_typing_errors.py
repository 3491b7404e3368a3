"""Words one slip away from a word of the articles, looked for where a question finds nothing as it is written."""

import pytest

from knowledge.search.typing_errors import is_one_slip_away, known_words, mend, mending_words

KNOWN = known_words(
    mending_words(
        ["Wie lange habe ich Garantie?", "Kommt die Rechnung mit dem Paket?", "Gewicht und Maße", "the train"]
    )
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Graantie auf das Sofa", "Garantie auf das Sofa"),
        ("wo ist die rechnug", "wo ist die rechnung"),
        ("die Rechnnung fehlt", "die Rechnung fehlt"),
        ("by trian", "by train"),
    ],
)
def test_a_letter_too_many_or_missing_and_two_swapped_are_put_right(written: str, meant: str) -> None:
    assert mend(written, KNOWN) == meant


@pytest.mark.parametrize(
    "written", ["schreib ein Gedicht", "Wie lange habe ich Garantie?", "pkat", "Grantie, Rechnug, trian oder chönnd"]
)
def test_other_words_short_ones_and_texts_full_of_unknown_words_stay(written: str) -> None:
    assert mend(written, KNOWN) == written


def test_of_two_words_that_may_be_meant_none_is() -> None:
    known = known_words(["kosten", "karten"])

    assert mend("Kasten", known) == "Kasten"
    assert mend("Kartn", known_words(["karten", "kartan"])) == "Kartn"


@pytest.mark.parametrize(("one", "other"), [("karte", "karten"), ("krate", "karte"), ("kaarte", "karte")])
def test_a_slip_is_one_whichever_word_has_it(one: str, other: str) -> None:
    assert is_one_slip_away(one, other)
    assert is_one_slip_away(other, one)


def test_an_article_keeps_each_word_once_in_small_letters_without_the_short_ones() -> None:
    assert mending_words(["Der Tisch, der TISCH", "Wo ist der Stuhl?"]) == ("stuhl", "tisch")
