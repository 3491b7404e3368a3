"""Tables as people have them: every question comes in, and what doesn't is said in the words of their program."""

import io
import zipfile

import pytest

from i18n import catalog
from knowledge.formats.import_plan import ImportContents, ImportSource, read_source
from knowledge.formats.problem_words import describe_problem
from knowledge.formats.problems import HoldReason, ProblemKind
from knowledge.formats.tables.column_mapping import ColumnMapping, ColumnRole, ColumnUse, read_mappings
from knowledge.formats.tables.header_words import header_meaning
from knowledge.formats.text_encoding import decode_text
from knowledge.formats.visibility import hold_by_words
from store.errors import Invalid
from tests.foreign_files import tables
from tests.foreign_files.sentences import ENGLISH, GERMAN

STAFF = catalog("staff", "de")


def read(raw: str | bytes, name: str = "faq.csv", **more: object) -> ImportContents:
    data = raw.encode() if isinstance(raw, str) else raw
    return read_source(ImportSource(raw=data, name=name, **more))  # type: ignore[arg-type]


def pairs(contents: ImportContents, language: str = "de") -> list[tuple[str, str]]:
    wordings = (content.variants.get(language) for content in contents.articles.values())
    return [(wording.question, wording.answer) for wording in wordings if wording]


def told(contents: ImportContents) -> list[str]:
    return [describe_problem(problem, STAFF) for problem in contents.problems.found]


EXPECTED = [(pair.question, pair.answer) for pair in GERMAN]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (tables.german_excel_csv, "faq.csv"),
        (tables.unicode_text, "faq.txt"),
        (tables.csv_without_header, "faq.csv"),
        (tables.mac_csv, "faq.csv"),
        (tables.plain_workbook, "faq.xlsx"),
        (tables.old_workbook, "faq.xls"),
        (tables.german_excel_csv, "no-name"),
    ],
)
def test_every_question_of_a_table_comes_in(make: object, name: str) -> None:
    found = read(make(), name)  # type: ignore[operator]
    assert pairs(found) == EXPECTED
    assert told(found) == []


def test_a_category_is_a_column_or_the_name_of_a_sheet() -> None:
    assert {content.category for content in read(tables.german_excel_csv()).articles.values()} == {
        "Werkstatt",
        "Leihräder",
    }
    assert {content.category for content in read(tables.open_document(), "x.ods").articles.values()} == {"Leihräder"}


def test_a_workbook_comes_in_with_bold_words_and_links_and_names_what_it_leaves_out() -> None:
    found = read(tables.workbook(), "faq.xlsx")
    assert [question for question, _ in pairs(found)] == [pair.question for pair in GERMAN]
    assert pairs(found)[0][1] == "Zwei **Werktage**; im März eher vier."
    assert pairs(found)[1][1] == "[Nein, kommen Sie einfach vorbei.](https://rad.example/termin)"
    assert told(found) == [
        "Werkstatt, Zeile 4, Spalte „A“: Ein Kommentar wurde übergangen: Er ist nicht für Kunden.",
        "Leihräder, Zeile 4, Spalte „B“: Eine Formel ohne Ergebnis: Öffnen Sie die Datei, berechnen und speichern Sie "
        "sie einmal.",
        "Archiv: Dieses Blatt ist ausgeblendet und wurde übergangen. Blenden Sie es ein, wenn es zu den Artikeln "
        "gehört.",
        "Werkstatt, Spalte „Interne Notiz“: Diese Spalte wurde nicht verwendet. Sagen Sie, was sie ist, wenn sie zu "
        "den Artikeln gehört.",
        "Leihräder, Zeile 4, Spalte „Antwort“, „Was kostet ein Schloss?“: Die Antwort fehlt.",
    ]


def test_an_open_document_comes_in_with_links_and_a_million_empty_rows() -> None:
    found = read(tables.open_document(), "faq.ods")
    assert pairs(found) == [*EXPECTED, ("Wo steht der Plan der Wege?", "Auf [unserer Seite](https://rad.example/plan)")]
    assert [problem.kind for problem in found.problems.found] == [ProblemKind.COMMENT]


def test_a_column_for_each_language_makes_one_article_in_both() -> None:
    found = read(tables.bilingual_csv())
    assert pairs(found, "de") == EXPECTED
    assert pairs(found, "en") == [(pair.question, pair.answer) for pair in ENGLISH]
    assert len(found.articles) == len(GERMAN)


def test_a_draft_in_a_column_of_states_never_becomes_public() -> None:
    found = read(tables.piped_text())
    assert len(found.articles) == len(ENGLISH)
    assert found.held == {"can-i-bring-the-rented-bicycle-back-later": HoldReason.DRAFT}


@pytest.mark.parametrize(
    ("value", "header", "expected"),
    [
        ("veröffentlicht", "Status", None),
        ("", "Status", None),
        ("Entwurf", "Status", HoldReason.DRAFT),
        ("nur intern", "Zugriff", HoldReason.INTERNAL),
        ("in Klärung mit Rechtsabteilung", "Status", HoldReason.STATUS_UNKNOWN),
        ("ja", "Veröffentlicht", None),
        ("nein", "Veröffentlicht", HoldReason.DRAFT),
        ("x", "Intern", HoldReason.INTERNAL),
        ("nein", "Intern", None),
        ("angemeldet", "Sichtbarkeit", HoldReason.SIGNED_IN),
    ],
)
def test_words_for_who_may_see_an_article(value: str, header: str, expected: HoldReason | None) -> None:
    assert hold_by_words(value, header) == expected


def test_an_answer_with_the_separator_in_it_is_whole() -> None:
    found = read("Frage;Antwort\nWas ist dabei?;Alles; ohne Ausnahme.\nUnd sonst?;Nichts.\nWann denn?;Nie.\n")
    assert pairs(found)[0] == ("Was ist dabei?", "Alles; ohne Ausnahme.")
    assert told(found) == []


def test_a_table_of_names_alone_and_an_empty_file_say_so() -> None:
    assert told(read("Frage;Antwort\n")) == ["Hier wurden keine Fragen mit Antworten gefunden."]
    with pytest.raises(Invalid, match="no text"):
        read("\n")


def test_what_lies_under_the_name_intern_never_becomes_public() -> None:
    found = read("Frage;Antwort;Kategorie\nWo liegt er?;Beim Meister.;Intern\nWo seid ihr?;In der Mitte.;Laden\n")
    assert found.held == {"wo-liegt-er": HoldReason.INTERNAL}


def test_one_bad_row_refuses_nothing_else_and_is_told_as_excel_shows_it() -> None:
    rows = [("Frage", "Antwort"), ("Habt ihr Schläuche?", "Ja."), ("Und Reifen?", ""), ("", "Nur eine Antwort.")]
    found = read(tables.plain_workbook(rows), "x.xlsx")
    assert pairs(found) == [("Habt ihr Schläuche?", "Ja.")]
    assert told(found) == [
        "Tabelle1, Zeile 3, Spalte „Antwort“, „Und Reifen?“: Die Antwort fehlt.",
        "Tabelle1, Zeile 4, Spalte „Frage“: Die Frage fehlt.",
    ]


def test_the_proposed_columns_can_be_shown_and_said_otherwise() -> None:
    raw = b"Spalte 1;Spalte 2;Spalte 3\nkurz;Wie pumpe ich auf?;Mit der Pumpe am Eingang.\n"
    (outline,) = read(raw).tables
    assert [(column.letter, column.header, column.samples) for column in outline.columns] == [
        ("A", "Spalte 1", ("kurz",)),
        ("B", "Spalte 2", ("Wie pumpe ich auf?",)),
        ("C", "Spalte 3", ("Mit der Pumpe am Eingang.",)),
    ] or outline.mapping.header_row is None
    said = {"": {"header_row": 1, "columns": [{"role": "key"}, {"role": "question", "language": "de"},
                                              {"role": "answer", "language": "de"}]}}  # fmt: skip
    found = read(raw, mappings=read_mappings(said))
    assert list(found.articles) == ["kurz"]
    assert pairs(found) == [("Wie pumpe ich auf?", "Mit der Pumpe am Eingang.")]
    assert found.tables[0].mapping.as_json()["columns"][0] == {"role": "key", "language": None}


@pytest.mark.parametrize("value", [None, [], {"": {}}, {"": {"columns": [{"role": "x"}]}},
                                   {"": {"columns": [], "header_row": "1"}},
                                   {"": {"columns": [{"role": "question", "language": "<b>"}]}}])  # fmt: skip
def test_a_mapping_from_outside_is_checked(value: object) -> None:
    with pytest.raises(Invalid):
        read_mappings(value)


def test_a_mapping_without_an_answer_makes_no_articles() -> None:
    assert not ColumnMapping(uses=(ColumnUse(role=ColumnRole.QUESTION),)).makes_articles


@pytest.mark.parametrize(
    ("header", "role", "language"),
    [
        ("Häufige Frage", "question", None),
        ("Frage_EN", "question", "en"),
        ("Deutsch Antwort", "answer", "de"),
        ("Réponse", "answer", None),
        ("Unsere Antwort an Kunden", "answer", None),
        ("Alternative Fragen", "phrasings", None),
        ("answerText", "answer", None),
        ("Sichtbarkeit", "visibility", None),
        ("Datum der Antwort", None, None),
        ("Preis", None, None),
    ],
)
def test_names_of_columns(header: str, role: str | None, language: str | None) -> None:
    found = header_meaning(header)
    assert (found and str(found.role), found and found.language) == (role, language)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac_roman", "cp850"]
)
def test_text_of_any_encoding(encoding: str) -> None:
    text = "Frage;Antwort\r\nWie groß ist das Rad für Mädchen?;„Größe“ 26 – schöne Räder, übrigens.\r\n"
    if encoding in {"cp850"}:
        text = text.replace("„", '"').replace("“", '"').replace("–", "-")
    assert decode_text(text.encode(encoding)) == text


def test_phrasings_come_from_lines_bars_and_lists() -> None:
    raw = 'Frage,Antwort,Varianten\nWo?,Da.,"wo genau\n- an welchem Ort"\nWer?,Wir.,wer denn | wer ist das\n'
    found = read(raw + 'Was?,Das.,"[""was denn"", """"]"\n')
    assert [content.variants["de"].phrasings for content in found.articles.values()] == [
        ("wo genau", "an welchem Ort"),
        ("wer denn", "wer ist das"),
        ("was denn",),
    ]
    assert [problem.kind for problem in found.problems.found] == [ProblemKind.PHRASING_UNUSABLE]


def test_our_own_table_comes_back_after_excel_saved_it_its_own_way() -> None:
    line = ("returns", "orders", "de", "Wie sende ich etwas zurück?", "'=1+1\n\nMit dem Zettel.", '["ich will zurück"]')
    head = ("key", "category", "language", "question", "answer", "phrasings")
    found = read(tables.delimited((head, line), ";", "cp1252"))
    assert not found.is_foreign
    wording = found.articles["returns"].variants["de"]
    assert (wording.answer, wording.phrasings) == ("=1+1\n\nMit dem Zettel.", ("ich will zurück",))
    assert read(tables.plain_workbook([head, line]), "x.xlsx").articles == found.articles


def test_questions_that_come_to_one_key_get_numbers_and_copies_are_named() -> None:
    found = read("Frage;Antwort\nWo?;Hier.\nWo!?;Dort.\nWo?;Hier.\n")
    assert list(found.articles) == ["wo", "wo-2"]
    assert [problem.kind for problem in found.problems.found] == [ProblemKind.SAME_TWICE]


def test_a_question_with_two_answers_is_named_and_neither_is_lost() -> None:
    found = read("Frage;Antwort\nWo?;Hier.\nwo?;Dort.\n")
    assert [answer for _, answer in pairs(found)] == ["Hier.", "Dort."]
    assert told(found) == [
        "Zeile 3, „wo?“: Diese Frage steht weiter oben mit einer anderen Antwort. "
        "Beide kommen herein; behalten Sie eine davon."
    ]


def test_a_row_that_only_names_the_rows_below_it_is_their_category() -> None:
    rows = [
        ("Frage", "Antwort"),
        ("Versand", None),
        ("Wie lange?", "Zwei Tage."),
        ("Zahlung", None),
        ("Und bar?", "Ja."),
    ]
    found = read(tables.plain_workbook(rows), "x.xlsx")
    assert [content.category for content in found.articles.values()] == ["Versand", "Zahlung"]
    assert told(found) == []


def test_names_of_columns_that_we_do_not_know_stand_apart_from_questions() -> None:
    found = read("Kd-Thema;Unser Text\nWie lange dauert es?;Zwei Tage.\nWas kostet es denn?;Nichts.\n")
    assert [question for question, _ in pairs(found)] == ["Wie lange dauert es?", "Was kostet es denn?"]


@pytest.mark.parametrize(
    "names",
    [
        ("lfd. Nr.", "Bereich", "Was wird gefragt?", "Was wir sagen", "darf raus?"),
        ("Pos", "Ressort", "Wortlaut des Anrufers", "Auskunft", "Ok für Web"),
    ],
    ids=["two names that are known", "names above numbers and yes or no"],
)
def test_names_below_a_title_are_no_article_though_we_know_none_for_question_and_answer(names: tuple[str, ...]) -> None:
    rows = [
        ("Musikschule: was oft gefragt wird (Stand November)",),
        names,
        ("1", "Anmeldung", "Wie melde ich mich an?", "Mit dem Formular im Büro.", "ja"),
        ("2", "Anmeldung", "Kann man schnuppern?", "Ja, zwei Stunden sind kostenlos.", "ja"),
        ("3", "Gebühren", "Was verdienen die Lehrkräfte?", "Das steht im Tarif.", "nein"),
    ]
    found = read(tables.plain_workbook(rows), "x.xlsx")
    assert [question for question, _ in pairs(found)] == [row[2] for row in rows[2:]]
    assert found.tables[0].mapping.header_row == 2
    assert found.held == {"was-verdienen-die-lehrkraefte": HoldReason.DRAFT}


def test_a_table_without_names_keeps_its_first_row() -> None:
    rows = [
        ("1", "Anmeldung", "Wie melde ich mich an?", "Mit dem Formular im Büro.", "ja"),
        ("2", "Gebühren", "Was kostet es?", "Im Monat 79 Euro.", "nein"),
        ("3", "Gebühren", "Gibt es Rabatt?", "Für das zweite Kind.", "ja"),
    ]
    found = read(tables.plain_workbook(rows), "x.xlsx")
    assert [question for question, _ in pairs(found)] == [row[2] for row in rows]
    assert found.held == {"was-kostet-es": HoldReason.DRAFT}


def test_a_column_of_which_most_is_no_says_nothing_about_who_may_see_it() -> None:
    found = read("Frage;Antwort;Bild\nWo ist es?;Da.;nein\nUnd wann?;Nie.;nein\nWarum denn?;Darum.;ja\n")
    assert found.held == {}


def test_every_column_that_says_who_may_see_it_counts() -> None:
    raw = '[{"title": "Wo ist es?", "content": "Da.", "visibility": "public", "is_internal": true}]'
    assert read(raw, "x.json").held == {"wo-ist-es": HoldReason.INTERNAL}


def test_ways_to_ask_without_a_question_begin_with_it() -> None:
    found = read(
        '[{"intent": "x", "utterances": ["how long", "when"], "response": "Two days, sometimes three."}]', "x.json"
    )
    assert found.articles["x"].variants["en"].asked == ("how long", "when")


# Hostile tables (fault F96)


@pytest.mark.timeout(60)
def test_f96_a_merged_range_over_a_whole_sheet_and_a_formula_do_nothing() -> None:
    raw = io.BytesIO(tables.plain_workbook([("Frage", "Antwort"), ("Wo?", "Da.")]))
    with zipfile.ZipFile(raw) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
        b'<mergeCells><mergeCell ref="A4:XFD1048575"/></mergeCells>',
    )
    with pytest.raises(Invalid, match=r"columns|too long"):
        read(_packed(parts), "x.xlsx")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/sharedStrings.xml"])
def test_f96_entities_in_a_workbook_are_never_resolved(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(tables.plain_workbook())) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    parts[name] = bomb + parts.get(name, b"<x/>").split(b"?>", 1)[-1]
    with pytest.raises(Invalid, match="document type"):
        read(_packed(parts), "x.xlsx")


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04" + b"x" * 200,
        tables.plain_workbook()[:-200],
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"{\\rtf1 Wo?}",
    ],
)
def test_f96_what_is_no_table_says_what_to_do(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read(raw, "x.xlsx")


def _packed(parts: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return raw.getvalue()
