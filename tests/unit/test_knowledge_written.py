"""Files of articles: what is written is read back the same, and what is wrong is named with its line."""

import csv
import io
import json
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.html_conversion import to_markdown
from knowledge.formats.cells import (
    MAX_CELL_LENGTH,
    escape_for_workbook,
    mark_as_text,
    neutralise,
    read_lines_of_cell,
    restore,
    unescape_from_workbook,
    write_lines,
)
from knowledge.formats.csv import BYTE_ORDER_MARK, write
from knowledge.formats.file_formats import WRITERS
from knowledge.formats.file_reader import read_whole
from knowledge.formats.problems import FileProblems
from knowledge.formats.transfer import FileFormat, check_file, format_of, read_articles, write_articles
from knowledge.formats.workbook import write_articles_workbook
from store.errors import Invalid

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)
TRICKY = st.sampled_from(
    [
        *(
            "=1+1",
            "'=x",
            "''",
            "@a",
            "\tx",
            "-1",
            "2026-01-03",
            "'12",
            "_x000D_",
            "\x0bz",
            "[1]",
            '["a"]',
            "😀 ja",
            " x ",
        ),
        *("a\r\nb", "a\u2028b", 'a"b', "a;b,c", "<!-- article {}", "\\<!-- article x", "# a\n\n"),
    ]
)
ANSWER = (TEXT | TRICKY).map(to_markdown).filter(lambda text: bool(text.strip()))
WORDING = st.builds(
    ArticleWording, question=TEXT | TRICKY, answer=ANSWER, phrasings=st.lists(TEXT | TRICKY, max_size=3).map(tuple)
)
CONTENT = st.builds(
    Content,
    variants=st.dictionaries(st.sampled_from(["de", "en", "fr"]), WORDING, min_size=1),
    category=st.none() | TEXT | TRICKY,
)
KEY = st.text("abc=+-@_ÄÖ", min_size=1, max_size=8)
ARTICLES = st.dictionaries(KEY, CONTENT, max_size=4).map(lambda articles: sorted(articles.items()))


def _file(text: str | bytes) -> BinaryIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def _read(text: str | bytes, written: FileFormat = FileFormat.JSONL) -> list[tuple[str, Content]]:
    return list(read_articles(_file(text), written))


def _read_workbook(raw: bytes) -> list[tuple[str, Content]]:
    problems = FileProblems()
    found = read_whole(raw, "faq.xlsx", problems)
    assert not problems.count, problems.found
    return list(found.contents.items())


def _line(key: str = "a", **more: object) -> str:
    return json.dumps({"key": key, "variants": {"de": {"question": "Wo?", "answer": "Da."}}, **more})


@pytest.mark.parametrize("written", list(WRITERS))
@given(articles=ARTICLES)
def test_a_round_trip_loses_nothing(written: FileFormat, articles: list[tuple[str, Content]]) -> None:
    text = "".join(write_articles(articles, written))
    assert _read(text, written) == articles


@settings(deadline=None)  # openpyxl is loaded by the first one
@given(articles=ARTICLES.filter(bool))
def test_a_round_trip_through_a_workbook_loses_nothing(articles: list[tuple[str, Content]]) -> None:
    assert _read_workbook(write_articles_workbook(articles)) == articles


@given(articles=ARTICLES)
def test_a_round_trip_with_semicolons_loses_nothing(articles: list[tuple[str, Content]]) -> None:
    assert _read("".join(write(articles, ";")), FileFormat.CSV) == articles


def test_texts_longer_than_a_cell_go_on_in_the_next_one() -> None:
    many = tuple(f"{'x' * 480} {number}" for number in range(200))
    wording = ArticleWording(question="Wo?", answer="ä😀=" * 16_000, phrasings=many)
    articles = [("a", Content(variants={"de": wording}))]
    assert _read("".join(write_articles(articles, FileFormat.CSV)), FileFormat.CSV) == articles
    raw = write_articles_workbook(articles)
    cells = [str(cell or "") for row in load_workbook(io.BytesIO(raw)).worksheets[0].values for cell in row]
    assert max(len(cell.encode("utf-16-le")) // 2 for cell in cells) <= MAX_CELL_LENGTH
    assert _read_workbook(raw) == articles


def test_every_text_of_a_workbook_is_a_text() -> None:
    wording = ArticleWording(question="=1+1", answer="+1", phrasings=("@x", "-1"))
    sheet = load_workbook(io.BytesIO(write_articles_workbook([("=a", Content(variants={"de": wording}))]))).worksheets[
        0
    ]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}
    assert sheet["D2"].quotePrefix


def test_a_csv_begins_as_excel_knows_it() -> None:
    articles = [("a", Content(variants={"de": ArticleWording(question="Wo?", answer="Größe")}))]
    assert "".join(write(articles, ";")).encode().startswith(b'\xef\xbb\xbf"key";"category"')


@given(articles=ARTICLES)
def test_no_cell_of_a_table_is_a_formula(articles: list[tuple[str, Content]]) -> None:
    text = "".join(write_articles(articles, FileFormat.CSV))
    rows: Iterator[list[str]] = csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_formula_gets_an_apostrophe() -> None:
    assert neutralise("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert neutralise("Wo?") == "Wo?"


def test_byte_order_mark_and_empty_lines_are_passed_over() -> None:
    assert [key for key, _ in _read(b"\xef\xbb\xbf" + f"{_line()}\r\n\n{_line('b')}".encode())] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_line(colour="red"), 'line 1: unknown field "colour"; known are key, category, variants'),
        (f"{_line()}\n{_line()}", 'line 2: "key": "a" stands in line 1 already'),
        ('{"key": "a", "variants": }', "line 1: column 26: expected JSON"),
        ("[1]", "line 1: expected an object"),
        (b"\n" + b'{"key": "\xff"}', "line 2: expected UTF-8, got the byte 0xff at position 10"),
        ('{"key": "a", "key": "b"}', '"key": stands twice in the same object'),
        ('{"key": NaN}', "expected JSON, got NaN"),
        ("[" * 200_000, "nested too deeply"),
        (
            '{"key": "a", "variants": {"de": {"question": "x"}}}',
            'line 1: "variants.de.answer": expected text, got nothing',
        ),
        (_line().encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(text: str | bytes, message: str) -> None:
    with pytest.raises(Invalid) as error:
        _read(text)
    assert message in str(error.value)


def test_every_problem_is_told_at_once_up_to_twenty() -> None:
    with pytest.raises(Invalid) as error:
        _read("\n".join(["x"] * 30))
    assert "The file has 30 problem(s)" in str(error.value)
    assert "line 20:" in str(error.value)
    assert "… and 10 more" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("key,question\n", "row 1: expected the columns key, category, language"),
        ('"key","category","language","question","answer","phrasings"\n"a"\n', "line 2: expected 6 cells, got 1"),
        ('"key","category","language","question","answer","phrasings"\n"a', "expected CSV"),
        (
            '"key","category","language","question","answer","phrasings"\na,,de,q,x,\nb,,de,q,x,\na,,en,q,x,\n',
            '"a" stands further up already',
        ),
        (
            '"key","category","language","question","answer","phrasings"\na,x,de,q,x,\na,y,en,q,x,\n',
            '"category": differs',
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_named(text: str, message: str) -> None:
    with pytest.raises(Invalid) as error:
        _read(text, FileFormat.CSV)
    assert message in str(error.value)


def test_a_file_that_is_too_big_for_the_web_is_refused() -> None:
    with pytest.raises(Invalid, match="MB are allowed"):
        check_file(_file(b" " * 2_000_000), most_bytes=1_000_000)


def test_a_checked_file_stands_at_its_beginning_again() -> None:
    file = _file(_line())
    assert check_file(file).keys == {"a"}
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "written"), [("a.csv", FileFormat.CSV), ("A.MD", FileFormat.MARKDOWN), ("-", FileFormat.JSONL)]
)
def test_the_ending_tells_the_format(name: str, written: FileFormat) -> None:
    assert format_of(name) is written


@given(cell=TEXT | TRICKY)
def test_an_apostrophe_is_taken_away_as_often_as_it_came(cell: str) -> None:
    assert restore(neutralise(cell)) == restore(mark_as_text(cell)) == cell
    assert unescape_from_workbook(escape_for_workbook(cell)) == cell


@given(phrasings=st.lists(TEXT | TRICKY, max_size=5))
def test_phrasings_of_a_cell_are_read_as_they_were_written(phrasings: list[str]) -> None:
    assert read_lines_of_cell(write_lines(phrasings)) == phrasings


def test_phrasings_stand_one_a_line_where_they_can() -> None:
    assert write_lines(["wo ist es", "wann kommt es"]) == "wo ist es\nwann kommt es"
    assert read_lines_of_cell(" wo ist es \r\n\n[sic] wann") == ["wo ist es", "[sic] wann"]
    assert read_lines_of_cell("[kaputt") == ["[kaputt"]
