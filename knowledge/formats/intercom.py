"""Intercom: the answer of its list of articles. Source: developers.intercom.com, REST API, Articles."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.articles.content import Content
from knowledge.formats.help_center_page import HelpCenterPage, as_text, collect, read_list
from knowledge.formats.problems import FileProblems


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return isinstance(value, Mapping) and isinstance(value.get("data"), list)


def read(value: Any, problems: FileProblems, language: str | None) -> list[tuple[str, Content]]:
    """The published articles in all their languages, each under the key `intercom-<id>`."""
    return collect(_pages(value, problems), problems, language)


def _pages(value: Any, problems: FileProblems) -> Iterator[HelpCenterPage]:
    for number, entry in enumerate(read_list(value, "data")):
        translated = entry.get("translated_content")
        contents = dict(translated) if isinstance(translated, Mapping) else {}
        default = entry.get("default_locale")
        written = {locale: said for locale, said in contents.items() if isinstance(said, Mapping)}
        if default not in written:
            written = {default: entry, **written}
        for locale, said in written.items():
            where = f"data[{number}]" + (f".translated_content.{locale}" if said is not entry else "")
            if said.get("state", "published") != "published":
                problems.passed_over.append(f"{where} {as_text(said.get('title'))[:60]!r}: a draft")
            else:
                key = f"intercom-{entry.get('id')}"
                yield HelpCenterPage(
                    key=key, where=where, title=said.get("title"), body=said.get("body"), locale=locale
                )
