"""Files of other programs: every question comes in with its answer, whoever may see it, and the rest is named."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from i18n import catalog
from knowledge.formats.import_plan import ImportContents, ImportSource, read_source
from knowledge.formats.problem_words import HOLDS, SENTENCES, describe_hold, describe_problem
from knowledge.formats.problems import FileProblem, HoldReason, ProblemKind
from store.errors import Invalid
from tests.foreign_files import documents, help_desks, wikis
from tests.foreign_files.forms import FORMS, FileForm
from tests.foreign_files.sentences import ENGLISH, GERMAN

STAFF = catalog("staff", "de")
#: What grows with the square of a hostile file takes hours; a busy machine takes seconds.
A_MINUTE = pytest.mark.timeout(60)


def read(raw: str | bytes, name: str = "x.html") -> ImportContents:
    return read_source(ImportSource(raw=raw.encode() if isinstance(raw, str) else raw, name=name))


def pairs(contents: ImportContents) -> list[tuple[str, str]]:
    return [
        (wording.question, wording.answer)
        for content in contents.articles.values()
        for wording in content.variants.values()
    ]


def told(contents: ImportContents) -> list[str]:
    return [describe_problem(problem, STAFF) for problem in contents.problems.found]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_form_is_read(form: FileForm) -> None:
    found = read(form.make(), form.file)
    wordings = [content.variants[form.language] for content in found.articles.values()]
    said = {wording.question.rstrip("?"): wording.answer for wording in wordings}
    for pair in GERMAN if form.language == "de" else ENGLISH:
        answer = said[pair.question.rstrip("?")]
        assert pair.answer[:5] in answer.replace("**", ""), pair
        assert not any(other.question in answer for other in (*GERMAN, *ENGLISH)), pair
    assert (len(found.articles), len(found.held)) == (form.articles, form.held)
    assert found.problems.count == form.passed_over, told(found)


def test_sections_folders_and_breadcrumbs_become_categories() -> None:
    for raw, name in (
        (documents.word_with_headings(), "x.docx"),
        (documents.pdf_with_sizes(), "x.pdf"),
        (documents.heading_page(), "x.html"),
        (wikis.confluence_html(), "x.zip"),
        (wikis.notion_markdown(), "x.zip"),
        (wikis.notion_page(), "x.md"),
    ):
        categories = [content.category for content in read(raw, name).articles.values()]
        assert set(categories) == {"Werkstatt", "Leihräder"}, name


def test_who_may_see_an_article_is_kept() -> None:
    assert read(help_desks.zendesk(), "x.json").held == {
        "zendesk-2": HoldReason.RESTRICTED,
        "zendesk-3": HoldReason.DRAFT,
    }
    assert set(read(help_desks.freshdesk(), "x.json").held.values()) == {HoldReason.DRAFT, HoldReason.INTERNAL}
    assert read(wikis.notion_html(), "x.zip").held == {"lager": HoldReason.INTERNAL}
    assert read(wikis.obsidian_vault(), "x.zip").held == {"lager": HoldReason.DRAFT}
    segments = json.loads(help_desks.zendesk())
    segments["user_segments"] = [{"id": 77, "user_type": "signed_in_users"}]
    assert read(json.dumps(segments), "x.json").held["zendesk-2"] == HoldReason.SIGNED_IN


def test_every_reason_has_its_sentence_in_german() -> None:
    names = (
        "found",
        "most",
        "key",
        "language",
        "name",
        "start",
        "megabytes",
        "columns",
        "cells",
        "program",
        "endings",
        "detail",
    )
    values = dict.fromkeys(names, "7")
    for kind in ProblemKind:
        assert kind in SENTENCES
        problem = FileProblem(kind=kind, values=values)
        assert kind == ProblemKind.OTHER or describe_problem(problem, STAFF) != describe_problem(problem)
    assert all(describe_hold(reason, STAFF) != describe_hold(reason) for reason in HOLDS)


def test_notes_lose_what_is_only_for_their_program() -> None:
    found = read(wikis.obsidian_vault(), "x.zip")
    wording = found.articles["wie-lange-dauert-eine-inspektion"].variants["de"]
    assert wording.answer == "Zwei Werktage; im März eher vier, für größere Räder fünf."
    assert wording.phrasings == ("Frage 0",)


def test_the_text_of_a_wiki_becomes_markdown_and_its_templates_are_named() -> None:
    found = read(wikis.mediawiki_dump(), "x.xml")
    assert found.articles["wie-lange-dauert-eine-inspektion"].variants["de"].answer.startswith("**Zwei Werktage;")
    assert told(found)[:2] == [
        "„Werkstatt“: Die Vorlage „Achtung“ wurde übergangen: Nur das Wiki weiß, was sie sagt.",
        "„Werkstatt“: Das Bild „Rad.png“ wurde übergangen: Artikel enthalten Text.",
    ]


def test_a_scanned_pdf_says_that_it_holds_no_text() -> None:
    found = read(documents.scanned_pdf(), "x.pdf")
    assert found.articles == {}
    assert told(found) == [
        "Seite 1: Diese Seite enthält keinen Text; vielleicht ist sie ein gescanntes Bild. Lassen Sie zuerst den Text "
        "erkennen (OCR)."
    ]


def test_an_answer_keeps_the_headings_and_lists_below_its_question() -> None:
    found = read("# Hilfe\n\n## Wie fahre ich?\n\nSo:\n\n- treten\n- lenken\n\n### Im Winter\n\nLangsam.\n", "x.md")
    assert pairs(found) == [("Wie fahre ich?", "So:\n\n- treten\n- lenken\n\n**Im Winter**\n\nLangsam.")]


def test_accordions_in_accordions_are_groups_of_questions() -> None:
    inner = "".join(f"<details><summary>{pair.question}</summary>{pair.answer}</details>" for pair in GERMAN)
    page = f"<html lang=de><body><details><summary>Rund ums Rad</summary>{inner}</details></body></html>"
    found = read(page)
    assert [question for question, _ in pairs(found)] == [pair.question for pair in GERMAN]
    assert {content.category for content in found.articles.values()} == {"Rund ums Rad"}


def test_a_menu_that_opens_is_no_question() -> None:
    menu = (
        "<div><button aria-expanded=false aria-controls=m>Produkte</button><div id=m><a href=/a>Räder</a></div></div>"
    )
    found = read(f"<html lang=de><body>{menu}<h2>Wie lange dauert es?</h2><p>Zwei Tage lang.</p></body></html>")
    assert pairs(found) == [("Wie lange dauert es?", "Zwei Tage lang.")]


def test_a_page_that_asks_nothing_is_one_article() -> None:
    page = "<html lang=de><title>Radpflege | Radwerk</title><main><h1>Radpflege</h1><p>Alle zwei Wochen ölen wir.</p>"
    found = read(f"{page}<p>Im Winter öfter, weil Salz der Kette schadet.</p></main></html>")
    assert [question for question, _ in pairs(found)] == ["Radpflege"]


def test_text_above_the_first_question_is_named() -> None:
    found = read("<html lang=de><h1>FAQ</h1><p>Wir sind für Sie da.</p><h2>Wo?</h2><p>In der Mitte der Stadt.</p>")
    assert told(found) == ["„FAQ“: Text, der zu keiner Frage gehört, wurde übergangen: „Wir sind für Sie da.“"]


def test_one_unreadable_file_of_an_archive_is_named_and_the_others_come_in() -> None:
    files = {"a.txt": documents.marked_text(), "b.docx": b"PK\x03\x04 broken", "c.json": help_desks.question_list()}
    found = read(wikis.packed(files), "x.zip")
    assert len(found.articles) == len(GERMAN)
    assert [problem.place.file for problem in found.problems.refused] == ["b.docx"]


LONG, COST = ("Wie lange dauert es?", "Zwei Tage."), ("Was kostet es?", "Nichts.")


def _paragraphs(document: Any) -> None:
    for question, answer in (LONG, COST):
        run = document.add_paragraph().add_run(question)
        run.bold = True
        run.add_break()
        document.paragraphs[-1].add_run(answer)


def _word(write: Callable[[Any], None]) -> bytes:
    import docx

    document, raw = docx.Document(), io.BytesIO()
    write(document)
    document.save(raw)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.docx", _word(_paragraphs)),
        ("a.html", "<html lang=de><p><strong>Wie lange dauert es?</strong><br>Zwei Tage.</p>"
         "<p><b>Was kostet es?</b> Nichts."),
        ("a.html", "<html lang=de><div class=et_pb_toggle><h5 class=et_pb_toggle_title>Wie lange dauert es?</h5>"
         "<div class=et_pb_toggle_content>Zwei Tage.</div></div><div class=et_pb_toggle><h5 class=et_pb_toggle_title>"
         "Was kostet es?</h5><div class=et_pb_toggle_content>Nichts.</div></div>"),
        ("a.html", "<html lang=de><div><input type=checkbox id=q><label for=q>Wie lange dauert es?</label>"
         "<div>Zwei Tage.</div></div><div><input type=checkbox id=r><label for=r>"
         "Was kostet es?</label><div>Nichts.</div></div>"),
        ("a.html", "<html lang=de><div class=expand-container><div class=expand-control>"
         "<span class=expand-control-text>Wie lange dauert es?</span></div><div class=expand-content>"
         "<p>Zwei Tage.</p></div></div><h3>Was kostet es?</h3><p>Nichts.</p>"),
        ("FAQ 1a2b3c4d5e6f47089a0b1c2d3e4f5a6b.md", "# FAQ\n\n- Wie lange dauert es?\n    \n    Zwei Tage.\n    \n"
         "- **Was kostet es?**\n    \n    Nichts.\n"),
        ("a.md", "**Wie lange dauert es?**\n\nZwei Tage.\n\n**Was kostet es?**\nNichts.\n"),
        ("a.md", "# FAQ\n\n1. **Wie lange dauert es?** Zwei Tage.\n2. **Was kostet es?** Nichts.\n"),
        ("a.md", "# FAQ\n\n> [!question]- Wie lange dauert es?\n> Zwei Tage.\n\n> [!faq] Was kostet es?\n> Nichts.\n"),
        ("a.xml", "<mediawiki><page><title>FAQ</title><ns>0</ns><revision><text>; Wie lange dauert es?\n: Zwei Tage.\n"
         "; Was kostet es?\n: Nichts.</text></revision></page></mediawiki>"),
        ("a.txt", "Frage:\nWie lange dauert es?\nAntwort:\nZwei Tage.\n\nFrage:\nWas kostet es?\nAntwort:\nNichts.\n"),
        ("a.csv", "Wie lange dauert es?\nZwei Tage.\nWas kostet es?\nNichts.\n"),
        ("a.json", json.dumps({"list": [{"text": asked, "answers": [answer]} for asked, answer in (LONG, COST)]})),
        ("a.txt", "Wie lange dauert es?\nZwei Tage.\n\nWas kostet es?\nNichts.\n"),
        ("a.txt", "Frage 1: Wie lange dauert es?\nAntwort: Zwei Tage.\nFrage 2: Was kostet es?\nAntwort: Nichts.\n"),
    ],
)  # fmt: skip
def test_questions_are_found_however_they_are_set(name: str, raw: str | bytes) -> None:
    assert pairs(read(raw, name)) == [LONG, COST]


def test_a_question_within_an_answer_is_part_of_it() -> None:
    found = read("Was kostet es?\nNichts. Oder doch?\nVielleicht.\n", "a.txt")
    assert pairs(found) == [("Was kostet es?", "Nichts. Oder doch?\nVielleicht.")]


def test_a_table_of_contents_is_neither_an_article_nor_lost() -> None:
    contents = "<p>Wie lange dauert es? ..... 2</p><p>Was kostet es? ..... 3</p>"
    found = read(
        f"<html lang=de><h1>FAQ</h1>{contents}<h1>Wie lange dauert es?</h1><p>Zwei.</p><h1>Was kostet es?</h1>Nichts."
    )
    assert pairs(found) == [("Wie lange dauert es?", "Zwei."), ("Was kostet es?", "Nichts.")]
    assert told(found) == []


def test_a_third_language_is_recognised() -> None:
    found = read("Q : Combien de temps cela prend-il ?\nR : Deux jours ouvrés, parfois trois jours.\n", "a.txt")
    assert [set(content.variants) for content in found.articles.values()] == [{"fr"}]


def test_a_bare_list_of_zendesks_articles_is_known_by_who_may_see_them() -> None:
    articles = json.loads(help_desks.zendesk())["articles"]
    assert set(read(json.dumps(articles), "x.json").held) == {"zendesk-2", "zendesk-3"}
    pages = [{"articles": articles[:2]}, {"articles": articles[2:]}]
    assert len(read(json.dumps(pages), "x.json").articles) == len(GERMAN)


# Hostile files (fault F96)


@A_MINUTE
def test_f96_a_pdf_whose_page_unpacks_without_end_is_refused() -> None:
    packed = zlib.compress(b"BT (x) Tj ET " * 20_000_000, 9)
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    pdf += b"4 0 obj<</Filter/FlateDecode/Length " + str(len(packed)).encode() + b">>stream\n" + packed
    pdf += b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    with pytest.raises(Invalid):
        read(pdf, "x.pdf")


@A_MINUTE
@pytest.mark.parametrize("raw", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\x00" * 1000, documents.pdf_with_sizes()[:900]])
def test_f96_a_damaged_pdf_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read(raw, "x.pdf")


def test_f96_entities_in_a_word_document_are_never_resolved() -> None:
    with zipfile.ZipFile(io.BytesIO(documents.word_with_bold_lines())) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    document = parts["word/document.xml"]
    assert isinstance(document, bytes)
    parts["word/document.xml"] = document.replace(b"?>", b"?>" + bomb, 1)
    with pytest.raises(Invalid, match="document type"):
        read(wikis.packed(parts), "x.docx")


def test_f96_entities_in_a_wiki_are_never_resolved() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]>' + wikis.mediawiki_dump()
    with pytest.raises(Invalid, match="document type"):
        read(bomb, "x.xml")


def test_other_xml_says_what_to_do() -> None:
    with pytest.raises(Invalid, match="Export as HTML"):
        read('<?xml version="1.0"?><hibernate-generic></hibernate-generic>', "entities.xml")


@A_MINUTE
@pytest.mark.parametrize("name", ["x.html", "x.md", "x.txt"])
@pytest.mark.parametrize(
    "text",
    [
        "<details><summary>a?</summary>" * 3_000,
        "<ul><li>" * 20_000 + "x?",
        "<dl>" * 20_000,
        "<button aria-controls=a aria-expanded=false>Wo?</button><div id=a>" * 5_000,
        "<h2>Wo?</h2>" * 30_000,
        "# Wo?\n" * 100_000,
        "[[a|" * 100_000,
        "![" * 200_000,
        "F: " * 300_000,
        "<!-- " * 200_000,
        "%%" * 200_000 + "x",
        "---\n" + "a: &a [*a]\n" * 1000 + "---\nx",
    ],
    ids=lambda text: text[:12],
)
def test_f96_pages_and_notes_without_end_come_to_one(text: str, name: str) -> None:
    try:
        read(text, name)
    except Invalid:
        return


@A_MINUTE
def test_f96_templates_without_end_come_to_one() -> None:
    source = "{{" * 50_000 + "'''" * 50_000 + "[[" * 50_000
    raw = f"<mediawiki><page><title>Wo</title><ns>0</ns><revision><text>{source}</text></revision></page></mediawiki>"
    try:
        read(raw, "x.xml")
    except Invalid:
        return
