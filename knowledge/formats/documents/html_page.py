"""An HTML page: schema.org's questions, accordions, headings that ask, or the whole page as one article."""

import re
from dataclasses import replace

from bs4 import BeautifulSoup, Tag

from knowledge.formats.documents import schema_questions
from knowledge.formats.documents.accordions import classes_of, links_in
from knowledge.formats.documents.blocks import DocumentBlock
from knowledge.formats.documents.document_articles import find_articles
from knowledge.formats.documents.html_blocks import clean_page, plain, read_blocks
from knowledge.formats.documents.html_parsing import parse_html, without_programs
from knowledge.formats.page_facts import PageFacts, read_facts
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle

MAX_CHARACTERS, MAX_CHARACTERS_OVER_WEB = 10_000_000, 1_000_000
"""Of a page without its scripts, styles and drawings; the second where somebody waits."""
MIN_PAGE_LENGTH = 40
MAX_LINK_SHARE = 0.5

_ABOUT_QUESTIONS = re.compile(r"faq|häufig|haeufig|frage|question|hilfe|help|support", re.IGNORECASE)
_CONTENT = ("#main-content", "main", "article", "role=main", "#content", "page-body")


def read_page(text: str, problems: FileProblems, *, category: str | None = None) -> list[SourceArticle]:
    """The articles of a page. Raises `FileRefusal` for one that is too long or holds none."""
    found = find_questions(text, problems, category=category) or find_whole_page(text, problems, category=category)
    if not found:
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    return found


def find_questions(text: str, problems: FileProblems, *, category: str | None = None) -> list[SourceArticle]:
    """The questions of a page, as it declares them or else as it shows them."""
    soup = _parse(text, problems)
    spoken = soup.html.get("lang") if soup.html else None
    declared = schema_questions.read(soup, problems)
    if declared:
        return declared
    facts = _page_facts(soup)
    about = _ABOUT_QUESTIONS.search(f"{_title(soup)} {plain(soup.h1) if soup.h1 else ''}")
    noted = problems.mark()
    clean_page(soup, problems)
    problems.check_time()
    blocks = read_blocks(_content(soup))
    found = find_articles(blocks, problems, locale=spoken, category=category, only_questions=not about)
    if not found:
        problems.reset(noted)
    return [replace(one, hold=facts.hold) for one in found]


def find_whole_page(text: str, problems: FileProblems, *, category: str | None = None) -> list[SourceArticle]:
    """The page as one article, if it has a title and some text."""
    problems.check_time()
    soup = _parse(text, problems)
    spoken = soup.html.get("lang") if soup.html else None
    title, crumb, facts = _title(soup), _breadcrumb(soup), _page_facts(soup)
    clean_page(soup, problems)
    content = _content(soup)
    heading = content.find("h1")
    if isinstance(heading, Tag):
        title = plain(heading) or title
        heading.extract()
    if not title or _is_list_of_links(content) or len(plain(content)) < MIN_PAGE_LENGTH:
        return []
    place = FilePlace(file=problems.file)
    body = f"<div>{content.decode_contents()}</div>"
    named = facts.category or crumb or category
    return [SourceArticle(title=title, body=body, place=place, locale=spoken, category=named, hold=facts.hold)]


def read_fragment(html: str, problems: FileProblems, *, only_questions: bool = False) -> list[SourceArticle]:
    """The articles of a document that was converted to HTML, such as Word's."""
    soup = parse_html(html)
    blocks: list[DocumentBlock] = read_blocks(soup)
    return find_articles(blocks, problems, only_questions=only_questions)


def _page_facts(soup: BeautifulSoup) -> PageFacts:
    """What Notion's table of properties says above a page; it is no part of the text."""
    properties = soup.find("table", class_="properties")
    if not isinstance(properties, Tag):
        return PageFacts()
    said = {plain(row.th): plain(row.td) for row in properties.find_all("tr") if row.th and row.td}
    properties.extract()
    return read_facts(said)


def _parse(text: str, problems: FileProblems) -> BeautifulSoup:
    page = without_programs(text)
    most = MAX_CHARACTERS_OVER_WEB if problems.is_limited else MAX_CHARACTERS
    if len(page) > most:
        raise FileRefusal(ProblemKind.PAGE_TOO_LONG, most=f"{most:,}", found=f"{len(page):,}")
    return parse_html(page)


def _content(soup: BeautifulSoup) -> Tag:
    """The part of a page that is about its matter. Several articles side by side are a list: then the body."""
    marked = soup.find_all(_marks_content)
    for mark in _CONTENT:
        found = [element for element in marked if mark in _marks_of(element)]
        if len(found) == 1 and len(plain(found[0])) >= MIN_PAGE_LENGTH:
            return found[0]
    return soup.body or soup


def _marks_content(element: Tag) -> bool:
    return not _marks_of(element).isdisjoint(_CONTENT)


def _marks_of(element: Tag) -> set[str]:
    """What may say of an element that the page's matter stands in it: name, id, role, classes."""
    return {element.name, f"#{element.get('id')}", f"role={element.get('role')}", *classes_of(element).split()}


def _is_list_of_links(content: Tag) -> bool:
    """Whether a page only leads to others."""
    links = sum(len(plain(link)) for link in links_in(content))
    return links > MAX_LINK_SHARE * len(plain(content))


def _title(soup: BeautifulSoup) -> str:
    """The page's own name; Confluence puts that of the space in front, others that of the site behind it."""
    own = soup.find(id="title-text") or soup.find("title")
    text = plain(own) if isinstance(own, Tag) else ""
    if isinstance(own, Tag) and own.get("id") == "title-text":
        return text.split(" : ", 1)[-1]
    return re.split(r"\s+[|–—·»]\s+", text)[0] if text else ""


def _breadcrumb(soup: BeautifulSoup) -> str | None:
    """Where a wiki's page lies: the last page above it, the space itself left out."""
    crumbs = soup.find(id="breadcrumbs")
    names = [plain(each) for each in crumbs.find_all("li")] if isinstance(crumbs, Tag) else []
    return names[-1] if len(names) > 1 else None
