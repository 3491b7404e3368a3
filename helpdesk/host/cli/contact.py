"""`staffel contact`: what is kept of one person, and its erasure."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from helpdesk.conversations.contacts.facts import ContactFacts, mark_important
from helpdesk.files.file_store import make_file_store
from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.privacy.erasure import told_rows
from helpdesk.privacy.erasure_ledger import ErasedContact, load_erased_contacts, written_ledger
from helpdesk.privacy.erasure_requests import Erasures, Receipt
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.export_file import write_export
from helpdesk.privacy.people_search import FoundPerson, find_people
from helpdesk.privacy.traces import clean_traces
from store.db import Database
from store.models import ErasureStatus

_BY = "command line"


@click.group()
def contact() -> None:
    """Find, export and erase what is kept of a customer.

    \b
    Example:
      ./staffel contact find ida@example.org
      ./staffel contact important 3f2a…
      ./staffel contact export 3f2a… --archive ida.zip
      ./staffel contact erase 3f2a… --reference "Letter 2026-17"
    """


@contact.command()
@click.argument("wanted", nargs=-1, required=True)
def find(wanted: tuple[str, ...]) -> None:
    """Print the people whom a name, address, telephone number, order or conversation may mean: id first.

    Ends with 1 when nothing is kept.
    """

    async def look(db: Database) -> list[FoundPerson]:
        await enter_command(db, "privacy.search")
        return await find_people(db, " ".join(wanted))

    found = on_database(look)
    if not found:
        click.echo("Nothing is kept of anybody who fits.", err=True)
        sys.exit(1)
    for person in found:
        known = [person.name or f"Guest {person.number}", *person.emails, *person.phones, ", ".join(person.channels)]
        click.echo(f"{person.contact_id}  {' · '.join(known)} · {person.conversations} conversation(s)")


@contact.command()
@click.argument("contact_id")
@click.option("--off", is_flag=True, help="No longer important.")
def important(contact_id: str, off: bool) -> None:
    """Mark a contact as important, so that a rule of the handoff gets them to a person sooner."""

    async def mark(db: Database) -> list[ContactFacts]:
        marked = await mark_important(db, contact_id, not off)
        await enter_command(db, "contacts.save", contact_id, after={"important": str(not off).lower()})
        return marked

    marked = on_database(mark)
    click.echo(f"{'No longer important' if off else 'Important'} on {', '.join(each.channel for each in marked)}.")


@contact.command()
@click.argument("contact_id")
@click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a ZIP with the data, a page to read, and the files.",
)
def export(contact_id: str, archive: Path | None) -> None:
    """Print everything that is kept of a contact, as JSON."""
    if archive is None:
        click.echo(json.dumps(on_database(lambda db: _load_export(db, contact_id)), ensure_ascii=False, indent=1))
        return
    settings = installation.settings()

    async def write(db: Database) -> None:
        files = make_file_store(db, settings.files_url.get_secret_value())
        made = await write_export(db, files, contact_id, language=settings.language)
        await enter_command(db, "privacy.people.export", contact_id)
        with made, archive.open("wb") as target:
            shutil.copyfileobj(made, target)

    on_database(write)
    click.echo(f"Written to {archive}.")


async def _load_export(db: Database, contact_id: str) -> dict[str, Any]:
    """Everything that is kept of a contact; that it is taken out is entered."""
    exported = await export_contact(db, contact_id)
    await enter_command(db, "privacy.people.export", contact_id)
    return exported


@contact.command()
@click.argument("contact_id")
@click.option("--reference", default="", help="What the receipt says it was for, such as the number of a letter.")
@click.confirmation_option(prompt="Everything that is kept of this contact goes for good. Go on?")
def erase(contact_id: str, reference: str) -> None:
    """Erase a contact with all conversations, for good; where two admins are wanted, ask for it."""
    rule = installation.settings().erasure_rule

    async def ask(db: Database) -> Receipt:
        receipt = await Erasures(db, rule).ask(contact_id, _BY, reference=reference)
        after = {"receipt": receipt.id, "status": str(receipt.status)}
        await enter_command(db, "privacy.people.erase", contact_id, after=after)
        if receipt.status is ErasureStatus.DONE:
            await clean_traces(db)
        return receipt

    receipt = on_database(ask)
    if receipt.status is ErasureStatus.WAITING:
        click.echo(f"Waits for an admin to confirm it at /admin/privacy until {receipt.ends_at:%Y-%m-%d %H:%M} UTC.")
        return
    click.echo(f"Erased, with {receipt.rows.get('conversations', 0)} conversation(s). Receipt {receipt.id}:")
    for title, count in told_rows(receipt.rows):
        click.echo(f"  {count:6} {title}")


@contact.command()
def erased() -> None:
    """Print the ids of the contacts erased within a year, one a line as JSON, for `staffel restore --erasures`.

    They mean nobody any more. Kept on another machine, they hold whoever was erased off a backup of before, even when
    the database is lost.
    """

    async def load(db: Database) -> list[ErasedContact]:
        async with db.read() as session:
            return await load_erased_contacts(session)

    for line in written_ledger(on_database(load)):
        click.echo(line)


@contact.command()
@click.option("--whole", is_flag=True, help="Write the tables anew, which locks each meanwhile.")
def clean(whole: bool) -> None:
    """Have no file of the database hold what was erased; Staffel does so itself, but for --whole."""
    if not on_database(lambda db: clean_traces(db, whole=whole)):
        click.echo("Somebody reads or writes at the moment. Staffel tries again by itself.", err=True)
        sys.exit(1)
    click.echo("Clean.")
