"""Questions that a page declares in the words of schema.org (FAQPage, QAPage), as JSON-LD or as microdata.

Source: schema.org, FAQPage, QAPage, Question and Answer. Nothing of the page is run or fetched.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from knowledge.formats.source_articles import SourceArticle

_PAGES = ("FAQPage", "QAPage")
_DEEPEST = 20


def read(soup: BeautifulSoup, problems: FileProblems) -> list[SourceArticle]:
    """The questions of the page, each once; none where it declares none."""
    spoken = soup.html.get("lang") if soup.html else None
    return list(_from_json(soup, spoken, problems)) or list(_from_microdata(soup, spoken, problems))


def read_document(document: Any, problems: FileProblems) -> list[SourceArticle]:
    """The questions of a JSON-LD document on its own."""
    return list(_from_document(document, None, problems))


def _from_json(soup: BeautifulSoup, spoken: object, problems: FileProblems) -> Iterator[SourceArticle]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            document = json.loads(script.string or "", strict=False)
        except (json.JSONDecodeError, RecursionError):
            problems.note(ProblemKind.SCRIPT_UNREADABLE)
            continue
        yield from _from_document(document, spoken, problems)


def _from_document(document: Any, spoken: object, problems: FileProblems) -> Iterator[SourceArticle]:
    for page in _find(document):
        locale = page.get("inLanguage") or spoken
        for number, question in enumerate(_as_list(page.get("mainEntity")), start=1):
            yield _from_question(question, FilePlace(file=problems.file, entry=number), locale)


def _from_question(question: Any, place: FilePlace, locale: object) -> SourceArticle:
    said = question if isinstance(question, Mapping) else {}
    answers = [*_as_list(said.get("acceptedAnswer")), *_as_list(said.get("suggestedAnswer"))]
    answer = answers[0] if answers and isinstance(answers[0], Mapping) else {}
    title = said.get("name") or said.get("text")
    spoken = said.get("inLanguage") or locale
    return SourceArticle(place=place, title=title, body=answer.get("text"), locale=spoken)


def _find(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The pages of questions, wherever they stand in a document."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        if any(kind in _as_list(value.get("@type")) for kind in _PAGES):
            yield value
        else:
            for inner in value.values():
                yield from _find(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _find(inner, depth + 1)


def _from_microdata(soup: BeautifulSoup, spoken: object, problems: FileProblems) -> Iterator[SourceArticle]:
    questions = soup.find_all(itemtype=lambda kind: bool(kind) and kind.rstrip("/").endswith("schema.org/Question"))
    for number, question in enumerate(questions, start=1):
        title = _property(question, "name")
        answer = _property(question, "text", within="acceptedAnswer") or _property(
            question, "text", within="suggestedAnswer"
        )
        yield SourceArticle(
            place=FilePlace(file=problems.file, entry=number),
            title=" ".join(title.get_text().split()) if title else None,
            body=answer.decode_contents() if answer else None,
            locale=question.get("lang") or spoken,
        )


def _property(item: Tag, name: str, within: str = "") -> Tag | None:
    place = item.find(itemprop=within) if within else item
    return place.find(itemprop=name) if isinstance(place, Tag) else None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
