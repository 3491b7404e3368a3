"""A table for spreadsheets: one line a language of an article.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that begins with an
apostrophe; reading takes it away again. Phrasings stand in one cell as a JSON list.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from knowledge.articles.content import KEPT_FIELDS, ArticleWording, Content, read_content, read_key
from knowledge.formats.lines import read_json, read_lines
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

COLUMNS: tuple[str, ...] = ("key", "category", "language", "question", "answer", "phrasings")
"""The columns of every table; window, owner and review date may follow."""

_SHARED = ("category", *KEPT_FIELDS)

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_MAX_CELL_LENGTH = 4 * 1024 * 1024


def read(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[str, Content]]:
    """The articles; languages of one article must stand together."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    rows = csv.reader((text for _, text in read_lines(file, problems)), strict=True)
    seen: set[str] = set()
    for key, line, group in _groups(rows, problems):
        try:
            if key in seen:
                raise Invalid(f'"key": "{key[:60]}" stands further up already, with other articles in between')  # noqa: TRY301
            seen.add(read_key(key))
            yield key, _content(group)
        except Invalid as error:
            problems.add(line, str(error))


def write(articles: Iterable[tuple[str, Content]]) -> Iterator[str]:
    """The head, then the lines of each article."""
    known = list(articles)
    kept = KEPT_FIELDS if any(content.kept_as_json() for _, content in known) else ()
    yield _line((*COLUMNS, *kept))
    for key, content in known:
        for language in sorted(content.variants):
            yield _line(_cells(key, content, language, content.variants[language], kept))


def _cells(
    key: str, content: Content, language: str, wording: ArticleWording, kept: tuple[str, ...]
) -> tuple[str, ...]:
    phrasings = json.dumps(wording.phrasings, ensure_ascii=False)
    more = content.kept_as_json()
    first = (key, content.category or "", language, wording.question, wording.answer, phrasings)
    return *first, *(more.get(name, "") for name in kept)


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([neutralise(cell) for cell in cells])
    return written.getvalue()


def neutralise(cell: str) -> str:
    """The cell as a spreadsheet may safely see it (OWASP, CSV injection)."""
    return "'" + cell if cell.startswith(_DANGEROUS) else cell


def _restore(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell


def _groups(rows: "Iterator[list[str]]", problems: FileProblems) -> Iterator[tuple[str, int, list[dict[str, str]]]]:
    group: list[dict[str, str]] = []
    first_line = 1
    for line, row in _rows(rows, problems):
        if group and group[0]["key"] != row["key"]:
            yield group[0]["key"], first_line, group
            group = []
        if not group:
            first_line = line
        group.append(row)
    if group:
        yield group[0]["key"], first_line, group


def _rows(rows: "Iterator[list[str]]", problems: FileProblems) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number (from 1, the head included) and cells by name."""
    number, columns = 0, COLUMNS
    try:
        for number, row in enumerate(rows, start=1):
            if number == 1:
                columns = _head(row)
            elif row and len(row) != len(columns):
                problems.add(number, f"expected {len(columns)} cells, got {len(row)}")
            elif row:
                yield number, dict(zip(columns, map(_restore, row), strict=True))
    except csv.Error as error:
        raise Invalid(f"row {number + 1}: expected CSV ({error})") from None


def _head(row: list[str]) -> tuple[str, ...]:
    if tuple(row) not in {COLUMNS, COLUMNS + KEPT_FIELDS}:
        raise Invalid(f"row 1: expected the columns {', '.join(COLUMNS)}; {', '.join(KEPT_FIELDS)} may follow")
    return tuple(row)


def _content(group: list[dict[str, str]]) -> Content:
    languages = [row["language"] for row in group]
    for name in _SHARED:
        if len({row.get(name) for row in group}) > 1:
            raise Invalid(f'"{name}": differs between the languages of "{group[0]["key"][:60]}"')
    if len(set(languages)) < len(languages):
        raise Invalid(f'"language": stands twice for "{group[0]["key"][:60]}"')
    variants = {row["language"]: _variant(row) for row in group}
    return read_content({**{name: group[0].get(name) or None for name in _SHARED}, "variants": variants})


def _variant(row: dict[str, str]) -> dict[str, object]:
    phrasings = read_json(row["phrasings"]) if row["phrasings"] else []
    return {"question": row["question"], "answer": row["answer"], "phrasings": phrasings}
