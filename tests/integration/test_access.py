"""Every door, tried by everybody: nobody, an agent, an admin, and a page that isn't ours."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from helpdesk.accounts.agents import add_agent, change_role, deactivate
from helpdesk.accounts.keys import make_key
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.app import create_app
from helpdesk.web.shared.access import SAFE_METHODS, Access, access_of, capability_of, declare, route
from store.db import Database
from store.models import Role
from store.settings import Settings
from tests.fakes.embedder import LetterCounts
from tests.integration.staff import (
    ORIGIN,
    PASSWORD,
    SECRET,
    House,
    StaffBrowser,
    agent_by_email,
    make_house,
    staff_routes,
)

pytestmark = pytest.mark.sqlite_only

STAFF = {Access.STAFF}


@pytest.fixture
def house(db: Database) -> House:
    async def echo(request: Request) -> Response:
        return PlainTextResponse("inside")

    async def broken(request: Request) -> Response:
        raise RuntimeError("the customer wrote: my IBAN is DE00")

    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            route("/try/internal", echo, access=Access.INTERNAL, methods=["POST"]),
            route("/try/api", echo, access=Access.API),
            route("/try/broken", broken, access=Access.PUBLIC),
            *declare([Route("/try/visitor", echo, methods=["POST"])], Access.VISITOR),
        ],
    )


def doors(house: House, wanted: set[Access], *, without: Role | None = None) -> Iterator[tuple[str, str, Access]]:
    """(method, path, access) of every HTTP door for `wanted`, or of those that a role may not go through."""
    for item in house.app.routes:
        access, capability = access_of(item), capability_of(item)
        if without is not None and capability is not None and has_capability(without, capability):
            continue
        if isinstance(item, Route) and access in wanted:
            for method in sorted(item.methods or ()):
                yield method, re.sub(r"\{[^}]*\}", "0a" * 16, item.path), access


async def knock(browser: StaffBrowser, method: str, path: str, **headers: str) -> httpx.Response:
    return await browser.request(method, path, headers={"accept": "application/json", **headers})


#: A service worker is a script like those under /static; browsers look for it when signed out, too.
SCRIPTS = ("/desk/push-worker.js",)


def test_every_door_says_whom_it_is_for(house: House) -> None:
    silent = [item for item in house.app.routes if access_of(item) is None]
    assert silent == []
    assert len(house.app.routes) > 20


def test_every_door_of_the_whole_helpdesk_says_whom_it_is_for(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, bot_secret=SecretStr(SECRET), secret_key=SecretStr("s" * 40), webchat_origins=[], _env_file=None
    )
    routes = create_app(settings, embedder=LetterCounts()).routes
    assert [item for item in routes if access_of(item) is None] == []
    mine = {getattr(item, "path", ""): access_of(item) for item in routes}
    assert mine["/desk"] is mine["/admin"] is Access.STAFF
    assert mine["/internal/actions/webhook"] is Access.INTERNAL
    for path, access in mine.items():
        if path.startswith(("/desk", "/admin")) and path not in SCRIPTS:
            assert access in STAFF, path


def test_a_door_that_needs_a_check_can_not_be_declared_without_one() -> None:
    for access in Access:
        if access not in {Access.PUBLIC, Access.VISITOR}:
            with pytest.raises(ValueError, match="needs a check"):
                declare([Mount("/x", routes=[])], access)


def test_a_bare_route_has_no_access() -> None:
    bare: BaseRoute = Route("/x", lambda request: Response())
    assert access_of(bare) is None


async def test_nobody_gets_through_a_door_for_staff(house: House) -> None:
    browser = house.browser()
    tried = 0
    for method, path, _ in doors(house, STAFF):
        answer = await knock(browser, method, path)
        assert answer.status_code == 401, (method, path)
        if method != "HEAD":
            assert answer.json()["error"]["code"] == "sign_in"
        tried += 1
    assert tried > 20


async def test_a_page_sends_nobody_to_sign_in_and_back(house: House) -> None:
    answer = await house.browser().get("/desk?view=mine")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=/desk%3Fview%3Dmine"


async def test_an_agent_does_not_get_through_a_door_for_admins(house: House) -> None:
    browser = await house.signed_in(Role.AGENT)
    csrf = await browser.csrf(house.db)
    found = list(doors(house, STAFF, without=Role.AGENT))
    assert found
    for method, path, _ in found:
        answer = await knock(browser, method, path, **{"x-csrf-token": csrf, "origin": ORIGIN})
        assert answer.status_code == 403, (method, path)


async def test_an_admin_gets_through_every_door_for_staff(house: House) -> None:
    browser = await house.signed_in(Role.ADMIN)
    for method, path, _ in doors(house, STAFF):
        if method in SAFE_METHODS:
            answer = await knock(browser, method, path)
            assert answer.status_code in {200, 404}, (method, path, answer.text)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-csrf-token": ""},
        {"x-csrf-token": "wrong"},
        {"x-csrf-token": "ö"},
        {"content-type": "text/plain"},
        {"x-csrf-token": "RIGHT", "origin": "https://evil.example"},
        {"x-csrf-token": "RIGHT", "origin": "null"},
        {"x-csrf-token": "RIGHT", "sec-fetch-site": "cross-site"},
        {"x-csrf-token": "RIGHT", "sec-fetch-site": "same-site"},
    ],
)
async def test_a_foreign_page_changes_nothing(house: House, headers: dict[str, str]) -> None:
    browser = await house.signed_in(Role.ADMIN)
    csrf = await browser.csrf(house.db)
    sent = {key: value.replace("RIGHT", csrf).encode() for key, value in headers.items()}
    tried = 0
    for method, path, _ in doors(house, STAFF):
        if method not in SAFE_METHODS:
            answer = await browser.request(
                method,
                path,
                content=b"{}",
                headers={b"accept": b"application/json", **{k.encode(): v for k, v in sent.items()}},
            )
            assert answer.status_code == 403, (method, path)
            assert answer.json()["error"]["code"] == "foreign_request"
            tried += 1
    assert tried > 10
    assert (await browser.get("/desk")).status_code == 200, "still signed in"


async def test_the_token_of_another_session_does_not_count(house: House) -> None:
    mia, jo = await house.signed_in(), await house.signed_in(email="jo@example.org", name="Jo")
    foreign = await jo.csrf(house.db)
    answer = await knock(mia, "POST", "/signout", **{"x-csrf-token": foreign, "origin": ORIGIN})
    assert answer.status_code == 403


async def test_a_page_of_ours_may_come_by_the_public_address_or_by_the_host_asked(house: House) -> None:
    browser = await house.signed_in()
    csrf = await browser.csrf(house.db)
    for origin in (ORIGIN, "https://helpdesk.test"):
        answer = await knock(browser, "POST", "/account/language", **{"x-csrf-token": csrf, "origin": origin})
        assert answer.status_code == 422, "let in; the language is missing"


async def test_revoking_counts_from_the_next_request(house: House) -> None:
    browser = await house.signed_in()
    assert (await browser.get("/desk")).status_code == 200
    await deactivate(house.db, (await agent_by_email(house.db, "mia@example.org")).id)
    assert (await browser.get("/desk")).status_code == 303


async def test_a_new_role_counts_from_the_next_request(house: House) -> None:
    browser = await house.signed_in(Role.ADMIN)
    await add_agent(house.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    assert (await browser.get("/admin")).status_code == 200
    await change_role(house.db, (await agent_by_email(house.db, "mia@example.org")).id, Role.AGENT)
    assert (await browser.get("/admin")).status_code == 403


async def test_the_bots_door_opens_with_the_secret_only(house: House) -> None:
    browser = house.browser()
    assert (await browser.post("/try/internal", headers={"x-staffel-secret": SECRET})).text == "inside"
    for wrong in ({}, {"x-staffel-secret": ""}, {"x-staffel-secret": SECRET[:-1]}, {"authorization": SECRET}):
        assert (await browser.post("/try/internal", headers=wrong)).status_code == 403


async def test_without_a_secret_the_bots_door_stays_shut(db: Database, house: House) -> None:
    house.guard._bot_secret = ""
    assert (await house.browser().post("/try/internal", headers={"x-staffel-secret": ""})).status_code == 403


async def test_a_programs_door_opens_with_its_key_only(house: House) -> None:
    browser, key = await house.signed_in(Role.ADMIN), await make_key(house.db, "shop", [])
    assert (await browser.get("/try/api", headers={"authorization": f"Bearer {key}"})).text == "inside"
    for wrong in ({}, {"authorization": "Bearer "}, {"authorization": f"Basic {key}"}, {"authorization": "Bearer x"}):
        answer = await browser.get("/try/api", headers={"accept": "text/html", **wrong})
        assert answer.status_code == 401, "a session is no key, and a program isn't led to a page"


async def test_a_visitors_door_leaves_the_check_to_the_connector(house: House) -> None:
    assert (await house.browser().post("/try/visitor")).text == "inside"


async def test_a_fault_shows_an_id_and_nothing_else(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await house.browser().get("/try/broken", headers={"accept": "application/json"})
    assert answer.status_code == 500
    reference = answer.json()["error"]["id"]
    logged = capsys.readouterr().out
    assert reference in logged
    assert "RuntimeError" in logged
    assert "IBAN" not in logged + answer.text


async def test_a_fault_is_a_friendly_page_in_the_readers_language(house: House) -> None:
    german = await house.browser().get("/try/broken", headers={"accept-language": "de"})
    english = await house.browser().get("/try/broken", headers={"accept-language": "en-GB"})
    assert "schiefgegangen" in german.text
    assert "went wrong" in english.text
    assert 'lang="en"' in english.text


@pytest.mark.parametrize(("path", "method", "status"), [("/nowhere", "GET", 404), ("/signin", "DELETE", 405)])
async def test_what_is_not_there_is_said_in_both_forms(house: House, path: str, method: str, status: int) -> None:
    page = await house.browser().request(method, path)
    data = await house.browser(accept="application/json").request(method, path)
    assert (page.status_code, data.status_code) == (status, status)
    assert page.headers["content-type"].startswith("text/html")
    assert data.json()["error"]["message"]


async def test_every_answer_carries_the_security_headers(house: House) -> None:
    for path in ("/signin", "/nowhere", "/try/broken", "/desk"):
        headers = (await house.browser().get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
    assert (await house.browser().get("/signin")).headers["cache-control"] == "no-store"


async def test_f28_a_large_body_is_refused_whether_announced_or_streamed(house: House) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"&x=" + b"y" * 60_000

    form = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}
    announced = await house.browser().post("/signin", content=b"x" * 2_000_000, headers=form)
    streamed = await house.browser().post("/signin", content=stream(), headers=form)
    assert (announced.status_code, streamed.status_code) == (413, 413)


async def test_a_form_with_a_thousand_fields_is_refused(house: House) -> None:
    body = "&".join(f"f{n}=1" for n in range(1000))
    form = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}
    assert (await house.browser().post("/signin", content=body, headers=form)).status_code == 400


async def test_the_socket_of_the_desk_is_guarded_too(house: House) -> None:
    sockets = [item for item in house.app.routes if isinstance(item, WebSocketRoute)]
    assert [(item.path, access_of(item)) for item in sockets] == [("/desk/ws", Access.STAFF)]
    assert capability_of(sockets[0]) is Capability.CONVERSATIONS
