"""`staffel connect`: the channels, each from a pasted token to a message that went there and back."""

import sys

import click

from connectors.contract import Account
from connectors.contract.findings import ConnectionFailure
from connectors.telegram.connection_setup import POLLING, WEBHOOK
from connectors.telegram.connection_setup import connect as connect_telegram
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.connect_slack import slack
from helpdesk.host.cli.database import on_database
from helpdesk.host.cli.round_trip import show, try_out
from store.db import Database


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
        on_database(lambda db: try_out(db, account, f"open https://t.me/{username} and send /start"))
    click.echo(f"Connected. Customers find the bot at https://t.me/{username}")


def _token(from_stdin: bool, given: str | None) -> str:
    if from_stdin:
        return sys.stdin.readline()
    return given or click.prompt("The bot's token, from @BotFather (it isn't shown)", hide_input=True)


async def _connect(db: Database, token: str, mode: str) -> Account:
    chosen = installation.settings()
    accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
    try:
        account = await connect_telegram(
            token, accounts, origin=chosen.origin, report=show, mode=mode, api_url=chosen.telegram_api_url
        )
    except ConnectionFailure as reason:
        raise click.ClickException(str(reason)) from None
    await enter_command(db, "channels.connect", f"{account.channel}:{account.id}")
    return account
