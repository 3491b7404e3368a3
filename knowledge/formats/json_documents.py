"""JSON that isn't ours: help desks, schema.org, and any list of objects with a question and an answer in them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.formats.help_desks import chatwoot, freshdesk, help_scout, intercom, zendesk
from knowledge.formats.problems import FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle
from knowledge.formats.tables.header_words import header_meaning
from knowledge.formats.tables.sheets import Sheet, SheetRow, limited_rows
from store.errors import Invalid

_HELP_DESKS: tuple[Any, ...] = (zendesk, intercom, chatwoot, help_scout, freshdesk)
_DEEPEST = 12
_GENERIC = frozenset(
    {
        "faq",
        "faqs",
        "items",
        "data",
        "questions",
        "articles",
        "results",
        "entries",
        "content",
        "list",
        "records",
        "rows",
        "docs",
        "payload",
        "value",
        "knowledge",
        "knowledgebase",
        "qa",
        "pairs",
    }
)
_NAMES = ("category", "kategorie", "name", "title", "titel", "section", "topic", "thema", "label", "heading")


def parse_json(text: str) -> Any:
    """The document, or a list of those that stand one in a line. Raises `Invalid` with the line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        lines = _parse_lines(text) if error.msg == "Extra data" else None
        if lines is not None:
            return lines
        raise Invalid(f"line {error.lineno}, column {error.colno}: expected JSON ({error.msg})") from None


def read_help_desk(document: Any, problems: FileProblems) -> list[SourceArticle] | None:
    """The articles of a help desk that we know; `None` for other documents."""
    module = next((each for each in _HELP_DESKS if each.looks_like(document)), None)
    return None if module is None else list(module.read(document, problems))


def read_sheets(document: Any, problems: FileProblems) -> list[Sheet]:
    """Lists of objects as tables: a name is a column, an object a row. Raises `Invalid` when there is none."""
    found = [
        Sheet(
            name=name,
            rows=(rows[0], *limited_rows(((row.number, row.cells) for row in rows[1:]), problems)),
            counts_entries=True,
        )
        for name, rows in _lists(document, "", 0)
    ]
    if not found:
        raise FileRefusal(ProblemKind.WITHOUT_LIST)
    return found


def _parse_lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError:
        return None


def _lists(value: Any, name: str, depth: int) -> Iterator[tuple[str, list[SheetRow]]]:
    """Every list of objects that may be articles, with the name of what it stands in."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        objects = [each for each in value if isinstance(each, Mapping)]
        if objects and any(_tells(each) for each in objects):
            yield name, _rows(objects)
            return
        for each in objects:
            yield from _lists(each, _name_of(each) or name, depth + 1)
    elif isinstance(value, Mapping) and _is_dictionary(value):
        yield name, _rows([{"question": question, "answer": answer} for question, answer in value.items()])
    elif isinstance(value, Mapping) and _tells(value):
        yield name, _rows([value])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, list | Mapping):
                inside = name if str(key).casefold().strip("_-") in _GENERIC else str(key)
                yield from _lists(inner, _name_of(value) or inside, depth + 1)


def _tells(value: Mapping[str, Any]) -> bool:
    """Whether an object holds texts of its own rather than a list of such objects."""
    flat = _flatten(value)
    meanings = {meaning.role for name in flat if (meaning := header_meaning(name))}
    if any(isinstance(inner, list) and any(isinstance(each, Mapping) for each in inner) for inner in value.values()):
        return "answer" in meanings and "question" in meanings
    return len([text for text in flat.values() if text]) >= 2


def _is_dictionary(value: Mapping[str, Any]) -> bool:
    """Questions as names, answers as values."""
    return (
        len(value) >= 1
        and all(isinstance(answer, str) for answer in value.values())
        and sum(str(question).rstrip().endswith("?") for question in value) >= len(value) / 2
    )


def _rows(objects: list[Mapping[str, Any]]) -> list[SheetRow]:
    """A row with the names, numbered 0, then a row an object, numbered from 1."""
    flat = [_flatten(each) for each in objects]
    names = list(dict.fromkeys(name for each in flat for name in each))
    rows = [
        SheetRow(number=number, cells=tuple(each.get(name, "") for name in names))
        for number, each in enumerate(flat, start=1)
    ]
    return [SheetRow(number=0, cells=tuple(names)), *rows]


def _flatten(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Texts by name; what stands deeper is named from the outside in: `question_de`."""
    found: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, Mapping) and depth < 2:
            found |= _flatten(inner, f"{name}_", depth + 1)
        elif isinstance(inner, list):
            texts = [each for each in inner if isinstance(each, str | int | float)]
            found[name] = json.dumps([str(each) for each in texts], ensure_ascii=False) if texts else ""
        elif isinstance(inner, bool):
            found[name] = "true" if inner else "false"
        elif isinstance(inner, str | int | float):
            found[name] = str(inner)
    return found


def _name_of(value: Mapping[str, Any]) -> str:
    return next((text for name in _NAMES if isinstance(text := value.get(name), str)), "")
