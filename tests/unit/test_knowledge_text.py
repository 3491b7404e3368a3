"""One spelling for what customers spell in several ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalization import MAX_QUESTION_LENGTH, fold, same_words, tidy, words


@pytest.mark.parametrize(
    "spelling", ["zurück", "zurueck", "zuruck", "ZURÜCK", "zuru\u0308ck", "zu\u00adrück", "zu\u200brück", "zurúck"]
)
def test_spellings_of_one_word_are_one(spelling: str) -> None:
    assert fold(spelling) == "zuruck"


def test_sharp_s_and_double_s_are_one() -> None:
    assert fold("Straße") == fold("STRASSE")


def test_punctuation_and_case_do_not_part_two_questions() -> None:
    assert same_words("Wo bleibt mein Paket?") == same_words("wo bleibt mein paket")
    assert words("I haven’t got it!") == ["i", "havent", "got", "it"]


@given(st.text(st.characters(), max_size=300))
def test_tidy_text_is_always_storable_and_stays_as_it_is(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    once.encode("utf-8")
    assert "\x00" not in once


@pytest.mark.parametrize("spelling", ["Rückgabe", "Ru\u0308ckgabe", "Rück\u00adgabe", "\ufeffRückgabe\u200b"])
def test_a_model_reads_one_spelling_of_what_looks_the_same(spelling: str) -> None:
    assert tidy(spelling) == "Rückgabe"


def test_a_model_reads_no_shouting_but_codes_as_they_are() -> None:
    assert tidy("WO IST MEIN PAKET") == "wo ist mein paket"
    assert tidy("E31") == "E31"


def test_a_very_long_message_is_cut() -> None:
    assert len(tidy("a" * 1_000_000)) == MAX_QUESTION_LENGTH
