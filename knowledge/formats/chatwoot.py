"""Chatwoot: the answer of a portal's list of articles. Source: developers.chatwoot.com, Help Center."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.articles.content import Content
from knowledge.formats.help_center_page import HelpCenterPage, as_text, collect, read_list
from knowledge.formats.problems import FileProblems

_PUBLISHED = {"published", 1}


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return isinstance(value, Mapping) and isinstance(value.get("payload"), list)


def read(value: Any, problems: FileProblems, language: str | None) -> list[tuple[str, Content]]:
    """The published articles; translations of each other become one, under the key `chatwoot-<id>` of the first."""
    return collect(_pages(value, problems), problems, language)


def _pages(value: Any, problems: FileProblems) -> Iterator[HelpCenterPage]:
    entries = read_list(value, "payload")
    parents = {entry.get("id"): entry.get("associated_article_id") for entry in entries}
    for number, entry in enumerate(entries):
        where = f"payload[{number}]"
        if entry.get("status", "published") not in _PUBLISHED:
            problems.passed_over.append(f"{where} {as_text(entry.get('title'))[:60]!r}: {entry.get('status')}")
            continue
        category = entry.get("category")
        group = category if isinstance(category, Mapping) else {}
        yield HelpCenterPage(
            key=f"chatwoot-{_root(entry.get('id'), parents)}",
            where=where,
            title=entry.get("title"),
            body=entry.get("content"),
            locale=entry.get("locale") or group.get("locale"),
            category=as_text(group.get("name")) or None,
        )


def _root(id_: Any, parents: Mapping[Any, Any]) -> Any:
    """The article that a translation leads back to; where they lead in a circle, the smallest of them."""
    path = [id_]
    while (parent := parents.get(path[-1])) is not None and parent in parents:
        if parent in path:
            return min(path[path.index(parent) :], key=str)
        path.append(parent)
    return path[-1]
