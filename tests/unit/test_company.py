"""What somebody who waits for a person is taken to want."""

import pytest

from helpdesk.turns.company import asks_for_outlook, is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "hallo??",
        "?",
        "...",
        "wie lange muss ich noch warten",
        "wie lange dauert das noch?",
        "Ist da noch jemand?",
        "wann meldet sich denn jemand",
        "seid ihr noch da",
        "how much longer?",
        "how long will it take until somebody answers",
        "is anyone there",
        "are you still there?",
        "c'est encore combien de temps ?",
    ],
)
def test_who_calls_or_asks_how_long_wants_to_know_where_they_stand(text: str) -> None:
    assert asks_for_outlook(text)


@pytest.mark.parametrize(
    "text",
    [
        "wie lange dauert die Lieferung nach Bremen?",
        "habt ihr einen Laden?",
        "how long is the warranty on beds?",
        "die Nummer ist 4711",
        "quelle est la garantie ?",
    ],
)
def test_a_question_about_the_company_is_none_about_the_wait(text: str) -> None:
    assert not asks_for_outlook(text)


@pytest.mark.parametrize("text", ["danke", "Ok, vielen Dank!", "thanks a lot", "alles klar", "ok", "merci beaucoup"])
def test_thanks_are_thanked(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text", ["ok, was kostet der Versand?", "danke, und wann kommt das Paket?", "gut sichtbar ist der Riss"]
)
def test_thanks_before_a_question_are_a_question(text: str) -> None:
    assert not is_thanks(text)
