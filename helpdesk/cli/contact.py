"""`staffel contact`: what is kept of one person, and its erasure."""

import json

import click

from helpdesk.cli.database import on_database
from helpdesk.retention import erase_contact, export_contact, find_contacts


@click.group()
def contact() -> None:
    """Find, export and erase what is kept of a customer.

    \b
    Example:
      ./staffel contact find ida@example.org
      ./staffel contact export 3f2a… > ida.json
      ./staffel contact erase 3f2a…
    """


@contact.command()
@click.argument("email_or_conversation")
def find(email_or_conversation: str) -> None:
    """Print the ids of contacts with this e-mail address, or of this conversation."""
    for contact_id in on_database(lambda db: find_contacts(db, email_or_conversation)):
        click.echo(contact_id)


@contact.command()
@click.argument("contact_id")
def export(contact_id: str) -> None:
    """Print everything that is kept of a contact, as JSON."""
    click.echo(json.dumps(on_database(lambda db: export_contact(db, contact_id)), ensure_ascii=False, indent=1))


@contact.command()
@click.argument("contact_id")
@click.confirmation_option(prompt="Everything that is kept of this contact goes for good. Go on?")
def erase(contact_id: str) -> None:
    """Erase a contact with all conversations, for good."""
    count = on_database(lambda db: erase_contact(db, contact_id))
    click.echo(f"Erased, with {count} conversation(s).")
