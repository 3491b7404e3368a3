"""`staffel key`: keys for programs that use /api/v1."""

import sys

import click

from helpdesk.accounts.keys import make_key, revoke_key
from helpdesk.host.cli.database import on_database

SCOPES = ("conversations", "messages", "handoff", "agents", "articles")


@click.group()
def key() -> None:
    """Make and end keys for the REST API at /api/v1.

    \b
    Example:
      ./staffel key add crm --scope conversations --scope messages
    """


@key.command()
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="What it may do.")
def add(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key called NAME. It is shown once; keep it like a password."""
    made = on_database(lambda db: make_key(db, name, scopes))
    click.echo(made)
    click.echo("Send it as Authorization: Bearer … ; it can't be shown again.", err=True)


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End every key called NAME at once."""
    ended = on_database(lambda db: revoke_key(db, name))
    if not ended:
        sys.exit(f"There is no key called {name}.")
    click.echo(f"{ended} key(s) ended.")
