"""Values that a sentence names, by kind, and how another sentence covers them."""

import pytest

from knowledge.values import Coverage, ValueKind, coverage_of, find_mentions


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("Liefern Sie nach Frankreich?", ValueKind.COUNTRY, "FR"),
        ("do you deliver to norway", ValueKind.COUNTRY, "NO"),
        ("Frankreichs Zoll", ValueKind.COUNTRY, "FR"),
        ("in den Niederlanden", ValueKind.COUNTRY, "NL"),
        ("my Brazilian licence", ValueKind.COUNTRY, "BR"),
        ("mit einer französischen Karte", ValueKind.COUNTRY, "FR"),
        ("a trip to New York", ValueKind.COUNTRY, "US"),
        ("shipping to the US", ValueKind.COUNTRY, "US"),
        ("en Suisse", ValueKind.COUNTRY, "CH"),
        ("gibt es das auf Spanisch", ValueKind.LANGUAGE, "es"),
        ("nehmt ihr amex", ValueKind.PAYMENT, "amex"),
        ("can I pay by cheque", ValueKind.PAYMENT, "cheque"),
        ("Habt ihr montags offen", ValueKind.WEEKDAY, "mon"),
        ("am Sonnabend", ValueKind.WEEKDAY, "sat"),
        ("on Wednesdays", ValueKind.WEEKDAY, "wed"),
        ("Mo–Fr 8–18 Uhr", ValueKind.WEEKDAY, "wed"),
        ("am 20. November", ValueKind.DATE, "1120-1120"),
        ("on 20 november", ValueKind.DATE, "1120-1120"),
        ("on March 3rd", ValueKind.DATE, "303-303"),
        ("bis 24.12.", ValueKind.DATE, "1224-1224"),
        ("am 24. und 31. Dezember", ValueKind.DATE, "1224-1224"),
        ("from 15 November to 24 December", ValueKind.DATE, "1115-1224"),
        ("an Silvester", ValueKind.DATE, "new year's eve"),
        ("in XXL", ValueKind.SIZE, "size in letters"),
        ("Größe 46", ValueKind.SIZE, "size in digits"),
        ("a 25 kg grill", ValueKind.QUANTITY, "mass"),
        ("for 1.000 €", ValueKind.QUANTITY, "money"),
        ("with Hermes", ValueKind.CARRIER, "hermes"),
        ("on my iPad", ValueKind.PLATFORM, "ios"),
        ("as a PDF", ValueKind.FILE_FORMAT, "pdf"),
    ],
)
def test_a_value_is_known_by_its_kind(text: str, kind: ValueKind, key: str) -> None:
    assert key in {mention.term.key for mention in find_mentions(text).of(kind)}


@pytest.mark.parametrize(
    "text", ["may I ask you something", "tell us more", "es geht um einen Bar", "reunion of friends"]
)
def test_everyday_words_are_no_months_or_countries(text: str) -> None:
    found = find_mentions(text)

    assert not found.of(ValueKind.DATE)
    assert not found.of(ValueKind.COUNTRY)


@pytest.mark.parametrize(
    ("question", "sentence", "coverage"),
    [
        ("nach Frankreich", "Nach Frankreich liefern wir nicht.", Coverage.NAMED),
        ("nach Frankreich", "In die EU liefern wir für 9 €.", Coverage.INCLUDED),
        ("to Poland", "Parcels to all countries in the EU cost €18.", Coverage.INCLUDED),
        ("to Norway", "Parcels to other countries in the EU cost €18.", Coverage.OTHER_VALUE),
        ("to Norway", "Outside the EU we send letters only.", Coverage.INCLUDED),
        ("to Spain", "Outside the EU we send letters only.", Coverage.OTHER_VALUE),
        ("to Spain", "For all other countries, ask us.", Coverage.ALL_OTHERS),
        ("nach Kanada", "Ins Ausland liefern wir nicht.", Coverage.ALL_OTHERS),
        ("nach Kanada", "SMS sind überall kostenlos.", Coverage.EVERYWHERE),
        ("in England", "Im Vereinigten Königreich kostet es 3 €.", Coverage.NAMED),
        ("nach Kanada", "Wir liefern nach Österreich.", Coverage.OTHER_VALUE),
        ("nach Kanada", "Das dauert drei Tage.", Coverage.SILENT),
        ("mit Visa", "Wir nehmen Kreditkarten.", Coverage.INCLUDED),
        ("mit Kreditkarte", "Wir nehmen Visa und Mastercard.", Coverage.INCLUDED),
        ("mit Amex", "Wir nehmen Visa und Mastercard.", Coverage.OTHER_VALUE),
        ("mit Klarna", "Alle anderen Zahlungsarten nehmen wir nicht.", Coverage.ALL_OTHERS),
        ("mit Klarna", "Eine Geschenkkarte geht mit jeder anderen Zahlungsart zusammen.", Coverage.OTHER_VALUE),
        ("by cheque", "For any other payment method, call us.", Coverage.ALL_OTHERS),
        ("on Sunday", "Monday to Friday from 9 to 5", Coverage.OTHER_VALUE),
        ("on Sunday", "We close at the weekend.", Coverage.INCLUDED),
        ("on Wednesday", "Monday to Friday from 9 to 5", Coverage.NAMED),
        ("on Wednesday", "We are open on weekdays.", Coverage.INCLUDED),
        ("am 20. November", "Käufe vom 15. November bis 24. Dezember", Coverage.INCLUDED),
        ("am 3. Januar", "zwischen dem 27. Dezember und dem 2. Januar", Coverage.OTHER_VALUE),
        ("am 1. Januar", "zwischen dem 27. Dezember und dem 2. Januar", Coverage.INCLUDED),
        ("an Silvester", "Am 31. Dezember schließen wir um 14 Uhr.", Coverage.NAMED),
        ("am Karfreitag", "An Feiertagen ist geschlossen.", Coverage.INCLUDED),
        ("in XXL", "Größen S bis XL", Coverage.OTHER_VALUE),
        ("in M", "Größen S bis XL", Coverage.INCLUDED),
        ("Größe 128", "in den Größen 98 bis 152", Coverage.INCLUDED),
        ("Größe 128", "Größen S bis XL", Coverage.SILENT),
        ("25 kg", "up to 20 kg", Coverage.OTHER_VALUE),
        ("15 kg", "up to 20 kg", Coverage.INCLUDED),
        ("500 g", "bis 2 Kilogramm", Coverage.INCLUDED),
        ("25 kg", "120 cm long", Coverage.SILENT),
    ],
)
def test_a_sentence_covers_a_value_by_name_by_group_by_the_others_or_not(
    question: str, sentence: str, coverage: Coverage
) -> None:
    (wanted, *_) = find_mentions(question).values

    assert coverage_of(wanted, find_mentions(sentence)) is coverage


def test_a_long_text_without_ends_takes_no_time_to_speak_of() -> None:
    assert find_mentions("1. und " * 100_000).values == ()
