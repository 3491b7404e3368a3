"""Articles as a table: a head, then one row a language of an article. CSV and workbooks share it.

A text that is longer than a cell may be goes on in a further column: `answer 2` follows `answer`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.articles.content import KEPT_FIELDS, ArticleWording, Content, read_content, read_key
from knowledge.formats.cells import cells_of_lines, cells_of_text, read_lines_of_cell, restore
from knowledge.formats.lines import without_empty_phrasings
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

COLUMNS: tuple[str, ...] = ("key", "category", "language", "question", "answer", "phrasings")
"""The columns of every table; window, owner and review date may follow, then what goes on."""

_SHARED = ("category", *KEPT_FIELDS)
_LONG = ("answer", "phrasings")
_ALL = (*COLUMNS, *KEPT_FIELDS)

type Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTable:
    """The head and the rows of some articles, each cell as it is meant, not yet made safe for a spreadsheet."""

    head: Row
    rows: tuple[Row, ...]


def table_of(articles: Iterable[tuple[str, Content]]) -> ArticleTable:
    """Every language of every article."""
    known = list(articles)
    kept = KEPT_FIELDS if any(content.kept_as_text() for _, content in known) else ()
    cells = [
        _cells(key, content, language, content.variants[language])
        for key, content in known
        for language in sorted(content.variants)
    ]
    more = [f"{name} {number}" for name in _LONG for number in range(2, 1 + max(map(len, _column(cells, name))))]
    head = (*COLUMNS, *kept, *more)
    return ArticleTable(head=head, rows=tuple(tuple(_cell(row, column) for column in head) for row in cells))


def is_head(row: Sequence[str]) -> bool:
    """Whether a table with this head is one of ours."""
    return tuple(row[: len(COLUMNS)]) == COLUMNS and len(set(row)) == len(row) and all(map(_is_column, row))


def read_table(rows: Iterable[tuple[int, Sequence[str]]], problems: FileProblems) -> Iterator[tuple[str, Content]]:
    """The articles of numbered rows, the head among them; languages of one article must stand together."""
    seen: set[str] = set()
    for key, line, group in _groups(rows, problems):
        try:
            if key in seen:
                raise Invalid(f'"key": "{key[:60]}" stands further up already, with other articles in between')  # noqa: TRY301
            seen.add(read_key(key))
            yield key, _content(group, line, problems)
        except Invalid as error:
            problems.add(line, str(error))


def _cells(key: str, content: Content, language: str, wording: ArticleWording) -> Mapping[str, Sequence[str]]:
    """By column, in as many pieces as it needs."""
    first = (key, content.category or "", language, wording.question)
    return {
        **{name: [cell] for name, cell in zip(COLUMNS, first, strict=False)},
        "answer": cells_of_text(wording.answer),
        "phrasings": cells_of_lines(wording.phrasings),
        **{name: [cell] for name, cell in content.kept_as_text().items()},
    }


def _column(cells: Iterable[Mapping[str, Sequence[str]]], name: str) -> list[Sequence[str]]:
    return [row[name] for row in cells] or [("",)]


def _cell(row: Mapping[str, Sequence[str]], column: str) -> str:
    name, number = _place(column)
    pieces = row.get(name, ())
    return pieces[number - 1] if number <= len(pieces) else ""


def _place(column: str) -> tuple[str, int]:
    """`answer 2` is the second piece of `answer`."""
    name, _, number = column.partition(" ")
    return name, int(number) if number.isdecimal() and number.isascii() else 1


def _is_column(name: str) -> bool:
    base, number = _place(name)
    return name in _ALL or (base in _LONG and number > 1 and name == f"{base} {number}")


def _groups(
    rows: Iterable[tuple[int, Sequence[str]]], problems: FileProblems
) -> Iterator[tuple[str, int, list[dict[str, str]]]]:
    group: list[dict[str, str]] = []
    first_line = 1
    for line, row in _named(rows, problems):
        if group and group[0]["key"] != row["key"]:
            yield group[0]["key"], first_line, group
            group = []
        if not group:
            first_line = line
        group.append(row)
    if group:
        yield group[0]["key"], first_line, group


def _named(rows: Iterable[tuple[int, Sequence[str]]], problems: FileProblems) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number and cells by column, below the head."""
    head: Row = ()
    for number, row in rows:
        if not head:
            head = _head(row)
        elif row and len(row) != len(head):
            problems.add(number, f"expected {len(head)} cells, got {len(row)}")
        elif any(row):
            yield number, dict(zip(head, map(restore, row), strict=True))


def _head(row: Sequence[str]) -> Row:
    if not is_head(row):
        raise Invalid(f"row 1: expected the columns {', '.join(COLUMNS)}; {', '.join(KEPT_FIELDS)} may follow")
    return tuple(row)


def _content(group: list[dict[str, str]], line: int, problems: FileProblems) -> Content:
    languages = [row["language"] for row in group]
    for name in _SHARED:
        if len({row.get(name) for row in group}) > 1:
            raise Invalid(f'"{name}": differs between the languages of "{group[0]["key"][:60]}"')
    if len(set(languages)) < len(languages):
        raise Invalid(f'"language": stands twice for "{group[0]["key"][:60]}"')
    written = {row["language"]: _variant(row) for row in group}
    variants = without_empty_phrasings(written, line, problems)
    return read_content({**{name: group[0].get(name) or None for name in _SHARED}, "variants": variants})


def _variant(row: Mapping[str, str]) -> dict[str, object]:
    answers, phrasings = (_pieces(row, name) for name in _LONG)
    listed = [text for cell in phrasings for text in read_lines_of_cell(cell)]
    return {"question": row["question"], "answer": "".join(answers), "phrasings": listed}


def _pieces(row: Mapping[str, str], name: str) -> list[str]:
    numbered = sorted((_place(column)[1], cell) for column, cell in row.items() if _place(column)[0] == name)
    return [cell for _, cell in numbered]
