"""`staffel connect slack`: from the manifest to a message that went there and back."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import click
from sqlalchemy import select

from connectors.base import Account, Channel
from connectors.findings import CantConnect, Finding, Level
from connectors.slack import connecting
from connectors.slack.connecting import Pasted
from connectors.slack.installing import install_link
from connectors.slack.manifest import manifest as make_manifest
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.cli import installation
from helpdesk.cli.database import on_database
from helpdesk.db import Database
from helpdesk.models import Conversation, Delivery, DeliveryStatus, Message, now

SIGNS = {Level.OK: "✓", Level.NOTE: "!", Level.FAILED: "✗"}
PATIENCE = 180.0  # seconds to find the app in Slack and write to it
_LOOK_EVERY = 0.5
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
    type=click.Choice([connecting.HTTP, connecting.SOCKET]),
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
    how = mode or connecting.mode_for(chosen.origin)
    if only_manifest:
        shown = make_manifest(chosen.origin, socket_mode=how == connecting.SOCKET)
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    if not bot_token:
        _explain(chosen.origin, how)
    pasted = Pasted(
        signing_secret=_given("signing_secret", signing_secret, wanted=how == connecting.HTTP),
        app_token=_given("app_token", app_token, wanted=how == connecting.SOCKET),
        bot_token=_given("bot_token", bot_token, wanted=True),
        client_id=client_id.strip(),
        client_secret=client_secret.strip(),
    )
    account = on_database(lambda db: _connect(db, pasted, how, write_to))
    if test:
        on_database(lambda db: _round_trip(db, account))
    click.echo(f"Connected. People in {account.name} find Staffel under Apps, or mention it in a channel.")
    if pasted.client_id and pasted.client_secret:
        link = install_link(chosen.secret_key.get_secret_value(), chosen.origin, time.time())
        click.echo(f"Further workspaces install it by this link, good for seven days:\n{link}")


def _explain(origin: str, mode: str) -> None:
    click.echo("1. Open this link, choose your workspace, and press Create:\n")
    click.echo(f"   {connecting.creation_link(origin, mode)}\n")
    click.echo("2. Press Install to Workspace there.\n3. Paste here what the app's pages show:\n")


def _given(name: str, value: str | None, *, wanted: bool) -> str:
    if not wanted or value:
        return (value or "").strip()
    asked: str = click.prompt(_WHERE[name], hide_input=True)
    return asked.strip()


async def _connect(db: Database, pasted: Pasted, mode: str, write_to: str) -> Account:
    chosen = installation.settings()
    accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
    try:
        account = await connecting.connect(
            pasted, accounts, origin=chosen.origin, report=_show, mode=mode, api_url=chosen.slack_api_url
        )
        if write_to:
            text = "Staffel ist verbunden. · Staffel is connected."
            await connecting.send_test(account, write_to, text, api_url=chosen.slack_api_url)
            click.echo("✓ test message: sent to you")
    except CantConnect as reason:
        raise click.ClickException(str(reason)) from None
    return account


def _show(finding: Finding) -> None:
    click.echo(f"{SIGNS[finding.level]} {finding.name}: {finding.found}")
    if finding.remedy:
        click.echo(f"  → {finding.remedy}")


async def _round_trip(db: Database, account: Account) -> None:
    """Wait for a message to the app and for its answer; giving up costs nothing."""
    click.echo("Now try it: in Slack, open Staffel under Apps, tab Messages, and write hello (Ctrl-C leaves this out).")
    since = now()
    for what, arrived in (("your message", _has_come), ("the answer", _has_gone)):
        if not await _wait_for(partial(arrived, db, account, since)):
            raise click.ClickException(
                f"{what.capitalize()} didn't arrive within {PATIENCE / 60:.0f} minutes. Is Staffel running "
                "(./staffel up)? ./staffel doctor says what else may be wrong. The workspace itself stays connected."
            )
        click.echo(f"✓ {what} arrived after {(now() - since).total_seconds():.0f} s")


async def _wait_for(look: Callable[[], Awaitable[bool]]) -> bool:
    for _ in range(int(PATIENCE / _LOOK_EVERY)):
        if await look():
            return True
        await asyncio.sleep(_LOOK_EVERY)
    return False


async def _has_come(db: Database, account: Account, since: datetime) -> bool:
    query = select(Message.id).where(
        Message.channel == Channel.SLACK, Message.account == account.id, Message.created_at >= since
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None


async def _has_gone(db: Database, account: Account, since: datetime) -> bool:
    query = (
        select(Delivery.id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(
            Conversation.channel == Channel.SLACK,
            Conversation.account == account.id,
            Delivery.status == DeliveryStatus.SENT,
            Delivery.sent_at >= since,
        )
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None
