"""`staffel restored`: what to run after a backup of the database was put back."""

import click

from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.views.log_epoch import renew_log_epoch
from store.db import Database


@click.command()
def restored() -> None:
    """Tell open web chats to start over after a backup was restored.

    They hold lines that the restored database doesn't have. Run it before Staffel is started again.
    """

    async def start_over(db: Database) -> None:
        await renew_log_epoch(db)
        await enter_command(db, "backup.restored")

    on_database(start_over)
    click.echo("Open web chats will start over with what the database has.")
