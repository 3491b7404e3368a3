"""`staffel migrate`: the database alone, for whoever starts the instances by other means than `staffel up`."""

import click

from helpdesk.host.cli.installation import settings
from helpdesk.host.cli.preparation import migrate_database
from store.migrate import head


@click.command()
def migrate() -> None:
    """Bring the database to the revision of this version, before instances of it start.

    In one transaction: interrupted, nothing has changed. Where it is so already, nothing happens.
    """
    migrate_database(settings())
    click.echo(f"The database has revision {head()}.")
