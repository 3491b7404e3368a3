"""What a message without a word is taken for."""

import pytest

from bot.signs import intent_of_signs


@pytest.mark.parametrize("text", ["😭", "😡😡😡", "🤬!!", ":-(", ":'(", "😢 ...", "😤"])
def test_anger_and_tears_are_no_goodbye(text: str) -> None:
    assert intent_of_signs(text, has_answered=False) == "complaint"
    assert intent_of_signs(text, has_answered=True) == "complaint"


@pytest.mark.parametrize("text", ["👍", "👍🏽", "❤️", "🙏🙏", ":)", "<3", "😊!"])
def test_a_thumb_is_about_the_answer_before_it_or_else_thanks(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "feedback_helpful"
    assert intent_of_signs(text, has_answered=False) == "thanks"


@pytest.mark.parametrize("text", ["?", "???", "?!", "🤔", "🤷‍♀️", "❓"])
def test_a_question_mark_after_an_answer_asks_for_more(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "feedback_not_helpful"
    assert intent_of_signs(text, has_answered=False) == "help"


def test_a_thumb_down_and_a_wave_say_what_they_say() -> None:
    assert intent_of_signs("👎", has_answered=True) == "feedback_not_helpful"
    assert intent_of_signs("👋", has_answered=False) == "greeting"


@pytest.mark.parametrize("text", ["…", ".", "!!!", "🚲"])
def test_signs_without_a_meaning_of_their_own_are_told_what_is_possible(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "help"


@pytest.mark.parametrize("text", ["wo ist mein paket?", "ok 👍", "4711", "", "   ", "D:danke"])
def test_whatever_has_a_word_or_a_number_is_read_as_ever(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) is None
