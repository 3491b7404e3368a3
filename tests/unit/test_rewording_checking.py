"""What may stand in place of our text, and what may not: honest rewordings, lies made of true words, and hypothesis."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpdesk.rewording.verification import Fault, check
from helpdesk.rewording.vocabulary import PLAIN

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = [
    (language, variant["answer"])
    for line in (ROOT / "data/faq/shop.jsonl").read_text(encoding="utf-8").splitlines()
    for language, variant in json.loads(line)["variants"].items()
]
DE = (
    "Sie können Artikel innerhalb von 14 Tagen zurücksenden. Die Rücksendung kostet 4,90 €, ab 50 € Warenwert ist sie "
    "kostenlos. Unterwäsche nehmen wir nicht zurück."
)
EN = (
    "You can return articles within 14 days. The return costs €4.90 and is free for goods worth €50 or more. "
    "We do not take back underwear."
)

HONEST = [
    ("de", DE, "Artikel können Sie innerhalb von 14 Tagen zurücksenden. Die Rücksendung kostet 4,90 Euro; ab 50 Euro "
               "Warenwert ist sie kostenlos. Unterwäsche nehmen wir nicht zurück."),
    ("de", DE, "Gern: Innerhalb von 14 Tagen können Sie Artikel zurücksenden. Die Rücksendung kostet 4,90 €, und ab 50 "
               "€ Warenwert ist diese kostenlos. Wir nehmen Unterwäsche nicht zurück."),
    ("de", DE, "Unterwäsche nehmen wir nicht zurück. Artikel können Sie innerhalb von 14 Tagen zurücksenden. Dabei "
               "kostet die Rücksendung 4,90 €, und sie ist ab 50 € Warenwert kostenlos."),
    ("de", "Senden Sie den Artikel zurück.", "Den Artikel bitte zurücksenden."),
    ("de", "Die Rechnung finden Sie im Konto.", "Im Konto finden Sie die Rechnung."),
    ("de", "Wir liefern am 3. Mai 2026.", "Am 03.05.2026 liefern wir."),
    ("de", "Das kostet 1.234,56 €.", "Das kostet also 1234,56 Euro."),
    ("de", "Wenn das Paket fehlt, schreiben Sie uns.", "Schreiben Sie uns bitte, wenn das Paket fehlt."),
    ("en", EN, "You can return articles within 14 days. The return costs 4.90 euros and is free for goods worth 50 "
               "euros or more. Underwear we do not take back."),
    ("en", EN, "Within 14 days you can return articles. The return costs €4.90, and is free for goods worth €50 or "
               "more. We don't take back underwear."),
    ("en", "Your invoice is in your account.", "In your account is your invoice."),
    ("en", "We ship on 3 May 2026.", "On 3 May 2026 we ship."),
]  # fmt: skip

LIES = [
    (Fault.NUMBER, "de", DE, DE.replace("14", "30")),
    (Fault.NUMBER, "de", DE, DE.replace("4,90", "49,0")),
    (Fault.NUMBER, "de", DE, DE.replace("14 Tagen", "14 Wochen")),
    (Fault.NUMBER, "de", DE, DE.replace("4,90 €", "§").replace("50 €", "4,90 €").replace("§", "50 €")),
    (Fault.NUMBER, "de", "Bestellung 4711 kommt am 3. Mai.", "Bestellung 4712 kommt am 3. Mai."),
    (Fault.NUMBER, "de", "Bestellung A-17 ist da.", "Bestellung A-71 ist da."),
    (Fault.NUMBER, "de", "Das dauert zwei Tage.", "Das dauert drei Tage."),
    (Fault.NUMBER, "de", "Wir liefern am 03.05.2026.", "Wir liefern am 05.03.2026."),
    (Fault.NUMBER, "en", EN, EN.replace("14", "40")),
    (Fault.NUMBER, "en", "It takes 3 days or 2 weeks.", "It takes 2 days or 3 weeks."),
    (Fault.NEGATION, "de", DE, DE.replace("nicht ", "")),
    (Fault.NEGATION, "de", DE, DE.replace("können", "können nicht")),
    (Fault.NEGATION, "de", "Nicht alle Artikel sind da.", "Alle Artikel sind nicht da."),
    (Fault.NEGATION, "en", "Instructions for items we no longer sell stay online for 10 years.",
     "Instructions for items we longer sell stay online for no 10 years."),
    (Fault.NEGATION, "de", "Zahlen Sie nichts und rufen Sie uns an.", "Zahlen Sie nichts und rufen Sie uns nicht an."),
    (Fault.NEGATION, "de", "Wir rufen nie an.", "Wir rufen nicht an."),
    (Fault.NEGATION, "de", "Kein Artikel ist versichert.", "Artikel ist versichert."),
    (Fault.NEGATION, "de", "Der Versand ist ohne Gebühr.", "Der Versand ist mit Gebühr."),
    (Fault.NEGATION, "en", EN, EN.replace("do not take", "take")),
    (Fault.NEGATION, "en", "You can't change the order.", "You can change the order."),
    (Fault.NEGATION, "en", "We never call.", "We call."),
    (Fault.CLAIM, "de", DE, f"{DE} Nein."),
    (Fault.CLAIM, "de", "Die Lieferung kostet 5 Euro und die Rückgabe ist kostenlos.",
     "Die Lieferung ist kostenlos und die Rückgabe kostet 5 Euro."),
    (Fault.CLAIM, "en", "We ship to Austria, but not to Switzerland.", "We ship to Switzerland, but not to Austria."),
    (Fault.NUMBER, "de", "- **Deutschland:** 4,95 €\n- **Österreich:** 9,95 €",
     "- **Deutschland:** 9,95 €\n- **Österreich:** 4,95 €"),
    (Fault.NUMBER, "en", "Express takes 2 days, 9.95 €.\nStandard takes 5 days, 4.95 €.",
     "Express takes 2 days, 4.95 €.\nStandard takes 5 days, 9.95 €."),
    (Fault.CLAIM, "de", DE, f"{DE} Das ist kostenlos."),
    (Fault.CLAIM, "de", "Wählen Sie den Termin oder die Filiale. Rufen Sie den Nachbarn oder den Fahrer an.",
     "Wählen Sie den Termin oder den Fahrer. Rufen Sie den Nachbarn oder die Filiale an."),
    (Fault.CLAIM, "de", "Wir nehmen PayPal, Visa, Mastercard und Vorkasse.", "Wir nehmen PayPal, Visa und Vorkasse."),
    (Fault.MISSING, "en", EN, EN.partition(" We")[0]),
    (Fault.LIMIT, "de", DE, DE.replace("innerhalb von", "nach")),
    (Fault.LIMIT, "de", "Sie bezahlen 5 €.", "Sie bezahlen nur 5 €."),
    (Fault.MISSING, "de", "Der Umtausch ist möglich, wenn das Etikett da ist.",
     "Der Umtausch ist möglich und das Etikett ist da."),
    (Fault.LIMIT, "en", "You can cancel before delivery.", "You can cancel after delivery."),
    (Fault.LIMIT, "en", "You may cancel.", "You must cancel."),
    (Fault.LIMIT, "en", "The parcel will usually arrive.", "The parcel will always arrive."),
    (Fault.PERSON, "de", "Wir erstatten Ihnen den Betrag.", "Sie erstatten uns den Betrag."),
    (Fault.PERSON, "de", "Die Kosten tragen Sie.", "Die Kosten tragen wir."),
    (Fault.PERSON, "de", "Sie finden Ihre Rechnung im Konto.", "Du findest Ihre Rechnung im Konto."),
    (Fault.PERSON, "en", "You pay for the return.", "We pay for the return."),
    (Fault.TENSE, "de", "Der Betrag wird Ihnen erstattet.", "Der Betrag wurde Ihnen erstattet."),
    (Fault.TENSE, "de", "Wir erstatten den Betrag.", "Wir haben den Betrag erstattet."),
    (Fault.TENSE, "de", "Die Post liefert das Paket.", "Die Post lieferte das Paket."),
    (Fault.TENSE, "en", "We refund the amount.", "We refunded the amount."),
    (Fault.ROLE, "de", "Der Verkäufer bezahlt den Käufer.", "Der Käufer bezahlt den Verkäufer."),
    (Fault.ROLE, "en", "The seller pays the buyer.", "The buyer pays the seller."),
    (Fault.ROLE, "de", "Das Paket geht vom Lager zur Filiale.", "Das Paket geht von der Filiale zum Lager."),
    (Fault.NAME, "de", DE, f"{DE} Fragen Sie Schneider."),
    (Fault.NAME, "en", EN, f"{EN} Just ask Peter."),
    (Fault.WORD, "de", DE, f"{DE} Wir erstatten alles sofort."),
    (Fault.WORD, "en", EN, f"{EN} We refund everything today."),
    (Fault.ADDRESS, "de", DE, f"{DE} Siehe https://evil.example."),
    (Fault.ADDRESS, "de", DE, f"{DE} a@evil.example"),
    (Fault.ADDRESS, "de", f"{DE} Mehr: ⟦1⟧", f"{DE} Mehr: ⟦2⟧"),
    (Fault.MISSING, "de", f"{DE} Mehr: ⟦1⟧", DE),
    (Fault.MISSING, "de", DE, DE.rpartition(" Unter")[0]),
    (Fault.MISSING, "de", "Haben Sie die Rechnung bezahlt?", "Sie haben die Rechnung bezahlt."),
    (Fault.MISSING, "de", "Nur Mitglieder bestellen Karten.", "Mitglieder bestellen Karten."),
    (Fault.MARKUP, "de", DE, f"[{DE}](javascript:alert(1))"),
    (Fault.MARKUP, "de", DE, DE.replace("Artikel", "<b>Artikel</b>")),
    (Fault.MARKUP, "de", DE, DE.replace("Artikel", "**Artikel**")),
    (Fault.SIGNS, "de", DE, DE.replace("Artikel", "Arti\u202ekel")),
    (Fault.SIGNS, "de", DE, DE.replace("Artikel", "Аrtikel")),
    (Fault.SIGNS, "de", DE, DE.replace("14", "١٤")),
    (Fault.LANGUAGE, "de", DE, EN),
    (Fault.LANGUAGE, "en", EN, DE),
    (Fault.LENGTH, "de", DE, f"{DE} {DE}"),
    (Fault.EMPTY, "de", DE, "  \n"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "ours", "text"), HONEST)
def test_what_says_the_same_may_stand(language: str, ours: str, text: str) -> None:
    assert check(text, ours, language) == ()


@pytest.mark.parametrize(("fault", "language", "ours", "text"), LIES)
def test_what_says_something_else_is_refused_for_that(fault: Fault, language: str, ours: str, text: str) -> None:
    assert fault in {objection.fault for objection in check(text, ours, language)}


@pytest.mark.parametrize(("language", "answer"), ANSWERS)
def test_every_sample_answer_may_stand_for_itself(language: str, answer: str) -> None:
    assert check(answer, answer, language) == ()


@given(st.sampled_from(ANSWERS), st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_figure_is_always_refused(chosen: tuple[str, str], data: st.DataObject) -> None:
    language, answer = chosen
    places = [match.start() for match in re.finditer(r"\d", answer)]
    assume(places)
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([other for other in "123456789" if other != answer[at]]))

    assert check(answer[:at] + digit + answer[at + 1 :], answer, language)


@given(st.sampled_from(ANSWERS), st.data())
@settings(max_examples=150, deadline=None)
def test_a_dropped_or_added_negation_is_always_refused(chosen: tuple[str, str], data: st.DataObject) -> None:
    language, answer = chosen
    found = list(re.finditer(r"\b(?:nicht|keine?[nmrs]?|ohne|nie|not|never|no|without) ", answer))
    if found:
        match = data.draw(st.sampled_from(found))
        assert check(answer[: match.start()] + answer[match.end() :], answer, language)
    spaces = [match.start() for match in re.finditer(r"(?<=\w) (?=\w)", answer)]
    at = data.draw(st.sampled_from(spaces))
    extra = {"de": " nicht ", "en": " not "}[language]

    assert check(answer[:at] + extra + answer[at + 1 :], answer, language)


HARMLESS = {"de": ("auch", "so", "dann", "dabei", "gern"), "en": ("also", "so", "then", "here", "please")}


def _harmless_words() -> list[tuple[str, str, re.Match[str]]]:
    """Language, answer and place of each word without a fact in the sample shop's answers."""
    forms = {language: "|".join(sorted(PLAIN[language] & set(words))) for language, words in HARMLESS.items()}
    return [
        (language, answer, match)
        for language, answer in ANSWERS
        for match in re.finditer(rf"(?<=\w) (?:{forms[language]})(?= \w)", answer)
    ]


@given(st.sampled_from(_harmless_words()))
@settings(max_examples=100, deadline=None)
def test_words_without_a_fact_may_go(chosen: tuple[str, str, re.Match[str]]) -> None:
    language, answer, match = chosen

    assert check(answer[: match.start()] + answer[match.end() :], answer, language) == ()


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(["de", "en"]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged(text: str, ours: str, language: str) -> None:
    check(text, ours, language)
    if ours.strip():
        assert check("", ours, language)[0].fault is Fault.EMPTY


@pytest.mark.parametrize(
    "text", ["a," * 1_900, "nicht " * 600, "1 " * 1_900, "a" * 3_800, "[" * 3_800, "a@" * 1_900, "x-" * 1_900]
)
def test_a_hostile_text_is_judged_and_refused(text: str) -> None:
    """What each costs is measured by `python -m benchmarks.speed`."""
    ours = " ".join(answer for language, answer in ANSWERS if language == "de")[:3_000]
    assert check(text, ours, "de")
