"""`staffel restored`: what to run after a backup of the database was put back."""

import asyncio

import click

from helpdesk.cli.installation import settings
from helpdesk.db import Database
from helpdesk.visitors import renew_log_epoch


@click.command()
def restored() -> None:
    """Tell open web chats to start over after a backup was restored.

    They hold lines that the restored database doesn't have. Run it before Staffel is started again.
    """
    asyncio.run(_renew())
    click.echo("Open web chats will start over with what the database has.")


async def _renew() -> None:
    db = Database(settings().database)
    try:
        await renew_log_epoch(db)
    finally:
        await db.close()
