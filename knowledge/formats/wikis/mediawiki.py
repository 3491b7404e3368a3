"""MediaWiki's export (Special:Export): XML by defusedxml, the wiki's own writing by mwparserfromhell.

Source: mediawiki.org, Help:Export; namespace 0 holds the articles.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge.formats.documents.document_articles import asks, find_articles
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle
from knowledge.formats.wikis.markdown_notes import markdown_blocks

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_PAGE_LENGTH = 1_000_000

_CATEGORY = re.compile(r"\[\[\s*(?:category|kategorie|catégorie)\s*:\s*([^\]|]+)[^\]]*\]\]", re.IGNORECASE)
_FILE = re.compile(r"^\s*(?:file|datei|image|bild|media|fichier)\s*:", re.IGNORECASE)
_HEADING = re.compile(r"^(={1,6})\s*(.+?)\s*\1\s*$", re.MULTILINE)
_LIST = re.compile(r"^([*#:;]+)\s*", re.MULTILINE)
_TERM = re.compile(r"^;[ \t]*(\S[^\n]{0,250}\?)[ \t]*$", re.MULTILINE)
_REDIRECT = re.compile(r"^\s*#(?:redirect|weiterleitung|redirection)\b", re.IGNORECASE)


def is_mediawiki(text: str) -> bool:
    """Whether a text is such an export."""
    return "<mediawiki" in text[:2000]


def read_mediawiki(text: str, problems: FileProblems) -> list[SourceArticle]:
    """The articles of the pages. Raises `FileRefusal` for what is damaged or holds a document type."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    found: list[SourceArticle] = []
    try:
        for _, element in iterparse(io.BytesIO(text.encode()), forbid_dtd=True):
            if _name(element) == "page":
                problems.check_time()
                found += _page(element, problems)
                element.clear()
    except ParseError:
        raise FileRefusal(ProblemKind.DAMAGED, detail="XML") from None
    except DefusedXmlException:
        raise FileRefusal(ProblemKind.DOCUMENT_TYPE) from None
    return found


def _page(page: "Element", problems: FileProblems) -> Iterator[SourceArticle]:
    facts = {_name(child): child for child in page}
    title = (facts["title"].text if "title" in facts else "") or ""
    place = FilePlace(file=problems.file, title=title[:60])
    texts = [each.text or "" for each in page.iter() if _name(each) == "text"]
    source = texts[-1] if texts else ""
    if "ns" in facts and (facts["ns"].text or "0") != "0":
        problems.note(ProblemKind.OTHER_NAMESPACE, place)
    elif "redirect" in facts or _REDIRECT.match(source):
        problems.note(ProblemKind.REDIRECT, place)
    elif len(source) > MAX_PAGE_LENGTH:
        problems.note(ProblemKind.PAGE_TOO_LONG, place, most=f"{MAX_PAGE_LENGTH:,}", found=f"{len(source):,}")
    else:
        yield from _articles(title, source, place, problems)


def _articles(title: str, source: str, place: FilePlace, problems: FileProblems) -> Iterator[SourceArticle]:
    categories = _CATEGORY.findall(source)
    category = categories[0].strip() if categories else None
    body = _to_markdown(_CATEGORY.sub("", source), place, problems)
    blocks = list(markdown_blocks(body))
    if any(asks(block.text) for block in blocks):
        yield from find_articles(blocks, problems, category=category or title, only_questions=True)
    else:
        yield SourceArticle(title=title, body=body, place=FilePlace(file=problems.file), category=category)


def _to_markdown(source: str, place: FilePlace, problems: FileProblems) -> str:
    """Headings, lists, bold words and links; templates and files are named, references go."""
    import mwparserfromhell

    code: Any = mwparserfromhell.parse(source, skip_style_tags=True)
    for template in code.filter_templates(recursive=False):
        problems.note(ProblemKind.TEMPLATE, place, name=str(template.name).strip()[:60])
        _remove(code, template)
    for link in code.filter_wikilinks(recursive=False):
        if _FILE.match(str(link.title)):
            problems.note(ProblemKind.PICTURE, place, name=str(link.title).split(":", 1)[1].strip()[:60])
            _remove(code, link)
        else:
            code.replace(link, str(link.text or str(link.title).rsplit("#", 1)[0] or link.title))
    for link in code.filter_external_links(recursive=False):
        code.replace(link, f"[{link.title}]({link.url})" if link.title else f"<{link.url}>")
    for tag in code.filter_tags(recursive=False, matches=lambda node: str(node.tag).strip().lower() == "ref"):
        _remove(code, tag)
    for comment in code.filter_comments():
        _remove(code, comment)
    return _marks_to_markdown(str(code))


def _remove(code: Any, node: Any) -> None:
    try:
        code.remove(node)
    except ValueError:  # it went with what it stood in
        return


def _marks_to_markdown(text: str) -> str:
    text = _TERM.sub(r"\n====== \1 ======\n", text)
    text = _LIST.sub(_list_mark, text)
    text = re.sub(r"'''(.+?)'''", r"**\1**", text)
    text = re.sub(r"''(.+?)''", r"*\1*", text)
    return _HEADING.sub(lambda found: f"\n{'#' * len(found[1])} {found[2]}\n", text).strip()


def _list_mark(found: re.Match[str]) -> str:
    marks = found[1]
    if marks[-1] in ":;":
        return ""
    return "  " * (len(marks) - 1) + ("- " if marks[-1] == "*" else "1. ")


def _name(element: "Element") -> str:
    """The element's name without the namespace, which tells the export's version."""
    return str(element.tag).rsplit("}", 1)[-1]
