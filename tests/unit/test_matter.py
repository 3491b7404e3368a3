"""What is passed on to a person: the matter in the contact's words, whatever stands around it."""

import pytest

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.summary import Label, restate, summarise
from helpdesk.texts.summary_phrases import StaffSummaryPhrases


def contact(seq: int, text: str, intent: str | None = "faq", **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author="contact", text=text, intent=intent, **fields)  # type: ignore[arg-type]


def bot(seq: int, text: str = "…", **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author="bot", text=text, **({"outcome": "none"} | fields))  # type: ignore[arg-type]


def passed_on(*said: DialogueLine) -> str:
    return restate(mark_answers(said), quoted=str).text


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Bitte einen Mitarbeiter. Der Reißverschluss ist aufgegangen", "Der Reißverschluss ist aufgegangen"),
        ("Die Spüle tropft, ich will mit einem Menschen reden.", "Die Spüle tropft"),
        ("Verbinden Sie mich mit einem Menschen, der Griff ist lose", "der Griff ist lose"),
        ("Ich brauche jemanden, der sich mit Öfen auskennt", "Ich brauche jemanden, der sich mit Öfen auskennt"),
        ("can I speak to a human? the zip has come off", "the zip has come off"),
        ("I'd like to talk to someone about my subscription", "I'd like to talk to someone about my subscription"),
        ("Ihr Idioten, die Spüle tropft", "die Spüle tropft"),
    ],
)
def test_the_matter_is_passed_on_without_the_wish_beside_it(text: str, matter: str) -> None:
    for intent in ("ask_person", "faq", "complaint"):
        assert passed_on(contact(1, text, intent)) == matter


def test_a_wish_alone_states_no_matter() -> None:
    for text in ("Einen Menschen bitte", "I want to talk to somebody", "Hallo, Mitarbeiter!", "Kein Bot bitte"):
        assert passed_on(contact(1, text, "ask_person")) == ""


def test_a_wish_alone_means_what_was_asked_last() -> None:
    said = [
        contact(1, "Wie lange ist die Garantie?"),
        bot(2, article="warranty"),
        contact(3, "Und wo finde ich den Kassenbon?"),
        bot(4, "Das weiß ich nicht."),
        contact(5, "dann bitte einen menschen", "ask_person"),
    ]
    assert passed_on(*said) == "Und wo finde ich den Kassenbon?"


@pytest.mark.parametrize(
    "answer", ["mara@example.org", "0170 5556677", "RE-20991", "ja bitte", "none of those", "80331 München"]
)
def test_what_answers_our_own_question_is_no_matter(answer: str) -> None:
    said = [contact(1, "My lamp hums"), bot(2, "Shall I look it up?"), contact(3, answer)]
    assert passed_on(*said, contact(4, "a human please", "ask_person")) == "My lamp hums"


def test_words_that_were_asked_for_by_a_form_are_no_matter() -> None:
    said = [
        contact(1, "Bitte um Rückruf wegen der Montage", "ask_person"),
        bot(2, "Wann passt es?", awaits="time"),
        contact(3, "Donnerstag nach der Arbeit, eher gegen Abend", answers_question=True),
    ]
    assert passed_on(*said) == "Bitte um Rückruf wegen der Montage"


def test_of_a_long_story_the_sentence_that_asks_is_passed_on() -> None:
    story = (
        "Guten Tag! Wir sind gerade aus dem Urlaub zurück, es war herrlich, nur der Rückflug hatte Verspätung. "
        "Unsere Katze hat sich riesig gefreut. Zum Kratzbaum hätte ich eine Bitte: Kann man die Sisalstange einzeln "
        "nachkaufen? Sonst sind wir sehr zufrieden und haben Sie auch schon weiterempfohlen. Liebe Grüße aus Bremen!"
    )
    assert (
        passed_on(contact(1, story))
        == "Zum Kratzbaum hätte ich eine Bitte: Kann man die Sisalstange einzeln nachkaufen?"
    )


def test_customer_and_agent_read_the_same_words() -> None:
    said = [contact(1, "Hallo", "greeting"), contact(2, "Mitarbeiter bitte! Die Klappe schließt nicht", "ask_person")]
    [request] = [
        line for line in summarise(said, phrases=StaffSummaryPhrases("en")).lines if line.label is Label.REQUEST
    ]
    assert passed_on(*said) in request.text
    assert "Mitarbeiter" not in request.text
