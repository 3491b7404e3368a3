"""`staffel key`: keys for programs that use /api/v1."""

import sys

import click
from rich.console import Console
from rich.table import Table

from helpdesk.accounts.agents import find_agent
from helpdesk.accounts.keys import DEFAULT_PER_MINUTE, list_keys, make_key, revoke_key, rotate_key
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from store.db import Database

SCOPES = ("conversations", "messages", "contacts", "handoff", "agents", "articles", "events", "analytics")


@click.group()
def key() -> None:
    """Make, exchange and end keys for the REST API at /api/v1.

    \b
    Example:
      ./staffel key add crm --scope conversations --scope messages --days 365
      ./staffel key add mias-tool --scope handoff --agent mia@example.org
      ./staffel key list
      ./staffel key rotate 3f2a…
    """


@key.command()
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="What it may do.")
@click.option("--agent", help="E-mail address of the agent whose key it is: it acts as nobody else.")
@click.option("--days", type=click.IntRange(1, 3_650), help="It ends after so many days. Default: never.")
@click.option("--per-minute", type=click.IntRange(1), default=DEFAULT_PER_MINUTE, help="Requests a minute.")
def add(name: str, scopes: tuple[str, ...], agent: str | None, days: int | None, per_minute: int) -> None:
    """Make a key called NAME. It is shown once; keep it like a password."""

    async def work(db: Database) -> str:
        agent_id = (await find_agent(db, agent)).id if agent else None
        made = await make_key(db, name, scopes, agent_id=agent_id, days=days, per_minute=per_minute)
        await enter_command(db, "keys.add", after={"name": name, "scopes": ", ".join(scopes), "agent": agent_id or ""})
        return made

    click.echo(on_database(work))
    click.echo("Send it as Authorization: Bearer … ; it can't be shown again.", err=True)


@key.command("list")
def list_() -> None:
    """Show the keys: id, name, scopes, last use (to the hour), end."""

    async def work(db: Database) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("Id", "Name", "May", "Last used (UTC)", "Ends (UTC)"):
            table.add_column(heading, no_wrap=heading == "Id")
        for one in await list_keys(db):
            used = f"{one.last_used_at:%Y-%m-%d %H:00}" if one.last_used_at else "never"
            ends = f"{one.expires_at:%Y-%m-%d %H:%M}" if one.expires_at else "never"
            table.add_row(one.id, one.name, ", ".join(one.scopes), used, "ended" if one.revoked_at else ends)
        Console().print(table)

    on_database(work)


@key.command()
@click.argument("key_id")
def rotate(key_id: str) -> None:
    """Make a new key in place of KEY_ID; the old one works for another 24 hours."""

    async def work(db: Database) -> str:
        made = await rotate_key(db, key_id)
        await enter_command(db, "keys.rotate", key_id)
        return made

    click.echo(on_database(work))
    click.echo("The old key ends in 24 hours.", err=True)


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End every key called NAME at once."""

    async def work(db: Database) -> int:
        ended = await revoke_key(db, name)
        if ended:
            await enter_command(db, "keys.end", before={"name": name})
        return ended

    ended = on_database(work)
    if not ended:
        sys.exit(f"There is no key called {name}.")
    click.echo(f"{ended} key(s) ended.")
