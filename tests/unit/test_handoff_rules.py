"""The table that decides when a conversation goes to a person."""

import json
from dataclasses import dataclass, replace

import pytest

from benchmarks.timing import DIALOGUES, TransferDialogue
from benchmarks.timing import read as read_marked
from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.rules import (
    DEFAULT_RULES,
    Act,
    Circumstances,
    Decision,
    PastHandoff,
    Rules,
    decide,
    decide_each,
    read_rules,
)
from helpdesk.handoff.rules.answers import times_said
from helpdesk.handoff.rules.table import SPECS, RuleAction
from helpdesk.rule_admin.explanation import explain_decision
from helpdesk.web.admin.handoff.rule_descriptions import describe
from knowledge.search.embedder import MultilingualE5
from store.errors import Invalid
from store.triggers import TriggerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StubMood:
    seq: int
    frustration: float = 0.0
    abuse: float = 0.0
    shown_by: tuple["StubMoodSign", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StubMoodSign:
    kind: str
    seq: int
    text: str


def contact(seq: int, text: str, **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author="contact", text=text, **fields)  # type: ignore[arg-type]


def bot(seq: int, text: str = "Das steht hier …", **fields: object) -> DialogueLine:
    return DialogueLine(seq=seq, author="bot", text=text, **fields)  # type: ignore[arg-type]


def judge(
    *said: DialogueLine, moods: tuple[StubMood, ...] = (), rules: Rules = DEFAULT_RULES, **known: object
) -> Decision:
    return decide(said, moods, rules, Circumstances(**known))  # type: ignore[arg-type]


def kinds(decision: Decision) -> list[str]:
    return [str(trigger.kind) for trigger in decision.triggers]


def with_rule(kind: TriggerKind, **changed: object) -> Rules:
    rules = tuple(replace(rule, **changed) if rule.kind == kind else rule for rule in DEFAULT_RULES.rules)  # type: ignore[arg-type]
    return replace(DEFAULT_RULES, rules=rules)


def test_a_plain_question_goes_to_nobody() -> None:
    assert judge(contact(1, "wo bleibt mein paket")) == Decision()


def test_nothing_is_decided_without_a_line_of_the_contact() -> None:
    assert judge(bot(1)) == Decision()


def test_a_wish_goes_over_with_the_words_that_say_it() -> None:
    decision = judge(contact(1, "Hallo, ich möchte mit einem Menschen sprechen."))

    assert decision.act is Act.HAND_OVER
    assert [(trigger.kind, trigger.turns) for trigger in decision.triggers] == [(TriggerKind.ASKED, (1,))]
    assert "möchte mit einem Menschen" in decision.triggers[0].text
    assert explain_decision(decision, "de").startswith("Geht an einen Menschen, weil darum gebeten wurde")
    assert explain_decision(decision, "en").startswith("Goes to a person because that was asked for")


def test_a_rule_that_is_switched_off_does_nothing() -> None:
    rules = with_rule(TriggerKind.ASKED, on=False)
    assert judge(contact(1, "Ich möchte mit einem Menschen sprechen."), rules=rules).act is Act.NONE


def test_a_rule_can_offer_instead() -> None:
    rules = with_rule(TriggerKind.ASKED, does=RuleAction.OFFER)
    assert judge(contact(1, "Ich möchte mit einem Menschen sprechen."), rules=rules).act is Act.OFFER


def test_the_third_time_of_the_same_question_goes_over_with_its_lines_and_the_growing_frustration() -> None:
    said = [
        contact(3, "wann kommt mein paket an"),
        bot(4),
        contact(7, "wann kommt mein paket denn nun an?"),
        bot(8),
        contact(9, "WANN KOMMT MEIN PAKET AN"),
    ]
    shouted = StubMoodSign(kind="shouting", seq=9, text="WANN KOMMT MEIN PAKET AN")
    moods = (
        StubMood(seq=3, frustration=0.4),
        StubMood(seq=7, frustration=0.6),
        StubMood(seq=9, frustration=0.8, shown_by=(shouted,)),
    )
    decision = judge(*said, moods=moods)

    assert decision.act is Act.HAND_OVER
    assert explain_decision(decision, "de") == (
        "Geht an einen Menschen, weil der Ärger wuchs (0,4 → 0,8) (Zeilen 7, 9) "
        "und dieselbe Frage zum dritten Mal kam (Zeilen 3, 7, 9)."
    )


def test_a_high_score_without_a_word_that_shows_a_feeling_hands_nothing_over() -> None:
    said = [contact(1, "geht immer noch nicht"), bot(2, outcome="none"), contact(3, "weiterhin leer, auch im browser")]
    unhelped = StubMoodSign(kind="unhelped", seq=3, text="weiterhin leer")
    moods = (StubMood(seq=1, frustration=0.8), StubMood(seq=3, frustration=0.95, shown_by=(unhelped,)))

    assert TriggerKind.FRUSTRATION not in kinds(judge(*said, moods=moods))


def test_what_is_written_in_pieces_is_missed_once() -> None:
    pieces = [contact(n, text, outcome="none") for n, text in enumerate(("eine frage", "zum sessel", "dem grauen"))]
    assert judge(*pieces).act is Act.NONE

    reply = bot(3, "Das weiß ich leider nicht.", outcome="none")
    assert judge(*pieces, reply, contact(4, "wie breit ist er", outcome="answer")).act is Act.NONE
    assert kinds(judge(*pieces, reply, contact(4, "wie breit ist er", outcome="none"))) == ["not_found"]


def test_misses_about_the_wide_world_bring_nobody() -> None:
    said: list[DialogueLine] = []
    for number, text in enumerate(("wer wird meister", "schreib mir ein lied", "wie wird das wetter", "und morgen")):
        said += [contact(2 * number, text, outcome="none", confidence=0.01, intent="out_of_scope")]
        assert judge(*said).act is Act.NONE
        said += [bot(2 * number + 1, "Da bin ich die Falsche.", outcome="none")]


@pytest.mark.parametrize(
    "word",
    [
        "Ich brauche nur das Formular, mich muss niemand anrufen.",
        "Please no agent, I just want the PDF.",
        "Da muss sich keiner melden, die Anleitung reicht.",
        "There's no need to put me through to anyone.",
    ],
)
def test_whoever_wants_no_person_is_only_offered_one(word: str) -> None:
    said = [
        contact(1, word, outcome="none"),
        bot(2, "Das weiß ich nicht."),
        contact(3, "und als datei", outcome="none"),
    ]

    assert judge(said[0]).act is Act.NONE
    assert judge(*said).act is Act.OFFER
    assert judge(*said, contact(4, "na gut, dann einen Mitarbeiter bitte")).act is Act.HAND_OVER


def test_an_injury_reaches_a_person_whatever_was_wished() -> None:
    said = [contact(1, "mich muss keiner anrufen"), contact(2, "ich habe mir an der klinge den finger verletzt")]
    assert judge(*said).act is Act.HAND_OVER


def test_what_answers_our_question_is_neither_missed_nor_asked_again() -> None:
    said: list[DialogueLine] = []
    for number, text in enumerate(("abc", "abcd", "4711", "die blaue")):
        said += [bot(2 * number, "Welche Nummer?", awaits="number")]
        said += [contact(2 * number + 1, text, outcome="none", answers_question=True)]
        assert judge(*said).act is Act.NONE


@pytest.mark.parametrize(("second", "decided"), [("Nach Österreich: 9,95 €", []), ("Die Lieferung", ["repetition"])])
def test_another_sentence_of_one_article_is_another_answer(second: str, decided: list[str]) -> None:
    article = "Die Lieferung dauert drei Werktage. Nach Österreich: 9,95 €. In die Schweiz: sieben Werktage."
    said = [
        contact(1, "wie lange dauert die lieferung"),
        bot(2, article, article="delivery", short="Die Lieferung"),
        contact(3, "und nach wien"),
        bot(4, article, article="delivery", short=second),
        contact(5, "was kostet das dann"),
    ]
    assert kinds(judge(*said)) == decided


def test_meaning_decides_what_is_the_same_question_where_it_is_known() -> None:
    there, away = (1.0, 0.0), (0.0, 1.0)
    alike = [
        contact(1, "eins zwei", meaning=there),
        bot(2, "ja"),
        contact(3, "drei vier", meaning=there),
        bot(4, "nein"),
    ]
    assert kinds(judge(*alike, contact(5, "fünf sechs", meaning=there))) == ["repetition"]
    assert judge(*alike, contact(5, "eins zwei", meaning=away)).act is Act.NONE


def test_whoever_lets_it_be_after_the_same_reply_twice_is_only_offered_a_person() -> None:
    reply = "Der richtige Artikel geht sofort los, Sie müssen die Rücksendung nicht abwarten."
    said = [contact(1, "what should I have ordered"), bot(2, reply), contact(3, "is it dear"), bot(4, reply)]

    given_up = contact(5, "never mind, my neighbour does it")

    assert decide((*said, given_up), judge_moods((given_up,)), DEFAULT_RULES).act is Act.OFFER
    assert judge(*said, contact(5, "what is it that I pay then")).act is Act.HAND_OVER


def test_two_requests_in_a_row_without_an_answer_go_over() -> None:
    said = [contact(1, "liefert ihr auf den mond", outcome="none"), bot(2)]
    assert judge(*said).act is Act.NONE
    assert kinds(judge(*said, contact(3, "und auf den mars", outcome="none"))) == ["not_found"]
    assert judge(*said, contact(3, "und nach österreich", outcome="answer", article="countries")).act is Act.NONE


def test_two_different_requests_without_an_answer_bring_an_offer_and_a_third_a_person() -> None:
    said = [contact(1, "liefert ihr auf den mond", outcome="none"), bot(2)]
    another = contact(3, "welche lampen kann man dimmen", outcome="none")

    assert judge(*said, another).act is Act.OFFER
    assert judge(*said, another, bot(4), contact(5, "habt ihr hocker", outcome="none")).act is Act.HAND_OVER


def test_a_request_that_is_missed_again_in_other_words_goes_over() -> None:
    said = [contact(1, "liefert ihr lampen auf den mond", outcome="none"), bot(2)]

    assert judge(*said, contact(3, "ich meine lampen, zum mond liefern", outcome="none")).act is Act.HAND_OVER
    assert judge(*said, contact(3, "das hilft mir nicht weiter", outcome="none")).act is Act.HAND_OVER


def test_two_answers_that_did_not_help_go_over() -> None:
    said = [contact(1, "wie geht das"), bot(2), contact(3, "nein", helpful=False, tapped=True), bot(4)]
    decision = judge(*said, contact(5, "das hat mir auch nicht geholfen"))

    assert kinds(decision) == ["not_helpful"]
    assert decision.triggers[0].turns == (3, 5)


def test_what_is_told_before_any_answer_says_of_none_that_it_did_not_help() -> None:
    said = [contact(1, "I can't log in, it keeps saying wrong password"), bot(2)]

    assert kinds(judge(*said, contact(3, "Tried that. Same message."))) == []
    assert kinds(judge(*said, contact(3, "Tried that. Same message."), bot(4), contact(5, "no, still the same")))


@pytest.mark.parametrize(
    ("text", "intent"), [("Ist noch jemand da?", "presence"), ("ist hier noch wer", "opening_hours")]
)
def test_who_asks_whether_somebody_is_there_is_told_so_and_not_handed_over(text: str, intent: str) -> None:
    assert judge(contact(1, text, intent=intent)).act is Act.NONE
    assert judge(contact(1, f"{text} Ich will mit einem Menschen sprechen.", intent=intent)).act is Act.HAND_OVER


def test_what_is_looked_up_is_no_wish_unless_it_names_a_person() -> None:
    embedder = MultilingualE5()

    def meant(text: str) -> DialogueLine:
        return contact(1, text, intent="lookup", meaning=embedder.embed_queries([text])[0].tolist())

    assert judge(meant("Could you check on my order for me please? It's a present.")).act is Act.NONE
    assert judge(meant("Where is my order? I want to talk to a person.")).act is Act.HAND_OVER


def test_low_confidence_twice_offers_a_person_once() -> None:
    said = [
        contact(1, "wie geht das mit dem dings", confidence=0.2),
        bot(2),
        contact(3, "ja das andere", confidence=0.1),
    ]
    assert judge(*said).act is Act.OFFER
    assert judge(*said, offered_seq=1).act is Act.NONE


def test_abuse_meets_a_limit_first_and_a_person_after_it() -> None:
    insult = (
        StubMood(seq=1, abuse=0.9, frustration=0.9, shown_by=(StubMoodSign(kind="insult", seq=1, text="Idiot"),)),
    )
    first = judge(contact(1, "du Idiot"), moods=insult)
    assert (first.act, kinds(first), first.triggers[0].text) == (Act.LIMIT, ["abuse"], "Idiot")

    again = (*insult, StubMood(seq=3, abuse=0.8))
    second = judge(contact(1, "du Idiot"), bot(2), contact(3, "blöde Kiste"), moods=again, limited_seq=1)
    assert (second.act, kinds(second)) == (Act.HAND_OVER, ["abuse"])


def test_who_asks_for_a_person_gets_one_even_with_an_insult() -> None:
    decision = judge(contact(1, "Mensch bitte, du Idiot"), moods=(StubMood(seq=1, abuse=0.9),))
    assert (decision.act, kinds(decision)) == (Act.HAND_OVER, ["asked"])


def test_self_harm_goes_over_at_once_with_the_caring_sentence_first() -> None:
    decision = judge(contact(1, "ich will einfach nicht mehr leben, ich bring mich um"))
    assert (decision.act, kinds(decision), decision.first) == (Act.HAND_OVER, ["sensitive"], "self_harm")


def test_a_category_for_people_goes_over() -> None:
    rules = replace(DEFAULT_RULES, person_categories=("warranty",))
    decision = judge(contact(1, "meine lampe ist kaputt"), rules=rules, topic="warranty")
    assert (decision.act, kinds(decision)) == (Act.HAND_OVER, ["rule"])
    assert judge(contact(1, "wo ist mein paket"), rules=rules, topic="delivery").act is Act.NONE


def test_a_bot_that_fails_hands_over() -> None:
    assert kinds(judge(contact(1, "wo ist mein paket"), bot_failed=True)) == ["bot_unavailable"]


def test_after_a_return_an_old_wish_does_not_count() -> None:
    said = [
        contact(1, "Mensch bitte"),
        DialogueLine(seq=2, author="agent", text="Erledigt."),
        contact(5, "danke schön"),
    ]
    assert judge(*said, since_seq=4).act is Act.NONE


def test_after_a_return_the_bot_tries_once_and_a_second_handoff_goes_to_the_same_agent() -> None:
    earlier = (PastHandoff(ended_seq=4, text="meine rechnung ist falsch", agent="anna"),)
    first = judge(contact(5, "meine rechnung ist falsch"), earlier=earlier, since_seq=4)
    second = judge(
        contact(5, "meine rechnung ist falsch"),
        bot(6),
        contact(7, "die rechnung ist immer noch falsch"),
        earlier=earlier,
        since_seq=4,
    )
    assert (first.act, first.prefer) == (Act.NONE, "anna")
    assert (second.act, second.prefer, second.round) == (Act.HAND_OVER, "anna", 2)


def test_the_bot_does_not_try_a_third_time() -> None:
    earlier = tuple(PastHandoff(ended_seq=seq, text="meine rechnung ist falsch", agent="anna") for seq in (4, 8))
    decision = judge(contact(9, "meine rechnung ist falsch!"), earlier=earlier, since_seq=8)
    assert (decision.act, decision.round) == (Act.HAND_OVER, 3)


def test_another_matter_after_a_return_starts_anew() -> None:
    earlier = tuple(PastHandoff(ended_seq=seq, text="meine rechnung ist falsch", agent="anna") for seq in (4, 8))
    decision = judge(contact(9, "liefert ihr nach österreich?"), earlier=earlier, since_seq=8)
    assert (decision.act, decision.round, decision.prefer) == (Act.NONE, 1, None)


def test_a_dialogue_goes_over_once_until_an_agent_has_answered() -> None:
    said = [
        contact(0, "mensch bitte"),
        bot(1),
        contact(2, "mensch bitte!"),
        DialogueLine(seq=3, author="agent", text="Hallo, hier ist Anna."),
        contact(4, "mensch bitte"),
        bot(5),
        contact(6, "mitarbeiter bitte"),
    ]
    acts = [(line.seq, decision.act) for line, decision in decide_each(said, (), DEFAULT_RULES)]
    assert acts == [(0, Act.HAND_OVER), (2, Act.NONE), (4, Act.NONE), (6, Act.HAND_OVER)]


def test_rules_survive_a_round_trip() -> None:
    assert read_rules(json.loads(json.dumps(DEFAULT_RULES.as_json()))) == DEFAULT_RULES


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], '"rules": expected an object with rules, sensitive, person_categories, loop, got a list'),
        ({"rulez": {}}, '"rules": expected only rules, sensitive, person_categories, loop, got "rulez"'),
        ({"rules": {"asked": {"on": "yes"}}}, '"rules.asked.on": expected true or false, got "yes"'),
        ({"rules": {"asked": {"does": "run"}}}, '"rules.asked.does": expected one of hand_over, offer, got "run"'),
        ({"rules": {"asked": {"level": 1}}}, '"rules.asked": expected only on, does, got "level"'),
        (
            {"rules": {"repetition": {"times": 1}}},
            '"rules.repetition.times": expected a whole number from 2 to 10, got 1',
        ),
        (
            {"rules": {"repetition": {"times": 2.5}}},
            '"rules.repetition.times": expected a whole number from 2 to 10, got 2.5',
        ),
        ({"loop": {"tries": 0}}, '"loop.tries": expected a whole number from 1 to 5, got 0'),
        ({"person_categories": [""]}, '"person_categories[0]": expected text of 1 to 128 characters, got empty text'),
        (
            {"sensitive": [{"name": "a", "words": {"de": ["…"]}}]},
            '"sensitive[0].words.de[0]": expected words such as "anwalt*", got "…"',
        ),
        ({"sensitive": [{"name": "a"}, {"name": "a"}]}, '"sensitive": expected each topic once, got "a" 2 times'),
    ],
)
def test_wrong_rules_are_refused_in_words(given: object, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_rules(given)
    assert str(refused.value) == message


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.kind))
def test_every_rule_is_described_in_both_languages(spec: object, language: str) -> None:
    rule = DEFAULT_RULES[spec.kind]  # type: ignore[attr-defined]
    line = describe(rule, language)
    assert line.endswith(".")
    assert "{" not in line
    assert describe(replace(rule, on=False), language) != line


@pytest.mark.parametrize("marked", read_marked(DIALOGUES), ids=lambda marked: str(marked.dialogue.id))
def test_the_words_of_every_trigger_stand_in_the_lines_it_names(marked: TransferDialogue) -> None:
    said = marked.dialogue.said
    for _, decision in decide_each(said, judge_moods(said), DEFAULT_RULES):
        for trigger in decision.triggers:
            assert trigger.turns
            assert any(trigger.text in said[turn].text for turn in trigger.turns)


def test_an_offer_that_is_taken_is_a_wish() -> None:
    offered = bot(2, "Das tut mir leid. Soll ich Sie mit einem Menschen verbinden?")
    assert kinds(judge(contact(1, "schrauben fehlen"), offered, contact(3, "ja gern"))) == ["asked"]
    for question in ("ok sorry. wie lange ist die", "ja und wann habt ihr offen"):
        assert judge(contact(1, "schrauben fehlen"), offered, contact(3, question)).act is Act.NONE
    assert judge(contact(1, "schrauben fehlen"), offered, contact(3, "nein danke")).act is Act.NONE


def test_details_that_contradict_each_other_go_over() -> None:
    decision = judge(
        contact(1, "Wo ist Bestellung 55120?"),
        bot(2, "Zur Bestellung 55120 gehört eine Lieferung am 4. Juni."),
        contact(3, "In der Mail steht Bestellung 55210 und der 9. Juni. Was stimmt denn nun?"),
    )
    assert kinds(decision) == ["complexity"]
    assert "widersprüchliche Angaben" in explain_decision(decision, "de")


def test_a_second_order_is_no_contradiction() -> None:
    decision = judge(
        contact(1, "Wo ist Bestellung 55120 vom 4. Juni?"),
        bot(2, "Unterwegs."),
        contact(3, "Und die andere Bestellung 55210 vom 9. Juni?"),
    )
    assert decision.act is Act.NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ich frage zum dritten Mal", 3), ("this is the third time I'm asking", 3), ("I told you twice already", 2)],
)
def test_how_often_the_contact_says_to_have_asked_is_read(text: str, expected: int) -> None:
    said = times_said(text)
    assert said is not None
    assert said[0] == expected
    assert said[1] in text


def test_an_important_contact_goes_over_after_the_first_miss() -> None:
    said = [contact(1, "liefert ihr auf den mond", outcome="none"), bot(2), contact(3, "und auf den mars?")]
    assert kinds(judge(*said, important=True)) == ["important"]
    assert judge(*said[:1], important=False).act is Act.NONE


@pytest.mark.parametrize(
    ("furious", "act"),
    [
        ("Ihr seid doch alle unfähig, so eine Sauerei habe ich noch nie erlebt!", Act.HAND_OVER),
        ("You are all incompetent, this is an absolute disgrace!", Act.HAND_OVER),
        ("Du Idiot.", Act.LIMIT),
        ("You idiot!!!", Act.LIMIT),
    ],
)
def test_fury_about_a_matter_gets_a_person_and_an_insult_alone_a_limit(furious: str, act: Act) -> None:
    said = (contact(1, "Wo ist meine Erstattung?"), bot(2, article="refund"), contact(3, furious))
    assert decide(said, judge_moods(said), DEFAULT_RULES).act is act


def test_fury_before_the_bot_has_tried_anything_meets_the_limit_if_it_is_abuse() -> None:
    said = (contact(1, "Du bist so ein dummer Scheißbot, du Idiot."),)
    assert decide(said, judge_moods(said), DEFAULT_RULES).act is Act.LIMIT
