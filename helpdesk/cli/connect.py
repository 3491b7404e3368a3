"""`staffel connect`: the channels, each from a pasted token to a message that went there and back."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import click
from sqlalchemy import select

from connectors.base import Account, Channel
from connectors.findings import CantConnect, Finding, Level
from connectors.telegram.connecting import POLLING, WEBHOOK
from connectors.telegram.connecting import connect as connect_telegram
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.cli import installation
from helpdesk.cli.connect_slack import slack
from helpdesk.cli.database import on_database
from helpdesk.db import Database
from helpdesk.models import Conversation, Delivery, DeliveryStatus, Message, now

SIGNS = {Level.OK: "✓", Level.NOTE: "!", Level.FAILED: "✗"}
PATIENCE = 180.0  # seconds to find the phone and write to the bot
_LOOK_EVERY = 0.5


@click.group()
def connect() -> None:
    """Connect a channel, or repair its connection.

    \b
    Examples:
      ./staffel connect telegram
      ./staffel connect telegram --token-stdin < token.txt
      ./staffel connect slack
    """


connect.add_command(slack)


@connect.command()
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input.")
@click.option(
    "--token",
    envvar="STAFFEL_TELEGRAM_TOKEN",
    help="The token itself; it would stay in your shell's history. Better STAFFEL_TELEGRAM_TOKEN, or be asked for it.",
)
@click.option(
    "--mode",
    type=click.Choice([WEBHOOK, POLLING]),
    help="How messages come here; by default webhook when STAFFEL_PUBLIC_URL is https, else polling.",
)
@click.option("--test/--no-test", default=True, help="Wait at the end until a message of yours went there and back.")
def telegram(token_stdin: bool, token: str | None, mode: str | None, test: bool) -> None:
    """Connect a Telegram bot. @BotFather gives out the token: /newbot, then a name, then a username.

    Everything else is done here: where its messages go, its commands and descriptions in German and English. Running
    it again repairs the connection.
    """
    account = on_database(lambda db: _connect(db, _token(token_stdin, token), mode or ""))
    username = account.settings["username"]
    if test:
        on_database(lambda db: _round_trip(db, account))
    click.echo(f"Connected. Customers find the bot at https://t.me/{username}")


def _token(from_stdin: bool, given: str | None) -> str:
    if from_stdin:
        return sys.stdin.readline()
    return given or click.prompt("The bot's token, from @BotFather (it isn't shown)", hide_input=True)


async def _connect(db: Database, token: str, mode: str) -> Account:
    chosen = installation.settings()
    accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
    try:
        return await connect_telegram(
            token, accounts, origin=chosen.origin, report=_show, mode=mode, api_url=chosen.telegram_api_url
        )
    except CantConnect as reason:
        raise click.ClickException(str(reason)) from None


def _show(finding: Finding) -> None:
    click.echo(f"{SIGNS[finding.level]} {finding.name}: {finding.found}")
    if finding.remedy:
        click.echo(f"  → {finding.remedy}")


async def _round_trip(db: Database, account: Account) -> None:
    """Wait for a message to the bot and for its answer; giving up costs nothing."""
    username = account.settings["username"]
    click.echo(f"Now try it: open https://t.me/{username} and send /start (Ctrl-C leaves this out).")
    since = now()
    for what, arrived in (("your message", _has_come), ("the answer", _has_gone)):
        if not await _wait_for(partial(arrived, db, account, since)):
            raise click.ClickException(
                f"{what.capitalize()} didn't arrive within {PATIENCE / 60:.0f} minutes. Is Staffel running "
                "(./staffel up)? ./staffel doctor says what else may be wrong. The bot itself stays connected."
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
        Message.channel == Channel.TELEGRAM, Message.account == account.id, Message.created_at >= since
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None


async def _has_gone(db: Database, account: Account, since: datetime) -> bool:
    query = (
        select(Delivery.id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(
            Conversation.channel == Channel.TELEGRAM,
            Conversation.account == account.id,
            Delivery.status == DeliveryStatus.SENT,
            Delivery.sent_at >= since,
        )
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None
