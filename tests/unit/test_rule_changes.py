"""What differs between two sets of rules, and what can't be kept of one, in words an admin would use."""

from typing import Any

import pytest

from helpdesk.handoff.rules import DEFAULT_RULES, read_rules
from helpdesk.rule_admin.rule_trial import TrialResult, VerdictChange, VerdictComparison
from helpdesk.web.admin.handoff.rule_changes import describe_changes, say_rule_problem
from helpdesk.web.admin.handoff.rule_trials import read_lines, say_outcome
from i18n import catalog
from store.errors import Invalid


def changed(**sections: Any) -> dict[str, Any]:
    """The built-in rules with something else in them."""
    return DEFAULT_RULES.as_json() | sections


def rules_with(kind: str, **values: Any) -> dict[str, Any]:
    given = DEFAULT_RULES.as_json()["rules"]
    return changed(rules=given | {kind: given[kind] | values})


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (changed(), []),
        (rules_with("complaint", on=False), ["Beschwerde ausgeschaltet"]),
        (rules_with("complaint", does="hand_over"), ["Beschwerde: jetzt übergeben statt anbieten"]),
        (rules_with("frustration", level=0.6), ["Ärger, Ärger ab: 0,5 → 0,6"]),
        (changed(person_categories=["Rechnung"]), ["Immer an einen Menschen: +Rechnung"]),
        (
            changed(loop={"tries": 3, "same_agent": False}),
            ["Zurück beim Bot, Versuche insgesamt: 2 → 3", "Möglichst wieder zur selben Person ausgeschaltet"],
        ),
    ],
)
def test_each_change_is_one_short_line(given: dict[str, Any], lines: list[str]) -> None:
    assert describe_changes(DEFAULT_RULES, read_rules(given), "de") == lines


def test_changed_topics_name_the_words_that_came_and_went() -> None:
    topics = DEFAULT_RULES.as_json()["sensitive"]
    legal = next(topic for topic in topics if topic["name"] == "legal")
    legal["words"]["de"] = [word for word in legal["words"]["de"] if word != "anwalt*"] + ["paragraf*"]
    kept = [topic for topic in topics if topic["name"] != "press"]
    new = {"name": "Waffen", "de": "Waffen", "en": "weapons", "words": {"de": ["waffe*"]}}
    after = read_rules(changed(sensitive=[*kept, new]))
    assert describe_changes(DEFAULT_RULES, after, "en") == [
        'Topic "legal action": +paragraf*, −anwalt*',
        'Topic "weapons" new',
        'Topic "press or publicity" removed',
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (rules_with("frustration", level=7), "Ärger – Ärger ab: Erwartet wird eine Zahl von 0,1 bis 1."),
        (
            rules_with("not_found", times=None),
            "Keine Antwort gefunden – wie oft nacheinander: Erwartet wird eine Zahl von 1 bis 10.",
        ),
        (
            changed(sensitive=[{"name": "x", "de": "Waffen", "words": {"de": ["waffe*", "***"]}}]),
            "Thema „Waffen“: „***“ ist kein Wort. Erwartet wird etwas wie anwalt* oder ich … kündigen.",
        ),
        (
            changed(sensitive=[{"name": "x", "de": ""}]),
            "Ein Thema braucht einen Namen mit 1 bis 128 Zeichen, und jeder Name steht nur einmal in der Liste.",
        ),
        (
            changed(loop={"tries": 9}),
            "Zurück beim Bot: Erwartet werden 1 bis 5 Versuche und eine Ähnlichkeit von 0,5 bis 1.",
        ),
        (changed(rules={"nonsense": {}}), "Eine Angabe fehlt oder hat nicht die erwartete Form."),
    ],
)
def test_what_can_not_be_kept_is_said_in_the_readers_language(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rules(given)
    assert say_rule_problem(str(caught.value), given, "de") == sentence


def test_a_pasted_dialogue_is_read_line_by_line() -> None:
    said = read_lines("Wo ist mein Paket?\n\nBot: Unterwegs.\n  Kundin: Zum dritten Mal: wo?\nAgent: Ich sehe nach.")
    assert [(line.seq, line.author, line.text) for line in said] == [
        (1, "contact", "Wo ist mein Paket?"),
        (2, "bot", "Unterwegs."),
        (3, "contact", "Zum dritten Mal: wo?"),
        (4, "agent", "Ich sehe nach."),
    ]


def outcome_of(**counts: int) -> TrialResult:
    compared = [
        VerdictComparison(conversation_id="c", change=VerdictChange(kind), before=None, after=None)
        for kind, count in counts.items()
        for _ in range(count)
    ]
    return TrialResult(looked_at=200, compared=tuple(compared), offers=(7, 5))


def test_the_outcome_is_said_in_sentences() -> None:
    assert say_outcome(outcome_of(new=3, gone=1, same=11), catalog("staff", "de")) == [
        "Mit diesen Regeln wären 14 der letzten 200 Gespräche an einen Menschen gegangen; "
        "mit den geltenden sind es 12.",
        "3 neu, 1 entfallen, 0 an anderer Stelle.",
        "Nur angeboten würde ein Mensch in 5 Gesprächen; jetzt sind es 7.",
    ]
    assert (
        say_outcome(outcome_of(same=11), catalog("staff", "de"))[1] == "An keinem dieser Gespräche ändert sich etwas."
    )
    nothing = TrialResult(looked_at=0, compared=(), offers=(0, 0))
    assert say_outcome(nothing, catalog("staff", "en")) == ["There are no conversations yet."]
