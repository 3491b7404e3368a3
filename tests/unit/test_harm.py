"""Injury, danger and death reach a person, however calmly they are told; what only sounds like them does not."""

import json
from pathlib import Path

import pytest

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.harm import BEREAVEMENT, INJURY, find_harm
from helpdesk.handoff.rules import DEFAULT_RULES, Act, Decision, decide
from helpdesk.handoff.rules.touched_topics import touched_topics
from knowledge.search.embedder import MultilingualE5

FILE = Path(__file__).parent.parent / "data" / "sensitive_messages.jsonl"


@pytest.fixture(scope="module")
def embedder() -> MultilingualE5:
    return MultilingualE5()


def kind_of(text: str, embedder: MultilingualE5) -> str | None:
    found = find_harm(text, embedder.embed_queries([text])[0].tolist())
    return found.kind if found else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Beim Rasieren mit Ihrem Gerät habe ich mir die Lippe aufgeschnitten.", INJURY),
        ("mein neffe hat von der seife ausschlag am hals", INJURY),
        ("My niece got her hand stuck in the hinge and two fingers are broken.", INJURY),
        ("the iron gave me an electric shock this morning", INJURY),
        ("Der Wäschetrockner kokelt und es riecht nach Feuer.", INJURY),
        ("Je me suis brûlé la main avec votre grille-pain.", INJURY),
        ("Mein Schwiegervater ist am Freitag verstorben, wie geht es mit dem Abo weiter?", BEREAVEMENT),
        ("My late father-in-law's membership has to be cancelled, he died on Friday.", BEREAVEMENT),
        ("Die Bohrmaschine ist tot, der Akku lädt nicht.", None),
        ("Wie lange brennt so eine Kerze?", None),
        ("Do you sell burn cream?", None),
        ("wo bleibt mein paket", None),
        ("Dann würde ich mir erlauben, Sie um einen Rückruf zu bitten", None),
        ("Darf ich Sie um eine Kopie der Rechnung bitten? Mir fehlt sie.", None),
        ("The socket strip has a burnt smell since this morning. Is that dangerous?", INJURY),
        ("Aus dem Netzteil kommt Brandgeruch. Was soll ich tun?", INJURY),
        ("my arm is broken since the hammock came down", INJURY),
        ("One leg of the bench has snapped off after two months. Just normal sitting on it.", None),
        ("Ein Bein vom Sessel ist abgebrochen, ganz normal benutzt.", None),
        ("My daughter was bitten by something in your sofa.", INJURY),
        ("hallo, hab gerade die deckenlampe ausgepackt und das glas ist eingedrückt", None),
        ("hi, I unpacked the side table a moment ago and its top is dented", None),
    ],
)
def test_harm_is_known_by_what_is_told(text: str, kind: str | None, embedder: MultilingualE5) -> None:
    assert kind_of(text, embedder) == kind


def test_harm_in_the_middle_of_a_long_story_is_quoted() -> None:
    story = (
        "Guten Tag, wir haben im Mai bei Ihnen eine Bank gekauft. Sie passt gut zum Tisch. Gestern hat sich unser Sohn "
        "daran den Finger eingeklemmt, er blutete stark. Wir mögen die Farbe. Haben Sie noch ein Kissen dazu?"
    )
    found = find_harm(story)
    assert found is not None
    assert "Finger eingeklemmt" in found.text
    assert "Farbe" not in found.text.partition("eingeklemmt")[0]


def test_harm_goes_over_at_once_even_in_the_first_of_several_lines() -> None:
    said = [
        DialogueLine(seq=1, author="contact", text="ich hab mir an der säge den daumen verletzt, es blutet"),
        DialogueLine(seq=2, author="contact", text="hallo?"),
    ]
    decision = decide(said, (), DEFAULT_RULES)

    assert decision.act is Act.HAND_OVER
    assert decision.triggers[0].turns == (1,)
    assert decision.first == INJURY


def test_a_list_that_was_saved_before_has_the_topic_all_the_same() -> None:
    line = DialogueLine(seq=1, author="contact", text="Meine Mutter ist verstorben, was wird aus ihrem Konto?")

    assert [each.topic.name for each in touched_topics(line, ())] == [BEREAVEMENT]


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin Rechtsanwalt und brauche eine Rechnung mit Kanzleiadresse",
        "mein Mann ist Anwalt, gibt es Firmenrabatt?",
        "I'm a tax lawyer, can I order for my office?",
    ],
)
def test_a_profession_is_no_threat(text: str) -> None:
    assert decide([DialogueLine(seq=1, author="contact", text=text)], (), DEFAULT_RULES) == Decision()


def test_the_sets_are_whole() -> None:
    entries = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    assert [sum(bool(entry["topic"]) is real for entry in entries) for real in (True, False)] == [50, 50]


@pytest.mark.parametrize(
    "line", ["brand of the blanket", "warrenty period own brand - blanket", "in brand new condition"]
)
def test_an_english_brand_is_no_german_fire(line: str) -> None:
    assert find_harm(line) is None
