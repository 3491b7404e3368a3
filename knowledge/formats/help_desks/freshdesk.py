"""Freshdesk: solution articles as its API lists them, or whole categories with folders as its export has them.

Source: developers.freshdesk.com, Solutions: status 1 is a draft; visibility of a folder 1 is everybody, 2 signed-in
users, 3 agents, all above some companies or segments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, HoldReason
from knowledge.formats.source_articles import SourceArticle, as_text

_VISIBILITY = {1: None, 2: HoldReason.SIGNED_IN, 3: HoldReason.INTERNAL}
_LISTS = ("folders", "articles", "solution_categories", "categories", "results", "subfolders")
_WRAPPERS = ("category", "folder", "article", "solution_category", "solution_folder", "solution_article")
_DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """Where in the tree an article stands."""

    path: str = ""
    category: str | None = None
    hold: HoldReason | None = None
    depth: int = 0


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form: somewhere an article with a description and a status in numbers."""
    return _is_like(value, 0)


def read(value: Any, problems: FileProblems) -> Iterator[SourceArticle]:
    """Every article under the key `freshdesk-<id>`; what not everybody may see is held back."""
    for entry, shelf in _walk(value, _Shelf()):
        yield SourceArticle(
            key=f"freshdesk-{entry.get('id')}" if entry.get("id") is not None else None,
            place=FilePlace(file=problems.file, path=shelf.path),
            title=entry.get("title"),
            body=entry.get("description") or entry.get("description_text") or entry.get("desc_un_html"),
            locale=entry.get("language") or entry.get("language_code"),
            category=_folder_name(entry) or shelf.category,
            hold=HoldReason.DRAFT if entry.get("status") == 1 else _folder_hold(entry) or shelf.hold,
        )


def _is_article(value: Mapping[str, Any]) -> bool:
    texts = ("description", "description_text", "desc_un_html")
    return "title" in value and any(name in value for name in texts) and value.get("status") in {1, 2}


def _is_like(value: object, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return any(_is_like(each, depth + 1) for each in value[:50])
    if not isinstance(value, Mapping):
        return False
    if _is_article(value):
        return True
    return any(_is_like(value.get(name), depth + 1) for name in (*_LISTS, *_WRAPPERS))


def _walk(value: object, shelf: _Shelf) -> Iterator[tuple[Mapping[str, Any], _Shelf]]:
    if shelf.depth > _DEEPEST:
        return
    deeper = replace(shelf, depth=shelf.depth + 1)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, replace(deeper, path=f"{shelf.path}[{number}]"))
    elif isinstance(value, Mapping) and _is_article(value):
        yield value, shelf
    elif isinstance(value, Mapping):
        hold = _by_visibility(value.get("visibility")) or shelf.hold
        inner = replace(deeper, category=as_text(value.get("name")) or shelf.category, hold=hold)
        for name in (*_WRAPPERS, *_LISTS):
            if name in value:
                yield from _walk(value[name], replace(inner, path=f"{shelf.path}.{name}".lstrip(".")))


def _by_visibility(value: object) -> HoldReason | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return _VISIBILITY.get(value, HoldReason.RESTRICTED)


def _folders(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The folders above an article as the API's `hierarchy` gives them."""
    levels = entry.get("hierarchy")
    found = levels if isinstance(levels, list) else []
    return [each["data"] for each in found if isinstance(each, Mapping) and isinstance(each.get("data"), Mapping)]


def _folder_name(entry: Mapping[str, Any]) -> str | None:
    names = [as_text(folder.get("name")) for folder in _folders(entry)]
    return next((name for name in reversed(names) if name), None)


def _folder_hold(entry: Mapping[str, Any]) -> HoldReason | None:
    holds = (_by_visibility(folder.get("visibility")) for folder in [entry, *_folders(entry)])
    return next((hold for hold in holds if hold), None)
