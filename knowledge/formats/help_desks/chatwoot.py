"""Chatwoot: the answer of a portal's list of articles. Source: developers.chatwoot.com, Help Center."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, HoldReason
from knowledge.formats.source_articles import SourceArticle, as_text, read_list

_HOLDS = {
    "published": None,
    1: None,
    "draft": HoldReason.DRAFT,
    0: HoldReason.DRAFT,
    "archived": HoldReason.ARCHIVED,
    2: HoldReason.ARCHIVED,
}


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return isinstance(value, Mapping) and isinstance(value.get("payload"), list)


def read(value: Any, problems: FileProblems) -> Iterator[SourceArticle]:
    """Every article; translations of each other have one key, `chatwoot-<id>` of the first."""
    entries = read_list(value, "payload")
    parents = {entry.get("id"): entry.get("associated_article_id") for entry in entries}
    for number, entry in enumerate(entries):
        category = entry.get("category")
        group = category if isinstance(category, Mapping) else {}
        status = entry.get("status", "published")
        known = _HOLDS.get(status, HoldReason.STATUS_UNKNOWN) if isinstance(status, str | int) else HoldReason.DRAFT
        yield SourceArticle(
            key=f"chatwoot-{_root(entry.get('id'), parents)}",
            place=FilePlace(file=problems.file, path=f"payload[{number}]"),
            title=entry.get("title"),
            body=entry.get("content"),
            locale=entry.get("locale") or group.get("locale"),
            category=as_text(group.get("name")) or None,
            hold=known,
        )


def _root(id_: Any, parents: Mapping[Any, Any]) -> Any:
    """The article that a translation leads back to; where they lead in a circle, the smallest of them."""
    path = [id_]
    while (parent := parents.get(path[-1])) is not None and parent in parents:
        if parent in path:
            return min(path[path.index(parent) :], key=str)
        path.append(parent)
    return path[-1]
