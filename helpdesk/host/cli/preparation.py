"""What a start does with the database before anything runs, in a process of its own whose memory goes with it.

`staffel up` stays for as long as Staffel runs and only watches over the programs: what it has imported, it keeps.
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import click

from store.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """`articles` counts them, published or not; `admin_link` makes the first admin, `None` when there is one."""

    articles: int
    admin_link: str | None


def prepare_database(chosen: Settings) -> DatabaseFacts:
    """Bring the database to the revision of this code, and look into it. Raises `ClickException` with what to do."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(_prepare, chosen).result()


def connect_demo_orders(chosen: Settings) -> None:
    """Connect the demo order service of the sample shop, where nothing is connected yet."""
    with ProcessPoolExecutor(1) as pool:
        pool.submit(_connect, chosen).result()


def _connect(chosen: Settings) -> None:
    asyncio.run(_connect_demo(chosen))


async def _connect_demo(chosen: Settings) -> None:
    from helpdesk.lookups.lookup_store import LookupStore
    from helpdesk.lookups.sample_lookup import connect_demo
    from store.db import Database

    database = Database(chosen.database)
    try:
        await connect_demo(LookupStore(database, chosen.secret_key.get_secret_value()))
    finally:
        await database.close()


def _prepare(chosen: Settings) -> DatabaseFacts:
    migrate_database(chosen)
    return asyncio.run(_read(chosen))


def migrate_database(chosen: Settings) -> None:
    """Bring the database to the revision of this code. Raises `ClickException` with what to do."""
    from store.errors import Unavailable
    from store.migrate import UnknownRevision, upgrade

    try:
        upgrade(chosen.database)
    except UnknownRevision as error:
        raise click.ClickException(str(error)) from error
    except (Unavailable, OSError) as error:
        where = "STAFFEL_DATABASE_URL" if chosen.database_url else "STAFFEL_HOME"
        raise click.ClickException(
            f"The database can not be reached. Check {where}; ./staffel doctor says more."
        ) from error


async def _read(chosen: Settings) -> DatabaseFacts:
    from sqlalchemy import func, select

    from helpdesk.accounts.invitations import first_admin_link
    from store.db import Database
    from store.models import Article

    database = Database(chosen.database)
    try:
        async with database.read() as session:
            articles = await session.scalar(select(func.count()).select_from(Article)) or 0
        return DatabaseFacts(articles=articles, admin_link=await first_admin_link(database, chosen.origin))
    finally:
        await database.close()
