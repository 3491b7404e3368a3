"""OAuth: a workspace installs Staffel by a link of ours. https://docs.slack.dev/authentication/installing-with-oauth"""

import hashlib
import html
import logging
import secrets
import time
from collections.abc import Callable

from slack_sdk.oauth import AuthorizeUrlGenerator
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.contract import Account, Accounts, Channel, DeliveryUnclear, RetryLater
from connectors.slack.api_client import SlackClient, SlackRefusal, SlackResponse
from connectors.slack.manifest import BOT_SCOPES
from connectors.slack.routes import APP
from connectors.slack.signing import ClaimSigner

log = logging.getLogger(__name__)

LINK_GOOD_FOR = 7 * 24 * 3600
"""Seconds that an installation link of ours is good for. Without one nobody can connect a workspace."""

_STATE_GOOD_FOR = 600
_COOKIE = "staffel_slack_install"
_MAX_USED = 10_000
_AUTHORIZE = "https://slack.com/oauth/v2/authorize"

Clock = Callable[[], float]

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


def install_link(secret_key: str, origin: str, time_: float) -> str:
    """A link that an admin hands to whoever may install Staffel in their workspace."""
    claims: dict[str, str | int | None] = {"e": int(time_) + LINK_GOOD_FOR, "n": secrets.token_urlsafe(9)}
    return f"{origin}/slack/install?invitation={_to_url(ClaimSigner(secret_key, 'invitations').sign(claims))}"


class OAuthRoutes:
    """The doors `/slack/install` and `/slack/oauth`."""

    def __init__(
        self, accounts: Accounts, slack: SlackClient, *, secret_key: str, origin: str, clock: Clock = time.time
    ) -> None:
        self._accounts = accounts
        self._slack = slack
        self._origin = origin
        self._clock = clock
        self._invitations = ClaimSigner(secret_key, "invitations")
        self._states = ClaimSigner(secret_key, "installation")
        self._used: dict[str, None] = {}

    def routes(self) -> list[BaseRoute]:
        """Where an installation begins, and where Slack sends the browser back to."""
        return [
            Route("/slack/install", self._begin, methods=["GET"]),
            Route("/slack/oauth", self._finish, methods=["GET"]),
        ]

    async def _begin(self, request: Request) -> Response:
        app = await self._app()
        invitation = self._invitations.verify(_from_url(request.query_params.get("invitation", "")))
        if app is None or invitation is None or invitation["e"] < self._clock():
            return _page(_STALE, 403)
        browser = secrets.token_urlsafe(24)
        claims: dict[str, str | int | None] = {
            "e": int(self._clock()) + _STATE_GOOD_FOR,
            "n": secrets.token_urlsafe(12),
            "b": _hashed(browser),
        }
        generator = AuthorizeUrlGenerator(
            client_id=app.settings["client_id"],
            scopes=BOT_SCOPES,
            redirect_uri=f"{self._origin}/slack/oauth",
            authorization_url=app.settings.get("authorize_url", _AUTHORIZE),
        )
        response = RedirectResponse(generator.generate(_to_url(self._states.sign(claims))), 303)
        is_https = self._origin.startswith("https://")
        response.set_cookie(
            _COOKIE,
            browser,
            max_age=_STATE_GOOD_FOR,
            path="/slack/oauth",
            httponly=True,
            secure=is_https,
            samesite="lax",
        )
        return response

    async def _finish(self, request: Request) -> Response:
        app = await self._app()
        given = request.query_params
        if app is None or not self._accept(given.get("state", ""), request.cookies.get(_COOKIE, "")):
            return _page(_STALE, 403)
        response = await self._exchange(app, given.get("code", ""), given.get("error", ""))
        response.delete_cookie(_COOKIE, path="/slack/oauth")
        return response

    def _accept(self, state: str, browser: str) -> bool:
        """Whether we sent this browser to Slack just now, once. Slack itself takes a code but once, too."""
        claims = self._states.verify(_from_url(state))
        if claims is None or claims["e"] < self._clock() or not browser:
            return False
        if not secrets.compare_digest(claims["b"], _hashed(browser)) or claims["n"] in self._used:
            return False
        while len(self._used) >= _MAX_USED:
            del self._used[next(iter(self._used))]
        self._used[claims["n"]] = None
        return True

    async def _exchange(self, app: Account, code: str, error: str) -> Response:
        if error or not code:
            return _page(_NOT_DONE, 400, why=error[:60] or "no code")
        try:
            answer = await self._slack.ask(
                None,
                "oauth.v2.access",
                client_id=app.settings["client_id"],
                client_secret=app.secrets.get("client_secret", ""),
                code=code,
                redirect_uri=f"{self._origin}/slack/oauth",
            )
        except (SlackRefusal, RetryLater, DeliveryUnclear) as refused:
            log.warning("slack: an installation was refused (%s)", refused)
            return _page(_NOT_DONE, 502, why=str(refused))
        account = installed_account(answer)
        await self._accounts.save(account)
        log.info("slack: workspace %s has installed Staffel", account.id)
        return _page(_DONE, 200, team=account.name)

    async def _app(self) -> Account | None:
        app = await self._accounts.find(Channel.SLACK, APP)
        return app if app and app.active and app.settings.get("client_id") else None


def installed_account(answer: SlackResponse) -> Account:
    """The workspace, or the whole organisation, that `oauth.v2.access` speaks of."""
    data = answer.data
    whole = bool(data.get("is_enterprise_install"))
    place = (data.get("enterprise") if whole else data.get("team")) or {}
    return Account(
        channel=Channel.SLACK,
        id=str(place["id"]),
        name=str(place.get("name") or place["id"]),
        secrets={"bot_token": str(data["access_token"])},
        settings={
            "bot_user_id": str(data.get("bot_user_id", "")),
            "bot_id": str(data.get("bot_id", "")),
            "team": str(place.get("name", "")),
            "scopes": str(data.get("scope", "")),
        },
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _to_url(signed: str) -> str:
    """A signed value as it can stand in an address: hex, so that nothing in it needs escaping."""
    return signed.encode().hex()


def _from_url(text: str) -> str:
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return ""


def _page(texts: tuple[str, str, str], status: int, **values: str) -> Response:
    german, english, more = (html.escape(text.format(**values)) for text in texts)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f'<body><main><h1>{english}</h1><p lang="de">{german}</p><p>{more}</p></main></body></html>'
    )
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
