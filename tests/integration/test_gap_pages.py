"""The pages on gaps and on trying a draft: their doors, what they say, and that axe finds nothing."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from starlette.routing import Mount

from helpdesk.accounts.agents import add_agent
from helpdesk.insights.gaps import Gaps
from helpdesk.insights.questions import load_questions
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.replay.routes import replay_routes
from helpdesk.web.shared.access import Access, declare
from helpdesk.web.shared.pages import FeatureFiles
from knowledge.articles.drafts import load, save_draft
from knowledge.articles.proposals import UNWRITTEN
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.models import Role, now
from tests.integration.staff import PASSWORD, House, StaffBrowser, make_house, served
from tests.past_questions import PastQuestion, open_shop, store_questions

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

pytestmark = pytest.mark.sqlite_only

VOUCHER = "kann ich einen gutschein verschenken"
KEY = "delivery-status"


@pytest.fixture
async def house(db: Database, three_models: ThreeModels) -> AsyncIterator[House]:
    await open_shop(db)
    recent = CachedEmbedder(three_models)
    library = Library(db, recent)
    await library.start()
    gaps = Gaps(db, library, recent)
    yield make_house(
        db,
        lambda pages, guard: [
            *gap_routes(db=db, library=library, gaps=gaps, pages=pages),
            *replay_routes(db=db, library=library, recent=recent, pages=pages),
            *article_routes(db=db, library=library, pages=pages),
            *declare([Mount("/static", FeatureFiles())], Access.PUBLIC),
        ],
    )
    await gaps.close()


async def asked_in_vain(house: House) -> list[str]:
    said = (VOUCHER, "gutschein als geschenk für 4711007", "can I give a voucher as a present")
    await store_questions(
        house.db,
        [
            PastQuestion(text=text, customer=str(n), language="en" if n == 2 else "de", ago=timedelta(hours=9 - n))
            for n, text in enumerate(said)
        ],
    )
    return [question.id for question in await load_questions(house.db, now().replace(year=2000))]


async def post(browser: StaffBrowser, path: str, body: object) -> Any:
    answer = await browser.post(f"/admin/api/{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def test_a_group_becomes_a_draft_in_both_languages_without_personal_data(
    house: House, admin: StaffBrowser
) -> None:
    ids = await asked_in_vain(house)
    made = await post(admin, "gaps/draft", {"questions": ids, "key": "voucher-gift"})
    draft = (await load(house.db, made["key"])).draft
    assert draft
    assert {code: (one.question, one.phrasings, one.answer) for code, one in draft.variants.items()} == {
        "de": ("Kann ich einen gutschein verschenken", ("gutschein als geschenk für …",), UNWRITTEN["de"]),
        "en": ("Can I give a voucher as a present", (), UNWRITTEN["en"]),
    }


async def test_a_draft_without_an_answer_can_not_be_published(house: House, admin: StaffBrowser) -> None:
    await post(admin, "gaps/draft", {"questions": await asked_in_vain(house), "key": "gift"})
    answer = await admin.post("/admin/api/articles/gift/publish", json={"version": 1})
    assert answer.status_code == 422
    assert "Die Antwort fehlt noch" in answer.text


async def test_a_group_becomes_phrasings_of_an_article_as_a_draft(house: House, admin: StaffBrowser) -> None:
    ids = await asked_in_vain(house)
    added = await post(admin, "gaps/phrasings", {"questions": ids, "article": KEY})
    view = await load(house.db, KEY)
    assert added == {"key": KEY, "added": 3}
    assert view.draft
    assert view.published
    assert view.draft.variants["de"].phrasings[-3:-1] == (VOUCHER, "gutschein als geschenk für …")
    assert VOUCHER not in view.published.asked
    assert (await post(admin, "gaps/phrasings", {"questions": ids, "article": KEY}))["added"] == 0


async def test_a_group_that_is_gone_makes_nothing(house: House, admin: StaffBrowser) -> None:
    for verb, more in (
        ("draft", {"key": "k"}),
        ("phrasings", {"article": KEY}),
        ("dismiss", {"customers": 1, "why": "-"}),
    ):
        answer = await admin.post(f"/admin/api/gaps/{verb}", json={"questions": ["0" * 32], **more})
        assert answer.status_code == 404, verb


async def test_figures_of_an_article(house: House, admin: StaffBrowser) -> None:
    await store_questions(
        house.db, [PastQuestion(text="x", customer="1", outcome="answer", article=KEY, words=((KEY, False),))]
    )
    answer = (await admin.get(f"/admin/api/articles/{KEY}/figures")).json()
    assert (answer["asked"], answer["not_helped"], answer["helped"]) == (1, 1, 0)


async def test_neighbours_of_what_is_being_written(house: House, admin: StaffBrowser) -> None:
    content = {"variants": {"de": {"question": "wo bleibt mein paket", "phrasings": ["völlig anderes", 7]}, "en": 3}}
    found = await post(admin, "articles/new/neighbours", {"content": content})
    assert [one["article"] for one in found["neighbours"]] == [KEY]
    assert any("wörtlich" in sentence for sentence in found["neighbours"][0]["sentences"])
    assert (await post(admin, f"articles/{KEY}/neighbours", {"content": content}))["neighbours"] == []
    assert (await post(admin, "articles/new/neighbours", {"content": {}}))["neighbours"] == []


async def test_a_question_side_by_side_with_the_draft(house: House, admin: StaffBrowser) -> None:
    await save_draft(
        house.db, "gift", {"variants": {"de": {"question": VOUCHER, "answer": "**Ja** <script>"}}}, by="Ada"
    )
    shown = await post(admin, "articles/gift/try", {"text": VOUCHER})
    assert shown["now"]["outcome"] != "answer"
    assert shown["then"]["outcome"] == "answer"
    assert shown["then"]["html"] == "<p><strong>Ja</strong></p>\n"


async def test_a_replay_ends_with_one_sentence_that_says_it_all(house: House, admin: StaffBrowser) -> None:
    await asked_in_vain(house)
    await save_draft(house.db, "gift", {"variants": {"de": {"question": VOUCHER, "answer": "Ja"}}}, by="Ada")
    answer = await admin.post("/admin/api/articles/gift/replay", json={"days": 30})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("stage") for line in lines] == ["learning", "asking", None]
    assert "besser" in lines[-1]["verdict"][0]
    assert lines[-1]["verdict"][-1] == "Geprüft: 3 verschiedene Fragen, 3-mal gestellt."
    assert "4711007" not in answer.text


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1360, "de"), ("dark", 390, "en")])
async def test_the_pages_have_no_fault_that_axe_finds(
    house: House, browser: "Chromium", scheme: str, width: int, language: str
) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD, language=language)
    await asked_in_vain(house)
    await save_draft(house.db, "gift", {"variants": {"de": {"question": VOUCHER, "answer": "Ja"}}}, by="Ada")
    async with served(house) as address:
        context = await browser.new_context(
            base_url=address,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900},
        )
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        await page.goto("/signin?next=/admin/gaps")
        await page.fill("[name=email]", "mia@example.org")
        await page.fill("[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator(".gap").first).to_be_visible(timeout=30_000)
        await page.wait_for_load_state("networkidle")  # the page stands before its script does
        await page.locator("[data-open=new]").first.click()
        await expect(page.locator("#new [name=key]")).to_have_value(re.compile("gutschein|voucher"))
        assert (await Axe().run(page)).violations_count == 0
        await page.keyboard.press("Escape")
        await page.goto("/admin/articles/try/gift")
        await page.locator("#replay button.primary").click()
        await expect(page.locator(".verdict")).to_be_visible(timeout=30_000)
        await page.fill("#try-text", VOUCHER)
        await page.locator("#try button").click()
        await expect(page.locator(".side")).to_have_count(2, timeout=30_000)
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert errors == []
        await context.close()
