"""Files of other systems and hostile files (faults F96 and F97)."""

import csv
import io
import json
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles.content import Content
from knowledge.formats.archives import MAX_FILES, read_folder
from knowledge.formats.csv import COLUMNS
from knowledge.formats.file_formats import FileFormat, format_of
from knowledge.formats.import_plan import MAX_ARTICLES, MAX_BYTES, ImportContents, ImportSource, read_source
from knowledge.formats.problems import FileProblems, HoldReason
from knowledge.formats.transfer import write_articles
from store.errors import Invalid

LINE = '{"key": "a", "variants": {"de": {"question": "Wo?", "answer": "Da."}}}\n'
#: What grows with the square of a hostile file takes hours; a busy machine takes seconds.
A_MINUTE = pytest.mark.timeout(60)


def read(raw: str | bytes | dict[str, Any], name: str = "x.json", **more: Any) -> ImportContents:
    data = json.dumps(raw).encode() if isinstance(raw, dict) else raw.encode() if isinstance(raw, str) else raw
    return read_source(ImportSource(raw=data, name=name, **more))


def answers(contents: ImportContents) -> dict[str, dict[str, str]]:
    return {
        key: {language: wording.answer for language, wording in content.variants.items()}
        for key, content in contents.articles.items()
    }


def problems(contents: ImportContents) -> list[str]:
    return [str(problem) for problem in contents.problems.found]


def packed(files: dict[str, str | bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return raw.getvalue()


# Other systems


def test_zendesk_articles_come_with_section_and_translations() -> None:
    found = read(
        {
            "articles": [
                {"id": 1, "title": "Versand", "body": "<p>Zwei <b>Tage</b>.</p>", "locale": "de", "section_id": 9},
                {"id": 2, "title": "Entwurf", "body": "<p>x</p>", "locale": "de", "draft": True},
            ],
            "sections": [{"id": 9, "name": "Lieferung"}],
            "translations": [
                {
                    "source_id": 1,
                    "source_type": "Article",
                    "locale": "en-us",
                    "title": "Delivery",
                    "body": "<p>Two.</p>",
                },
                {"source_id": 1, "source_type": "Article", "locale": "de", "title": "Versand", "body": "<p>x</p>"},
            ],
            "next_page": None,
        }
    )
    assert answers(found) == {"zendesk-1": {"de": "Zwei **Tage**.", "en": "Two."}, "zendesk-2": {"de": "x"}}
    assert found.articles["zendesk-1"].category == "Lieferung"
    assert (found.is_foreign, found.held) == (True, {"zendesk-2": HoldReason.DRAFT})


def test_intercom_articles_come_in_every_published_language() -> None:
    found = read(
        {
            "type": "list",
            "data": [
                {
                    "type": "article",
                    "id": "7",
                    "title": "Refunds",
                    "body": "<ul><li>Five days</li></ul>",
                    "state": "published",
                    "default_locale": "en",
                    "translated_content": {
                        "type": "article_translated_content",
                        "de": {"title": "Geld zurück", "body": "<p>Fünf Tage</p>", "state": "published"},
                        "fr": {"title": "x", "body": "<p>x</p>", "state": "draft"},
                    },
                },
                {"id": "8", "title": "D", "body": "<p>d</p>", "state": "draft", "translated_content": None},
            ],
        }
    )
    assert answers(found) == {"intercom-7": {"en": "- Five days", "de": "Fünf Tage"}, "intercom-8": {"en": "d"}}
    assert found.held == {"intercom-8": HoldReason.DRAFT}
    assert problems(found) == [
        "data[0].translated_content.fr, “x”: A translation that is only a draft was passed over; the others are public."
    ]


def test_chatwoot_translations_of_each_other_become_one_article() -> None:
    found = read(
        {
            "payload": [
                {"id": 1, "title": "Versand", "content": "**Zwei** Tage", "status": "published", "locale": "de",
                 "category": {"id": 3, "name": "Lieferung", "locale": "de"}, "associated_article_id": None},
                {"id": 2, "title": "Delivery", "content": "Two days", "status": 1,
                 "category": {"locale": "en"}, "associated_article_id": 1},
                {"id": 3, "title": "Alt", "content": "x", "status": "archived", "locale": "de"},
            ],
            "meta": {"all_articles_count": 3},
        }
    )  # fmt: skip
    assert answers(found)["chatwoot-1"] == {"de": "**Zwei** Tage", "en": "Two days"}
    assert found.held == {"chatwoot-3": HoldReason.ARCHIVED}
    assert found.articles["chatwoot-1"].category == "Lieferung"


@A_MINUTE
def test_f96_articles_that_lead_to_each_other_in_a_circle_come_to_an_end() -> None:
    def entry(id_: int, locale: str, parent: int) -> dict[str, Any]:
        return {"id": id_, "title": "T", "content": "c", "locale": locale, "associated_article_id": parent}

    found = read({"payload": [entry(1, "de", 2), entry(2, "en", 1), entry(3, "de", 3)]})
    assert {key: set(said) for key, said in answers(found).items()} == {
        "chatwoot-1": {"de", "en"},
        "chatwoot-3": {"de"},
    }


JSON_LD = """<!doctype html><html lang="de-DE"><head><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": [
 {"@type": "Question", "name": "Was kostet der Versand?", "acceptedAnswer": {"@type": "Answer",
  "text": "<p>Er kostet <a href='https://x.example/a'>4,95 €</a>.</p><img src=x onerror=alert(1)>"}},
 {"@type": "Question", "name": "Leer?", "acceptedAnswer": {"@type": "Answer", "text": " "}}]}]}
</script></head><body></body></html>"""

MICRODATA = """<html lang="en"><body><div itemscope itemtype="https://schema.org/FAQPage">
<div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><h3 itemprop="name">How  long?</h3>
<div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer">
<div itemprop="text"><p>Two <b>days</b>.</p><script>alert(1)</script></div></div></div></div></body></html>"""


def test_a_page_with_json_ld_gives_its_questions() -> None:
    found = read(JSON_LD, "faq.html")
    answer = answers(found)["was-kostet-der-versand"]["de"]
    assert answer.startswith("Er kostet [4,95 €](https://x.example/a).")
    assert "alert" not in answer
    assert problems(found) == [
        "entry 1: The picture “x” was passed over: articles hold text.",
        "entry 2, “Leer?”: The answer is missing.",
    ]


def test_a_page_with_microdata_gives_its_questions() -> None:
    found = read(MICRODATA, "page")
    assert answers(found) == {"how-long": {"en": "Two **days**."}}


def test_html_of_other_systems_becomes_safe_markdown() -> None:
    body = "<p onclick=x>Da <a href='javascript:alert(1)'>klick</a></p><script>x</script><iframe src=//evil></iframe>"
    found = read({"articles": [{"id": 1, "title": "T <b>fett</b>", "body": body, "locale": "de"}]})
    text = found.articles["zendesk-1"].variants["de"].answer
    assert text.startswith("Da")
    assert not any(word in text for word in ("javascript", "<", "script", "iframe"))


def test_pictures_and_links_within_the_help_desk_are_named_or_become_words() -> None:
    body = "<p>Da. <img src='/hc/1.png' alt='Plan'> <a class=x href='/hc/2'>mehr</a> <a href='https://x.example/'>da</a></p>"
    found = read({"articles": [{"id": 1, "title": "Wo?", "body": body, "locale": "de"}]})
    assert " ".join(answers(found)["zendesk-1"]["de"].split()) == "Da. mehr [da](https://x.example/)"
    assert problems(found) == ["articles[0]: The picture “Plan” was passed over: articles hold text."]


def test_what_is_wrong_with_an_article_of_another_system_is_named_by_its_place() -> None:
    found = read({"articles": [{"id": 1, "body": "<p>x</p>", "locale": "de"}, {"id": 2, "title": "T", "body": None}]})
    assert problems(found) == [
        "articles[0]: The question is missing.",
        "articles[1], “T”: The answer is missing.",
    ]


def test_a_page_without_a_language_takes_the_one_that_was_chosen() -> None:
    document = {"articles": [{"id": 1, "title": "OK", "body": "<p>OK</p>"}]}
    assert problems(read(document)) == [
        "articles[0], “OK”: The text doesn't show its language. Choose one for the file."
    ]
    assert answers(read(document, language="en")) == {"zendesk-1": {"en": "OK"}}


def test_a_page_without_questions_says_so() -> None:
    with pytest.raises(Invalid, match="No questions"):
        read("<html><body>Hallo</body></html>", "a.html")


@pytest.mark.parametrize("written", [FileFormat.JSONL, FileFormat.CSV, FileFormat.MARKDOWN])
def test_our_own_forms_are_recognised_whatever_the_name(written: FileFormat) -> None:
    articles = [("a", Content(variants=dict(read(LINE, "a.jsonl").articles["a"].variants)))]
    text = "".join(write_articles(articles, written))
    assert list(read(text, "nothing").articles.items()) == articles
    assert format_of("x.HTML") == FileFormat.HTML


def test_an_archive_of_files_comes_in_whole() -> None:
    files: dict[str, str | bytes] = {"a/x.jsonl": LINE, "page.html": MICRODATA, "__MACOSX/._x": b"\x00", "a/": ""}
    assert set(read(packed(files), "all.zip").articles) == {"a", "how-long"}


def test_a_key_in_two_files_of_an_archive_is_named() -> None:
    found = read(packed({"x.jsonl": LINE, "y.jsonl": LINE}), "all.zip")
    assert problems(found) == ["y.jsonl: The key “a” stands further up already."]


# Hostile files


@A_MINUTE
def test_f96_a_zip_bomb_is_refused() -> None:
    with pytest.raises(Invalid, match="more than 100 to 1"):
        read(packed({"a.jsonl": b"\n" * 30_000_000}), "bomb.zip")


@A_MINUTE
def test_f96_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    raw = bytearray(packed({"a.jsonl": b"\n" * 30_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.find(signature) + offset
        raw[place : place + 4] = struct.pack("<I", 1000)
    with pytest.raises(Invalid):
        read(bytes(raw), "bomb.zip")


@A_MINUTE
def test_f96_more_than_fifty_megabytes_unpacked_are_refused() -> None:
    files: dict[str, str | bytes] = {f"{number}.jsonl": b"\n" * 1_200_000 for number in range(45)}
    with pytest.raises(Invalid, match="50 MB"):
        read(packed(files), "big.zip")


@A_MINUTE
def test_f96_more_than_a_thousand_files_are_refused() -> None:
    with pytest.raises(Invalid, match="1,000 files"):
        read(packed({f"{number}.jsonl": "" for number in range(MAX_FILES + 1)}), "many.zip")


@pytest.mark.parametrize("name", ["../a.jsonl", "/etc/a.jsonl", "a/../../b.jsonl", "..\\a.jsonl", "C:a.jsonl"])
def test_f96_a_file_that_would_slip_out_of_its_archive_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="must stay inside"):
        read(packed({name: LINE}), "slip.zip")


def test_f96_a_link_in_an_archive_is_refused() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        link = zipfile.ZipInfo("a.jsonl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Invalid, match="is a link"):
        read(raw.getvalue(), "link.zip")


def test_f96_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE)
    (tmp_path / "round").symlink_to(tmp_path)
    with pytest.raises(Invalid, match="is a link"):
        list(read_folder(tmp_path, FileProblems()))


def test_f96_an_archive_inside_of_an_archive_is_refused() -> None:
    with pytest.raises(Invalid, match="inside of an archive"):
        read(packed({"a.zip": packed({"b.zip": packed({"c.jsonl": LINE})})}), "matrjoschka.zip")


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a"])
def test_f96_other_files_in_an_archive_are_passed_over_and_named(name: str) -> None:
    found = read(packed({name: "x", "b.jsonl": LINE}), "other.zip")
    assert set(found.articles) == {"a"}
    assert [problem.values["name"] for problem in found.problems.passed_over] == [name]


def test_an_archive_in_an_archive_is_opened_once_as_notion_packs_them() -> None:
    assert set(read(packed({"Part-1.zip": packed({"b.jsonl": LINE})}), "export.zip").articles) == {"a"}


@pytest.mark.parametrize("raw", [b"PK\x03\x04" + b"x" * 100, b"\x1f\x8b" + b"x" * 50, packed({"a.jsonl": LINE})[:-10]])
def test_f96_a_damaged_archive_or_another_kind_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read(raw, "broken.zip")


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        '<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><html>&c;</html>',
        '  <?xml version="1.0"?><html></html>',
    ],
)
def test_f96_entities_are_never_resolved(text: str) -> None:
    with pytest.raises(Invalid, match="XML isn't read"):
        read(text, "x.html")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_read_with_or_without_its_mark(coding: str) -> None:
    assert set(read(LINE.encode(coding), "x.jsonl").articles) == {"a"}


def test_f96_a_byte_order_mark_is_passed_over() -> None:
    assert set(read(b"\xef\xbb\xbf" + LINE.encode(), "x.jsonl").articles) == {"a"}


@A_MINUTE
@pytest.mark.parametrize("written", ["jsonl", "csv"])
def test_f96_a_hundred_thousand_rows_are_refused_in_time(written: str) -> None:
    if written == "jsonl":
        text = "".join(f'{{"key":"{n}","variants":{{"de":{{"question":"q","answer":"a"}}}}}}\n' for n in range(100_000))
    else:
        text = ",".join(COLUMNS) + "\n" + "".join(f"{n},,de,q,a,\n" for n in range(100_000))
    with pytest.raises(Invalid, match=f"more than {MAX_ARTICLES:,}|takes too long"):
        read(text, f"x.{written}")


@A_MINUTE
def test_f96_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(Invalid, match="10 MB are allowed"):
        read(b" " * (MAX_BYTES + 1), "x.jsonl")


@A_MINUTE
@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000,
        '{"data":' * 100_000,
        json.dumps({"articles": [{"id": 1, "title": "T", "locale": "de", "body": "<div>" * 20_000 + "x"}]}),
        json.dumps({"articles": [{"id": 1, "title": "T", "locale": "de", "body": "<ul><li>" * 5_000 + "x"}]}),
        "<html>" + "<b>" * 100_000,
    ],
)
def test_f96_nesting_without_end_is_refused_in_time(text: str) -> None:
    try:
        found = read(text, "x.json")
    except Invalid:
        return
    assert found.problems.count or found.articles


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_f97_a_cell_that_begins_like_a_formula_is_neutralised_and_comes_back(start: str) -> None:
    line = {
        "key": "a",
        "category": f"{start}1+1",
        "variants": {"de": {"question": f"{start}cmd", "answer": f"{start}x|'y'"}},
    }
    before = read(line, "x.jsonl").articles
    text = "".join(write_articles(before.items(), FileFormat.CSV))
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(start)] == []
    assert len([cell for cell in cells if cell.startswith(f"'{start}")]) >= 2
    assert read(text, "x.csv").articles == before
