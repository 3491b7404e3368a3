"""Installing by OAuth, through Bolt's flow with our database behind it: once, by whom we asked, and safe to repeat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from connectors.contract import Account, Channel
from connectors.slack.claims import ClaimSigner, to_url
from connectors.slack.installation import STATE_GOOD_FOR, States
from connectors.slack.oauth import LINK_GOOD_FOR, install_link
from helpdesk.app import AppComponents
from helpdesk.channels.nonces import UsedNonces
from store.db import Database
from tests.fakes.slack import FakeSlack, SlackFaultKind
from tests.integration.slack_rooms import office

ORIGIN = "https://help.example"


@dataclass
class Installer:
    """Somebody with a browser and a link of ours."""

    parts: AppComponents
    fake: FakeSlack

    @property
    def browser(self) -> httpx.AsyncClient:
        assert self.fake.target is not None
        return self.fake.target

    @property
    def secret(self) -> str:
        return self.parts.settings.secret_key.get_secret_value()

    async def begin(self) -> str:
        """Follow the link; where Slack would send the browser back to."""
        begun = await self.browser.get(install_link(self.secret, ORIGIN, time()))
        assert begun.status_code == 302
        async with httpx.AsyncClient() as client:
            back: str = (await client.get(begun.headers["location"])).headers["location"]
        return back

    async def install(self) -> httpx.Response:
        return await self.browser.get(await self.begin())

    async def account(self, account_id: str = "") -> Account | None:
        return await self.parts.accounts.find(Channel.SLACK, account_id or self.fake.state.team)


@asynccontextmanager
async def installer(home: Path, url: str) -> AsyncIterator[Installer]:
    """Before the workspace is connected."""
    async with office(home, url) as (parts, fake):
        await parts.accounts.close(Channel.SLACK, fake.state.team, "for this test")
        yield Installer(parts, fake)


async def test_a_workspace_is_installed_once_by_a_link_of_ours_in_the_browser_that_began(
    tmp_path: Path, database_url: str
) -> None:
    async with installer(tmp_path, database_url) as who:
        assert (await who.browser.get("/slack/install")).status_code == 403
        back = await who.begin()
        stranger = await who.browser.get(back, headers={"Cookie": "slack-app-oauth-state=other"})
        assert stranger.status_code == 403
        done = await who.browser.get(back)
        assert (done.status_code, "Testfirma" in done.text) == (200, True)
        assert (await who.browser.get(back)).status_code == 403
        account = await who.account()
        assert account is not None
        assert account.secrets == {"bot_token": who.fake.state.bot_token}
        assert account.settings["bot_id"] == who.fake.state.bot_id, "without it we might answer ourselves"
        assert account.settings["bot_user_id"] == who.fake.state.bot_user


async def test_slack_is_asked_for_what_the_manifest_names_and_the_cookie_is_only_for_us(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        begun = await who.browser.get(install_link(who.secret, ORIGIN, time()))
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["redirect_uri"] == [f"{ORIGIN}/slack/oauth"]
        assert asked["scope"][0].startswith("app_mentions:read,chat:write")
        assert not asked.get("user_scope")
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert f"Max-Age={STATE_GOOD_FOR}" in cookie


@pytest.mark.parametrize("age", [LINK_GOOD_FOR + 1, LINK_GOOD_FOR + 86_400])
async def test_an_old_or_foreign_invitation_begins_nothing(tmp_path: Path, sqlite_url: str, age: int) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        for link in (
            install_link(who.secret, ORIGIN, time() - age),
            install_link("x" * 32, ORIGIN, time()),
            f"{ORIGIN}/slack/install?invitation=zz",
            f"{ORIGIN}/slack/install?invitation={to_url(ClaimSigner(who.secret, 'installation').sign({'e': 9**11}))}",
        ):
            assert (await who.browser.get(link)).status_code == 403


async def test_a_forged_state_is_refused_even_with_its_cookie(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        good = parse_qs(urlsplit(await who.begin()).query)
        own = to_url(ClaimSigner("x" * 32, "installation").sign({"e": int(time()) + 60, "n": "n"}))
        invitation = to_url(ClaimSigner(who.secret, "invitations").sign({"e": int(time()) + 60, "n": "n"}))
        for state in ("", "zz", good["state"][0][:-2] + "00", own, invitation):
            cookie = {"Cookie": f"slack-app-oauth-state={state}"}
            query = urlencode({"code": good["code"][0], "state": state})
            assert (await who.browser.get(f"/slack/oauth?{query}", headers=cookie)).status_code == 403
        assert not (account := await who.account()) or not account.active


async def test_a_state_is_good_once_on_all_instances_together_and_ends(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    try:
        clock = [1_000_000.0]
        states = [States("k" * 32, UsedNonces(db), lambda: clock[0]) for db in (first, second)]
        state = await states[0].async_issue()
        assert [await one.async_consume(state) for one in (*states, *states)] == [True, False, False, False]
        late = await states[0].async_issue()
        clock[0] += STATE_GOOD_FOR + 1
        assert not await states[1].async_consume(late)
    finally:
        await first.close()
        await second.close()


async def test_two_answers_at_once_install_once(tmp_path: Path, database_url: str) -> None:
    async with installer(tmp_path, database_url) as who:
        back = await who.begin()
        pages = await asyncio.gather(*(who.browser.get(back) for _ in range(5)))
        assert sorted(page.status_code for page in pages) == [200, 403, 403, 403, 403]
        assert [call.method for call in who.fake.state.calls].count("oauth.v2.access") == 1


async def test_a_cancelled_installation_says_so_and_stores_nothing(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        state = parse_qs(urlsplit(await who.begin()).query)["state"][0]
        cancelled = await who.browser.get(f"/slack/oauth?error=access_denied&state={state}")
        assert cancelled.status_code == 400
        assert "access_denied" in cancelled.text
        account = await who.account()
        assert account is not None
        assert not account.active
        assert (await who.install()).status_code == 200


async def test_what_stands_in_the_address_is_not_shown(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        for words in ("<script>alert(1)</script>", "Please call +49 900 123", "x" * 500):
            page = await who.browser.get(f"/slack/oauth?{urlencode({'error': words})}")
            assert page.status_code == 400
            assert words not in page.text
            assert "unknown" in page.text


async def test_installing_again_takes_the_new_token_and_mends_a_closed_workspace(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        assert (await who.install()).status_code == 200
        await who.parts.accounts.close(Channel.SLACK, who.fake.state.team, "Slack refuses Staffel's token.")
        who.fake.state.bot_token = "xoxb-another"
        assert (await who.install()).status_code == 200
        account = await who.account()
        assert account is not None
        assert (account.active, account.problem) == (True, None)
        assert account.secrets == {"bot_token": "xoxb-another"}


async def test_an_organisation_is_installed_as_one_account_and_heard(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        whole = {"team": None, "enterprise": {"id": "E0ORG", "name": "Konzern"}, "is_enterprise_install": True}
        who.fake.state.installed = whole
        done = await who.install()
        assert (done.status_code, "Konzern" in done.text) == (200, True)
        account = await who.account("E0ORG")
        assert account is not None
        assert (account.active, account.name) == (True, "Konzern")
        person = who.fake.state.person()
        authorization = {"enterprise_id": "E0ORG", "team_id": "T0ANY", "is_enterprise_install": True}
        envelope = who.fake.envelope(who.fake.direct(person, "Hallo"), authorizations=[authorization])
        assert (await who.fake.deliver(envelope)).statuses == [200]
        await who.fake.posts(person.dm, 2)


async def test_a_workspace_of_an_organisation_that_installed_for_itself_is_its_own(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        who.fake.state.installed = {"enterprise": {"id": "E0ORG", "name": "Konzern"}}
        assert (await who.install()).status_code == 200
        assert await who.account("E0ORG") is None
        account = await who.account()
        assert account is not None
        assert account.active


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        ({"refresh_token": "xoxe-1", "expires_in": 43_200}, "token_rotation_is_on"),
        ({"access_token": None}, "no_bot_token"),
    ],
)
async def test_what_could_not_work_is_refused_with_its_reason(
    tmp_path: Path, sqlite_url: str, installed: dict[str, Any], said: str
) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        who.fake.state.installed = installed
        page = await who.install()
        assert page.status_code == 400
        assert said in page.text
        account = await who.account()
        assert account is not None
        assert not account.active


async def test_slacks_no_and_a_broken_line_are_told_and_a_new_try_works(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        faults: list[tuple[SlackFaultKind, dict[str, Any]]] = [
            (SlackFaultKind.ERROR, {"error": "invalid_code"}),
            (SlackFaultKind.STATUS, {"status": 500}),
            (SlackFaultKind.RESET_BEFORE, {}),
        ]
        for kind, more in faults:
            who.fake.state.fail("oauth.v2.access", kind, **more)
            assert (await who.install()).status_code == 502
        for method, error in (("oauth.v2.access", "bad_client_secret"), ("auth.test", "invalid_auth")):
            who.fake.state.fail(method, SlackFaultKind.ERROR, error)
            assert error in (await who.install()).text
        assert (await who.install()).status_code == 200


async def test_an_app_without_client_id_has_no_installation(tmp_path: Path, sqlite_url: str) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        back = await who.begin()
        app = await who.account("app")
        assert app is not None
        await who.parts.accounts.save(
            Account(channel=Channel.SLACK, id="app", name="app", secrets=app.secrets, settings={})
        )
        assert (await who.browser.get(back)).status_code == 403


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0STAFFEL"]}}]
)
async def test_what_is_uninstalled_is_closed_and_installing_again_opens_it(
    tmp_path: Path, sqlite_url: str, event: dict[str, Any]
) -> None:
    async with installer(tmp_path, sqlite_url) as who:
        assert (await who.install()).status_code == 200
        assert (await who.fake.deliver(who.fake.envelope(event))).statuses == [200]
        account = await who.account()
        assert account is not None
        assert (account.active, account.secrets) == (False, {})
        assert account.problem
        assert (await who.install()).status_code == 200
        account = await who.account()
        assert account is not None
        assert account.active
