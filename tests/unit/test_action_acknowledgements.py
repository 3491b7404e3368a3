"""What is said of a feeling or a damage before the answer: only what the customer shows."""

import pytest

from actions import acknowledgements
from tests.action_conversation import FOUND, RasaConversation


def test_a_question_that_carries_annoyance_is_acknowledged_once() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", text="wo bleibt mein paket, das nervt", outcome="answer", found=FOUND)
    second = conversation.run(
        "action_answer", text="und wie geht die rückgabe, das nervt", outcome="clarify", found=FOUND
    )

    assert first["text"].startswith("Auf ein Paket zu warten")
    assert second["text"].startswith("Damit ich die richtige Antwort gebe")


@pytest.mark.parametrize(
    ("text", "annoyed"),
    [
        ("wo bleibt mein paket 😡", True),
        ("das ist jetzt das dritte mal", False),
        ("immer noch keine antwort", False),
        ("ich bin wirklich enttäuscht", True),
        ("ich bin nicht böse, nur neugierig", False),
        ("this is ridiculous", True),
        ("still waiting for my refund", False),
        ("I'm so disappointed", True),
        ("not angry at all, just asking", False),
        ("wo ist mein paket?", False),
        ("Danke! Wie lange habe ich Garantie?", False),
        ("can I still change my order", False),
    ],
)
def test_a_feeling_shows_by_plain_signs(text: str, annoyed: bool) -> None:
    assert acknowledgements.shows_feeling(text) is annoyed


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("schon wieder kaputt angekommen, das nervt!", "de", "kaputt"),
        ("seit wochen warte ich auf mein geld, frechheit", "de", "Geld"),
        ("keiner antwortet auf meine mails, unmöglich", "de", "antwortet"),
        ("wo bleibt mein paket ihr luschen", "de", "Paket"),
        ("ihr habt das falsche geschickt, mir reicht es", "de", "Falsche"),
        ("my parcel is missing again, I'm fed up", "en", "parcel"),
        ("it arrived broken again, how annoying", "en", "broken"),
        ("jetzt reicht es", "de", "verärgert"),
    ],
)
def test_annoyance_is_met_with_that_trouble_first(text: str, language: str, expected: str) -> None:
    message = RasaConversation(language=language).run("action_complaint", text=text)

    assert expected in message["text"].split("\n\n")[0]
    assert message["asked"] == "person"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("an der kommode ist die rückwand gebrochen", "de", "Es tut mir leid, dass etwas kaputt ist."),
        ("the chest of drawers has a crack", "en", "I'm sorry that something is broken."),
        ("ich habe das falsche bekommen, blau statt rot", "de", "Es tut mir leid, dass das Falsche gekommen ist."),
        ("hiermit reklamiere ich die tasche", "de", "Das tut mir leid."),
    ],
)
def test_a_calm_complaint_is_met_with_regret_and_no_feeling_is_claimed(text: str, language: str, expected: str) -> None:
    message = RasaConversation(language=language).run("action_complaint", text=text, outcome="answer", found=FOUND)

    regret, answer = message["text"].split("\n\n")
    assert regret == expected
    assert answer in {"Im Konto.", "In your account."}


def test_damage_is_regretted_where_it_is_told_and_not_where_it_is_only_asked_about() -> None:
    told = RasaConversation().run("action_answer", text="der krug ist zerbrochen", outcome="answer", found=FOUND)
    asked = RasaConversation().run(
        "action_answer", text="was ist, wenn etwas kaputt ankommt?", outcome="answer", found=FOUND
    )

    assert told["text"].startswith("Es tut mir leid, dass etwas kaputt ist.")
    assert asked["text"] == "Im Konto."


def test_after_the_acknowledgement_comes_the_solution() -> None:
    message = RasaConversation().run("action_complaint", text="wo bleibt mein paket!!!", outcome="answer", found=FOUND)

    acknowledgement, solution = message["text"].split("\n\n")
    assert "Paket" in acknowledgement
    assert solution == "Im Konto."


def test_annoyance_is_never_met_twice_with_the_same_words() -> None:
    conversation = RasaConversation()
    said = [conversation.run("action_complaint", text="mir reicht es")["text"] for _ in range(2)]

    assert said[0].split("\n\n")[0] != said[1].split("\n\n")[0]
    assert said[0].split("\n\n")[1] != said[1].split("\n\n")[1]


def test_a_complaint_that_only_asks_is_answered_without_regret() -> None:
    message = RasaConversation().run(
        "action_complaint", text="schade. aber schränke habt ihr schon oder 😄", outcome="answer", found=FOUND
    )

    assert message["text"] == "Im Konto."
