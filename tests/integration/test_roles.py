"""What each role may do, tried at every route of the whole helpdesk."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from helpdesk.accounts.agents import change_role
from helpdesk.accounts.roles import Capability, has_capability, home_of, roles_with
from helpdesk.web.shared.access import SAFE_METHODS, Access, Guard, access_of, capability_of
from store.db import Database
from store.models import Agent, Role
from tests.integration.staff import ORIGIN
from tests.integration.whole_app import whole_app

pytestmark = pytest.mark.sqlite_only

FOREIGN_ID = "0a" * 16


@pytest.fixture
async def app(database_url: str, tmp_path: Path) -> AsyncIterator[Starlette]:
    async with whole_app(tmp_path, database_url) as made:
        yield made


async def browser_of(app: Starlette, db: Database, role: Role) -> tuple[httpx.AsyncClient, str]:
    """A signed-in browser of somebody in this role, and its form token."""
    guard: Guard = app.state.guard
    agent = Agent(email=f"{role}@example.org", name=str(role), role=role, password_hash="x")
    async with db.write() as session:
        session.add(agent)
    token = await guard.sessions.start(agent.id)
    found = await guard.sessions.find(token)
    assert found
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=("198.51.100.7", 4711)),
        base_url=ORIGIN,
        headers={"accept": "application/json"},
        cookies={guard.cookies.name("agent"): token},
    )
    return client, found.csrf_token


def staff_doors(app: Starlette) -> list[tuple[str, str, Capability]]:
    """(method, path with a foreign id, capability) of every HTTP route for staff."""
    found = []
    for item in app.routes:
        capability = capability_of(item)
        if isinstance(item, Route) and capability is not None:
            path = re.sub(r"\{[^}]*\}", FOREIGN_ID, item.path)
            found += [(method, path, capability) for method in sorted(item.methods or ()) if method != "HEAD"]
    return found


def test_every_route_for_staff_names_what_it_needs(app: Starlette) -> None:
    unsaid = [getattr(item, "path", "") for item in app.routes if access_of(item) in {Access.AGENT, Access.ADMIN}]
    assert unsaid == [], "say access=Capability.…"
    sockets = {item.path: capability_of(item) for item in app.routes if isinstance(item, WebSocketRoute)}
    assert sockets["/desk/ws"] is Capability.CONVERSATIONS


async def test_every_role_at_every_route_with_a_foreign_id(
    app: Starlette, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    doors, tried, refused = staff_doors(app), 0, 0
    wrong: list[object] = []
    for role in Role:
        browser, csrf = await browser_of(app, db, role)
        async with browser:
            for method, path, capability in doors:
                may = has_capability(role, capability)
                # without the form token nothing is changed, and the role is looked at first
                answer = await browser.request(method, path)
                code = answer.json()["error"]["code"] if answer.status_code == 403 else ""
                expected = "wrong_role" if not may else "" if method in SAFE_METHODS else "foreign_request"
                if code != expected or answer.status_code >= 500:
                    wrong.append((role, method, path, answer.status_code, code))
                tried, refused = tried + 1, refused + (not may)
                if may and method not in SAFE_METHODS and FOREIGN_ID in path:
                    headers = {"x-csrf-token": csrf, "origin": ORIGIN}
                    answer = await browser.request(method, path, headers=headers, json={})
                    is_harmless = method == "DELETE" or path.endswith(("/remove", "/use"))  # gone is what was wished
                    if not (300 <= answer.status_code < 500 or (is_harmless and answer.status_code < 300)):
                        wrong.append((role, method, path, answer.status_code, "something was done"))
                    tried += 1
    with capsys.disabled():
        print(f"\n{len(doors)} routes for staff, {len(Role)} roles: {tried} requests tried, {refused} refused")  # noqa: T201
    assert wrong == [], "\n".join(map(str, wrong))
    assert len(doors) > 150
    assert refused > 300


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_begins_where_they_may_read(app: Starlette, db: Database, role: Role) -> None:
    browser, _ = await browser_of(app, db, role)
    async with browser:
        answer = await browser.get("/desk", headers={"accept": "text/html"}, follow_redirects=False)
        if role is Role.EDITOR:
            assert (answer.status_code, answer.headers["location"]) == (303, "/admin/articles")
        else:
            assert (answer.status_code, home_of(role)) == (200, "/desk")


async def test_a_new_role_holds_from_the_next_request(app: Starlette, db: Database) -> None:
    browser, _ = await browser_of(app, db, Role.SUPERVISOR)
    async with browser:
        assert (await browser.get("/admin/ratings")).status_code == 200
        signed_in = await app.state.guard.sessions.find(browser.cookies[app.state.guard.cookies.name("agent")])
        await change_role(db, signed_in.id, Role.READER)
        assert (await browser.get("/admin/ratings")).status_code == 403
        assert (await browser.get("/desk/api/conversations")).status_code == 200


def test_what_there_was_before_keeps_its_rights() -> None:
    assert set(roles_with(Capability.ANSWERS)) == {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}
    assert all(has_capability(Role.ADMIN, capability) for capability in Capability)


def test_the_page_of_the_roles_is_the_real_table() -> None:
    text = (Path(__file__).parents[2] / "docs/roles.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \|(.*)\|$", text, re.MULTILINE)
    assert [name for name, _ in rows] == list(Capability)
    for name, cells in rows:
        told = dict(zip(Role, (cell.strip() == "yes" for cell in cells.split("|")), strict=True))
        assert told == {role: has_capability(role, Capability(name)) for role in Role}, name
