"""The question in a long, friendly story, and the words of hesitation in what was spoken."""

import pytest

from knowledge.message.clauses import sentences_of, without_hesitation
from knowledge.message.stories import is_story, questions_of, trouble_of

TOLD = (
    "Erst mal ein großes Lob für den schönen Katalog, wir haben ihn am Sonntag ganz durchgeblättert und viel gelacht. "
)
TOLD_ENGLISH = (
    "First of all the catalogue is lovely, we read all of it on Sunday and laughed a lot, even the cat liked it. "
)


@pytest.mark.parametrize(
    ("ending", "asked"),
    [
        ("Eine Lampe haben wir auch. Wie lange kann ich sie zurückgeben?", "Wie lange kann ich sie zurückgeben?"),
        ("Eine Lampe haben wir. Ich würde gern wissen, ob Sie sie einpacken.", "ob Sie sie einpacken."),
        ("Wir ziehen um. Könnten Sie mir sagen, wie ich die Adresse ändere?", "wie ich die Adresse ändere?"),
        ("Mir reicht es jetzt. Bitte löscht alles, was ihr von mir habt.", "löscht alles, was ihr von mir habt."),
        ("Die Stiefel drücken. Bevor ich packe, wollte ich fragen, was mich das kostet.", "was mich das kostet."),
    ],
)
def test_the_sentence_that_asks_is_found(ending: str, asked: str) -> None:
    assert is_story(TOLD + ending)
    assert [question.text for question in questions_of(TOLD + ending)] == [asked]


def test_an_english_wish_to_know_is_a_question() -> None:
    story = TOLD_ENGLISH + "We bought a chair. I would love to know how long I have to give it back."
    (question,) = questions_of(story)

    assert question.text == "how long I have to give it back."
    assert question.before == "We bought a chair."


def test_two_questions_are_two() -> None:
    story = TOLD + "Wie lange habe ich Zeit? Und was kostet das Zurückschicken?"

    assert [question.text for question in questions_of(story)] == [
        "Wie lange habe ich Zeit?",
        "was kostet das Zurückschicken?",
    ]


def test_a_pleasantry_is_no_question() -> None:
    story = TOLD + "Wie geht es euch? Eine Lampe haben wir auch. Nehmt ihr PayPal?"

    assert [question.text for question in questions_of(story)] == ["Nehmt ihr PayPal?"]


def test_where_nobody_asks_the_trouble_stands_at_the_end() -> None:
    story = TOLD + "Der Bote war nett. Von den vier Töpfen war einer nicht dabei."

    assert not questions_of(story)
    assert trouble_of(story)[0] == "Von den vier Töpfen war einer nicht dabei."


@pytest.mark.parametrize("text", ["wo ist mein paket", "Hallo! Wo ist mein Paket? Danke!", TOLD])
def test_what_is_short_is_no_story(text: str) -> None:
    assert not is_story(text)


def test_sentences_go_without_greetings() -> None:
    assert sentences_of("Hallo! Danke schonmal. Wo ist mein Paket?") == ("Wo ist mein Paket?",)


@pytest.mark.parametrize(
    ("spoken", "language", "written"),
    [
        ("ich hab ähm das passwort äh vergessen", "de", "ich hab das passwort vergessen"),
        ("bis um 18 Uhr, ähm, also heute", "de", "bis um 18 Uhr also heute"),
        ("where is um my er parcel", "en", "where is my parcel"),
        ("er kommt um acht", "de", "er kommt um acht"),
    ],
)
def test_words_of_hesitation_go(spoken: str, language: str, written: str) -> None:
    assert without_hesitation(spoken, language) == written
