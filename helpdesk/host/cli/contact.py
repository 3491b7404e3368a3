"""`staffel contact`: what is kept of one person, and its erasure."""

import json

import click

from helpdesk.conversations.contacts import mark_important
from helpdesk.host.cli.database import on_database
from helpdesk.privacy.retention import erase_contact, export_contact, find_contacts


@click.group()
def contact() -> None:
    """Find, export and erase what is kept of a customer.

    \b
    Example:
      ./staffel contact find ida@example.org
      ./staffel contact important 3f2a…
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
@click.option("--off", is_flag=True, help="No longer important.")
def important(contact_id: str, off: bool) -> None:
    """Mark a contact as important, so that a rule of the handoff gets them to a person sooner."""
    marked = on_database(lambda db: mark_important(db, contact_id, not off))
    click.echo(f"{'No longer important' if off else 'Important'} on {', '.join(each.channel for each in marked)}.")


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
