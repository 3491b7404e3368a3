"""Asking for a person, and what only looks like it. The lines of tests/data/wishes.jsonl are kept for measuring."""

import json
from functools import cache
from pathlib import Path

import pytest

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.rules import DEFAULT_RULES, Act, decide
from helpdesk.handoff.wish import WishKind, classifier, find_wish
from knowledge.search.embedder import MultilingualE5
from tests.fakes.embedder import LetterCounts

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
    "Wie stelle ich das bitte an?",
    "Guten Tag, mein Name ist Erna Vogt, ich bin 79 und mit dem Computer nicht so vertraut. "
    "Ich würde gern den Sessel zurückgeben, den mir mein Enkel bestellt hat. Wie stelle ich das bitte an?",
    "Where do I put the code, please?",
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


UNWRITTEN = (
    "Wär's drin, dass da mal wer von euch drüberschaut?",
    "Euer Automat kapiert's nicht. Kann bitte wer aus dem Team ran?",
    "any chance one of you could look into this yourselves?",
    "get me off this thing and onto a person",
    "I'd feel better if somebody from your side read this",
)
"""Wishes put in a way that needs the meaning, or needed it until the words were learnt."""
UNWANTED = (
    "Kann mir jemand sagen, wie groß das Paket ist?",
    "Hat der Berater im Laden recht, dass man 30 Tage Zeit hat?",
    "Klingelt bei der Lieferung jemand?",
    "Wie ist die Nummer eurer Hotline?",
    "Ich komm beim Bezahlen nicht weiter",
    "wo bleibt mein paket ihr penner",
    "Does anyone know whether this fits a Golf?",
    "The person who packed this was careless",
    "Which number do I ring for orders abroad?",
    "I rang your line and nobody answered",
    "This bot is a joke, where is my refund",
)


@cache
def _meaning(text: str) -> tuple[float, ...]:
    return tuple(MultilingualE5().embed_queries([text])[0].tolist())


@pytest.mark.parametrize("text", UNWRITTEN)
def test_a_wish_in_unusual_words_is_found_with_a_meaning(text: str) -> None:
    wish = find_wish(text, meaning=_meaning(text))
    assert wish is not None
    assert wish.text
    assert wish.text in text


def test_meaning_finds_a_wish_that_the_words_do_not_show() -> None:
    text = "It is urgent, I have to get hold of someone."
    assert find_wish(text) is None
    assert find_wish(text, meaning=_meaning(text)) is not None


@pytest.mark.parametrize("text", [*OTHERS, *UNWANTED])
def test_meaning_makes_no_wish_of_what_only_speaks_of_people(text: str) -> None:
    assert find_wish(text, meaning=_meaning(text)) is None


@pytest.mark.parametrize("text", WISHES)
def test_meaning_keeps_what_the_words_show(text: str) -> None:
    assert find_wish(text, meaning=_meaning(text)) == find_wish(text)


def test_who_asks_when_somebody_is_there_is_told_so() -> None:
    text = "Dürfte ich fragen, ab wann morgen jemand erreichbar ist?"
    meaning = MultilingualE5().embed_queries([text])[0].tolist()

    assert find_wish(text, meaning=meaning) is not None
    assert find_wish(text, meaning=meaning, intent="opening_hours") is None
    assert find_wish(f"{text} Ich will mit einem Menschen sprechen.", meaning=meaning, intent="opening_hours")


def test_meaning_drops_what_only_looks_like_a_wish() -> None:
    text = "Please transfer me 50 euros"
    assert find_wish(text) is not None
    assert find_wish(text, meaning=_meaning(text)) is None
    assert find_wish(text, meaning=_meaning(text), intent="ask_person") is not None


@pytest.mark.parametrize("meaning", [LetterCounts().embed_queries(["agent"])[0].tolist(), (1.0,), (0.0,) * 384])
def test_a_vector_of_another_model_changes_nothing(meaning: list[float]) -> None:
    for text in (*WISHES, *OTHERS, *UNWRITTEN):
        assert find_wish(text, meaning=meaning) == find_wish(text)


@pytest.mark.parametrize("text", ["Is the hotline free of charge?", "Is the support line toll free?"])
def test_a_question_about_the_hotline_is_no_wish(text: str) -> None:
    assert find_wish(text) is None
    assert find_wish(text, meaning=_meaning(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "no person, please",
        "ich brauche keinen Menschen",
        "Ich will mit niemandem verbunden werden",
        "please don't get a human",
        "Rufen Sie mich bitte nicht zurück",
    ],
)
def test_who_says_no_to_a_person_is_given_none_even_if_the_bot_took_it_for_a_wish(text: str) -> None:
    assert find_wish(text) is None
    assert find_wish(text, meaning=_meaning(text)) is None
    assert find_wish(text, intent="ask_person") is None


def test_the_matter_told_in_the_same_breath_is_not_quoted_with_the_wish() -> None:
    first = find_wish("Meine Bestellung 4711 ist kaputt angekommen bitte Mitarbeiter")
    second = find_wish("Mein Paket ist nie angekommen und ich will jetzt mit einem Menschen sprechen")
    assert first is not None
    assert second is not None
    assert first.text == "bitte Mitarbeiter"
    assert second.text == "ich will jetzt mit einem Menschen sprechen"


def test_the_quoted_clause_is_the_one_that_asks() -> None:
    text = "Euer Automat kapiert's nicht. Kann bitte wer aus dem Team ran?"
    wish = find_wish(text, meaning=_meaning(text))
    assert wish is not None
    assert wish.text == "Kann bitte wer aus dem Team ran"


def test_a_conversation_goes_over_for_a_wish_found_by_its_meaning() -> None:
    text = "get me off this thing and onto a person"
    said = DialogueLine(seq=1, author=CONTACT, text=text, language="en", meaning=_meaning(text))
    assert decide([said], (), DEFAULT_RULES).act is Act.HAND_OVER


def test_the_weights_stay_small_enough_to_ship() -> None:
    file = Path(classifier.__file__).parent / "weights.json"
    assert file.stat().st_size < 130_000  # to keep only the 1,250 heaviest signs cost three to five points of recall
    assert len(json.loads(file.read_text("utf-8"))["meaning"]) == len(_meaning("hi"))


@pytest.mark.timeout(10)
def test_no_text_takes_long_with_a_meaning() -> None:
    assert find_wish("das paket " * 2000, meaning=_meaning("das paket")) is None
