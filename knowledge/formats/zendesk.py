"""Zendesk: the answer of its help center's list of articles, with `sections` and `translations` where included.

Source: developer.zendesk.com, Help Center API, Articles and Translations.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.articles.content import Content
from knowledge.formats.help_center_page import HelpCenterPage, as_text, collect, read_list
from knowledge.formats.problems import FileProblems


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return isinstance(value, Mapping) and isinstance(value.get("articles"), list)


def read(value: Any, problems: FileProblems, language: str | None) -> list[tuple[str, Content]]:
    """The published articles, each under the key `zendesk-<id>`."""
    return collect(_pages(value, problems), problems, language)


def _pages(value: Any, problems: FileProblems) -> Iterator[HelpCenterPage]:
    sections = {entry.get("id"): as_text(entry.get("name")) for entry in _optional(value, "sections")}
    seen: set[tuple[object, object]] = set()
    for number, entry in enumerate(read_list(value, "articles")):
        where = f"articles[{number}]"
        if entry.get("draft") is True:
            problems.passed_over.append(f"{where} {as_text(entry.get('title'))[:60]!r}: a draft")
            continue
        seen.add((entry.get("id"), entry.get("locale")))
        yield _page(entry, entry.get("id"), where, sections.get(entry.get("section_id")))
    for number, entry in enumerate(_optional(value, "translations")):
        key = (entry.get("source_id"), entry.get("locale"))
        if entry.get("source_type", "Article") == "Article" and entry.get("draft") is not True and key not in seen:
            yield _page(entry, entry.get("source_id"), f"translations[{number}]", None)


def _page(entry: Mapping[str, Any], id_: object, where: str, section: str | None) -> HelpCenterPage:
    return HelpCenterPage(
        key=f"zendesk-{id_}",
        where=where,
        title=entry.get("title") or entry.get("name"),
        body=entry.get("body"),
        locale=entry.get("locale") or entry.get("source_locale"),
        category=section,
    )


def _optional(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return read_list(value, name) if name in value else []
