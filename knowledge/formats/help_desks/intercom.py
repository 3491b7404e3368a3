"""Intercom: the answer of its list of articles. Source: developers.intercom.com, REST API, Articles."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, HoldReason, ProblemKind
from knowledge.formats.source_articles import SourceArticle, as_text, read_list

_TYPES = {"article", "internal_article"}


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    entries = value.get("data") if isinstance(value, Mapping) else None
    return isinstance(entries, list) and any(
        isinstance(each, Mapping) and (each.get("type") in _TYPES or {"body", "state"} <= each.keys())
        for each in entries
    )


def read(value: Any, problems: FileProblems) -> Iterator[SourceArticle]:
    """Every article in all its languages under the key `intercom-<id>`; drafts and internal ones are held back.

    A language that is a draft while another is published is passed over and named.
    """
    for number, entry in enumerate(read_list(value, "data")):
        texts = _texts(entry)
        is_seen = any(said.get("state", "published") == "published" for said in texts.values())
        for locale, said in texts.items():
            path = f"data[{number}]" + (f".translated_content.{locale}" if said is not entry else "")
            place = FilePlace(file=problems.file, path=path, title=as_text(said.get("title"))[:60])
            if is_seen and said.get("state", "published") != "published":
                problems.note(ProblemKind.TRANSLATION_DRAFT, place)
                continue
            yield SourceArticle(
                key=f"intercom-{entry.get('id')}",
                place=place,
                title=said.get("title"),
                body=said.get("body"),
                locale=locale,
                hold=_hold(entry, is_seen=is_seen),
            )


def _texts(entry: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    """What the article says by language, its own first."""
    translated = entry.get("translated_content")
    contents = dict(translated) if isinstance(translated, Mapping) else {}
    default = entry.get("default_locale") or entry.get("locale")
    written = {locale: said for locale, said in contents.items() if isinstance(said, Mapping)}
    return written if default in written else {default: entry, **written}


def _hold(entry: Mapping[str, Any], *, is_seen: bool) -> HoldReason | None:
    if entry.get("type") == "internal_article":
        return HoldReason.INTERNAL
    return None if is_seen else HoldReason.DRAFT
