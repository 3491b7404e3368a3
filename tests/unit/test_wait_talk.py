"""What somebody who waits for a person, or has been helped by one, is taken to want, by their words."""

import pytest

from helpdesk.conversations.bot_reply import Company
from helpdesk.conversations.waiting.wait_talk import (
    asks_how_long,
    asks_something,
    names_time,
    read_rating,
    read_wait_talk,
    says_nothing_more,
)

OUTLOOK = (
    "wie viele sind denn noch vor mir",
    "how many people are ahead of me?",
    "Dann morgen. Ab wann?",
    "ok, wann denn",
    "meldet sich hier eigentlich niemand?",
    "hallo ist da wer",
    "antwortet mir mal jemand?",
    "wann bin ich dran",
    "Wann seid ihr morgen wieder da?",
    "ab wann sind sie erreichbar",
    "when will you be open again?",
    "wie lang dauerts noch",
    "Wie lange dauert das ungefähr?",
    "wie lange dauert es denn so etwa",
    "dauert das noch lange?",
    "warte jetzt schon ne stunde",
    "ich warte seit 20 minuten!!",
    "kommt da noch was",
    "immer noch nichts...",
    "was ist los bei euch, niemand reagiert",
    "tut sich da was",
    "moin",
    "Guten Tag",
    "huhu, jemand da",
    "hi again",
    "hello?",
    "is anyone going to answer me",
    "still no reply",
    "are you guys still there",
    "how much longer do I have to wait",
    "been waiting for half an hour",
    "this is taking forever",
    "nobody answers",
    "can someone help me please",
    "will anybody come",
    "any news?",
    "what's my place in the queue",
    "bonjour ?",
    "il y a quelqu'un ?",
    "j'attends depuis une heure",
    "gib mir einen mitarbeiter",
    "i want a human now",
    "Na?",
    "😭",
    "wo bleibt ihr denn",
    "hallo??",
    "?",
    "...",
    "how long will it take until somebody answers",
    "c'est encore combien de temps ?",
)
THANKS = (
    "ok ich warte",
    "alles klar, danke",
    "super, vielen lieben dank",
    "kein stress",
    "okay thanks",
    "no worries, I'll wait",
    "dann warte ich",
    "🙏",
    "👍👍",
    "passt",
    "gut, bis gleich",
    "merci bien",
    "sehr nett von ihnen",
    "cool danke euch",
)
SETTLED = (
    "hat sich erledigt",
    "hat sich schon geklärt, danke",
    "vergessen sie es",
    "lassen wir das",
    "ich brauche niemanden mehr",
    "brauch keine hilfe mehr",
    "bitte abbrechen",
    "forget it",
    "never mind",
    "i don't need anyone anymore",
    "sorted it myself thanks",
    "all solved, cheers",
    "cancel my request please",
    "problem ist gelöst",
    "es geht jetzt, danke",
    "c'est réglé, merci",
)
IDENTITY = (
    "bist du ein mensch",
    "schreibe ich hier mit einem bot?",
    "are you a real person?",
    "is this a robot",
    "wer bist du",
)
MATTERS = (
    "während ich warte: habt ihr parkplätze?",
    "kann ich die wartezeit nutzen und fragen, was der versand kostet?",
    "as I'm waiting, do you sell lamps",
    "while waiting: what does delivery cost",
    "der bezug ist auch zerrissen",
    "was kostet der versand",
    "wie lange ist die garantie",
    "wie lange dauert die lieferung nach bremen?",
    "habt ihr einen laden",
    "ich kann nur bis 17 uhr",
    "meine nummer ist 0151 23456",
    "die lampe kommt jeden tag später an",
    "kann jemand anderes das paket annehmen?",
    "can somebody else pick up my parcel",
    "is anyone allowed to assemble it",
    "how long is the warranty",
    "wie warte ich den akku?",
    "es ist niemand verletzt",
    "das paket wurde bei jemand anderem abgegeben",
    "ich hab es mit der app gemacht und es ist nicht erledigt",
    "danke, aber wo finde ich die rechnung?",
    "ok und was ist mit dem rabatt",
    "the cancel button does not work",
    "how do I cancel my order",
    "kann ich die bestellung abbrechen?",
    "wait, i have one more question about sizes",
    "mein sohn ist da reingefallen",
    "wer liefert die möbel",
    "der fahrer hat nicht geklingelt, niemand war da",
    "ok, was kostet der Versand?",
    "danke, und wann kommt das Paket?",
    "gut sichtbar ist der Riss",
    "quelle est la garantie ?",
)
HELPED = (
    "ja",
    "Ja, danke!",
    "yes, very much",
    "👍",
    "no problem, thanks",
    "super geholfen",
    "oui merci",
    "war okay",
    "nein, alles gut",
    "perfekt",
)
NOT_HELPED = (
    "Nicht wirklich",
    "nein",
    "na ja",
    "geht so",
    "ja aber es fehlt noch was",
    "leider nein, immer noch kaputt",
    "kein bisschen",
    "überhaupt nicht!",
    "not at all",
    "sort of",
    "nicht so ganz",
    "👎",
    "😡",
    "nichts hat geholfen",
    "eher nein",
    "pas vraiment",
    "immer noch kaputt",
    "hat nicht geholfen",
    "teilweise",
)
NO_RATING = (
    "null",
    "wo ist mein paket",
    "Ja, und noch was: wann kommt es?",
    "Nächste Frage",
    "nein danke, das war alles",
    "no thanks",
    "Nein, das war's, danke",
)


@pytest.mark.parametrize("text", OUTLOOK)
def test_who_calls_or_asks_how_long_wants_to_know_where_they_stand(text: str) -> None:
    assert read_wait_talk(text) is Company.OUTLOOK


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_thanked(text: str) -> None:
    assert read_wait_talk(text) is Company.THANKS


@pytest.mark.parametrize("text", SETTLED)
def test_who_needs_nobody_any_more_is_asked_whether_the_request_may_go(text: str) -> None:
    assert read_wait_talk(text) is Company.SETTLED


@pytest.mark.parametrize("text", IDENTITY)
def test_who_asks_who_writes_is_told(text: str) -> None:
    assert read_wait_talk(text) is Company.IDENTITY


@pytest.mark.parametrize("text", MATTERS)
def test_what_is_about_the_matter_is_none_of_these(text: str) -> None:
    assert read_wait_talk(text) is None


@pytest.mark.parametrize("text", HELPED)
def test_a_yes_is_a_good_rating(text: str) -> None:
    assert read_rating(text) is True


@pytest.mark.parametrize("text", NOT_HELPED)
def test_a_no_is_a_bad_rating(text: str) -> None:
    assert read_rating(text) is False


@pytest.mark.parametrize("text", NO_RATING)
def test_anything_else_is_no_rating(text: str) -> None:
    assert read_rating(text) is None


@pytest.mark.parametrize(
    "text", ["nein danke", "das war's, danke!", "tschüss", "that's all, thanks", "schönen Abend noch"]
)
def test_a_goodbye_says_nothing_more(text: str) -> None:
    assert says_nothing_more(text)


@pytest.mark.parametrize("text", ["am liebsten morgen vormittag", "ab 17 Uhr", "any time", "Freitag"])
def test_a_time_for_a_call_is_read_in_words(text: str) -> None:
    assert names_time(text)


def test_a_call_into_the_room_does_not_ask_when() -> None:
    assert asks_how_long("wann meldet ihr euch?")
    assert not asks_how_long("hallo")


@pytest.mark.parametrize(
    "text",
    [
        "Wie schicke ich etwas zurück",
        "was kostet der versand",
        "habt ihr einen laden",
        "und wie lange ist die garantie",
        "hallo kann ich auch bar zahlen",
        "sag mal gibt es das auch in blau",
        "how do i return it",
        "hi, can I change my address",
        "do you ship to france",
        "liefert ihr nach bremen",
        "ach ja, wo finde ich die rechnung",
        "muss ich die originalverpackung aufheben",
        "est-ce que vous livrez en france",
        "ich wollte noch wissen, ob ihr montiert",
        "what about the warranty",
        "and do opened boxes count",
    ],
)
def test_a_question_is_one_without_its_mark_too(text: str) -> None:
    assert asks_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "der bezug vom stuhl ist übrigens auch eingerissen",
        "die rechnungsnummer ist 2024-1187",
        "es fehlt noch eine schraube",
        "the chair is broken as well",
        "ich hab das paket vor drei wochen bestellt",
        "meine adresse ist lange straße 3",
        "i paid with paypal",
        "bitte bis freitag",
    ],
)
def test_what_tells_more_of_a_matter_is_no_question(text: str) -> None:
    assert not asks_something(text)
