"""How a command works on the installation's database, whether or not Staffel is running."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from helpdesk.host.cli import installation
from store.db import Database
from store.errors import HelpdeskError
from store.migrate import upgrade_async


def on_database[T](work: Callable[[Database], Awaitable[T]]) -> T:
    """What `work` returns, on a database of this version; an error of ours becomes one sentence."""
    url = installation.settings().database

    async def run() -> T:
        db = Database(url)
        try:
            await upgrade_async(db)
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(run())
    except HelpdeskError as error:
        raise click.ClickException(str(error)) from None
