"""`staffel export`: conversations, ratings, figures and dialogues as files; articles are `staffel knowledge export`."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import click

from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.insights.dialogue_export import write_dialogues
from helpdesk.insights.record_files import write_csv, write_xlsx
from helpdesk.insights.records import RecordKind, load_records
from store.db import Database
from store.models import now

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

_DAYS = click.option("--days", type=click.IntRange(1), help="Only of the last so many days. Default: everything.")
_FORMAT = click.option(
    "--format", "written", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True, help="xlsx is Excel."
)
_SEPARATOR = click.option(
    "--separator",
    type=click.Choice([",", ";"]),
    default=",",
    show_default=True,
    help="Of a CSV; a German Excel wants ;.",
)


@click.group()
def export() -> None:
    """Write what happened to standard output: conversations, ratings, figures by day, dialogues.

    \b
    Examples:
      ./staffel export conversations --format xlsx > conversations.xlsx
      ./staffel export ratings --days 90 > ratings.csv
      ./staffel export figures --separator ";" > figures.csv
      ./staffel export dialogues | ./staffel handoff score > scores.jsonl
    """


@export.command()
@_FORMAT
@_SEPARATOR
@_DAYS
def conversations(written: str, separator: str, days: int | None) -> None:
    """Each conversation without words and names: when, where, articles, handoffs, waiting time, ratings."""
    _write_records(RecordKind.CONVERSATIONS, written, separator, days)


@export.command()
@_FORMAT
@_SEPARATOR
@_DAYS
def ratings(written: str, separator: str, days: int | None) -> None:
    """Whether answers, help pages and persons helped."""
    _write_records(RecordKind.RATINGS, written, separator, days)


@export.command()
@_FORMAT
@_SEPARATOR
@_DAYS
def figures(written: str, separator: str, days: int | None) -> None:
    """Conversations, questions, answers, handoffs and ratings of each day (UTC)."""
    _write_records(RecordKind.FIGURES, written, separator, days)


@export.command()
@_DAYS
@click.option("--unmasked", is_flag=True, help="Leave addresses, long numbers and names as they were written.")
def dialogues(days: int | None, unmasked: bool) -> None:
    """What was written, one conversation a line, in the form that `staffel handoff score` reads."""

    async def work(db: Database) -> None:
        after = {"days": str(days or "all"), "masked": str(not unmasked).lower()}
        await enter_command(db, "export.dialogues", after=after)
        async for line in write_dialogues(db, _since(days), masked=not unmasked):
            sys.stdout.buffer.write(line.encode())
        sys.stdout.buffer.flush()

    on_database(work)


def _write_records(kind: RecordKind, written: str, separator: str, days: int | None) -> None:
    async def work(db: Database) -> None:
        await enter_command(db, f"export.{kind}", after={"days": str(days or "all"), "format": written})
        table = load_records(db, kind, _since(days))
        pieces = write_csv(table, separator) if written == "csv" else _one(await write_xlsx(table, kind.capitalize()))
        async for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()

    if written == "xlsx":
        refuse_terminal()
    on_database(work)


def refuse_terminal() -> None:
    """A file that no terminal shows has to be led into one."""
    if sys.stdout.isatty():
        raise click.UsageError("This is no text. Lead it into a file: … > name")


async def _one(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


def _since(days: int | None) -> datetime:
    return now() - timedelta(days=days) if days else _BEGINNING
