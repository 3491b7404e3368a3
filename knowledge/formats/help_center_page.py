"""What files of other systems have in common: languages, names, and HTML that becomes our Markdown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.articles.content import MAX_KEY_LENGTH, MAX_QUESTION_LENGTH, Content, read_content, read_key
from knowledge.articles.html_conversion import to_markdown
from knowledge.formats.problems import FileProblems
from knowledge.search.language import detect
from store.errors import Invalid

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCenterPage:
    """One article of another system in one language; `where` names its place in the file. `locale` may be missing."""

    key: str
    where: str
    title: object
    body: object
    locale: object = None
    category: str | None = None


def collect(pages: Iterable[HelpCenterPage], problems: FileProblems, language: str | None) -> list[tuple[str, Content]]:
    """Pages of the same key become one article. `language` is for those that don't say theirs and don't show it."""
    found: dict[str, dict[str, Any]] = {}
    for number, page in enumerate(pages, start=1):
        problems.go_on(number)
        try:
            spoken, wording = _wording(page, language)
            article = found.setdefault(read_key(page.key), {"variants": {}})
            if spoken in article["variants"]:
                raise Invalid(f'"{spoken}" stands twice for {page.key}')  # noqa: TRY301 - noted like the others
            article["variants"][spoken] = wording
            if page.category and page.category.strip():
                article["category"] = page.category.strip()[:MAX_KEY_LENGTH]
        except Invalid as error:
            problems.add(0, f"{page.where}: {error}")
    return list(_checked(found, problems))


def slug(text: str) -> str:
    """A key made of a title: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "article"


def read_list(value: object, name: str) -> list[Mapping[str, Any]]:
    """The objects of the list `name`; what isn't an object is left out. Raises `Invalid` when there is no list."""
    entries = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(entries, list):
        raise Invalid(f'expected an object with the list "{name}"')
    return [entry for entry in entries if isinstance(entry, Mapping)]


def as_text(value: object) -> str:
    """A name that may be anything, as text."""
    return value if isinstance(value, str) else ""


def _wording(page: HelpCenterPage, language: str | None) -> tuple[str, dict[str, Any]]:
    title, body = as_text(page.title).strip(), as_text(page.body)
    if not title:
        raise Invalid("has no title")
    answer = to_markdown(body).strip()
    if not answer:
        raise Invalid(f'"{title[:60]}" has no text')
    question = to_markdown(title)[:MAX_QUESTION_LENGTH]
    return _language(page.locale, f"{question}\n{answer}", language), {"question": question, "answer": answer}


def _language(locale: object, text: str, otherwise: str | None) -> str:
    said = _LANGUAGE.fullmatch(locale.strip()) if isinstance(locale, str) else None
    found = said.group(1).lower() if said else detect(text).language or otherwise
    if found is None:
        raise Invalid("doesn't say its language; choose one for the file")
    return found


def _checked(found: Mapping[str, Mapping[str, Any]], problems: FileProblems) -> Iterable[tuple[str, Content]]:
    for key, article in found.items():
        try:
            yield key, read_content(article)
        except Invalid as error:
            problems.add(0, f"{key}: {error}")
