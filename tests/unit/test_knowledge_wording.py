"""Hints on wording: what each rule must see, and what it must leave alone."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.hints import WordingHint, WordingRule, check_wording
from knowledge.hints.figures import figures
from knowledge.hints.sentences import sentences

ROOT = Path(__file__).resolve().parents[2]
LONG = (
    "Wenn Sie Ihre Bestellung an eine andere Adresse liefern lassen möchten und der Status noch nicht auf Versendet "
    "steht, ändern Sie sie in Ihrem Konto, wobei der Paketdienst sie danach bestätigt."
)

SEEN = [
    (WordingRule.LONG_SENTENCE, "de", LONG),
    (
        WordingRule.LONG_SENTENCE,
        "en",
        "If you would like your order to go to another address and its status does not say dispatched yet, you can "
        "change it in your account, and the carrier confirms it.",
    ),
    (WordingRule.LATE_ANSWER, "de", "Vielen Dank für Ihr Interesse an unserem Shop. Der Versand kostet 4,95 €."),
    (WordingRule.LATE_ANSWER, "de", "Es gibt verschiedene Möglichkeiten. Am einfachsten zahlen Sie mit Karte."),
    (WordingRule.LATE_ANSWER, "de", "Was kostet der Versand? Er kostet 4,95 €."),
    (WordingRule.LATE_ANSWER, "de", "**Hier finden Sie** alles zum Versand. Er kostet 4,95 €."),
    (WordingRule.LATE_ANSWER, "en", "Thank you for your interest. Delivery costs €4.95."),
    (WordingRule.LATE_ANSWER, "en", "In this article we explain delivery. It costs €4.95."),
    (WordingRule.LATE_ANSWER, "en", "There are several ways to pay. Cards are the quickest."),
    (WordingRule.JARGON, "de", "Zwecks Bearbeitung senden Sie uns ein Foto."),
    (WordingRule.JARGON, "de", "Sie können den Service in Anspruch nehmen."),
    (WordingRule.JARGON, "de", "Die Lieferung erfolgt durch einen Paketdienst."),
    (WordingRule.JARGON, "de", "Sie schreiben uns bezüglich der Rechnung."),
    (WordingRule.JARGON, "en", "You need an invoice in order to return it."),
    (WordingRule.JARGON, "en", "Utilise the form prior to the delivery."),
    (WordingRule.JARGON, "en", "Ask for an RMA number."),
    (WordingRule.VAGUE_TIME, "de", "Wir melden uns zeitnah."),
    (WordingRule.VAGUE_TIME, "de", "Die Lieferung dauert 4–8 Wochen."),
    (WordingRule.VAGUE_TIME, "de", "Das Geld ist nach 3 bis 5 Werktagen da."),
    (WordingRule.VAGUE_TIME, "de", "Das dauert einige Tage."),
    (WordingRule.VAGUE_TIME, "de", "Das Geld kommt bald."),
    (WordingRule.VAGUE_TIME, "en", "We will answer shortly."),
    (WordingRule.VAGUE_TIME, "en", "It takes 3-5 working days."),
    (WordingRule.VAGUE_TIME, "en", "The money arrives in a few days."),
    (WordingRule.VAGUE_TIME, "en", "It will be there soon."),
    (WordingRule.BARE_REFUSAL, "de", "Eine Abholung ist leider nicht möglich."),
    (WordingRule.BARE_REFUSAL, "de", "Das geht nicht."),
    (WordingRule.BARE_REFUSAL, "de", "Wir können das leider nicht ändern."),
    (WordingRule.BARE_REFUSAL, "en", "Collection is not possible."),
    (WordingRule.BARE_REFUSAL, "en", "Unfortunately, the offer has ended."),
    (WordingRule.BARE_REFUSAL, "en", "We cannot change that."),
    (WordingRule.PASSIVE_REFUSAL, "de", "Ihre Anfrage kann nicht bearbeitet werden."),
    (WordingRule.PASSIVE_REFUSAL, "de", "Versandkosten werden nicht erstattet."),
    (WordingRule.PASSIVE_REFUSAL, "de", "Das Stapeln ist nicht gestattet."),
    (WordingRule.PASSIVE_REFUSAL, "en", "Opened items cannot be returned."),
    (WordingRule.PASSIVE_REFUSAL, "en", "Vouchers will not be accepted."),
    (WordingRule.ADDRESS, "de", "Wählen Sie deine Adresse aus."),
    (WordingRule.ADDRESS, "de", "Du kannst mit Karte zahlen."),
    (WordingRule.ADDRESS, "de", "Das steht in eurem Konto, meldet euch."),
]

LEFT_ALONE = [
    ("de", "Der Versand kostet 4,95 €. Ab 50 € ist er kostenlos."),
    ("de", "Ihr Paket ist am 3. Dezember da, z. B. bei Karten. Sie zahlen 4,95 €."),
    ("de", "Sobald die Sendung da ist, schreiben wir Ihnen."),
    ("de", "Sie zahlen bis zu 14 Tage nach Erhalt. Wir sind Mo–Fr von 9 bis 17 Uhr da."),
    ("de", "Eine Abholung ist nicht möglich, wir liefern aber kostenlos."),
    ("de", "Nach dem Versand geht das nicht mehr. Schicken Sie das Paket kostenlos zurück."),
    ("de", "Wir liefern nicht samstags, sondern montags bis freitags."),
    ("de", "Das Individuum und die Produkte sind in der Industrie zuhause."),  # du stands inside of words
    ("de", "Ihre Rechnung liegt bei Ihnen im Konto."),
    ("de", "- Eins\n- Zwei\n- " + "Drei " * 12 + "\n- " + "Vier " * 12),
    ("de", "Öffnen Sie `zeitnah` nicht: https://example.org/zeitnah-bald"),
    ("en", "Delivery costs €4.95. From €50 it is free of charge."),
    ("en", "As soon as the parcel is with us, we write to you."),
    ("en", "Opened seeds are not possible to resell, but you can swap them."),
    ("en", "After dispatch we cannot change it. Send the parcel back free of charge."),
    ("en", "We are open from 9 am to 5 pm. You can pay within 14 days."),
    ("en", "Click **Order**, then **Pay**."),
]

TWINS_AGREE = [
    ("Das kostet 1.000,50 €.", "It costs €1,000.50."),
    ("Das kostet 49 Euro.", "It costs 49 euros."),
    ("Sie sparen 12,5 %.", "You save 12.5%."),
    ("Sie sparen 10 Prozent.", "You save 10 percent."),
    ("Wir sind von 9 bis 17:30 Uhr da.", "We are here from 9 am to 5.30 pm."),
    ("Wir sind von 9 bis 17 Uhr da.", "We are here from 9 to 5 pm."),
    ("Bestellen Sie bis 12 Uhr.", "Order by noon."),
    ("Bis Mitternacht.", "By 12 am."),
    ("Am 24.12. und am 31. Dezember 2026.", "On 24 December and on December 31, 2026."),
    ("Rufen Sie an: 030 1234567.", "Call +49 30 1234567."),
    ("Schreiben Sie an hilfe@example.org.", "Write to hilfe@example.org."),
    ("Siehe https://example.org/de/hilfe.", "See https://www.example.org/en/help."),
    ("Nach zwei Wochen.", "After 2 weeks."),
    ("Nach 2 Wochen.", "After two weeks."),
    ("1. Öffnen\n2. Zahlen", "Open it and pay."),
    ("Bis 31,5 kg.", "Up to 31.5 kg."),
    ("Das kostet 3,50 €.", "It costs €3.50."),
    ("Es kostet 9,10 €. So geht es.", "It costs €9.10. Here is how."),
    ("Ein Gerät hat einen Akku.", "The device has a battery."),
]

TWINS_DIFFER = [
    ("Das kostet 29 €.", "It costs €25.", "29 €", "€25"),
    ("Das kostet 1.000 €.", "It costs €1.", "1.000 €", "€1"),
    ("Sie haben 14 Tage Zeit.", "You have 30 days.", "14", "30"),
    ("Sie sparen 10 %.", "You save 15%.", "10 %", "15%"),
    ("Bis 17 Uhr.", "Until 6 pm.", "17 Uhr", "6 pm"),
    ("Am 24.12.2026.", "On December 25, 2026.", "24.12.2026", "December 25, 2026"),
    ("Rufen Sie an: 030 1234567.", "Call +49 30 1234568.", "030 1234567", "+49 30 1234568"),
    ("An hilfe@example.org.", "To help@example.org.", "hilfe@example.org", "help@example.org"),
    ("Siehe https://example.org/x.", "See https://example.com/x.", "https://example.org/x.", "https://example.com/x."),
    ("Ab 12 Uhr.", "From midnight on.", "12 Uhr", None),
]


def rules(text: str, language: str, *, formal: bool | None = True) -> list[WordingRule]:
    found = check_wording({language: text}, formal=formal)
    return [hint.rule for hint in found if hint.rule != WordingRule.LANGUAGE_MISSING]


def figure_hints(german: str, english: str) -> list[WordingHint]:
    return [hint for hint in check_wording({"de": german, "en": english}) if hint.rule == WordingRule.FIGURES]


@pytest.mark.parametrize(("rule", "language", "text"), SEEN)
def test_what_a_rule_must_see(rule: WordingRule, language: str, text: str) -> None:
    assert rule in rules(text, language)


@pytest.mark.parametrize(("rule", "language", "text"), SEEN)
def test_a_hint_stands_at_the_words_it_names(rule: WordingRule, language: str, text: str) -> None:
    for hint in check_wording({language: text}):
        assert text[hint.start : hint.end] == hint.found


@pytest.mark.parametrize(("language", "text"), LEFT_ALONE)
def test_what_the_rules_must_leave_alone(language: str, text: str) -> None:
    assert rules(text, language) == []


@pytest.mark.parametrize(("german", "english"), TWINS_AGREE)
def test_the_same_figure_in_two_spellings_is_no_difference(german: str, english: str) -> None:
    assert figure_hints(german, english) == []


@pytest.mark.parametrize(("german", "english", "here", "there"), TWINS_DIFFER)
def test_a_figure_that_differs_is_shown_on_both_sides(german: str, english: str, here: str, there: str | None) -> None:
    found = {hint.language: hint for hint in figure_hints(german, english)}
    assert found["de"].found == here
    if there:
        assert (found["de"].instead, found["en"].found, found["en"].instead) == (there, there, here)


def test_a_house_that_says_du_is_told_where_it_says_sie() -> None:
    assert rules("Du zahlst, und dann erhalten Sie die Ware.", "de", formal=False) == [WordingRule.ADDRESS]
    assert rules("Sie zahlen mit deiner Karte.", "de", formal=None) == []


def test_a_missing_language_is_told_once_something_is_written() -> None:
    assert [(hint.rule, hint.language) for hint in check_wording({"de": "Da.", "en": " "})] == [
        (WordingRule.LANGUAGE_MISSING, "en")
    ]
    assert check_wording({"de": "", "en": ""}) == []


def test_an_answer_older_than_its_twin_is_told_with_both_days() -> None:
    days = {"de": datetime(2026, 3, 1, tzinfo=UTC), "en": datetime(2026, 1, 2, tzinfo=UTC)}
    (hint,) = check_wording({"de": "Da.", "en": "There."}, changed_at=days)
    assert (hint.rule, hint.language, hint.found, hint.instead) == (
        WordingRule.OLDER_TWIN,
        "en",
        "2026-01-02",
        "2026-03-01",
    )
    same_day = {"de": datetime(2026, 1, 2, 18, tzinfo=UTC), "en": datetime(2026, 1, 2, tzinfo=UTC)}
    assert check_wording({"de": "Da.", "en": "There."}, changed_at=same_day) == []


def test_sentences_end_where_people_end_them() -> None:
    text = "Am 3. Dezember, z. B. um 9 Uhr. **Dann** geht es los!\n1. Erstens\n- Zweitens: ja. Und mehr."
    assert [each.text for each in sentences(text)] == [
        "Am 3. Dezember, z. B. um 9 Uhr.",
        "**Dann** geht es los!",
        "Erstens",
        "Zweitens: ja.",
        "Und mehr.",
    ]


def test_the_sample_articles_are_nearly_clean() -> None:
    found = [f"{key}: {hint.rule} {hint.found}" for key, hint in _sample_hints()]
    assert found == []


@given(text=st.text(max_size=300))
def test_any_text_is_checked_and_every_place_is_inside_of_it(text: str) -> None:
    for language in ("de", "en"):
        for hint in check_wording({language: text, "en" if language == "de" else "de": "14 Tage"}):
            side = text if hint.language == language else "14 Tage"
            assert 0 <= hint.start <= hint.end <= len(side)
        assert all(text[each.start : each.end] for each in figures(text, language))


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text", ["1." * 25_000, "Sie können " * 4_500, "a b " * 12_000, "(" * 50_000, "kann x " * 7_000]
)
def test_a_hostile_text_costs_no_time(text: str) -> None:
    check_wording({"de": text, "en": text})


def _sample_hints() -> Iterator[tuple[str, WordingHint]]:
    for line in (ROOT / "data/faq/shop.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        answers = {language: wording["answer"] for language, wording in article["variants"].items()}
        yield from ((article["key"], hint) for hint in check_wording(answers))
