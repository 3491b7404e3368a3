"""A workspace installs Staffel by a link of ours: Bolt's OAuth flow, with our database behind it.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import html
import logging
import re
import secrets
import time

from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connectors.contract import Account, Accounts, Channel, DeliveryUnclear, RetryLater
from connectors.slack.api_client import SlackClient, SlackRefusal, sdk_log
from connectors.slack.claims import ClaimSigner, from_url, to_url
from connectors.slack.installation import Clock, Installations, States
from connectors.slack.manifest import BOT_SCOPES, COMFORT_SCOPES
from connectors.slack.routes import APP, to_response

log = logging.getLogger(__name__)

LINK_GOOD_FOR = 7 * 24 * 3600
"""Seconds that an installation link of ours is good for. Without one nobody can connect a workspace."""

_AUTHORIZE = "https://slack.com/oauth/v2/authorize"
_REASON = re.compile(r"[a-z_]{1,40}")

_DONE = ("Slack ist verbunden.", "Slack is connected.", "{team}")
_STALE = (
    "Dieser Link gilt nicht mehr. Bitten Sie um einen neuen.",
    "This link is no longer valid. Please ask for a new one.",
    "",
)
_NOT_DONE = (
    "Slack wurde nicht verbunden. Öffnen Sie den Link noch einmal.",
    "Slack was not connected. Please open the link once more.",
    "{why}",
)
_STALE_REASONS = ("invalid_browser", "invalid_state")


def install_link(secret_key: str, origin: str, time_: float) -> str:
    """A link that an admin hands to whoever may install Staffel in their workspace."""
    claims: dict[str, str | int | None] = {"e": int(time_) + LINK_GOOD_FOR, "n": secrets.token_urlsafe(9)}
    return f"{origin}/slack/install?invitation={to_url(ClaimSigner(secret_key, 'invitations').sign(claims))}"


class OAuthRoutes:
    """The doors `/slack/install` and `/slack/oauth`."""

    def __init__(
        self,
        accounts: Accounts,
        slack: SlackClient,
        states: States,
        *,
        secret_key: str,
        origin: str,
        clock: Clock = time.time,
    ) -> None:
        self._accounts = accounts
        self._slack = slack
        self._states = states
        self._origin = origin
        self._clock = clock
        self._invitations = ClaimSigner(secret_key, "invitations")

    def routes(self) -> list[BaseRoute]:
        """Where an installation begins, and where Slack sends the browser back to."""
        return [
            Route("/slack/install", self._begin, methods=["GET"]),
            Route("/slack/oauth", self._finish, methods=["GET"]),
        ]

    async def _begin(self, request: Request) -> Response:
        app = await self._app()
        invitation = self._invitations.verify(from_url(request.query_params.get("invitation", "")))
        if app is None or invitation is None or invitation["e"] < self._clock():
            return to_response(_page(_STALE, 403))
        return to_response(await self._flow(app).handle_installation(_bolt_request(request)))

    async def _finish(self, request: Request) -> Response:
        app = await self._app()
        if app is None:
            return to_response(_page(_STALE, 403))
        try:
            return to_response(await self._flow(app).handle_callback(_bolt_request(request)))
        except (SlackRefusal, RetryLater, DeliveryUnclear) as refused:
            log.warning("slack: an installation was refused (%s)", refused)
            return to_response(_page(_NOT_DONE, 502, why=str(refused)))

    def _flow(self, app: Account) -> AsyncOAuthFlow:
        settings = AsyncOAuthSettings(
            client_id=app.settings["client_id"],
            client_secret=app.secrets.get("client_secret", ""),
            scopes=(*BOT_SCOPES, *COMFORT_SCOPES),
            user_scopes=[],
            redirect_uri=f"{self._origin}/slack/oauth",
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(_succeed, _fail),
            authorization_url=app.settings.get("authorize_url", _AUTHORIZE),
            installation_store=Installations(self._accounts),
            state_store=self._states,
            logger=sdk_log,
        )
        return AsyncOAuthFlow(client=self._slack.web(), settings=settings, logger=sdk_log)

    async def _app(self) -> Account | None:
        app = await self._accounts.find(Channel.SLACK, APP)
        return app if app and app.active and app.settings.get("client_id") else None


def _bolt_request(request: Request) -> AsyncBoltRequest:
    cookie = request.headers.get("cookie", "")
    return AsyncBoltRequest(body="", query=dict(request.query_params), headers={"cookie": cookie})


async def _succeed(done: AsyncSuccessArgs) -> BoltResponse:
    made = done.installation
    log.info("slack: workspace %s has installed Staffel", made.team_id or made.enterprise_id)
    page = _page(_DONE, 200, team=made.team_name or made.enterprise_name or "")
    page.headers["set-cookie"] = [done.settings.state_utils.build_set_cookie_for_deletion()]
    return page


async def _fail(failed: AsyncFailureArgs) -> BoltResponse:
    """Says why only in words of Slack's or Bolt's kind: what stands in the address may be anybody's."""
    if failed.reason in _STALE_REASONS:
        return _page(_STALE, 403)
    why = str(failed.error) if failed.error else failed.reason
    named = why if _REASON.fullmatch(why) else "unknown"
    log.warning("slack: an installation didn't come about (%s)", named)
    return _page(_NOT_DONE, 400, why=named)


def _page(texts: tuple[str, str, str], status: int, **values: str) -> BoltResponse:
    german, english, more = (html.escape(text.format(**values)) for text in texts)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f'<body><main><h1>{english}</h1><p lang="de">{german}</p><p>{more}</p></main></body></html>'
    )
    answer = BoltResponse(status=status, body=page, headers={"Content-Type": "text/html; charset=utf-8"})
    answer.headers |= {"cache-control": ["no-store"], "referrer-policy": ["no-referrer"]}
    return answer
