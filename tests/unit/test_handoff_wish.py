"""Asking for a person, and what only looks like it. The lines of tests/data/wishes.jsonl are kept for measuring."""

import pytest

from helpdesk.handoff.wish import WishKind, find_wish

WISHES = (
    "Ich würde gern mit jemandem aus der Technik sprechen",
    "bitte keinen automaten, ich brauch wen echten",
    "gibts da jemand bei euch mit dem ich telefonieren kann",
    "Kann da bitte jemand von Ihnen draufschauen?",
    "Nicht schon wieder der Bot. Mitarbeiter!",
    "könntet ihr mich bitte anrufen",
    "Ein Mensch bitte, kein Computer.",
    "Wie erreiche ich einen Mitarbeiter?",
    "Ich will Herrn Kaya sprechen, der kennt den Fall",
    "i brauch wen zum redn",
    "wü an menschn",
    "mitarbieter bitte",
    "Menschen!!!",
    "Kann ich nicht mit jemandem reden?",
    "Warum kann ich nicht mit einem Menschen sprechen?",
    "can u get a human on here",
    "please have a colleague call me",
    "who can I talk to about this",
    "enough of the bot, human now",
    "I won't discuss this with a robot",
    "may i be transferred",
    "spaek to an agnet",
    "/mensch",
)
OTHERS = (
    "Wie viele Leute arbeiten bei euch im Lager",
    "Sind Sie eine echte Person?",
    "Mit wem schreibe ich hier?",
    "Der Berater hat mich falsch beraten",
    "nein, keinen mitarbeiter, ich will nur den status wissen",
    "Sie müssen mich nicht zurückrufen",
    "Ich brauche ein Geschenk für meine Kollegin",
    "Mensch, endlich ist es da!",
    "ich möchte den Drucker mit dem Handy verbinden",
    "ich warte auf meinen rückruf von gestern",
    "kann ich statt mir jemand anderen als Empfänger eintragen",
    "is there a person behind this chat?",
    "someone told me you price match",
    "I'd rather not talk to anyone",
    "you needn't call me back",
    "I need to connect my phone to the car",
    "No, one person.",
    "when will the engineer call me?",
    "I will call back, thank you.",
    "",
)


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_found_with_its_exact_words(text: str) -> None:
    wish = find_wish(text)
    assert wish is not None
    assert wish.text
    assert wish.text in text


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_speaks_of_people_is_no_wish(text: str) -> None:
    assert find_wish(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [("bitte rufen Sie mich an", WishKind.CALLBACK), ("kein Bot bitte", WishKind.NO_BOT), ("agent", WishKind.PERSON)],
)
def test_how_a_person_is_asked_for_is_told(text: str, kind: WishKind) -> None:
    wish = find_wish(text)
    assert wish is not None
    assert wish.kind is kind


def test_what_the_bot_took_it_for_decides_where_words_are_silent() -> None:
    assert find_wish("ich komme hier nicht weiter") is None
    assert find_wish("ich komme hier nicht weiter", intent="ask_person") is not None
    assert find_wish("Ich will keinen Menschen sprechen", intent="ask_person") is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize("word", ["der ", "bitte ", "ich will ", "one of the ", "rufen sie mich ", "kann "])
def test_no_text_takes_long(word: str) -> None:
    assert find_wish(word * 2000 + "x") is None
