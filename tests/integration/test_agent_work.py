"""What agents take, and who is important: on the page, at the command line, and for programs."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.async_playwright import Axe
from click.testing import CliRunner
from playwright.async_api import expect

from connectors.contract import Channel
from helpdesk.accounts.agents import add_agent, find_agent
from helpdesk.accounts.workload import AgentWorkload, set_work
from helpdesk.conversations.contacts.facts import find_contacts, mark_important
from helpdesk.host.cli.agent import agent as agent_command
from helpdesk.host.cli.contact import contact as contact_command
from helpdesk.schedule import teams
from helpdesk.schedule.teams import TeamForm
from store.db import Database
from store.errors import HelpdeskError, NotFound
from store.models import Article, ArticleState, Contact, Role
from tests.integration.staff import PASSWORD, House, StaffBrowser, served
from tests.integration.staff_windows import sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

pytestmark = pytest.mark.sqlite_only

WORK = {"skills": ["orders"], "languages": ["en"], "capacity": 3, "teams": []}


async def test_what_somebody_takes_is_changed(admin: StaffBrowser, db: Database) -> None:
    ada = (await find_agent(db, "ada@example.org")).id
    team = (await teams.save(db, TeamForm(name="Versand"), by="Ada")).team
    archived = (await teams.save(db, TeamForm(name="Alt", members=(ada,)), by="Ada")).team
    await teams.archive(db, archived.id, by="Ada", version=1)
    changed = await admin.post(f"/admin/api/agents/{ada}/work", json=WORK | {"teams": [team.id]})
    assert changed.json() == {"id": ada, **WORK, "teams": [team.id]}
    kept = await find_agent(db, ada)
    assert (kept.skills, kept.languages, kept.capacity) == (("orders",), ("en",), 3)
    assert await teams.load_teams_of_agents(db) == {ada: (team.id,)}
    assert (await teams.load(db, archived.id)).members == (ada,), "an archived team keeps its members"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"capacity": 0}, 422, "bad_capacity"),
        ({"capacity": 51}, 422, "bad_capacity"),
        ({"languages": []}, 422, "bad_languages"),
        ({"languages": ["de", "it"]}, 422, "bad_languages"),
        ({"skills": ["x" * 129]}, 422, "bad_topics"),
        ({"teams": ["0" * 32]}, 404, "not_found"),
        ({"capacity": "3"}, 422, "invalid"),
        ({"role": "admin"}, 422, "invalid"),
    ],
)
async def test_odd_work_is_refused_and_nothing_of_it_kept(
    admin: StaffBrowser, db: Database, change: dict[str, object], status: int, code: str
) -> None:
    ada = (await find_agent(db, "ada@example.org")).id
    refused = await admin.post(f"/admin/api/agents/{ada}/work", json=WORK | change)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert (await find_agent(db, ada)).skills == ()


@pytest.mark.browser
async def test_work_is_changed_in_the_browser(house: House, browser: "Chromium") -> None:
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    await teams.save(house.db, TeamForm(name="Versand"), by="Mia")
    async with house.db.write() as session:
        session.add(Article(key="a", version=1, state=ArticleState.PUBLISHED, category="orders"))
    async with served(house) as address:
        page, errors = await sign_in(browser, address, "mia@example.org", viewport={"width": 390, "height": 844})
        await page.goto("/admin/agents")
        await page.locator("[data-work-of]").click()
        await expect(page.locator("#work-title")).to_have_text("Was Mia übernimmt")
        await page.get_by_label("orders").check()
        await page.fill("#skill-more", "Zoll")
        await page.keyboard.press("Enter")
        await page.get_by_label("English").check()
        await page.fill("[name=capacity]", "7")
        await page.get_by_label("Versand").check()
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.locator("#work button.primary").click()
        await expect(page.locator(".takes")).to_contain_text("bis 7 Gespräche · Versand")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert errors == []
    kept = await find_agent(house.db, mia.id)
    assert (kept.skills, kept.languages, kept.capacity) == (("orders", "Zoll"), ("de", "en"), 7)


def test_the_command_line_says_what_somebody_takes(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", sqlite_url)

    def run(*arguments: str, ends: int = 0) -> str:
        result = CliRunner().invoke(agent_command, list(arguments))
        assert result.exit_code == ends, result.output
        return result.output

    run("add", "anna@example.org")
    changed = run("take", "anna@example.org", "--topics", "orders, returns", "--languages", "de,en", "--capacity", "3")
    assert "orders, returns; de, en; up to 3 at once" in changed
    assert "all topics; de, en; up to 3" in run("take", "anna@example.org", "--topics", "")
    assert "1 to 50" in run("take", "anna@example.org", "--capacity", "99", ends=1)
    assert "no team 'Mond'" in run("take", "anna@example.org", "--teams", "Mond", ends=1)


async def contact(db: Database, name: str, *, channel: Channel = Channel.WEBCHAT, person: str | None = None) -> str:
    async with db.write() as session:
        made = Contact(channel=channel, account="main", external_id=name, email="Ida@Example.org", person=person)
        session.add(made)
        await session.flush()
        return made.id


async def test_an_important_person_is_important_on_every_channel(db: Database) -> None:
    web = await contact(db, "web", person="p1")
    telegram = await contact(db, "telegram", channel=Channel.TELEGRAM, person="p1")
    other = await contact(db, "other")
    await mark_important(db, web, True)
    found = {one.id: one.important for one in await find_contacts(db, email="ida@example.ORG ")}
    assert found == {web: True, telegram: True, other: False}
    await mark_important(db, telegram, False)
    assert not any(one.important for one in await find_contacts(db, email="ida@example.org"))
    with pytest.raises(NotFound):
        await mark_important(db, "0" * 32, True)


def test_the_command_line_marks_a_contact(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", sqlite_url)
    missing = CliRunner().invoke(contact_command, ["important", "0" * 32])
    assert missing.exit_code == 1
    assert "no such contact" in missing.output


async def test_only_what_is_given_is_changed(db: Database) -> None:
    jo = await add_agent(db, "jo@example.org", "Jo", Role.AGENT)
    await set_work(db, jo.id, AgentWorkload(capacity=9))
    kept = await find_agent(db, jo.id)
    assert (kept.capacity, kept.languages, kept.skills) == (9, ("de",), ())
    with pytest.raises(HelpdeskError, match="no such agent"):
        await set_work(db, "nobody", AgentWorkload(capacity=9))
