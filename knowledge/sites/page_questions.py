"""The questions of one page of a site, with their answers.

A page with questions (schema.org, and what else `knowledge.formats` reads in HTML) gives those; a page of a help
centre that is one article gives one, its heading.
"""

import re
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from knowledge.articles.content import Content
from knowledge.formats.documents.html_page import find_questions as find_page_questions
from knowledge.formats.problems import FilePlace, FileProblem, FileProblems
from knowledge.formats.source_articles import SourceArticle, collect
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from knowledge.sites.web_page import WebPage
from store.errors import Invalid

#: Characters that a page has to have outside of its links, to be an article.
MIN_ARTICLE_LENGTH = 60
#: What the reading of one page may take.
MAX_SECONDS = 5
#: A page that consists of links by more than this is a list of pages.
MAX_LINK_SHARE = 0.5
#: An answer to a question may lead on, but not be nothing else.
MAX_ANSWER_LINK_SHARE = 0.9
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_HELP = re.compile(
    r"(?:^|[/._-])(?:faqs?|help|hilfe|support|kb|knowledge|wissen|articles?|artikel|docs?|doku|service|kundenservice|"
    r"questions?|fragen|answers?|antworten|hc)(?:[/._-]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuestions:
    """What one page holds: articles under keys made of their words, and what is wrong with others."""

    articles: tuple[tuple[str, Content], ...]
    problems: tuple[FileProblem, ...] = ()


def find_questions(page: WebPage, *, language: str, whole_site: bool) -> PageQuestions:
    """The questions of a page. Raises `SiteProblem` for one that brings none.

    `language` is for pages that neither say nor show theirs. Where a whole site is read, only pages whose address
    speaks of help are taken for articles: the others sell something.
    """
    if page.is_hidden:
        raise SiteProblem(SiteProblemKind.HIDDEN)
    problems = FileProblems(file=page.url, until=monotonic() + MAX_SECONDS)
    is_strict = page.wants_password or (whole_site and not speaks_of_help(page.url))
    read = _read_questions(page, problems, language)
    articles = [(key, content) for key, content in read if _is_answered(content, only_questions=is_strict)]
    if not articles and _is_article(page, whole_site=whole_site):
        problems.until = monotonic() + MAX_SECONDS
        articles = _read_article(page, problems, language)
    if not articles:
        raise SiteProblem(SiteProblemKind.NO_QUESTIONS)
    return PageQuestions(articles=tuple(articles), problems=problems.refused)


def speaks_of_help(url: str) -> bool:
    """Whether an address looks like one of a help centre or of frequent questions."""
    parts = urlsplit(url)
    return bool(_HELP.search(parts.path) or _HELP.search(str(parts.hostname)))


def _read_questions(page: WebPage, problems: FileProblems, language: str) -> list[tuple[str, Content]]:
    try:
        found = collect(find_page_questions(page.html, problems), problems, language)
    except (Invalid, RecursionError):
        return []
    return list(found.contents.items())


def _read_article(page: WebPage, problems: FileProblems, language: str) -> list[tuple[str, Content]]:
    soup = BeautifulSoup(page.html, "html.parser")
    heading = soup.find("h1")
    if heading is not None:
        heading.extract()
    for button in soup.find_all("button"):  # heads of accordions are, but this page has none
        button.decompose()
    body = soup.body.decode_contents() if soup.body else ""
    locale = soup.html.get("lang") if soup.html else None
    read = SourceArticle(place=FilePlace(file=page.url), title=page.title, body=f"<div>{body}</div>", locale=locale)
    return list(collect([read], problems, language).contents.items())


def _is_answered(content: Content, *, only_questions: bool) -> bool:
    """Whether there is more than links under a heading; with `only_questions` it has to ask, too."""
    for wording in content.variants.values():
        asks = wording.question.rstrip(" *_").endswith("?")
        links = sum(len(link) for link in _LINK.findall(wording.answer))
        words = len(_LINK.sub(r"\1", wording.answer))
        most = MAX_ANSWER_LINK_SHARE if asks else MAX_LINK_SHARE
        if links <= most * words and (asks or not only_questions):
            return True
    return False


def _is_article(page: WebPage, *, whole_site: bool) -> bool:
    own = page.text_length - page.link_length
    is_list = page.link_length > MAX_LINK_SHARE * page.text_length
    if not page.title or is_list or own < MIN_ARTICLE_LENGTH or page.wants_password:
        return False
    return not whole_site or speaks_of_help(page.url)
