"""A page with schema.org's FAQPage in its HTML, as JSON-LD or as microdata.

Source: schema.org, FAQPage, Question and Answer. Nothing of the page is run or fetched.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

from knowledge.formats.problems import FilePlace, FileProblems
from knowledge.formats.source_articles import SourceArticle
from store.errors import Invalid

MAX_CHARACTERS = 3_000_000
_DEEPEST = 20


def read(text: str, problems: FileProblems) -> list[SourceArticle]:
    """The questions of the page."""
    if len(text) > MAX_CHARACTERS:
        raise Invalid(f"A page may have {MAX_CHARACTERS:,} characters, this one has {len(text):,}.")
    soup = BeautifulSoup(text, "html.parser")
    spoken = soup.html.get("lang") if soup.html else None
    found = list(_from_json(soup, spoken, problems)) or list(_from_microdata(soup, spoken, problems))
    if not found:
        raise Invalid("The page holds no FAQPage of schema.org, neither as JSON-LD nor as microdata.")
    return found


def _from_json(soup: BeautifulSoup, spoken: object, problems: FileProblems) -> Iterator[SourceArticle]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            document = json.loads(script.string or "")
        except (json.JSONDecodeError, RecursionError) as error:
            problems.add(0, f"a script with JSON-LD can't be read ({type(error).__name__})")
            continue
        for faq in _find(document, "FAQPage"):
            locale = faq.get("inLanguage") or spoken
            for number, question in enumerate(_as_list(faq.get("mainEntity")), start=1):
                yield _from_question(question, FilePlace(file=problems.file, entry=number), locale)


def _from_question(question: Any, place: FilePlace, locale: object) -> SourceArticle:
    said = question if isinstance(question, Mapping) else {}
    answers = _as_list(said.get("acceptedAnswer"))
    answer = answers[0] if answers and isinstance(answers[0], Mapping) else {}
    title = said.get("name") or said.get("text")
    spoken = said.get("inLanguage") or locale
    return SourceArticle(place=place, title=title, body=answer.get("text"), locale=spoken)


def _find(value: Any, wanted: str, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The objects of a type, wherever they stand in a document."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        if wanted in _as_list(value.get("@type")):
            yield value
        else:
            for inner in value.values():
                yield from _find(inner, wanted, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _find(inner, wanted, depth + 1)


def _from_microdata(soup: BeautifulSoup, spoken: object, problems: FileProblems) -> Iterator[SourceArticle]:
    questions = soup.find_all(itemtype=lambda kind: bool(kind) and kind.rstrip("/").endswith("schema.org/Question"))
    for number, question in enumerate(questions, start=1):
        title, answer = _property(question, "name"), _property(question, "text", within="acceptedAnswer")
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
