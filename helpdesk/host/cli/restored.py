"""`staffel restored`: what to run after a backup of the database was put back."""

import click

from helpdesk.host.cli.database import on_database
from helpdesk.views.visitor_chat import renew_log_epoch


@click.command()
def restored() -> None:
    """Tell open web chats to start over after a backup was restored.

    They hold lines that the restored database doesn't have. Run it before Staffel is started again.
    """
    on_database(renew_log_epoch)
    click.echo("Open web chats will start over with what the database has.")
