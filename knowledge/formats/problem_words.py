"""The sentences for what a file holds and no article does, and for articles that come in as drafts."""

from collections.abc import Iterator, Mapping
from gettext import NullTranslations

from i18n import N_, translate
from knowledge.formats.problems import FilePlace, FileProblem, HoldReason, ProblemKind

SENTENCES: Mapping[ProblemKind, str] = {
    ProblemKind.OTHER: "{reason}",
    ProblemKind.QUESTION_MISSING: N_("The question is missing."),
    ProblemKind.ANSWER_MISSING: N_("The answer is missing."),
    ProblemKind.QUESTION_LONG: N_("The question has {found} characters; {most} are allowed."),
    ProblemKind.ANSWER_LONG: N_("The answer has {found} characters; {most} are allowed. Make several articles of it."),
    ProblemKind.LANGUAGE_UNKNOWN: N_("The text doesn't show its language. Choose one for the file."),
    ProblemKind.LANGUAGE_TWICE: N_("The article “{key}” has this language twice: {language}."),
    ProblemKind.KEY_TWICE: N_("The key “{key}” stands further up already."),
    ProblemKind.KEY_UNUSABLE: N_("The key “{key}” can't be used: 1 to 128 characters without slashes or line breaks."),
    ProblemKind.SAME_TWICE: N_("The same question with the same answer stands further up."),
    ProblemKind.ASKED_TWICE: N_("This question stands further up with another answer. Both come in; keep one of them."),
    ProblemKind.FILE_UNREADABLE: N_("The file was passed over: {reason}"),
    ProblemKind.WITHOUT_QUESTIONS: N_("No questions with answers were found here."),
    ProblemKind.PHRASING_UNUSABLE: N_("A phrasing was left out: it is empty or longer than 500 characters."),
    ProblemKind.COLUMN_UNUSED: N_("This column was not used. Say what it is if it belongs to the articles."),
    ProblemKind.SHEET_HIDDEN: N_("This sheet is hidden and was passed over. Show it if it belongs to the articles."),
    ProblemKind.FORMULA_WITHOUT_RESULT: N_("A formula without a result: open the file, calculate and save it once."),
    ProblemKind.COMMENT: N_("A comment was passed over: it is not for customers."),
    ProblemKind.PICTURE: N_("The picture “{name}” was passed over: articles hold text."),
    ProblemKind.FILE_PASSED_OVER: N_("The file “{name}” was passed over: files of this kind hold no articles."),
    ProblemKind.TEXT_BEFORE: N_("Text that belongs to no question was passed over: “{start}”"),
    ProblemKind.PAGE_WITHOUT_TEXT: N_(
        "This page holds no text, perhaps a scanned picture. Recognise its text (OCR) first."
    ),
    ProblemKind.TEMPLATE: N_("The template “{name}” was passed over: only the wiki knows what it says."),
    ProblemKind.TRANSLATION_DRAFT: N_("A translation that is only a draft was passed over; the others are public."),
    ProblemKind.DAMAGED: N_("The file is damaged or of a kind that isn't read ({detail}). Save it once more."),
    ProblemKind.PROTECTED: N_("The file is protected by a password. Save it without one."),
    ProblemKind.NOT_TEXT: N_("The file holds no text that we can read."),
    ProblemKind.OTHER_PROGRAM: N_("Files of {program} aren't read. Save it as {endings}."),
    ProblemKind.OTHER_ARCHIVE: N_("Of packed files only ZIP archives are read. Unpack it first."),
    ProblemKind.NESTED_ARCHIVE: N_("An archive in an archive isn't read. Unpack it first."),
    ProblemKind.NESTED_TOO_DEEPLY: N_("Its parts are nested too deeply."),
    ProblemKind.DOCUMENT_TYPE: N_("The file holds a document type of XML. Entities are never resolved; save it anew."),
    ProblemKind.UNPACKS_TOO_BIG: N_("The file unpacks to more than {megabytes} MB. Split it."),
    ProblemKind.TABLE_TOO_BIG: N_("A table may have {columns} columns and {cells} cells, this one has more."),
    ProblemKind.CELL_TOO_BIG: N_("A cell has more than {megabytes} MB. Is a quotation mark missing?"),
    ProblemKind.WITHOUT_COLUMNS: N_("The file is no table: no separator (; , tab |) makes columns of it."),
    ProblemKind.XML: N_("XML isn't read, and entities are never resolved. Export as HTML, JSON or CSV."),
    ProblemKind.WITHOUT_LIST: N_("The file holds no list of questions and answers."),
    ProblemKind.TEXT_TOO_LONG: N_("A text may have {most} characters here, this one has {found}. Split it."),
    ProblemKind.PAGE_TOO_LONG: N_("A page may have {most} characters, this one has {found}. Split it."),
    ProblemKind.TOO_MANY_PAGES: N_("A PDF may have {most} pages here, this one has {found}. Split it."),
    ProblemKind.SCRIPT_UNREADABLE: N_("A script with JSON-LD can't be read; the rest of the page is."),
    ProblemKind.REDIRECT: N_("This page only leads to another one."),
    ProblemKind.OTHER_NAMESPACE: N_("This page of the wiki is no article (a talk, a user, a template)."),
    ProblemKind.INDEX: N_("This list was passed over: its pages are in the file themselves."),
    ProblemKind.PROPERTY_UNUSED: N_("The property “{name}” of these pages was not used."),
}

HOLDS: Mapping[HoldReason, str] = {
    HoldReason.DRAFT: N_("It is a draft where it comes from."),
    HoldReason.RESTRICTED: N_("Only some readers may see it where it comes from."),
    HoldReason.INTERNAL: N_("It is internal where it comes from."),
    HoldReason.SIGNED_IN: N_("Only signed-in readers may see it where it comes from."),
    HoldReason.ARCHIVED: N_("It is archived or out of date where it comes from."),
    HoldReason.STATUS_UNKNOWN: N_("Its status is none that we know, so it isn't shown to everybody."),
}

_ENGLISH = NullTranslations()


def describe_problem(problem: FileProblem, messages: NullTranslations = _ENGLISH) -> str:
    """Where and what, such as "Tabelle1, Zeile 12: Die Antwort fehlt."."""
    place = describe_place(problem.place, messages)
    what = translate(messages, SENTENCES[problem.kind]).format(**{"reason": "", **problem.values})
    return f"{place}: {what}" if place else what


def describe_place(place: FilePlace, messages: NullTranslations = _ENGLISH) -> str:
    """The place from the outside in; empty for the file as a whole."""
    return ", ".join(_pieces(place, messages))


def describe_hold(reason: HoldReason, messages: NullTranslations = _ENGLISH) -> str:
    """Why an article comes in as a draft."""
    return translate(messages, HOLDS[reason])


def _pieces(place: FilePlace, messages: NullTranslations) -> Iterator[str]:
    yield from (piece for piece in (place.file, place.sheet) if piece)
    if place.page:
        yield messages.gettext(_PAGE).format(page=place.page)
    if place.row:
        yield messages.gettext(_ROW).format(row=place.row)
    if place.entry:
        yield messages.gettext(_ENTRY).format(entry=place.entry)
    if place.column:
        yield messages.gettext(_COLUMN).format(column=place.column)
    if place.line:
        yield messages.gettext(_LINE).format(line=place.line)
    if place.path:
        yield place.path
    if place.title:
        yield messages.gettext(_TITLE).format(title=place.title)


_PAGE, _ROW, _COLUMN = N_("page {page}"), N_("row {row}"), N_("column “{column}”")
_LINE, _ENTRY, _TITLE = N_("line {line}"), N_("entry {entry}"), N_("“{title}”")
