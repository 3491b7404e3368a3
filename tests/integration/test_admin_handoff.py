"""The page on the rules of the handoff: its doors, what they say, and the page in a real browser."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from helpdesk.accounts.agents import add_agent, find_agent
from helpdesk.handoff.rules import DEFAULT_RULES, read_rules
from helpdesk.rule_admin.rule_sets import BUILT_IN, load_newest, save_rule_set
from store.db import Database
from store.models import Article, ArticleState, Role
from store.triggers import TriggerKind
from tests.integration.past_dialogues import BOT, CONTACT, keep, without
from tests.integration.staff import House, StaffBrowser, served
from tests.integration.staff_windows import sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

pytestmark = pytest.mark.sqlite_only

RULES = DEFAULT_RULES.as_json()
WISH = "Ich möchte mit einem Menschen sprechen"
LEGAL = "Ich schalte meinen Anwalt ein"


@pytest.fixture(autouse=True)
async def article_about_bills(db: Database) -> None:
    async with db.write() as session:
        session.add(Article(key="a", version=1, state=ArticleState.PUBLISHED, category="Rechnung"))


async def post(browser: StaffBrowser, verb: str, **body: Any) -> httpx.Response:
    return await browser.post(f"/admin/api/handoff/{verb}", json={"rules": RULES} | body)


def last_line(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.text.splitlines()[-1])
    return found


async def test_rules_are_saved_with_their_author_and_come_back(admin: StaffBrowser, db: Database) -> None:
    changed = without("abuse").as_json()
    saved = await post(admin, "save", rules=changed, seen=BUILT_IN)
    assert (saved.json()["revision"], saved.json()["author"]) == (1, "Ada")
    assert not (await load_newest(db)).rules[TriggerKind.ABUSE].on
    page = (await admin.get("/admin/handoff", headers={"accept": "text/html"})).text
    assert "Beleidigung ausgeschaltet" in page
    restored = await admin.post("/admin/api/handoff/restore", json={"revision": BUILT_IN, "seen": 1})
    assert (restored.json()["revision"], restored.json()["rules"]) == (2, RULES)
    assert (await admin.get("/admin/api/handoff")).json()["revision"] == 2


async def test_two_admins_do_not_overwrite_each_other(admin: StaffBrowser, db: Database) -> None:
    jo = await add_agent(db, "jo@example.org", "Jo", Role.ADMIN)
    await save_rule_set(db, without("abuse"), agent_id=jo.id, seen=BUILT_IN)
    late = await post(admin, "save", rules=without("complaint").as_json(), seen=BUILT_IN)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "rules_changed")
    assert late.json()["error"]["message"].startswith("Jo hat die Regeln")


async def test_what_can_not_be_kept_is_named_in_the_readers_language_by_every_door(admin: StaffBrowser) -> None:
    bad = {**RULES, "rules": {**RULES["rules"], "frustration": {"level": 7}}}
    sentence = "Ärger – Ärger ab: Erwartet wird eine Zahl von 0,1 bis 1."
    assert (await post(admin, "describe", rules=bad)).json() == {"problem": sentence}
    for verb, more in (
        ("save", {"seen": 0}),
        ("try", {}),
        ("sentence", {"text": "Hallo"}),
        ("touch", {"text": "Hallo"}),
    ):
        refused = await post(admin, verb, rules=bad, **more)
        assert (refused.status_code, refused.json()["error"]["message"]) == (422, sentence), verb


async def test_each_rule_is_described_as_it_is_set(admin: StaffBrowser) -> None:
    set_so = {**RULES, "rules": {**RULES["rules"], "not_found": {"times": 4, "does": "offer"}}}
    told = (await post(admin, "describe", rules=set_so)).json()["sentences"]
    assert told["not_found"].startswith("Wenn 4 Mal")
    assert "angeboten" in told["not_found"]


async def test_rules_are_tried_on_the_last_conversations(admin: StaffBrowser, db: Database) -> None:
    gone = await keep(db, "legal", (CONTACT, LEGAL))
    await keep(db, "asked", (CONTACT, WISH))
    await keep(db, "calm", (CONTACT, "Hallo"), (BOT, "Guten Tag."))
    answer = await post(admin, "try", rules=without("sensitive").as_json(), last=200)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    outcome = last_line(answer)
    assert outcome["verdict"][:2] == [
        "Mit diesen Regeln wären 1 der letzten 3 Gespräche an einen Menschen gegangen; mit den geltenden sind es 2.",
        "0 neu, 1 entfallen, 0 an anderer Stelle.",
    ]
    assert [(kind["kind"], kind["count"]) for kind in outcome["kinds"]] == [("gone", 1), ("same", 1)]
    (shown,) = outcome["kinds"][0]["conversations"]
    assert (shown["conversation"], shown["seq"], shown["words"]) == (gone, 1, ["Anwalt"])
    assert shown["sentence"].startswith("Geht an einen Menschen, weil es um ein heikles Thema geht")


async def test_personal_data_is_masked_in_what_is_shown(admin: StaffBrowser, db: Database) -> None:
    await keep(db, "mail", (CONTACT, f"{LEGAL}, schreiben Sie an karin.beispiel@example.org"))
    assert "karin.beispiel" not in (await post(admin, "try", rules=without("sensitive").as_json())).text


async def test_a_sentence_and_a_dialogue_are_judged(admin: StaffBrowser) -> None:
    text = f"Hallo\nBot: Guten Tag.\n{WISH}"
    lines = (await post(admin, "sentence", text=text)).json()["lines"]
    assert [(line["author"], line.get("act")) for line in lines] == [
        ("contact", "none"),
        ("bot", None),
        ("contact", "hand_over"),
    ]
    assert lines[2]["sentence"].startswith("Geht an einen Menschen, weil darum gebeten wurde")


async def test_a_sentence_is_tried_against_the_edited_topics(admin: StaffBrowser) -> None:
    topics = [{"name": "weapons", "de": "Waffen", "en": "weapons", "words": {"de": ["waffe*"]}}]
    found = await post(admin, "touch", rules={**RULES, "sensitive": topics}, text="Verkaufen Sie Waffen?")
    assert found.json() == {"topics": [{"topic": "Waffen", "words": "Waffen"}]}


@pytest.mark.parametrize(
    "body", [{"rules": []}, {"rules": RULES, "seen": "0"}, {"rules": RULES, "seen": 0, "x": 1}, {}]
)
async def test_what_is_no_form_is_refused(admin: StaffBrowser, body: object) -> None:
    assert (await admin.post("/admin/api/handoff/save", json=body)).status_code == 422


async def test_an_agent_who_is_no_admin_has_no_business_here(house: House) -> None:
    browser = await house.signed_in(Role.AGENT)
    browser.headers.update({"x-csrf-token": await browser.csrf(house.db), "accept": "application/json"})
    assert (await browser.get("/admin/handoff")).status_code == 403
    assert (await post(browser, "save", seen=0)).status_code == 403


@pytest.mark.browser
async def test_rules_are_changed_tried_and_put_in_force_in_the_browser(two_admins: House, browser: "Chromium") -> None:
    conversation_id = await keep(two_admins.db, "legal", (CONTACT, LEGAL))
    async with served(two_admins) as address:
        page, errors = await sign_in(browser, address, "mia@example.org")
        await page.goto("/admin/handoff")
        await page.fill("#touch-text", LEGAL)
        await expect(page.locator("#touch-found")).to_have_text("Trifft: rechtliche Schritte („Anwalt“)")
        await page.locator("[data-kind=sensitive] [name=on]").uncheck()
        await expect(page.locator("#explain-sensitive")).to_contain_text("Ausgeschaltet")
        level = page.locator('[data-kind=frustration] [data-number="frustration.level"]')
        await level.fill("0.7")
        await expect(page.locator("#explain-frustration")).to_contain_text("0,7")
        slider = page.locator("[data-kind=frustration] [type=range]").first
        await expect(slider).to_have_value("0.7")
        await slider.focus()
        await page.keyboard.press("ArrowRight")
        await expect(level).to_have_value("0.75")
        await page.get_by_label("Rechnung").check()
        await page.locator("#try button.primary").click()
        await expect(page.locator(".verdict")).to_contain_text("1 entfallen")
        href = await page.locator(".tried a").first.get_attribute("href")
        assert href == f"/desk?conversation={conversation_id}"
        await page.fill("#sentence textarea", WISH)
        await page.locator("#sentence button").click()
        await expect(page.locator("#sentence-result")).to_contain_text("weil darum gebeten wurde", timeout=30_000)
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.locator("#save").click()
        await expect(page.locator("#rules-status")).to_contain_text("Gilt überall")
        await expect(page.locator(".history > li").first).to_contain_text("Ärger, Ärger ab: 0,5 → 0,75")
        assert errors == []
    rules = (await load_newest(two_admins.db)).rules
    assert (rules[TriggerKind.SENSITIVE].on, rules[TriggerKind.FRUSTRATION]["level"]) == (False, 0.75)
    assert rules.person_categories == ("Rechnung",)


@pytest.mark.browser
async def test_a_topic_is_added_and_a_quicker_colleague_is_named(two_admins: House, browser: "Chromium") -> None:
    mia = await find_agent(two_admins.db, "mia@example.org")
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    async with served(two_admins) as address:
        page, errors = await sign_in(browser, address, "jo@example.org", **options)
        await page.goto("/admin/handoff")
        await page.fill("#topic-new", "Weapons")
        await page.keyboard.press("Enter")
        await page.keyboard.type("weapon*")
        await save_rule_set(two_admins.db, without("abuse"), agent_id=mia.id, seen=BUILT_IN)
        await page.keyboard.press("Control+s")
        await expect(page.locator("#rules-conflict")).to_contain_text("Mia has changed the rules")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.locator("[data-conflict=mine]").click()
        await expect(page.locator("#rules-status")).to_contain_text("In force everywhere")
        await expect(page.locator(".history > li").first).to_contain_text('Topic "Weapons" new')
        assert errors == []
    rules = (await load_newest(two_admins.db)).rules
    assert rules.sensitive[-1].words["en"] == ("weapon*",)
    assert read_rules(rules.as_json()) == rules
