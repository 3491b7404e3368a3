"""Roles, keys and the audit log in a real browser: chosen, made, found again, and seen by everybody."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.keys import make_key
from helpdesk.audit.audit_view import AuditFilter, load_entries
from helpdesk.conversations import Conversations
from helpdesk.web.admin.audit.routes import audit_routes
from helpdesk.web.admin.keys.routes import key_routes
from store.db import Database
from store.models import Contact, Conversation, Role, now
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, make_house, served, staff_routes
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.sqlite_only
ZONE = ZoneInfo("Europe/Berlin")
LOOKS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light", "locale": "de-DE"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "en-GB"},
)


async def test_an_admin_gives_a_role_makes_a_key_and_reads_who_did_it(
    db: Database, conversations: Conversations, browser: "Browser", tmp_path: Path
) -> None:
    house = make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *audit_routes(db=db, audit=guard.audit, pages=pages, zone=ZONE),
            *key_routes(db=db, pages=pages, zone=ZONE),
        ],
    )
    await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    jo = await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    await make_key(db, "Shop", ["conversations", "messages"], agent_id=jo.id, days=30)
    conversation = await waiting(conversations)
    async with served(house) as address:
        for number, look in enumerate(LOOKS):
            async with window(browser, address, "ada@example.org", **look) as page:
                if number == 0:
                    await page.goto(f"/desk?conversation={conversation}")
                    await page.wait_for_selector("#masked:not([hidden])")
                    await page.click("#unmask")
                    await page.wait_for_selector("#masked", state="hidden")
                    await page.goto("/admin/agents")
                    await page.click(f"tr[data-agent='{jo.id}'] [data-role-of]")
                    await page.check("#role [value=supervisor]")
                    await page.screenshot(path=tmp_path / "role.png")
                    async with page.expect_navigation():
                        await page.click("#role .primary")
                    await page.goto("/admin/keys")
                    await page.fill("#add [name=name]", "CRM")
                    await page.check("#add [value=contacts]")
                    await page.click("#add .primary")
                    await page.wait_for_selector("#made[open]")
                    assert (await page.input_value("#made-text")).startswith("staffel_")
                    async with page.expect_navigation():
                        await page.click("#made .primary")
                for name in ("agents", "keys", "audit?verify=1"):
                    await page.goto(f"/admin/{name}")
                    await check(page)
                    await page.screenshot(path=tmp_path / f"{name[:5]}-{number}.png", full_page=True)
                width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert width <= 0, "nothing hangs over the edge"
                if number == 0:
                    await asks_who_read_it(page, db, conversation)
    actions = [entry.action for entry in await load_entries(db, AuditFilter(actor="Ada"))]
    assert {"agents.role", "keys.save", "conversation.unmask", "conversation.read", "sign_in.password"} <= set(actions)


async def asks_who_read_it(page: "Page", db: Database, conversation: str) -> None:
    """An auditor, from another page: "who read conversation 417 in March?", by three clicks, a number and a month."""
    async with db.read() as session:
        contact = select(Conversation.contact_id).where(Conversation.id == conversation).scalar_subquery()
        guest = await session.scalar(select(Contact.number).where(Contact.id == contact))
    await page.goto("/admin/teams")
    await page.evaluate("sessionStorage.clicks = 0")
    await page.context.add_init_script("addEventListener('click', () => sessionStorage.clicks++, true)")
    await page.reload()
    await page.click("details.settings summary:visible")
    async with page.expect_navigation():
        await page.click("nav a[href='/admin/audit']")
    await page.fill("[name=subject]", str(guest))
    await page.select_option("[name=month]", f"{now().astimezone(ZONE):%Y-%m}")
    async with page.expect_navigation():
        await page.click("button[value='conversation.read']")
    rows = await page.locator("tbody tr").all_inner_texts()
    assert len(rows) == 1
    assert "Ada" in rows[0]
    assert await page.evaluate("Number(sessionStorage.clicks)") == 3
    await page.goto(page.url.replace(f"{now().astimezone(ZONE):%Y-%m}", "2020-03"))
    assert "Ada" not in await page.inner_text("tbody")
    assert await page.evaluate("Number(sessionStorage.clicks)") == 3
