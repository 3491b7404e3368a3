"""`staffel knowledge import` of a file or folder: read, told what isn't taken, and published."""

import codecs
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.host.cli.plans import describe, describe_holds, describe_problems
from helpdesk.host.cli.progress_bar import progress_bar
from knowledge.formats import transfer
from knowledge.formats.archives import read_folder
from knowledge.formats.file_reader import ReadingOptions, read_files, read_whole
from knowledge.formats.import_plan import ImportContents, ImportEffect, apply_plan, as_contents, make_plan
from knowledge.formats.lines import MAX_LINE_LENGTH
from knowledge.formats.problems import FileProblems
from knowledge.formats.recognition import is_own_line, is_own_markdown, is_own_table
from knowledge.search.embedder import ThreeModels
from store.db import Database
from store.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImportOptions:
    """What the command line said about a file."""

    reading: ReadingOptions
    replace: bool = False
    dry_run: bool = False
    drafts: bool = False
    skip_refused: bool = False


def import_file(file: Path, options: FileImportOptions, *, by: str) -> None:
    """Publish the articles of a file or folder, keep them as drafts, or show what would change."""
    with opened(file) as source:
        only_looks = options.dry_run or options.drafts
        own = None if source is None or only_looks else _own_form(source, options.reading.written)
        if source is not None and own is not None:
            return on_database(partial(_import_stream, source=source, written=own, options=options, by=by))
        try:
            contents = _read_all(file, source, options.reading)
        except Invalid as error:
            click.echo(f"refused    {file.name}: {error}")
            return _finish(0, 0, 0, 1)
    if contents.problems.refused_count and options.replace and not (options.dry_run or options.skip_refused):
        contents.problems.raise_if_any()
    return on_database(partial(_import_planned, contents=contents, options=options, by=by))


async def _import_stream(
    db: Database, *, source: BinaryIO, written: transfer.FileFormat, options: FileImportOptions, by: str
) -> None:
    """A file of our own forms of any size: read twice, never held whole."""
    problems = None if options.replace and not options.skip_refused else FileProblems()
    with progress_bar("phrasings") as progress:
        task = progress.add_task("Importing", total=None)
        done = await transfer.import_articles(
            db,
            ThreeModels(installation.settings().home),
            source,
            by=by,
            written=written,
            replace=options.replace,
            problems=problems,
            report=lambda now: progress.update(task, completed=now.done, total=now.total),
        )
    await enter_command(db, "import.save", after={"new": str(done.new), "changed": str(done.changed)})
    for problem in problems.found if problems else ():
        click.echo(f"{'refused' if problem.is_refusal else 'passed by':<10} {problem}")
    if done.archived:
        click.echo(f"{done.archived} archived.")
    _finish(done.read, done.new, done.changed, problems.count if problems else 0)


async def _import_planned(db: Database, *, contents: ImportContents, options: FileImportOptions, by: str) -> None:
    """A look first; where it isn't only a look, then what it said."""
    plan = await make_plan(db, contents, replacing=options.replace and bool(contents.articles))
    passed_over = plan.refused_count + plan.passed_over_count
    if options.dry_run:
        for line in describe(plan):
            click.echo(line)
        new, changed = (len(plan.of(effect)) for effect in (ImportEffect.NEW, ImportEffect.CHANGED))
        _finish(len(plan.articles), new, changed, passed_over)
        return
    done = await apply_plan(db, plan, by=by, as_drafts=options.drafts)
    await enter_command(db, "import.save", after={"new": str(done.new), "changed": str(done.changed)})
    for line in (*describe_problems(plan), *describe_holds(plan)):
        click.echo(line)
    if done.archived:
        click.echo(f"{done.archived} archived.")
    if done.left:
        click.echo(f"{len(done.left)} had a draft already and stayed: {', '.join(done.left)}")
    _finish(len(plan.articles), done.new, done.changed, passed_over)


def _finish(read: int, new: int, changed: int, passed_over: int) -> None:
    """The last line; a file that brings nothing is a failure."""
    click.echo(f"{read} articles read: {new} new, {changed} changed, {passed_over} passed over.")
    if not read:
        click.echo("The file brings no articles: the lines above say why, or there are no questions in it.", err=True)
        sys.exit(1)


def _own_form(source: BinaryIO, written: transfer.FileFormat | None) -> transfer.FileFormat | None:
    """Our own form that a file is in, which may be of any size; `None` for files of others."""
    start = source.readline(MAX_LINE_LENGTH).decode("utf-8", errors="replace").removeprefix("\ufeff").lstrip()
    source.seek(0)
    found = None
    if is_own_markdown(start):
        found = transfer.FileFormat.MARKDOWN
    elif start.startswith("{") and is_own_line(start):
        found = transfer.FileFormat.JSONL
    elif is_own_table(start) and _is_utf8(source):
        found = transfer.FileFormat.CSV
    return found if written in {None, found} else None


def _is_utf8(source: BinaryIO) -> bool:
    """Whether all of a file is; a spreadsheet may have saved it otherwise. It stands at its beginning afterwards."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := source.read(2**20):
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    finally:
        source.seek(0)
    return True


def _read_all(file: Path, source: BinaryIO | None, options: ReadingOptions) -> ImportContents:
    problems = FileProblems()
    if source is None:
        found = read_files(read_folder(file, problems), problems, options)
    else:
        found = read_whole(source.read(), file.name, problems, options)
    return as_contents(found, problems)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO | None]:
    """The file, or a copy of standard input, so that it can be read twice; `None` for a folder."""
    if path.is_dir():
        yield None
        return
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
