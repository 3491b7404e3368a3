"""Signing in, setting up and signing out, through the pages."""

from urllib.parse import unquote

import pytest

from helpdesk.accounts.agents import add_agent, list_agents
from helpdesk.accounts.invitations import first_admin_link, invitation_link
from helpdesk.accounts.sessions import Sessions
from store.db import Database
from store.models import Role
from tests.integration.staff import ORIGIN, PASSWORD, House, make_house

pytestmark = pytest.mark.sqlite_only


def path_of(link: str | None) -> str:
    assert link
    return link.removeprefix(ORIGIN)


async def test_the_first_admin_sets_up_and_is_signed_in(house: House) -> None:
    page, browser = path_of(await first_admin_link(house.db, ORIGIN)), house.browser(**{"accept-language": "en"})
    assert "Welcome to Staffel" in (await browser.get(page)).text
    done = await browser.fill(page, name="Ada", email="ada@example.org", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/admin")
    assert (await browser.get("/admin")).status_code == 200
    (ada,) = await list_agents(house.db)
    assert (ada.email, ada.role, ada.language) == ("ada@example.org", "admin", "en")
    assert (await house.browser().get(page)).status_code == 404, "the link is used up"


async def test_a_poor_password_keeps_what_was_typed_and_says_why(house: House) -> None:
    page, browser = path_of(await first_admin_link(house.db, ORIGIN)), house.browser(**{"accept-language": "de"})
    answer = await browser.fill(page, name="Ada <b>", email="ada@example.org", password="kurz")
    assert answer.status_code == 422
    assert "mindestens 12 Zeichen" in answer.text
    assert 'value="Ada &lt;b&gt;"' in answer.text
    assert "kurz" not in answer.text
    assert (await browser.fill(page, name="Ada", email="ada@example.org", password=PASSWORD)).status_code == 303


async def test_an_invited_agent_lands_on_the_desk(house: House) -> None:
    await add_agent(house.db, "jo@example.org", "Jo", Role.AGENT)
    page = path_of(await invitation_link(house.db, ORIGIN, "jo@example.org"))
    browser = house.browser()
    assert "readonly" in (await browser.get(page)).text
    done = await browser.fill(page, name="Jo", email="boss@example.org", password=PASSWORD, role="admin")
    assert done.headers["location"] == "/desk"
    (jo,) = await list_agents(house.db)
    assert (jo.email, jo.role) == ("jo@example.org", "agent")


async def test_looking_at_a_link_many_times_does_not_use_it_up(house: House) -> None:
    page, browser = path_of(await first_admin_link(house.db, ORIGIN)), house.browser()
    assert [(await browser.get(page)).status_code for _ in range(3)] == [200, 200, 200]
    assert (await browser.request("HEAD", page)).status_code == 200


async def test_an_invented_link_is_a_friendly_page(house: House) -> None:
    answer = await house.browser(**{"accept-language": "de"}).get("/invitation/" + "x" * 43)
    assert answer.status_code == 404
    assert "gilt nicht mehr" in answer.text


async def test_signing_in_leads_back_to_where_one_wanted_to_go(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    browser = house.browser()
    wanted = (await browser.get("/desk?view=mine")).headers["location"]
    assert 'name="next" value="/desk?view=mine"' in (await browser.get(wanted)).text
    done = await browser.fill(
        wanted, to="/signin", email=" Mia@Example.org ", password=PASSWORD, next="/desk?view=mine"
    )
    assert (done.status_code, done.headers["location"]) == (303, "/desk?view=mine")
    assert (await browser.get("/signin")).headers["location"] == "/desk"


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
async def test_signing_in_never_leads_elsewhere(house: House, wanted: str) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    done = await house.browser().sign_in("mia@example.org", next=wanted)
    assert done.headers["location"] == "/desk"


async def test_the_session_cookie_is_new_hidden_from_scripts_and_kept_to_this_site(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    browser = house.browser()
    browser.cookies.set("staffel_agent", "planted", domain="helpdesk.test")
    done = await browser.sign_in("mia@example.org")
    (cookie,) = [line for line in done.headers.get_list("set-cookie") if line.startswith("staffel_agent=")]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert await Sessions(house.db).find("planted") is None


async def test_with_https_cookies_belong_to_this_host_alone(db: Database) -> None:
    house = make_house(db, origin="https://helpdesk.test")
    answer = await house.browser().get("/signin")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-staffel_form=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]


async def test_wrong_passwords_and_unknown_addresses_look_the_same(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    wrong = await house.browser().sign_in("mia@example.org", "falsch geraten")
    unknown = await house.browser().sign_in("zoe@example.org", "falsch geraten")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.split("<form")[0] == unknown.text.split("<form")[0]


async def test_after_ten_wrong_passwords_one_has_to_wait(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    answers = [await house.browser(f"192.0.2.{n}").sign_in("mia@example.org", "falsch") for n in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert "Minuten" in answers[-1].text


async def test_a_forged_address_does_not_get_around_the_limit(house: House) -> None:
    answers = []
    for n in range(11):
        browser = house.browser("203.0.113.5", **{"x-forwarded-for": f"192.0.2.{n}"})
        answers.append((await browser.sign_in(f"m{n}@example.org", "falsch")).status_code)
    assert answers[-1] == 429


async def test_behind_a_trusted_proxy_each_client_has_its_own_count(db: Database) -> None:
    house = make_house(db, proxies=("203.0.113.5",))
    for n in range(11):
        browser = house.browser("203.0.113.5", **{"x-forwarded-for": f"192.0.2.{n}"})
        assert (await browser.sign_in(f"m{n}@example.org", "falsch")).status_code == 401


async def test_the_sign_in_form_of_another_site_is_refused(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    fields = {"email": "mia@example.org", "password": PASSWORD}
    browser = house.browser()
    await browser.get("/signin")
    assert (await browser.post("/signin", data=fields)).status_code == 403
    assert (await browser.post("/signin", data={**fields, "csrf": "0" * 64})).status_code == 403
    stolen = await house.browser().get("/signin")
    foreign_token = stolen.text.split('name="csrf" value="')[1].split('"')[0]
    assert (await browser.post("/signin", data={**fields, "csrf": foreign_token})).status_code == 403
    right = (await browser.get("/signin")).text.split('name="csrf" value="')[1].split('"')[0]
    crossed = await browser.post("/signin", data={**fields, "csrf": right}, headers={"origin": "https://evil.example"})
    assert crossed.status_code == 403
    assert (
        await browser.post("/signin", data={**fields, "csrf": right}, headers={"origin": ORIGIN})
    ).status_code == 303


async def test_signing_out_ends_the_session_not_only_the_cookie(house: House) -> None:
    browser = await house.signed_in()
    token = next(cookie.value for cookie in browser.cookies.jar if cookie.name == "staffel_agent")
    done = await browser.post("/signout", data={"csrf": await browser.csrf(house.db)}, headers={"origin": ORIGIN})
    assert (done.status_code, done.headers["location"]) == (303, "/signin")
    assert await Sessions(house.db).find(token) is None


async def test_the_language_can_be_chosen_before_and_after_signing_in(house: House) -> None:
    browser = house.browser(**{"accept-language": "de"})
    assert "Anmelden" in (await browser.get("/signin")).text
    chosen = await browser.get("/signin?next=/admin&language=en")
    assert unquote(chosen.headers["location"]) == "/signin?next=/admin"
    assert "Sign in" in (await browser.get("/signin")).text

    mia = await house.signed_in()
    form = {"csrf": await mia.csrf(house.db), "language": "en"}
    done = await mia.post(
        "/account/language", data=form, headers={"origin": ORIGIN, "referer": f"{ORIGIN}/desk?view=mine"}
    )
    assert done.headers["location"] == "/desk?view=mine"
    assert 'lang="en"' in (await mia.get("/desk")).text


async def test_links_are_built_from_the_configured_address_whatever_host_is_asked(house: House) -> None:
    admin = await house.signed_in(Role.ADMIN)
    answer = await admin.post(
        "/admin/api/agents",
        json={"email": "jo@example.org", "name": "Jo", "role": "agent"},
        headers={"x-csrf-token": await admin.csrf(house.db), "host": "evil.example", "accept": "application/json"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["link"].startswith(f"{ORIGIN}/invitation/")
