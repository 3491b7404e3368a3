"""The coach's rules: what they say, what they leave alone, and that no text holds them up."""

from datetime import UTC, datetime
from time import process_time

import pytest

from benchmarks.coach import TARGET, judge, precision_recall, read_drafts
from helpdesk.coach import Draft, HintKind, find_hints, read_draft

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def kinds(text: str, *asked: str, language: str = "de", form: str = "sie", article: str = "") -> list[str]:
    return [
        str(hint.kind)
        for hint in find_hints(read_draft(text, language, asked, NOW, UTC, form), article=article)
        if not hint.due
    ]


@pytest.mark.parametrize("name", ["development", "held out"])
def test_hints_on_the_drafts_are_right(name: str) -> None:
    judged = judge(read_drafts(name))
    precision, recall, found, wanted = precision_recall(judged)
    assert precision >= TARGET
    assert recall >= 0.8
    assert min(found, wanted) >= 30
    assert sum(bool(each.found) for each in judged if not each.draft.hints) <= 3


def test_each_hint_says_what_it_rests_on() -> None:
    draft = read_draft(
        "Sie haben die falsche Nummer angegeben. Das geht leider nicht. Ich melde mich bei dir.",
        "de",
        ["Wo ist mein Paket?"],
        NOW,
        UTC,
    )
    found = {hint.kind: (hint.found, hint.instead) for hint in find_hints(draft)}
    assert found[HintKind.BLAME] == ("Sie haben die falsche", "")
    assert found[HintKind.ADDRESS] == ("bei dir", "sie")
    assert found[HintKind.PROMISE][0].startswith("melde mich")


def test_a_promise_with_a_time_is_offered_for_recording() -> None:
    (hint,) = find_hints(read_draft("Ich melde mich bis morgen 12 Uhr.", "de", [], NOW, UTC))
    assert (hint.kind, hint.due) == (HintKind.PROMISE, datetime(2026, 3, 4, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        'Sie schrieben: "Sie haben die falsche Adresse angegeben". Das stimmt nicht, entschuldigen Sie bitte.',
        "> das geht leider nicht\n\nDoch, das geht, ich habe es gerade eingetragen.",
        "Erledigt.\n\nViele Grüße\nIhr Team, wir sind für dich da",
        "```\nexport du=1\n```\nBitte so eintragen.",
        "Leider ist Montag voll, aber Dienstag um 9 Uhr ist frei.",
        "Haben Sie den Stecker vielleicht falsch herum eingesteckt?",
        "Haben Sie die Nummer vergessen, steht sie auf der Rechnung.",
        "Nein, Sie müssen nichts weiter tun.",
        "Nach § 357 BGB haben Sie 14 Tage Zeit.",
        "ok",
    ],
)
def test_quotes_signatures_code_and_ways_on_are_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_figures_count_as_wrong_only_where_they_are_a_rule() -> None:
    article = "Sie können Artikel innerhalb von 30 Tagen zurückgeben. Die Rücksendung kostet 4,90 €."
    asked = "Wie lange kann ich zurückgeben?"
    assert kinds("Zurückgeben können Sie innerhalb von 14 Tagen.", asked, article=article) == ["article"]
    assert kinds("Zurückgeben können Sie innerhalb von dreißig Tagen.", asked, article=article) == []
    assert kinds("Sie haben noch 12 Tage, um es zurückzugeben.", asked, article=article) == []
    assert kinds("Zwei Rücksendungen kosten 9,80 €.", asked, article=article) == []


def test_kinds_that_are_off_are_silent_and_nothing_else_is_said_in_another_language() -> None:
    draft = read_draft("Unfortunately that is not possible, as I already told you.", "de", [], NOW, UTC)
    assert [hint.kind for hint in find_hints(draft)] == [HintKind.LANGUAGE]
    assert HintKind.LANGUAGE not in {hint.kind for hint in find_hints(draft, off={"language"})}


def test_a_letter_may_be_longer() -> None:
    words = "Ihre Bestellung liegt bereit. " * 40
    draft = Draft(text=words, language="de", form="sie", asked=(), now=NOW, zone=UTC)
    letter = Draft(text=words, language="de", form="sie", asked=(), now=NOW, zone=UTC, is_letter=True)
    assert [hint.kind for hint in find_hints(draft)] == [HintKind.LENGTH]
    assert find_hints(letter) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "we can t " * 1_200,
        "'a " * 3_000,
        "1.000 " * 2_000,
        '"' * 10_000,
        "- \n" * 3_000,
        "ich werde " * 999,
    ],
    ids=lambda text: text[:9],
)
def test_no_text_holds_the_rules_up(text: str) -> None:
    started = process_time()
    find_hints(read_draft(text, "en", [text + "?", text[:90] + "?"], NOW, UTC), article=text)
    assert process_time() - started < 3
