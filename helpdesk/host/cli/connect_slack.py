"""`staffel connect slack`: from the manifest to a message that went there and back."""

import json
import time

import click

from connectors.contract import Account
from connectors.contract.findings import ConnectionFailure
from connectors.slack import connection_setup
from connectors.slack.connection_setup import AppCredentials
from connectors.slack.manifest import manifest as make_manifest
from connectors.slack.oauth import install_link
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.host.cli.round_trip import show, try_out
from store.db import Database

_WHERE = {
    "signing_secret": "Signing secret (Basic Information → App Credentials; it isn't shown)",
    "app_token": "App token, xapp-… (Basic Information → App-Level Tokens, scope connections:write; it isn't shown)",
    "bot_token": "Bot token, xoxb-… (OAuth & Permissions, after Install to Workspace; it isn't shown)",
}


@click.command()
@click.option(
    "--manifest", "only_manifest", is_flag=True, help="Print the app's manifest as JSON, and do nothing else."
)
@click.option(
    "--mode",
    type=click.Choice([connection_setup.HTTP, connection_setup.SOCKET]),
    help="How events come here; by default http when STAFFEL_PUBLIC_URL is https, else socket.",
)
@click.option("--bot-token", envvar="STAFFEL_SLACK_BOT_TOKEN", help="Better by STAFFEL_SLACK_BOT_TOKEN, or when asked.")
@click.option("--signing-secret", envvar="STAFFEL_SLACK_SIGNING_SECRET", help="Likewise.")
@click.option("--app-token", envvar="STAFFEL_SLACK_APP_TOKEN", help="Likewise; for Socket Mode only.")
@click.option("--client-id", default="", help="With the client secret: lets further workspaces install the app.")
@click.option("--client-secret", envvar="STAFFEL_SLACK_CLIENT_SECRET", default="", help="Better by its variable.")
@click.option("--write-to", default="", help="Your member id in Slack (U…): a test message is sent to you.")
@click.option("--test/--no-test", default=True, help="Wait at the end until a message of yours went there and back.")
def slack(
    only_manifest: bool,
    mode: str | None,
    bot_token: str | None,
    signing_secret: str | None,
    app_token: str | None,
    client_id: str,
    client_secret: str,
    write_to: str,
    test: bool,
) -> None:
    """Connect a Slack workspace. A link opens Slack with the app filled in; you install it and paste what it shows.

    Without a public https address Socket Mode is used. Running it again repairs the connection.
    """
    chosen = installation.settings()
    how = mode or connection_setup.mode_for(chosen.origin)
    if only_manifest:
        shown = make_manifest(chosen.origin, socket_mode=how == connection_setup.SOCKET)
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    if not bot_token:
        _explain(chosen.origin, how)
    pasted = AppCredentials(
        signing_secret=_given("signing_secret", signing_secret, wanted=how == connection_setup.HTTP),
        app_token=_given("app_token", app_token, wanted=how == connection_setup.SOCKET),
        bot_token=_given("bot_token", bot_token, wanted=True),
        client_id=client_id.strip(),
        client_secret=client_secret.strip(),
    )
    account = on_database(lambda db: _connect(db, pasted, how, write_to))
    if test:
        on_database(lambda db: try_out(db, account, "in Slack, open Staffel under Apps, tab Messages, and write hello"))
    click.echo(f"Connected. People in {account.name} find Staffel under Apps, or mention it in a channel.")
    if pasted.client_id and pasted.client_secret:
        link = install_link(chosen.secret_key.get_secret_value(), chosen.origin, time.time())
        click.echo(f"Further workspaces install it by this link, good for seven days:\n{link}")


def _explain(origin: str, mode: str) -> None:
    click.echo("1. Open this link, choose your workspace, and press Create:\n")
    click.echo(f"   {connection_setup.creation_link(origin, mode)}\n")
    click.echo("2. Press Install to Workspace there.\n3. Paste here what the app's pages show:\n")


def _given(name: str, value: str | None, *, wanted: bool) -> str:
    if not wanted or value:
        return (value or "").strip()
    asked: str = click.prompt(_WHERE[name], hide_input=True)
    return asked.strip()


async def _connect(db: Database, pasted: AppCredentials, mode: str, write_to: str) -> Account:
    chosen = installation.settings()
    accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
    try:
        account = await connection_setup.connect(
            pasted, accounts, origin=chosen.origin, report=show, mode=mode, api_url=chosen.slack_api_url
        )
        if write_to:
            text = "Staffel ist verbunden. · Staffel is connected."
            await connection_setup.send_test(account, write_to, text, api_url=chosen.slack_api_url)
            click.echo("✓ test message: sent to you")
    except ConnectionFailure as reason:
        raise click.ClickException(str(reason)) from None
    await enter_command(db, "channels.connect", f"{account.channel}:{account.id}")
    return account
