"""`staffel audit`: who did what, and whether every entry still is what was added."""

import json
import sys

import click

from helpdesk.audit.audit_view import AuditFilter, stream_entries
from helpdesk.audit.chain import BrokenChain, as_document, verify_chain
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from store.db import Database

EXAMPLES = """\b
Examples:
  ./staffel audit verify                        every entry is as it was added, or which isn't
  ./staffel audit verify --expect 417:3f2a…     the same, and number 417 is the one that was noted
  ./staffel audit show --action conversation.read --subject 9c1e… > readers.jsonl
"""


@click.group(epilog=EXAMPLES)
def audit() -> None:
    """Verify and read the audit log."""


@audit.command()
@click.option("--expect", metavar="NUMBER:HASH", help="An entry that was noted elsewhere and has to be there.")
def verify(expect: str | None) -> None:
    """Check the chain of hashes. Ends with 1 when an entry was changed, removed or put in between."""
    expected = _expected(expect)

    async def work(db: Database) -> None:
        async with db.read() as session:
            try:
                report = await verify_chain(session, expected=expected)
            except BrokenChain as broken:
                click.echo(f"Broken: {broken}", err=True)
                sys.exit(1)
        gone = report.removed_up_to
        removed = f", after number {gone}, up to which they were too old" if gone else ""
        click.echo(f"{report.entries} entries are as they were added{removed}. Newest: {report.head}:{report.hash}")

    on_database(work)


@audit.command()
@click.option("--action", default="", help="The beginning of what was done, such as sign_in or agents.role.")
@click.option("--actor", default="", help="An id, or a part of the name.")
@click.option("--subject", default="", help="What it was done to: an id such as a conversation's, or a guest's number.")
def show(action: str, actor: str, subject: str) -> None:
    """Print entries as lines of JSON, the newest first."""

    async def work(db: Database) -> None:
        await enter_command(db, "audit.export")
        async for entry in stream_entries(db, AuditFilter(action=action, actor=actor, subject=subject)):
            click.echo(json.dumps(as_document(entry) | {"hash": entry.hash}, ensure_ascii=False))

    on_database(work)


def _expected(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, digest = text.partition(":")
    if not number.isdigit() or not digest:
        raise click.UsageError("--expect is a number, a colon and a hash, as `staffel audit verify` prints them.")
    return int(number), digest
