"""`staffel knowledge import https://…`: the articles of a web site, read politely, which takes a second a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.host.cli.plans import describe
from knowledge.formats.import_plan import apply_plan, make_plan
from knowledge.sites.site_address import read_site_address
from knowledge.sites.site_changes import as_import
from knowledge.sites.site_client import SiteClient
from knowledge.sites.site_contents import assemble
from knowledge.sites.site_reader import SiteProgress, SiteReading, read_site
from knowledge.sites.site_store import remember_sources
from store.db import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteImportOptions:
    """What the command line said about an import."""

    language: str | None
    replace: bool
    dry_run: bool
    drafts: bool


def import_site(address: str, options: SiteImportOptions, *, by: str) -> None:
    """Read a site, and publish its articles, keep them as drafts, or show what would change."""
    on_database(partial(_import, address=address, options=options, by=by))


async def _import(db: Database, *, address: str, options: SiteImportOptions, by: str) -> None:
    reading = await _read(address, options.language)
    contents = assemble(reading.pages)
    plan = await make_plan(db, as_import(contents.articles), replacing=options.replace)
    passed = list(_passed(reading))
    for line in passed:
        click.echo(f"passed by  {line}")
    if options.dry_run:
        for line in describe(plan):
            click.echo(line)
        return
    done = await apply_plan(db, plan, by=by, as_drafts=options.drafts)
    await remember_sources(db, contents.sources, None)
    await enter_command(db, "import.save", after={"new": str(done.new), "changed": str(done.changed)})
    if done.left:
        click.echo(f"{len(done.left)} had a draft already and stayed: {', '.join(done.left)}")
    if done.archived:
        click.echo(f"{done.archived} archived.")
    count = reading.passed_count + len(reading.problems) + bool(reading.unread)
    click.echo(f"{len(plan.articles)} articles read: {done.new} new, {done.changed} changed, {count} passed over.")


async def _read(address: str, language: str | None) -> SiteReading:
    """With a bar on standard error. Raises `SiteProblem`."""
    settings = installation.settings()
    client = SiteClient(public_url=settings.origin, own_hosts=settings.site_hosts)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
    )
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("Reading", total=None)

            def show(progress: SiteProgress) -> None:
                told = f"{progress.found} questions" if progress.found else "Reading"
                bar.update(task, description=told, completed=progress.read, total=progress.known or None)

            site = read_site_address(address)
            return await read_site(client, site, language=language or settings.language, report=show)
    finally:
        await client.close()


def _passed(reading: SiteReading) -> Iterator[str]:
    """What brought nothing, and why."""
    yield from map(str, reading.passed)
    if reading.passed_count > len(reading.passed):
        yield f"… and {reading.passed_count - len(reading.passed)} more pages"
    yield from map(str, reading.problems)
    if reading.unread:
        yield f"{reading.unread} more pages: enter the address of a part of the site to read those"
