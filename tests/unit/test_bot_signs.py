"""What a message without a word is taken for, and one that only counts."""

import pytest

from bot.picks import picked
from bot.signs import asks_for_time, intent_of_signs


@pytest.mark.parametrize("text", ["😡😡😡", "🤬!!", "😤", ">:("])
def test_anger_is_heard_as_such(text: str) -> None:
    assert intent_of_signs(text, has_answered=False) == "complaint"
    assert intent_of_signs(text, has_answered=True) == "complaint"


@pytest.mark.parametrize("text", ["😭", ":-(", ":'(", "😢 ...", "💔", "🙄"])
def test_tears_say_that_something_is_wrong_and_are_no_goodbye(text: str) -> None:
    assert intent_of_signs(text, has_answered=False) == "feedback_not_helpful"
    assert intent_of_signs(text, has_answered=True) == "feedback_not_helpful"


@pytest.mark.parametrize("text", ["👍", "👍🏽", "+1", "👌", "✅", "✔️"])
def test_a_thumb_is_a_yes_to_whatever_was_asked(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "affirm"
    assert intent_of_signs(text, has_answered=False) == "affirm"


@pytest.mark.parametrize("text", ["👎", "👎🏿", "-1"])
def test_a_thumb_down_is_a_no_to_what_was_asked_or_else_a_problem(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "deny"
    assert intent_of_signs(text, has_answered=False) == "feedback_not_helpful"


@pytest.mark.parametrize("text", ["❤️", "🙏🙏", "<3", "🥰"])
def test_a_heart_is_about_the_answer_before_it_or_else_thanks(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "feedback_helpful"
    assert intent_of_signs(text, has_answered=False) == "thanks"


@pytest.mark.parametrize("text", [":)", "🙂", "😊!", "👋"])
def test_a_smile_or_a_wave_first_is_a_greeting(text: str) -> None:
    assert intent_of_signs(text, has_answered=False) == "greeting"


def test_a_wave_at_the_end_is_a_goodbye() -> None:
    assert intent_of_signs("👋🏻", has_answered=True) == "goodbye"


@pytest.mark.parametrize("text", ["?", "???", "?!", "🤔", "🤷‍♀️", "❓"])
def test_a_question_mark_after_an_answer_says_that_it_was_not_understood(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "unclear"
    assert intent_of_signs(text, has_answered=False) == "help"


@pytest.mark.parametrize("text", ["…", ".", "!!!", "🚲", "-"])
def test_signs_without_a_meaning_of_their_own_are_answered_by_being_there(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) == "nudge"
    assert intent_of_signs(text, has_answered=False) == "help"


@pytest.mark.parametrize("text", ["wo ist mein paket?", "ok 👍", "4711", "", "   ", "D:danke"])
def test_whatever_has_a_word_or_a_number_is_read_as_ever(text: str) -> None:
    assert intent_of_signs(text, has_answered=True) is None


@pytest.mark.parametrize(
    "text",
    ["2", "2.", "(2)", "#2", "nr. 2", "Nummer 2", "option 2", "das zweite", "the second one", "2️⃣", "die zwei bitte"],
)
def test_who_only_counts_picks_one(text: str) -> None:
    assert picked(text) == 2


@pytest.mark.parametrize(
    "text", ["+1", "-1", "2 stück", "88317", "2x", "zweite mahnung", "", "?", "die", "am 2.", "2 mal"]
)
def test_whatever_says_more_picks_none(text: str) -> None:
    assert picked(text) is None


@pytest.mark.parametrize("text", ["👍🙏", "🙏 👍", "👍❤️"])
def test_a_thumb_beside_thanks_is_thanks_and_no_yes(text: str) -> None:
    assert intent_of_signs(text, has_answered=False) == "thanks"
    assert intent_of_signs(text, has_answered=True) == "feedback_helpful"
    assert intent_of_signs("👍😊", has_answered=False) == "affirm"


@pytest.mark.parametrize(
    "text",
    [
        "moment, muss die mail erst raussuchen",
        "hang on, just looking for my postcode",
        "bin gleich wieder da",
        "ich such eben die nummer raus",
        "let me check",
        "Moment bitte",
        "i need to find my order number first",
        "Warten Sie bitte!",
    ],
)
def test_who_looks_for_something_first_only_asks_for_time(text: str) -> None:
    assert asks_for_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "Moment mal, das stimmt nicht",
        "ich suche einen stuhl",
        "warte immer noch auf mein paket",
        "looking for a sofa bed",
        "schau nach wo mein paket ist",
        "muss ich das zurückschicken",
        "check my order",
        "one moment, where is my parcel?",
    ],
)
def test_what_asks_or_tells_something_asks_for_no_time(text: str) -> None:
    assert not asks_for_time(text)
