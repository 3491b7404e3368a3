"""The channels there are. Only this file and the commands that connect a channel name concrete connectors.

Telegram's and Slack's are imported where they are needed: see `ConnectorOnDemand`.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from connectors.contract import Account, Channel, Connector
from connectors.contract.findings import Finding
from connectors.webchat import WebchatConnector
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.faq import LibraryFaq
from helpdesk.channels.leader import LeaseLeader
from helpdesk.channels.nonces import UsedNonces
from helpdesk.texts import explain
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.admin.channels.routes import ChannelSetup
from helpdesk.web.chat.routes import SiteAdmission
from store.settings import Settings

_TELEGRAM_DOORS = {"/telegram/{account}/webhook": "POST"}
_SLACK_DOORS = {
    "/slack/events": "POST",
    "/slack/interactive": "POST",
    "/slack/commands": "POST",
    "/slack/install": "GET",
    "/slack/oauth": "GET",
}


def make_webchat(settings: Settings, visitors: Visitors) -> WebchatConnector:
    return WebchatConnector(visitors, SiteAdmission(settings), explain)


def make_connectors(
    settings: Settings,
    *,
    webchat: WebchatConnector,
    accounts: ChannelAccounts,
    leader: LeaseLeader,
    faq: LibraryFaq,
    nonces: UsedNonces,
) -> dict[Channel, Connector]:
    """One connector for each channel, in the order in which their routes are tried."""
    secret_key = settings.secret_key.get_secret_value()

    def make_telegram() -> Connector:
        from connectors.telegram import TelegramConnector

        return TelegramConnector(
            accounts, leader, secret_key=secret_key, origin=settings.origin, api_url=settings.telegram_api_url
        )

    def make_slack() -> Connector:
        from connectors.slack import SlackConnector

        return SlackConnector(
            accounts, leader, faq, nonces, secret_key=secret_key, origin=settings.origin, api_url=settings.slack_api_url
        )

    telegram = ConnectorOnDemand(Channel.TELEGRAM, accounts, make_telegram, doors=_TELEGRAM_DOORS)
    slack = ConnectorOnDemand(Channel.SLACK, accounts, make_slack, doors=_SLACK_DOORS)
    return {each.channel: each for each in (webchat, telegram, slack)}


def slack_manifest(origin: str) -> str:
    """What an admin pastes into Slack; without a public address Slack is reached by Socket Mode."""
    from connectors.slack.manifest import manifest as make_manifest

    manifest = make_manifest(origin, socket_mode=not origin.startswith("https://"))
    return json.dumps(manifest, ensure_ascii=False, indent=2)


def connection_steps(accounts: ChannelAccounts, settings: Settings) -> dict[Channel, ChannelSetup]:
    """How each channel is connected on the admin page."""

    async def connect_telegram(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        from connectors.telegram import connection_setup as telegram_connecting

        token = secrets.get("token", "")
        return await telegram_connecting.connect(
            token, accounts, origin=settings.origin, report=report, api_url=settings.telegram_api_url
        )

    async def examine_telegram(account: Account) -> Sequence[Finding]:
        from connectors.telegram import connection_setup as telegram_connecting

        return await telegram_connecting.examine(account, origin=settings.origin, api_url=settings.telegram_api_url)

    async def connect_slack(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        from connectors.slack import connection_setup as slack_connecting

        pasted = slack_connecting.AppCredentials(
            bot_token=secrets.get("bot_token", ""),
            signing_secret=secrets.get("signing_secret", ""),
            app_token=secrets.get("app_token", ""),
        )
        return await slack_connecting.connect(
            pasted, accounts, origin=settings.origin, report=report, api_url=settings.slack_api_url
        )

    async def examine_slack(account: Account) -> Sequence[Finding]:
        from connectors.slack import connection_setup as slack_connecting

        return await slack_connecting.examine(
            accounts, [account], origin=settings.origin, api_url=settings.slack_api_url
        )

    return {
        Channel.TELEGRAM: ChannelSetup(connect=connect_telegram, examine=examine_telegram),
        Channel.SLACK: ChannelSetup(connect=connect_slack, examine=examine_slack),
    }
