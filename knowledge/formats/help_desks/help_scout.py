"""Help Scout Docs: articles as its API gives them. Source: developer.helpscout.com, Docs API, Articles."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, HoldReason
from knowledge.formats.source_articles import SourceArticle, as_text


def looks_like(value: object) -> bool:
    """Whether a JSON document is of this form."""
    return bool(_entries(value))


def read(value: Any, problems: FileProblems) -> Iterator[SourceArticle]:
    """Every article under the key `helpscout-<id>`; what isn't published is held back."""
    private = isinstance(value, Mapping) and as_text(value.get("visibility")) == "private"
    for number, entry in enumerate(_entries(value)):
        seen = entry.get("status") == "published"
        yield SourceArticle(
            key=f"helpscout-{entry.get('id')}",
            place=FilePlace(file=problems.file, path=f"items[{number}]"),
            title=entry.get("name"),
            body=entry.get("text"),
            hold=HoldReason.DRAFT if not seen else HoldReason.RESTRICTED if private else None,
        )


def _entries(value: object) -> list[Mapping[str, Any]]:
    outer = value if isinstance(value, Mapping) else {}
    articles = outer.get("articles")
    listed = articles.get("items") if isinstance(articles, Mapping) else [outer.get("article")]
    entries = listed if isinstance(listed, list) else []
    return [each for each in entries if isinstance(each, Mapping) and {"name", "text", "status"} <= each.keys()]
