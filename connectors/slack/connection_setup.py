"""Connecting a workspace: from the manifest to messages that arrive, and in plain words what may be wrong later."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import httpx

from connectors.contract import Account, Accounts, Channel, DeliveryUnclear, RetryLater
from connectors.contract.findings import ConnectionFailure, Finding, Report, failed_finding, note_finding, ok_finding
from connectors.slack.api_client import ACCESS_LOST, SlackClient, SlackRefusal, SlackResponse
from connectors.slack.manifest import BOT_SCOPES, manifest
from connectors.slack.routes import APP

HTTP, SOCKET = "http", "socket"
MAX_SKEW = 60.0
"""Seconds our clock may differ from Slack's before somebody should look; from 300 on every signature is refused."""

_TOO_FAR = 300.0
_BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{8,250}")
_APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9-]{8,250}")
_SIGNING_SECRET = re.compile(r"[A-Za-z0-9-]{16,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCredentials:
    """What an admin copies from the app's pages at api.slack.com/apps. `app_token` is for Socket Mode only.

    `client_id` and `client_secret` let further workspaces install the app.
    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


def mode_for(origin: str) -> str:
    """Slack comes to us where it can, which takes https; elsewhere we open a socket to it."""
    return HTTP if origin.startswith("https://") else SOCKET


def creation_link(origin: str, mode: str) -> str:
    """Opens Slack's page for a new app with the manifest filled in."""
    text = json.dumps(manifest(origin, socket_mode=mode == SOCKET), ensure_ascii=False, separators=(",", ":"))
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(text, safe='')}"


async def connect(
    pasted: AppCredentials, accounts: Accounts, *, origin: str, report: Report, mode: str = "", api_url: str = ""
) -> Account:
    """Connect the workspace of `pasted.bot_token`; doing it again repairs what is broken. Raises `ConnectionFailure`.

    Nothing is stored before Slack has accepted every token.
    """
    mode = mode or mode_for(origin)
    _check_forms(pasted, mode)
    slack = SlackClient(api_url)
    answer = await _ask_who(slack, pasted.bot_token)
    account = _workspace(answer, pasted.bot_token)
    report(ok_finding("bot token", f"it belongs to the workspace {account.name}"))
    missing = missing_scopes(answer.headers)
    if missing:
        raise ConnectionFailure(
            f"These permissions are missing: {', '.join(missing)}. Add them at api.slack.com/apps → "
            "OAuth & Permissions → Bot Token Scopes, then press Reinstall there and run this again."
        )
    report(ok_finding("permissions", "all there"))
    report(judge_clock(answer.headers, datetime.now(UTC)))
    if mode == SOCKET:
        await _try_socket(slack, pasted.app_token)
        report(ok_finding("Socket Mode", "Slack opens a connection; no public address is needed"))
    await accounts.save(_app(await accounts.find(Channel.SLACK, APP), pasted, mode))
    await accounts.save(account)
    report(ok_finding("secrets", "stored, encrypted"))
    return account


def _check_forms(pasted: AppCredentials, mode: str) -> None:
    if not _BOT_TOKEN.fullmatch(pasted.bot_token):
        raise ConnectionFailure(
            "The bot token begins with xoxb-. It stands at api.slack.com/apps → OAuth & Permissions "
            "once the app is installed."
        )
    if mode == SOCKET and not _APP_TOKEN.fullmatch(pasted.app_token):
        raise ConnectionFailure(
            "The app token begins with xapp-. Make one at api.slack.com/apps → Basic Information → App-Level Tokens, "
            "with the scope connections:write."
        )
    if mode == HTTP and not _SIGNING_SECRET.fullmatch(pasted.signing_secret):
        raise ConnectionFailure(
            "The signing secret is 32 letters and digits, at api.slack.com/apps → Basic Information → App Credentials."
        )


async def _ask_who(slack: SlackClient, token: str) -> SlackResponse:
    try:
        return await slack.call(token, "auth.test")
    except SlackRefusal as refused:
        raise ConnectionFailure(
            f"Slack doesn't accept this bot token ({refused.error}). Copy it again from OAuth & Permissions; "
            "if the app was removed from the workspace, install it there once more."
        ) from None
    except (RetryLater, DeliveryUnclear) as error:
        raise ConnectionFailure(
            f"Slack can't be reached from here ({error}). Check that this machine may open https://slack.com."
        ) from None


async def _try_socket(slack: SlackClient, token: str) -> None:
    try:
        await slack.call(token, "apps.connections.open")
    except SlackRefusal as refused:
        raise ConnectionFailure(
            f"Slack refuses Socket Mode ({refused.error}). The app token needs the scope connections:write, and Socket "
            "Mode has to be on in the app's settings."
        ) from None
    except (RetryLater, DeliveryUnclear) as error:
        raise ConnectionFailure(
            f"The line to Slack broke ({error}). Run this again; nothing is lost by doing so."
        ) from None


def _workspace(answer: SlackResponse, token: str) -> Account:
    data = answer.data
    whole = bool(data.get("is_enterprise_install"))
    return Account(
        channel=Channel.SLACK,
        id=str(data["enterprise_id"] if whole else data["team_id"]),
        name=str(data.get("team") or data["team_id"]),
        secrets={"bot_token": token},
        settings={
            "bot_user_id": str(data.get("user_id", "")),
            "bot_id": str(data.get("bot_id", "")),
            "team": str(data.get("team", "")),
            "scopes": answer.headers.get("x-oauth-scopes", ""),
        },
    )


def _app(known: Account | None, pasted: AppCredentials, mode: str) -> Account:
    """What all workspaces share; what wasn't pasted this time stays as it was."""
    secrets = {
        "signing_secret": pasted.signing_secret,
        "client_secret": pasted.client_secret,
        "app_token": pasted.app_token,
    }
    return Account(
        channel=Channel.SLACK,
        id=APP,
        name="Slack app",
        secrets=_filled(known.secrets if known else {}, secrets),
        settings=_filled(known.settings if known else {}, {"client_id": pasted.client_id, "mode": mode}),
    )


def _filled(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    return {**old, **{name: value for name, value in new.items() if value}}


def missing_scopes(headers: Mapping[str, str]) -> list[str]:
    """Which permissions a token lacks, by what Slack says of it with every answer."""
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    return [scope for scope in BOT_SCOPES if scope not in granted]


def judge_clock(headers: Mapping[str, str], time: datetime) -> Finding:
    """Whether our clock agrees with Slack's."""
    try:
        ahead = (time - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (TypeError, ValueError):
        return note_finding("slack clock", "Slack didn't say what time it is", "")
    found = f"this machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} Slack's"
    if abs(ahead) >= _TOO_FAR:
        return failed_finding(
            "slack clock", f"{found}: every event is refused", "Set the clock (timedatectl set-ntp true)."
        )
    if abs(ahead) >= MAX_SKEW:
        return note_finding("slack clock", found, "From 300 s on every event is refused. Set the clock (timedatectl).")
    return ok_finding("slack clock", "in step with Slack's")


async def send_test(account: Account, user_id: str, text: str, *, api_url: str = "") -> None:
    """Write to somebody in the workspace, such as the admin who connects it. Raises `ConnectionFailure`."""
    slack, token = SlackClient(api_url), account.secrets["bot_token"]
    try:
        opened = await slack.call(token, "conversations.open", users=user_id)
        await slack.call(token, "chat.postMessage", channel=opened.data["channel"]["id"], text=text)
    except (SlackRefusal, RetryLater, DeliveryUnclear) as error:
        raise ConnectionFailure(f"The test message didn't go out ({error}).") from None


async def examine(accounts: Accounts, known: list[Account], *, origin: str, api_url: str = "") -> list[Finding]:
    """What is well and what isn't with the connected workspaces, for `staffel doctor`."""
    slack = SlackClient(api_url)
    app = await accounts.find(Channel.SLACK, APP)
    findings = [finding for one in known if one.id != APP for finding in await _examine_workspace(slack, one)]
    if app is None or not app.active:
        return [*findings, failed_finding("slack app", "the app's secrets are missing", "./staffel connect slack")]
    if app.settings.get("mode") == SOCKET:
        return [*findings, await _examine_socket(slack, app)]
    if not app.secrets.get("signing_secret"):
        findings.append(failed_finding("slack app", "the signing secret is missing", "./staffel connect slack"))
    return [*findings, await look_at_events_url(origin)]


async def _examine_workspace(slack: SlackClient, account: Account) -> list[Finding]:
    name = f"slack {account.name}"
    if not account.active or not account.secrets.get("bot_token"):
        return [failed_finding(name, account.problem or "no longer connected", "./staffel connect slack")]
    try:
        answer = await slack.call(account.secrets["bot_token"], "auth.test")
    except SlackRefusal as refused:
        lost = refused.error in ACCESS_LOST
        found = "Slack doesn't accept the token any more" if lost else f"Slack refuses the token ({refused.error})"
        return [failed_finding(name, found, "Install the app again, then ./staffel connect slack with the new token.")]
    except (RetryLater, DeliveryUnclear) as error:
        return [
            failed_finding(
                name, f"Slack can't be reached ({error})", "Check that this machine may open https://slack.com."
            )
        ]
    missing = missing_scopes(answer.headers)
    clock = judge_clock(answer.headers, datetime.now(UTC))
    if missing:
        remedy = "Add them at api.slack.com/apps → OAuth & Permissions, press Reinstall, then connect again."
        return [failed_finding(name, f"permissions are missing: {', '.join(missing)}", remedy), clock]
    return [ok_finding(name, "token good, all permissions there"), clock]


async def _examine_socket(slack: SlackClient, app: Account) -> Finding:
    try:
        await slack.call(app.secrets.get("app_token"), "apps.connections.open")
    except SlackRefusal as refused:
        remedy = "Make an app token with connections:write, switch Socket Mode on, then ./staffel connect slack."
        return failed_finding("slack socket", f"Slack refuses it ({refused.error})", remedy)
    except (RetryLater, DeliveryUnclear) as error:
        return failed_finding(
            "slack socket", f"Slack can't be reached ({error})", "Check the firewall: wss:// has to be allowed."
        )
    return ok_finding("slack socket", "Slack opens a connection")


async def look_at_events_url(origin: str) -> Finding:
    """Whether the public address leads to our own door: it has to refuse what isn't signed."""
    name = "slack events"
    if not origin.startswith("https://"):
        remedy = "Set STAFFEL_PUBLIC_URL, or connect with --mode socket."
        return failed_finding(name, f"{origin} isn't https, so Slack can't send events there", remedy)
    try:
        async with httpx.AsyncClient(timeout=8) as client:
            answer = await client.post(f"{origin}/slack/events", json={"type": "url_verification", "challenge": "x"})
    except httpx.HTTPError as error:
        found = f"{origin} can't be reached from here ({type(error).__name__})"
        return failed_finding(
            name, found, "Check the DNS, the certificate, the firewall and the proxy in front of Staffel."
        )
    if answer.status_code != httpx.codes.UNAUTHORIZED:
        found = f"{origin}/slack/events answers {answer.status_code}, expected 401 for what Slack hasn't signed"
        return failed_finding(name, found, "Another program may answer there. Check STAFFEL_PUBLIC_URL and the proxy.")
    return ok_finding(name, f"{origin} leads here, and refuses what isn't signed")
