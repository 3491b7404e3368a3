"""Zendesk: the answer of its help center's list of articles, with `sections` and `translations` where included.

Source: developer.zendesk.com, Help Center API, Articles, Translations and User Segments.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, HoldReason, ProblemKind
from knowledge.formats.source_articles import SourceArticle, as_text, read_list

#: Of these at least one is in every article, and in no list of anybody else's.
_MARKS = frozenset({"user_segment_id", "user_segment_ids", "permission_group_id", "section_id", "label_names"})
_SEGMENTS = {"signed_in_users": HoldReason.SIGNED_IN, "staff": HoldReason.INTERNAL}


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return any("id" in entry and _MARKS & entry.keys() for entry in _entries(value)) or (
        isinstance(value, Mapping) and any("id" in entry for entry in _entries(value))
    )


def read(value: Any, problems: FileProblems) -> Iterator[SourceArticle]:
    """Every article under the key `zendesk-<id>`; drafts and those for some readers only are held back."""
    sections = {entry.get("id"): as_text(entry.get("name")) for entry in _optional(value, "sections")}
    segments = {entry.get("id"): entry.get("user_type") for entry in _optional(value, "user_segments")}
    seen: set[tuple[object, object]] = set()
    for number, entry in enumerate(_entries(value)):
        seen.add((entry.get("id"), entry.get("locale")))
        place = FilePlace(file=problems.file, path=f"articles[{number}]")
        yield _article(entry, entry.get("id"), place, sections.get(entry.get("section_id")), _hold(entry, segments))
    for number, entry in enumerate(_optional(value, "translations")):
        key = (entry.get("source_id"), entry.get("locale"))
        place = FilePlace(file=problems.file, path=f"translations[{number}]", title=as_text(entry.get("title"))[:60])
        if entry.get("source_type", "Article") != "Article" or key in seen:
            continue
        if entry.get("draft") is True:
            problems.note(ProblemKind.TRANSLATION_DRAFT, place)
        else:
            yield _article(entry, entry.get("source_id"), place, None, None)


def _entries(value: Any) -> list[Mapping[str, Any]]:
    """The articles of one answer, of several that somebody has put into a list, or a bare list of them."""
    if isinstance(value, Mapping):
        listed = value.get("articles", [value["article"]] if isinstance(value.get("article"), Mapping) else None)
        return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    pages = [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
    if any(isinstance(page.get("articles"), list) for page in pages):
        return [entry for page in pages for entry in _entries(page)]
    return pages


def _hold(entry: Mapping[str, Any], segments: Mapping[Any, Any]) -> HoldReason | None:
    if entry.get("draft") is True:
        return HoldReason.DRAFT
    several = entry.get("user_segment_ids")
    segment = entry.get("user_segment_id") or (several[0] if isinstance(several, list) and several else None)
    if segment is not None:
        return _SEGMENTS.get(as_text(segments.get(segment)), HoldReason.RESTRICTED)
    return HoldReason.ARCHIVED if entry.get("archived") is True else None


def _article(
    entry: Mapping[str, Any], id_: object, place: FilePlace, section: str | None, hold: HoldReason | None
) -> SourceArticle:
    return SourceArticle(
        key=f"zendesk-{id_}",
        place=place,
        title=entry.get("title") or entry.get("name"),
        body=entry.get("body"),
        locale=entry.get("locale") or entry.get("source_locale"),
        category=section,
        hold=hold,
    )


def _optional(value: Any, name: str) -> list[Mapping[str, Any]]:
    return read_list(value, name) if isinstance(value, Mapping) and name in value else []
