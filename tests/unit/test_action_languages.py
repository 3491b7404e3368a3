"""Another language, and du or Sie."""

import pytest

from actions.language_switch import wanted_formality, wanted_language
from i18n import available_languages
from tests.action_conversation import FOUND, RasaConversation, payloads


def test_an_answer_in_the_other_language_says_so() -> None:
    message = RasaConversation(language="en").run("action_answer", outcome="answer", found=(("returns", 0.9),))

    assert message["text"].startswith("So far this answer is only available in German:")


def test_a_change_of_language_is_told_to_helpdesk_and_kept() -> None:
    conversation = RasaConversation(language="de")
    message = conversation.run("action_switch_language", text="english please")

    assert message["custom"] == {"language": "en"}
    assert message["text"].startswith("Sure, let's continue in English")
    assert conversation.slots["language"] == "en"


def test_a_change_of_language_repeats_the_answer_in_it() -> None:
    conversation = RasaConversation(language="de")
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_switch_language", text="english please")

    assert "In your account." in message["text"]
    assert message["custom"] == {"article": "delivery", "language": "en"}


def test_an_unnamed_language_is_asked_for() -> None:
    message = RasaConversation().run("action_switch_language", text="sprache ändern")

    languages = available_languages("customer")
    assert payloads(message) == [f'/switch_language{{"language": "{language}"}}' for language in languages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auf englisch bitte", "en"),
        ("english please", "en"),
        ("can we switch to german", "de"),
        ("ich verstehe kein englisch", "de"),
        ("sorry no german", "en"),
        ("I don't speak german", "en"),
        ("warum antwortest du auf englisch", "de"),
        ("why are you writing in german", "en"),
        ("can you translate that from german into english", "en"),
        ("sprache wechseln", None),
        ("können wir französisch reden", "fr"),
        ("können wir italienisch reden", None),
        ("from english into german, please", "de"),
    ],
)
def test_the_wanted_language_is_read(text: str, expected: str | None) -> None:
    assert wanted_language(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("du kannst mich duzen", "du"),
        ("können wir uns duzen?", "du"),
        ("lieber du als sie", "du"),
        ("siez mich nicht", "du"),
        ("bitte siezen Sie mich", "sie"),
        ("bitte bleiben wir beim Sie", "sie"),
        ("duzen Sie mich bitte nicht", "sie"),
        ("lieber Sie als du", "sie"),
        ("please use the formal Sie", "sie"),
        ("I prefer the informal form in German", "du"),
    ],
)
def test_the_wanted_form_of_address_is_read(text: str, expected: str) -> None:
    assert wanted_formality(text) == expected


def test_a_change_of_address_is_told_to_helpdesk() -> None:
    message = RasaConversation(language="de", formality="sie").run(
        "action_switch_formality", text="wir können uns duzen"
    )

    assert message["custom"] == {"formality": "du"}
    assert "für dich" in message["text"]
