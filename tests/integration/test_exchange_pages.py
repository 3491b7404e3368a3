"""What comes in and goes out as a file: over HTTP, and in a real browser."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from connectors.contract import Author
from helpdesk.web.admin.exchange.article_files import KINDS, ExportFormat
from helpdesk.web.admin.exchange.import_run import ImportRuns, ImportStage
from knowledge.articles import drafts
from knowledge.articles.article_list import list_articles
from knowledge.articles.versions import list_versions
from knowledge.formats.import_plan import MAX_BYTES, ImportResult, ImportSource, make_plan, read_source
from knowledge.search.library import Library
from store.db import Database
from store.errors import Unavailable
from store.models import ArticleState
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually
from tests.integration.past_dialogues import BOT, CONTACT, keep
from tests.integration.staff import ORIGIN, House, StaffBrowser, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

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
    assert (await admin.get("/admin/export/secrets")).status_code == 404
    for path in ("export/ratings?days=7", "export/ratings?format=pdf", "articles/export?format=pdf"):
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


# In


LINE = {"key": "hours", "variants": {"de": {"question": "Wann offen?", "answer": "Von 8 bis 17 Uhr."}}}
LINES = (json.dumps(LINE) + "\n" + json.dumps({**LINE, "key": "new"})).encode()
PREVIEW = "/admin/api/import/preview"


async def published(db: Database, key: str = "hours", answer: str = "Von 9 bis 17 Uhr.", **more: Any) -> int:
    wording = {"question": "Wann offen?", "answer": answer, "phrasings": ["öffnungszeiten"]}
    saved = await drafts.save_draft(db, key, {"variants": {"de": wording}, **more}, by="Jo")
    return (await drafts.publish(db, key, by="Jo", expected_version=saved.version)).version


async def send(browser: StaffBrowser, path: str, raw: bytes, name: str = "x.jsonl", **fields: str) -> httpx.Response:
    """Send a file as the page does."""
    return await browser.post(path, data=fields, files={"file": (name, raw)}, headers={"origin": ORIGIN})


def workbook(*rows: Sequence[str]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "FAQ"
    for row in rows:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


FAQ = (
    ("Nr.", "Häufige Frage", "Unsere Antwort", "Status"),
    ("1", "Wie lange dauert der Versand?", "Zwei bis drei Werktage.", ""),
    ("2", "Womit kann ich bezahlen?", "Mit Karte oder auf Rechnung.", ""),
    ("3", "Gibt es einen Werksverkauf?", "", ""),
    ("4", "Wie hoch ist der Händlerrabatt?", "18 Prozent ab 50 Stück.", "intern"),
)


CHOSEN: Any = {"name": "faq.xlsx", "mimeType": "", "buffer": workbook(*FAQ)}


async def test_an_import_is_looked_at_first_and_then_does_what_was_shown(admin: StaffBrowser, db: Database) -> None:
    await published(db)
    seen = (await send(admin, PREVIEW, LINES)).json()
    assert seen["counts"] == {"new": 1, "changed": 1, "unchanged": 0, "archived": 0, "refused": 0}
    assert "<ins>" in seen["html"]
    assert len(await list_versions(db, "hours")) == 2
    done = (await send(admin, "/admin/api/import", LINES, revision=str(seen["revision"]))).json()
    assert (done["new"], done["changed"]) == (1, 1)
    assert (await send(admin, PREVIEW, LINES)).json()["counts"]["unchanged"] == 2


async def test_a_bare_file_is_read_too(admin: StaffBrowser) -> None:
    seen = (await admin.post(f"{PREVIEW}?name=x.jsonl", content=LINES, headers={"origin": ORIGIN})).json()
    path = f"/admin/api/import?name=x.jsonl&revision={seen['revision']}"
    assert (await admin.post(path, content=LINES, headers={"origin": ORIGIN})).json()["new"] == 2


async def test_an_import_is_refused_when_the_articles_changed_since_the_preview(
    admin: StaffBrowser, db: Database
) -> None:
    seen = (await send(admin, PREVIEW, LINES)).json()
    await published(db, "other")
    late = await send(admin, "/admin/api/import", LINES, revision=str(seen["revision"]))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "plan_old")
    assert [view.key for view in await list_articles(db)] == ["other"]


async def test_a_bad_row_is_named_and_keeps_nobody_out(admin: StaffBrowser, db: Database) -> None:
    raw = workbook(*FAQ)
    seen = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    assert seen["counts"] == {"new": 3, "changed": 0, "unchanged": 0, "archived": 0, "refused": 1}
    assert "Zeile 4" in seen["html"]
    assert "Antwort" in seen["html"]
    done = (await send(admin, "/admin/api/import", raw, "faq.xlsx", revision=str(seen["revision"]))).json()
    assert done["new"] == 3
    assert len(await list_articles(db)) == 3


async def test_what_not_everybody_may_see_comes_in_as_a_draft(admin: StaffBrowser, db: Database) -> None:
    raw = workbook(*FAQ)
    seen = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    assert seen["held"] == 1
    done = (await send(admin, "/admin/api/import", raw, "faq.xlsx", revision=str(seen["revision"]))).json()
    [held] = done["held"]
    view = await drafts.load(db, held)
    assert (view.published, view.state) == (None, ArticleState.DRAFT)
    assert view.draft
    assert view.draft.variants["de"].answer == "18 Prozent ab 50 Stück."


async def test_the_same_file_again_has_nothing_new(admin: StaffBrowser, db: Database) -> None:
    raw = workbook(*FAQ)
    seen = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    done = (await send(admin, "/admin/api/import", raw, "faq.xlsx", revision=str(seen["revision"]))).json()
    again = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    assert (again["counts"]["unchanged"], again["held"]) == (3, 0)
    assert "Alles aus der Datei ist schon da" in again["html"]
    [held] = done["held"]
    view = await drafts.load(db, held)
    await drafts.publish(db, held, by="Jo", expected_version=view.version)
    public = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    assert public["counts"]["unchanged"] == 3
    assert "Hier öffentlich, aber nicht dort" in public["html"]


async def test_an_import_goes_on_when_nobody_listens_any_more(db: Database) -> None:
    contents = read_source(ImportSource(raw=LINES, name="x.jsonl"))
    steps = ImportRuns(db, Library(db, LetterCounts())).run(await make_plan(db, contents), by="Jo")
    assert isinstance(await anext(steps), ImportStage)
    await steps.aclose()
    await eventually(lambda: _are_there(db, 2), "both articles")


async def test_what_is_stored_counts_though_the_database_goes_away_afterwards(db: Database) -> None:
    class Away(Library):
        async def refresh(self) -> None:
            raise Unavailable("away")

    plan = await make_plan(db, read_source(ImportSource(raw=LINES, name="x.jsonl")))
    steps = [step async for step in ImportRuns(db, Away(db, LetterCounts())).run(plan, by="Jo")]
    assert steps[-1] == ImportResult(new=2)


async def _are_there(db: Database, count: int) -> bool:
    return len(await list_articles(db)) == count


async def test_columns_are_proposed_and_can_be_said_otherwise(admin: StaffBrowser) -> None:
    raw = workbook(
        ("Thema", "Text A", "Text B"), ("x", "Wo ist mein Paket?", "Unterwegs."), ("y", "Wie bezahle ich?", "Bar.")
    )
    proposed = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    assert "Text A" in proposed["tables"]
    uses = [{"role": role, "language": None} for role in ("category", "answer", "question")]
    mapping = json.dumps({"FAQ": {"header_row": 1, "columns": uses}})
    turned = (await send(admin, PREVIEW, raw, "faq.xlsx", mapping=mapping)).json()
    assert turned["counts"]["new"] == 2
    assert "Unterwegs." in turned["html"].partition("</summary>")[0]
    for wrong in ("{", "[]", json.dumps({"FAQ": {"columns": [{"role": "nonsense"}]}})):
        assert (await send(admin, PREVIEW, raw, "faq.xlsx", mapping=wrong)).status_code == 422


async def test_many_tables_are_folded_up_but_for_those_that_bring_nothing(admin: StaffBrowser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", f"Frage;Antwort\nWas ist {number}?;Eine Zahl.\n")
        archive.writestr("bills.csv", "Datum;Betrag\n1.5.;12\n2.5.;13\n")
    tables = (await send(admin, PREVIEW, packed.getvalue(), "faq.zip")).json()["tables"]
    assert tables.count("<details data-table=") == 5
    assert tables.count(" open><summary>") == 1
    assert 'data-table="bills.csv" open>' in tables


async def test_a_language_that_nobody_offers_stays_chosen(admin: StaffBrowser) -> None:
    raw = workbook(("Frage DE", "Antwort DE", "Pregunta ES", "Respuesta ES"), ("Wo?", "Da.", "¿Dónde?", "Aquí."))
    uses = [("question", "de"), ("answer", "de"), ("question", "es"), ("answer", "es")]
    columns = [{"role": role, "language": language} for role, language in uses]
    mapping = json.dumps({"FAQ": {"header_row": 1, "columns": columns}})
    seen = (await send(admin, PREVIEW, raw, "faq.xlsx", mapping=mapping)).json()
    assert seen["counts"]["new"] == 1
    assert '<option value="question:es" selected>Frage auf Spanisch</option>' in seen["tables"]


async def test_a_file_that_brings_nothing_says_what_to_do(admin: StaffBrowser) -> None:
    seen = (await send(admin, PREVIEW, workbook(("Datum", "Betrag"), ("1.5.", "12")), "bills.xlsx")).json()
    assert not any(seen["counts"][name] for name in ("new", "changed", "archived"))
    assert "Die Datei bringt nichts" in seen["html"]
    assert "in welcher Spalte die Frage" in seen["html"] + seen["tables"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "Die Datei ist leer."),
        (b"Liebe Kundschaft, wir freuen uns sehr. " * 20, "braucht jede Frage ihre Antwort unter sich"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "keinen Text, den wir lesen"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why_and_what_to_do(admin: StaffBrowser, raw: bytes, told: str) -> None:
    refused = await send(admin, PREVIEW, raw, "x.txt")
    assert refused.status_code == 422
    assert told in refused.json()["error"]["message"]


async def test_pasted_questions_and_answers_are_read(admin: StaffBrowser) -> None:
    for text in (
        "Frage: Wo?\nAntwort: Da.\n\nFrage: Wann?\nAntwort: Bald.",
        "Wo ist es?\tDort drüben.\nWann kommt es?\tBald.",
    ):
        assert (await send(admin, PREVIEW, text.encode(), "pasted.txt")).json()["counts"]["new"] == 2, text


async def test_the_stages_of_an_import_end_with_a_report(admin: StaffBrowser, db: Database) -> None:
    raw = workbook(*FAQ)
    seen = (await send(admin, PREVIEW, raw, "faq.xlsx")).json()
    answer = await send(admin, "/admin/api/import", raw, "faq.xlsx", revision=str(seen["revision"]), stream="yes")
    *stages, report = [json.loads(line) for line in answer.text.splitlines()]
    assert stages[0]["stage"] == "storing"
    assert report["live"]
    assert "2 Artikel sind live" in report["html"]
    assert "3 Artikel haben noch keine weiteren Formulierungen" in report["html"]
    assert "3 Artikel haben keinen Text auf Englisch" in report["html"]
    asked = await admin.post("/admin/api/ask", json={"text": "Womit kann ich bezahlen?"}, headers={"origin": ORIGIN})
    assert asked.json()["candidates"][0]["question"] == "Womit kann ich bezahlen?"
    assert len(await list_articles(db)) == 3


async def test_drafts_are_not_live(admin: StaffBrowser, db: Database) -> None:
    seen = (await send(admin, PREVIEW, LINES)).json()
    answer = await send(admin, "/admin/api/import", LINES, revision=str(seen["revision"]), drafts="yes", stream="yes")
    report = json.loads(answer.text.splitlines()[-1])
    assert (report["live"], report["new"]) == (False, 2)
    assert {view.state for view in await list_articles(db)} == {ArticleState.DRAFT}


async def test_another_systems_file_keeps_phrasings_and_languages_it_knows_nothing_of(
    admin: StaffBrowser, db: Database
) -> None:
    await published(db, "zendesk-1")
    document = {"articles": [{"id": 1, "title": "When open?", "body": "<p>9 to 5</p>", "locale": "en"}]}
    raw = json.dumps(document).encode()
    seen = (await send(admin, PREVIEW, raw, "x.json")).json()
    await send(admin, "/admin/api/import", raw, "x.json", revision=str(seen["revision"]), drafts="yes")
    view = await drafts.load(db, "zendesk-1")
    assert view.draft
    assert view.draft.variants["de"].phrasings == ("öffnungszeiten",)
    assert view.draft.variants["en"].answer == "9 to 5"


async def test_f96_a_hostile_file_is_answered_with_422_and_why(admin: StaffBrowser) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", b"\n" * 20_000_000)
    for raw in (bomb.getvalue(), b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', b" " * (MAX_BYTES + 1)):
        refused = await send(admin, PREVIEW, raw, "x")
        assert refused.status_code == 422
        assert refused.json()["error"]["message"].startswith("Diese Datei wurde nicht angenommen")
    assert (await send(admin, PREVIEW, b" " * (2 * MAX_BYTES + 1), "x")).status_code == 413
    assert (
        await admin.post(PREVIEW, data={"name": "x"}, files={"other": b"x"}, headers={"origin": ORIGIN})
    ).status_code == 422


@pytest.mark.parametrize("written", ["jsonl", "csv", "xlsx", "markdown"])
async def test_an_export_comes_back_without_a_difference(admin: StaffBrowser, db: Database, written: str) -> None:
    kept: dict[str, object] = {"valid_from": "2026-01-01T00:00:00Z", "owner": "mia@example.org"}
    kept |= {"review_on": "2027-01-01", "ask_again_after": 5}
    await published(db, "hours", f"  {TRICKY}\r\n\n- von 9", **kept)
    await published(db, "other", "=1+1")
    exported = await admin.get(f"/admin/articles/export?format={written}")
    assert exported.headers["content-disposition"].startswith("attachment")
    seen = (await send(admin, PREVIEW, exported.content, f"x.{KINDS[ExportFormat(written)][0]}")).json()
    assert seen["counts"] == {"new": 0, "changed": 0, "unchanged": 2, "archived": 0, "refused": 0}


# In a browser


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_a_workbook_is_mapped_published_and_tried(two_admins: House, browser: "Chromium") -> None:
    async with served(two_admins) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/articles")
        await page.click("text=Eine Datei importieren")
        await page.set_input_files("[name=file]", CHOSEN)
        await page.wait_for_selector("#plan-shown:has-text('Zeile 4')")
        await check(page)
        await page.select_option("#column-1-1", "category")
        await page.wait_for_selector("#column-1-1 option[value=category]:checked", state="attached")
        await page.click("#publish")
        await page.wait_for_selector("#done-shown:has-text('2 Artikel sind live')")
        await page.keyboard.type("womit kann ich bezahlen")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#ask-result .candidates")
        await check(page)


@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
async def test_the_pages_have_no_fault_that_axe_finds(
    two_admins: House, browser: "Chromium", scheme: str, width: int
) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    async with served(two_admins) as address, window(browser, address, "mia@example.org", **options) as page:
        for path in ("/admin/export", "/admin/articles/import"):
            await page.goto(path)
            await check(page)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await page.set_input_files("[name=file]", CHOSEN)
        await page.wait_for_selector("#plan:not([hidden])")
        await check(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
