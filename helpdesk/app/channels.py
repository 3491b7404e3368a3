"""The channels there are. Only this file and the commands that connect a channel name concrete connectors.

Telegram's and Slack's are imported where they are needed: see `ConnectorOnDemand`.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence

from connectors.contract import Account, Channel, Connector
from connectors.contract.findings import ConnectionFailure, Finding, ok_finding
from connectors.contract.mail import MailBounce, MailTransport
from connectors.contract.reply_address import ReplyAddresses
from connectors.webchat import WebchatConnector
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.channels.faq import LibraryFaq
from helpdesk.channels.leader import LeaseLeader
from helpdesk.channels.mail_threads import StoredMailThreads
from helpdesk.channels.nonces import UsedNonces
from helpdesk.files.file_store import FileStore
from helpdesk.mail.letter import render_markdown
from helpdesk.texts import explain
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.admin.channels.routes import ChannelSetup
from helpdesk.web.chat.routes import SiteAdmission
from store.db import Database
from store.settings import Settings

_TELEGRAM_DOORS = {"/telegram/{account}/webhook": "POST"}
_SLACK_DOORS = {
    "/slack/events": "POST",
    "/slack/interactive": "POST",
    "/slack/commands": "POST",
    "/slack/install": "GET",
    "/slack/oauth": "GET",
}
_EMAIL_DOORS = {"/email/inbound": "POST"}


def make_webchat(visitors: Visitors, admission: SiteAdmission) -> WebchatConnector:
    return WebchatConnector(visitors, admission, explain)


def make_connectors(
    settings: Settings,
    *,
    webchat: WebchatConnector,
    accounts: ChannelAccounts,
    leader: LeaseLeader,
    faq: LibraryFaq,
    nonces: UsedNonces,
    files: FileStore,
    make_email: Callable[[], Connector],
) -> dict[Channel, Connector]:
    """One connector for each channel, in the order in which their routes are tried. Raises `ValueError`."""
    secret_key = settings.secret_key.get_secret_value()

    def make_telegram() -> Connector:
        from connectors.telegram import TelegramConnector

        return TelegramConnector(
            accounts,
            leader,
            secret_key=secret_key,
            origin=settings.origin,
            files=files,
            api_url=settings.telegram_api_url,
        )

    def make_slack() -> Connector:
        from connectors.slack import SlackConnector

        return SlackConnector(
            accounts,
            leader,
            faq,
            nonces,
            secret_key=secret_key,
            origin=settings.origin,
            files=files,
            api_url=settings.slack_api_url,
        )

    telegram = ConnectorOnDemand(Channel.TELEGRAM, accounts, make_telegram, doors=_TELEGRAM_DOORS)
    slack = ConnectorOnDemand(Channel.SLACK, accounts, make_slack, doors=_SLACK_DOORS)
    if settings.imap_url:
        from connectors.email.imap_url import parse_imap_url

        parse_imap_url(settings.imap_url.get_secret_value())  # what can't be read is told at the start
    email = ConnectorOnDemand(
        Channel.EMAIL,
        accounts,
        make_email,
        doors=_EMAIL_DOORS,
        is_set_up=bool(settings.imap_url or settings.mail_secret),
    )
    return {each.channel: each for each in (webchat, telegram, slack, email)}


def make_mail_transport(settings: Settings) -> MailTransport | None:
    """The way to the mail server; `None` without one. Raises `ValueError` for settings that can't be read."""
    if not (url := settings.smtp_url.get_secret_value()):
        return None
    from connectors.email.smtp import SmtpTransport
    from connectors.email.smtp_url import parse_smtp_url

    return SmtpTransport(parse_smtp_url(url, settings.mail_from))


def make_email(
    db: Database,
    settings: Settings,
    *,
    accounts: ChannelAccounts,
    leader: LeaseLeader,
    files: FileStore,
    transport: MailTransport | None,
    report_bounce: Callable[[MailBounce], Awaitable[bool]],
) -> Connector:
    """The mailbox, the webhook and the way out of `email`. Raises `ValueError` for settings that can't be read."""
    from connectors.email.connector import EmailConnector, MailTools
    from connectors.email.imap_url import parse_imap_url
    from connectors.email.inbound.automatic_mail import MailPolicy

    imap_url = settings.imap_url.get_secret_value()
    mailbox = parse_imap_url(imap_url) if imap_url else None
    own = {transport.sender} if transport else set()
    own |= {mailbox.user} if mailbox and "@" in mailbox.user else set()
    secret_key = settings.secret_key.get_secret_value()
    tools = MailTools(
        accounts=accounts,
        leader=leader,
        threads=StoredMailThreads(db),
        aside=StoredAsideMails(db),
        files=files,
        render=render_markdown,
        policy=MailPolicy(
            own=frozenset(address.lower() for address in own | set(settings.mail_addresses)),
            spam_header=settings.spam_header,
        ),
        report_bounce=report_bounce,
        transport=transport,
        addresses=ReplyAddresses(secret_key, transport.sender) if transport else None,
        mailbox=mailbox,
        webhook_secret=settings.mail_secret.get_secret_value(),
        sender_name=transport.sender_name if transport else "",
    )
    return EmailConnector(tools)


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

    async def connect_email(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        raise ConnectionFailure("The settings connect a mailbox: STAFFEL_IMAP_URL or STAFFEL_MAIL_SECRET.")

    async def examine_email(account: Account) -> Sequence[Finding]:
        from connectors.email.mailbox_check import examine_mailbox

        url = settings.imap_url.get_secret_value()
        return [await examine_mailbox(url) if url else ok_finding("webhook", "mails are handed in at /email/inbound")]

    return {
        Channel.EMAIL: ChannelSetup(connect=connect_email, examine=examine_email),
        Channel.TELEGRAM: ChannelSetup(connect=connect_telegram, examine=examine_telegram),
        Channel.SLACK: ChannelSetup(connect=connect_slack, examine=examine_slack),
    }
