"""What is a yes, and what only begins like one."""

import pytest

from knowledge.message.agreement import asks_else, is_yes


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "Ja bitte!",
        "ok",
        "gern, danke",
        "oh ja, das wäre super",
        "warum nicht",
        "yes please",
        "sure, go ahead",
        "why not",
        "that would be great",
        "ja, können Sie das bitte machen?",
    ],
)
def test_a_yes(text: str) -> None:
    assert is_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "läuft",
        "ok sorry. how long is it",
        "ok, wie lange habe ich garantie?",
        "ja nee, lass mal",
        "yes but not now",
        "please don't",
        "ok dann probiere ich das morgen noch einmal in aller ruhe aus",
    ],
)
def test_no_yes(text: str) -> None:
    assert not is_yes(text)


def test_asking_for_what_was_offered_is_no_question_of_its_own() -> None:
    assert asks_else("ok and when do you open")
    assert not asks_else("yes, could you do that?")
