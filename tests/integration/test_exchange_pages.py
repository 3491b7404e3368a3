"""What goes out as a file, over HTTP."""

import csv
import io
import json
import zipfile

import pytest
from openpyxl import load_workbook

from connectors.contract import Author
from knowledge.articles import drafts
from store.db import Database
from tests.integration.past_dialogues import BOT, CONTACT, keep
from tests.integration.staff import StaffBrowser

TRICKY = '=HYPERLINK("x"); "quoted", 😀'


@pytest.fixture
async def article(db: Database) -> None:
    wording = {"question": "Wann; offen?", "answer": f"{TRICKY}\n\n- von 9\n- bis 17", "phrasings": ["+49", "a;b"]}
    twin = {"question": "When?", "answer": "9 to 5.", "phrasings": []}
    saved = await drafts.save_draft(db, "hours", {"category": "shop", "variants": {"de": wording, "en": twin}}, by="Jo")
    await drafts.publish(db, "hours", by="Jo", expected_version=saved.version)


@pytest.mark.usefixtures("article")
async def test_every_form_of_the_articles_can_be_downloaded(admin: StaffBrowser) -> None:
    for form, ending in (("xlsx", "xlsx"), ("csv", "csv"), ("jsonl", "jsonl"), ("markdown", "zip"), ("site", "zip")):
        answer = await admin.get(f"/admin/articles/export?format={form}")
        assert answer.status_code == 200, form
        assert answer.headers["content-disposition"].endswith(f'.{ending}"'), form
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("article")
async def test_a_csv_has_the_separator_of_the_readers_excel(admin: StaffBrowser) -> None:
    german = (await admin.get("/admin/articles/export?format=csv")).content
    assert german.startswith(b'\xef\xbb\xbf"key";"category"')
    await admin.fill("/admin/export", to="/account/language", language="en")
    english = (await admin.get("/admin/articles/export?format=csv")).content
    assert english.startswith(b'\xef\xbb\xbf"key","category"')
    rows = list(csv.DictReader(io.StringIO(english.decode("utf-8-sig"), newline="")))
    assert rows[0]["answer"].startswith("'=HYPERLINK")


@pytest.mark.usefixtures("article")
async def test_a_workbook_shows_the_articles_as_they_are(admin: StaffBrowser) -> None:
    raw = (await admin.get("/admin/articles/export?format=xlsx")).content
    sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
    assert sheet["D2"].value == "Wann; offen?"
    assert str(sheet["E2"].value).startswith("=HYPERLINK")
    assert (sheet["E2"].data_type, sheet["F2"].value) == ("s", "+49\na;b")


@pytest.mark.usefixtures("article")
async def test_the_help_centre_comes_as_files(admin: StaffBrowser) -> None:
    raw = (await admin.get("/admin/articles/export?format=site")).content
    with zipfile.ZipFile(io.BytesIO(raw)) as site:
        assert {"index.html", "de/index.html", "en/index.html", "files/help.css"} <= set(site.namelist())


async def test_conversations_ratings_and_figures_can_be_downloaded(admin: StaffBrowser, db: Database) -> None:
    await keep(db, "ida", (CONTACT, "mail ida@example.org"), (BOT, "Danke."), (Author.AGENT, "Gern."))
    for kind in ("conversations", "ratings", "figures"):
        found = await admin.get(f"/admin/export/{kind}?days=30&format=csv")
        assert found.content.startswith(b"\xef\xbb\xbf"), kind
        assert b"ida@example.org" not in found.content
        workbook = await admin.get(f"/admin/export/{kind}?days=all&format=xlsx")
        assert load_workbook(io.BytesIO(workbook.content)).worksheets[0]["A1"].value, kind


async def test_dialogues_are_masked_unless_asked_for(admin: StaffBrowser, db: Database) -> None:
    await keep(db, "ida", (CONTACT, "mail ida@example.org"), (BOT, "Danke."))
    masked = json.loads((await admin.get("/admin/export/dialogues?days=30")).text)
    assert masked["turns"][0]["text"] == "mail …"
    whole = json.loads((await admin.get("/admin/export/dialogues?days=30&unmasked=yes")).text)
    assert whole["turns"][0]["text"] == "mail ida@example.org"


async def test_what_is_not_written_is_refused_with_what_is(admin: StaffBrowser) -> None:
    for path in ("export/secrets", "export/ratings?days=7", "export/ratings?format=pdf", "articles/export?format=pdf"):
        assert (await admin.get(f"/admin/{path}")).status_code == 422, path


async def test_a_download_is_noted_without_what_it_holds(
    admin: StaffBrowser, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await keep(db, "ida", (CONTACT, "geheim"))
    await admin.get("/admin/export/dialogues?days=all&unmasked=yes")
    told = capsys.readouterr().out
    assert "export.downloaded" in told
    assert "unmasked" in told
    assert "geheim" not in told
