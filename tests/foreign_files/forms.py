"""Every form of file, by name: how it is made, what it is called, and what must come out of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.foreign_files import documents, help_desks, tables, wikis


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """One form. `articles` must be read, `held` of them as drafts, `passed_over` things be named; in `language`."""

    name: str
    file: str
    make: Callable[[], bytes]
    articles: int = 5
    held: int = 0
    passed_over: int = 0
    language: str = "de"


FORMS: tuple[FileForm, ...] = (
    FileForm(name="CSV of a German Excel", file="faq.csv", make=tables.german_excel_csv),
    FileForm(name="Unicode text of Excel (UTF-16, tabs)", file="faq.txt", make=tables.unicode_text),
    FileForm(name="CSV without names of columns", file="faq.csv", make=tables.csv_without_header),
    FileForm(name="CSV of an old Mac", file="faq.csv", make=tables.mac_csv),
    FileForm(name="CSV with a column for each language", file="faq.csv", make=tables.bilingual_csv),
    FileForm(
        name="text with bars and a status", file="kb.txt", make=tables.piped_text, held=1, passed_over=1, language="en"
    ),
    FileForm(name="Excel, one sheet", file="faq.xlsx", make=tables.plain_workbook),
    FileForm(name="Excel, sheets, comments, formulas", file="faq.xlsx", make=tables.workbook, passed_over=5),
    FileForm(name="Excel until 2003", file="faq.xls", make=tables.old_workbook),
    FileForm(name="OpenDocument table", file="faq.ods", make=tables.open_document, articles=6, passed_over=1),
    FileForm(name="Word with headings", file="faq.docx", make=documents.word_with_headings, passed_over=2),
    FileForm(name="Word with bold lines", file="faq.docx", make=documents.word_with_bold_lines),
    FileForm(name="Word with a table", file="faq.docx", make=documents.word_with_a_table),
    FileForm(name="OpenDocument text", file="faq.odt", make=documents.open_text),
    FileForm(name="PDF with sizes", file="faq.pdf", make=documents.pdf_with_sizes),
    FileForm(name="PDF with bold questions", file="faq.pdf", make=documents.pdf_with_bold_questions, language="en"),
    FileForm(name="page with buttons (ARIA)", file="faq.html", make=documents.accordion_page, passed_over=1),
    FileForm(name="page with details", file="faq.html", make=documents.details_page, passed_over=1, language="en"),
    FileForm(name="page with Bootstrap's accordion", file="hilfe.html", make=documents.bootstrap_page),
    FileForm(name="page with telling classes", file="fragen.html", make=documents.class_page),
    FileForm(name="page with a list of terms", file="fragen.html", make=documents.term_list_page),
    FileForm(name="page with headings that ask", file="page.html", make=documents.heading_page),
    FileForm(name="page with schema.org", file="faq.html", make=documents.declared_page),
    FileForm(name="Notion, Markdown and CSV", file="Export.zip", make=wikis.notion_markdown, passed_over=5),
    FileForm(name="Notion, one page", file="FAQ.md", make=wikis.notion_page),
    FileForm(name="Notion, HTML", file="Export.zip", make=wikis.notion_html, articles=6, held=1),
    FileForm(name="Confluence, HTML", file="Confluence-space-export.zip", make=wikis.confluence_html, passed_over=2),
    FileForm(name="Obsidian", file="vault.zip", make=wikis.obsidian_vault, articles=6, held=1, passed_over=2),
    FileForm(name="MediaWiki", file="Rad.xml", make=wikis.mediawiki_dump, passed_over=4),
    FileForm(name="folder of Markdown", file="help.zip", make=wikis.folder_of_notes, language="en"),
    FileForm(name="Zendesk", file="zendesk.json", make=help_desks.zendesk, held=2),
    FileForm(name="Intercom", file="intercom.json", make=help_desks.intercom, held=1),
    FileForm(name="Freshdesk", file="Solutions.json", make=help_desks.freshdesk, held=3),
    FileForm(name="Chatwoot", file="chatwoot.json", make=help_desks.chatwoot, held=1),
    FileForm(name="Help Scout", file="docs.json", make=help_desks.help_scout, held=1, language="en"),
    FileForm(name="JSON list", file="faq.json", make=help_desks.question_list),
    FileForm(name="JSON, categories", file="faq.json", make=help_desks.nested_list, language="en"),
    FileForm(name="JSON, questions as names", file="faq.json", make=help_desks.dictionary),
    FileForm(name="JSON lines", file="faq.jsonl", make=help_desks.json_lines),
    FileForm(name="text, F: and A:", file="faq.txt", make=documents.marked_text),
    FileForm(name="text, numbered", file="faq.txt", make=documents.numbered_text),
    FileForm(name="text, Frage: and Antwort:", file="faq.txt", make=documents.spelt_out_text),
)
