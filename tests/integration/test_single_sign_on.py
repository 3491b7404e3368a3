"""Sign-in of staff with a real OpenID Connect provider: who comes in, as whom, and who doesn't."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent, deactivate, find_agent, list_agents
from helpdesk.accounts.invitations import invitation_link
from helpdesk.accounts.sessions import FactorPolicy, Sessions
from helpdesk.schedule.teams import TeamForm, load_teams_of_agents
from helpdesk.schedule.teams import save as save_team
from helpdesk.single_sign_on.definition import FactorTrust
from helpdesk.single_sign_on.group_rules import parse_rules
from helpdesk.web.account.single_sign_on import MAX_ANSWERS
from store.db import Database
from store.models import AgentIdentity, AgentSession, Role, SignInProvider, now
from tests.integration.single_sign_on_desk import BACK, FACTOR, ID, PEOPLE, make_desk
from tests.integration.staff import ORIGIN, PASSWORD
from tests.oidc_directory import SECRET, Directory, running_directory


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    with running_directory([BACK], PEOPLE) as running:
        yield running


async def test_somebody_new_comes_in_with_the_role_and_the_teams_of_their_groups(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory)
    browser, answer = await desk.come("mia", wanted="/desk?view=mine")
    assert answer.headers["location"] == "/signin?next=/desk%3Fview%3Dmine"
    assert (await browser.get(answer.headers["location"])).headers["location"] == "/desk?view=mine"
    assert (await browser.get("/desk")).status_code == 200
    mia = await find_agent(db, "mia@example.org")
    assert (mia.name, mia.role) == ("Mia Berg", Role.SUPERVISOR)
    assert len((await load_teams_of_agents(db))[mia.id]) == 1
    (signed_in,) = await desk.entries("sign_in.provider")
    assert (signed_in.actor_id, signed_in.after["provider"]) == (mia.id, "Directory")
    (added,) = await desk.entries("agents.add")
    assert added.after["role"] == "supervisor"


async def test_the_request_carries_pkce_nonce_and_state(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    sent = parse_qs(urlsplit(await desk.begin(desk.house.browser())).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert all(len(sent[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert (sent["response_type"], sent["redirect_uri"]) == (["code"], [BACK])


async def test_a_verified_address_finds_the_account_that_is_there_and_then_the_subject_does(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory)
    mia = await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    await desk.signed_in("mia")
    async with db.write() as session:
        await session.execute(update(type(mia)).where(type(mia).id == mia.id).values(email="married@example.org"))
    await desk.signed_in("mia")
    assert [agent.id for agent in await list_agents(db)] == [mia.id]


async def test_an_unverified_address_is_nobodys(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    await desk.redefine(domains=("example.org",))
    _, answer = await desk.come("eve")
    assert answer.status_code == 403
    assert "keine bestätigte E-Mail-Adresse" in answer.text
    (entry,) = await desk.entries("sign_in.failed")
    assert entry.after["reason"] == "sso_no_email"


async def test_addresses_of_own_domains_need_no_word_of_the_provider(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    assert (await desk.come("tom"))[1].status_code == 403
    await desk.redefine(domains=("shop.example",))
    assert (await desk.come("tom"))[1].status_code == 303


async def test_a_second_person_does_not_get_the_account_of_the_first(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await desk.signed_in("mia")
    _, answer = await desk.come("zoe")
    assert answer.status_code == 403
    assert "gehört bei Directory jemand anderem" in answer.text


async def test_who_is_in_no_group_stays_out_and_leaves_no_account(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    browser, answer = await desk.come("out")
    assert answer.status_code == 403
    assert "in keiner der Gruppen" in answer.text
    assert not await list_agents(db)
    assert (await browser.get("/desk")).status_code == 303


async def test_a_closed_account_stays_closed(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    mia = await desk.signed_in("mia")
    await deactivate(db, (await find_agent(db, "mia@example.org")).id)
    assert (await mia.get("/desk")).status_code == 303
    _, answer = await desk.come("mia")
    assert answer.status_code == 403
    assert "geschlossen" in answer.text


async def test_who_has_no_account_stays_out_where_none_are_added(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await desk.redefine(creates=False)
    assert (await desk.come("mia"))[1].status_code == 403
    await add_agent(db, "mia@example.org", "Mia", Role.READER, password=PASSWORD)
    await desk.signed_in("mia")
    assert (await find_agent(db, "mia@example.org")).role == Role.SUPERVISOR
    (entry,) = await desk.entries("agents.role")
    assert (entry.before, entry.after["role"]) == ({"role": "reader"}, "supervisor")


async def test_role_and_teams_follow_the_rules_and_other_teams_stay(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await desk.signed_in("mia")
    await save_team(db, TeamForm(name="Own", members=((await find_agent(db, "mia@example.org")).id,)), by="Test")
    await desk.redefine(rules=parse_rules("leads = reader\nsupport2 = agent: Orders"))
    await desk.signed_in("mia")
    mia = await find_agent(db, "mia@example.org")
    assert mia.role == Role.READER
    assert len((await load_teams_of_agents(db))[mia.id]) == 1, "of the team that no rule names"


async def test_the_only_admin_stays_one(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await desk.signed_in("ada")
    await desk.redefine(rules=parse_rules("it = agent"))
    await desk.signed_in("ada")
    assert (await find_agent(db, "ada@example.org")).role == Role.ADMIN


async def test_a_second_factor_there_counts_here_if_the_provider_says_so(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory, policy=FactorPolicy.EVERYBODY)
    ada = await desk.signed_in("ada")
    assert (await ada.get("/admin")).status_code == 200
    mia = await desk.signed_in("mia")
    assert (await mia.get("/signin")).headers["location"] == "/account/second-factor"
    await desk.redefine(factor=FactorTrust.NEVER)
    assert (await (await desk.signed_in("ada")).get("/admin")).status_code == 303
    await desk.redefine(factor=FactorTrust.ALWAYS)
    assert (await (await desk.signed_in("mia")).get("/desk")).status_code == 200


async def test_after_the_code_a_session_is_still_the_providers(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory, policy=FactorPolicy.EVERYBODY)
    mia = await desk.signed_in("mia")
    await mia.fill(FACTOR, to=f"{FACTOR}/begin")
    found = re.search(r'id="secret">([^<]+)<', (await mia.get(FACTOR)).text)
    assert found
    await mia.fill(FACTOR, to=f"{FACTOR}/confirm", code=pyotp.TOTP(found[1].replace(" ", "")).now())
    assert (await mia.get("/desk")).status_code == 200
    async with db.read() as session:
        kept = (await session.scalars(select(AgentSession))).one()
    assert (kept.provider_id, kept.expires_at - kept.created_at) == (ID, timedelta(hours=12))


async def test_an_answer_counts_in_the_browser_that_asked_and_once(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    victim, other = desk.house.browser(), desk.house.browser()
    back = (await directory.sign_in(await desk.begin(victim), "mia")).removeprefix(ORIGIN)
    stolen = await other.get(back)
    assert (stolen.status_code, "in einem anderen Browser" in stolen.text) == (400, True)
    kept = dict(victim.cookies)
    assert (await victim.get(back)).status_code == 303
    assert (await victim.get(back)).status_code == 400, "its state is used up"
    thief = desk.house.browser()
    thief.cookies.update(kept)
    assert (await thief.get(back)).status_code == 403, "and so is the provider's code"


async def test_an_answer_that_comes_too_late_does_not_count(
    db: Database, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, browser = await make_desk(db, directory), None
    browser = desk.house.browser()
    back = await directory.sign_in(await desk.begin(browser), "mia")
    monkeypatch.setattr("helpdesk.web.account.single_sign_on.now", lambda: now() + timedelta(minutes=16))
    assert (await browser.get(back.removeprefix(ORIGIN))).status_code == 400


async def test_the_issuer_that_the_answer_names_has_to_be_the_providers(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    for change in (r"iss=http%3A%2F%2Fevil.example", "other=1"):
        browser = desk.house.browser()
        back = (await directory.sign_in(await desk.begin(browser), "mia")).removeprefix(ORIGIN)
        assert "iss=" in back
        assert (await browser.get(re.sub(r"iss=[^&]*", change, back))).status_code == 403


async def test_cancelling_there_is_said_plainly(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    _, answer = await desk.come("nobody-of-this-name")
    assert answer.status_code == 403
    assert "Directory hat Sie nicht hereingelassen" in answer.text


async def test_a_wrong_secret_lets_nobody_in(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    view = await desk.providers.load(ID)
    await desk.providers.change(ID, view.definition, "wrong", "Test")
    _, answer = await desk.come("mia")
    assert answer.status_code == 403
    (entry,) = await desk.entries("sign_in.failed")
    assert entry.after["detail"] == "status 401 for the code"


async def test_a_provider_in_the_own_network_has_to_be_named(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory, own_hosts=())
    answer = await desk.house.browser().get(f"/signin/with/{ID}")
    assert answer.status_code == 503
    assert "Directory ist im Moment nicht erreichbar" in answer.text


async def test_a_provider_that_is_off_or_unknown_leads_nowhere(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    browser = desk.house.browser()
    assert "Directory" in (await browser.get("/signin")).text
    await desk.providers.switch(ID, is_on=False, by="Test")
    assert (await browser.get(f"/signin/with/{ID}")).status_code == 404
    assert (await browser.get(f"/signin/with/{'0' * 32}")).status_code == 404
    assert "Directory" not in (await browser.get("/signin")).text


async def test_answers_from_one_address_are_counted_and_successes_given_back(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory)
    browser = desk.house.browser("203.0.113.9")
    answers = [(await browser.get(f"{BACK}?state=x&code=y")).status_code for _ in range(MAX_ANSWERS + 1)]
    assert answers == [400] * MAX_ANSWERS + [429]
    await desk.signed_in("mia")


async def test_without_passwords_nobody_signs_in_with_one_and_a_link_of_the_command_still_works(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory, passwords=False)
    await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    browser = desk.house.browser()
    assert 'name="password"' not in (await browser.get("/signin")).text
    link = (await invitation_link(db, ORIGIN, "ada@example.org")).removeprefix(ORIGIN)
    refused = await browser.fill(link, to="/signin", email="ada@example.org", password=PASSWORD)
    assert (refused.status_code, (await browser.get("/desk")).status_code) == (409, 303)
    assert (await browser.fill(link, name="Ada", email="ada@example.org", password=PASSWORD)).status_code == 303
    assert (await browser.get("/admin/agents")).status_code == 200
    made = await browser.post(
        f"/admin/api/agents/{(await find_agent(db, 'ada@example.org')).id}/link",
        headers={"x-csrf-token": await browser.csrf(db), "origin": ORIGIN, "accept": "application/json"},
    )
    assert made.status_code == 409


async def test_sessions_of_a_provider_are_short_and_signing_out_offers_to_do_so_there(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory)
    mia = await desk.signed_in("mia")
    async with db.read() as session:
        kept = (await session.scalars(select(AgentSession))).one()
    assert kept.expires_at - kept.created_at == timedelta(hours=12)
    left = await mia.fill("/desk", to="/signout")
    assert left.headers["location"] == f"/signin?out={ID}"
    assert f"/signin/with/{ID}/out" in (await mia.get(left.headers["location"])).text
    away = (await mia.get(f"/signin/with/{ID}/out")).headers["location"]
    assert away.startswith(f"{directory.issuer}/session/end?")
    assert parse_qs(urlsplit(away).query)["post_logout_redirect_uri"] == [f"{ORIGIN}/signin"]
    assert await Sessions(db).find(mia.cookies.get("staffel_agent")) is None


async def test_another_issuer_knows_nobody_and_needs_its_own_secret(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    await desk.signed_in("mia")
    view = await desk.providers.load(ID)
    with pytest.raises(Exception, match="secret"):
        await desk.redefine(issuer="https://login.example.org")
    await desk.providers.change(ID, replace(view.definition, issuer="https://login.example.org"), "other", "Test")
    async with db.read() as session:
        assert not (await session.scalars(select(AgentIdentity))).all()
        assert SECRET not in str((await session.scalars(select(SignInProvider.secret))).all())
