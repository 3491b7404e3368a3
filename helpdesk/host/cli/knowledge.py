"""`staffel knowledge`: articles in and out, and questions in bulk. Only the database is needed, no running server."""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import click
import structlog
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.host.cli.export import refuse_terminal
from helpdesk.host.cli.knowledge_import import FileImportOptions, import_file
from helpdesk.host.cli.plans import write_folder
from helpdesk.host.cli.progress_bar import progress_bar
from helpdesk.web.admin.exchange.article_files import ExportFormat, ExportStyle, write_file
from knowledge.articles.article_list import ArticleFilter, list_articles
from knowledge.articles.content import Content
from knowledge.articles.drafts import ArticleView
from knowledge.formats import question_batch, transfer
from knowledge.formats.file_reader import ReadingOptions
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from knowledge.sites.site_address import is_address
from store.db import Database
from store.models import ArticleState

EXAMPLES = """\b
Examples:
  ./staffel knowledge import articles.jsonl               add and change articles, keep the others
  ./staffel knowledge import articles.jsonl --replace     and archive what the file doesn't hold
  ./staffel knowledge import faq.xlsx                     any table, page or export that people have
  ./staffel knowledge import zendesk.json --dry-run       what would change; nothing is stored
  ./staffel knowledge import https://www.example.org/help the questions of a web site
  ./staffel knowledge export > articles.jsonl             everything that customers see
  ./staffel knowledge export --format xlsx > faq.xlsx     the same for Excel
  ./staffel knowledge ask < questions.jsonl > found.jsonl one answer a line, in the same order
  ./staffel knowledge list --search return
"""

FORMATS = click.Choice([str(written) for written in transfer.FileFormat])
WRITTEN = click.Choice([str(written) for written in ExportFormat])
_MARKDOWN = transfer.FileFormat.MARKDOWN
IMPORTER = "import"


@click.group(epilog=EXAMPLES)
def knowledge() -> None:
    """Import, export and ask the articles.

    A running installation answers from what is imported within a second, without training or restart.
    """
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # standard output is for results


@knowledge.command("import")
@click.argument("source", metavar="FILE|ADDRESS")
@click.option("--replace", is_flag=True, help="Archive published articles that the file doesn't hold.")
@click.option("--from", "--format", "written", type=FORMATS, help="Default: by what the file holds.")
@click.option("--language", type=click.Choice(["de", "en"]), help="Of pages that don't say theirs.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and store nothing.")
@click.option("--drafts", is_flag=True, help="Keep the articles as drafts instead of publishing them.")
@click.option("--skip-refused", is_flag=True, help="With --replace: archive what refused rows may have held, too.")
def import_(
    source: str,
    replace: bool,
    written: str | None,
    language: str | None,
    dry_run: bool,
    drafts: bool,
    skip_refused: bool,
) -> None:
    """Publish the articles of FILE, a folder or a ZIP archive (- for standard input), or of the web site at ADDRESS.

    \b
    Read are tables (CSV, TSV, Excel, OpenDocument: the columns are recognised), Word, PDF, HTML pages, text, exports of
    wikis (Notion, Confluence, Obsidian, MediaWiki) and help desks (Zendesk, Intercom, Freshdesk, Chatwoot, Help
    Scout), JSON of questions and answers, and our own JSONL, CSV and Markdown.

    What can't be read is passed over and listed with its place and reason; the rest is imported. What not everybody may
    see where it comes from becomes a draft. The last line counts. A file that brings nothing ends with status 1.
    Interrupted, the same command goes on where it stopped.

    Of a web site the page and those below it are read, as its sitemap or its links name them and its robots.txt allows:
    a page a second, 300 at most.
    """
    if is_address(source):
        from helpdesk.host.cli.site import SiteImportOptions, import_site  # libraries that only this needs

        options = SiteImportOptions(language=language, replace=replace, dry_run=dry_run, drafts=drafts)
        return import_site(source, options, by=IMPORTER)
    chosen = transfer.FileFormat(written) if written else None
    file_options = FileImportOptions(
        reading=ReadingOptions(written=chosen, language=language),
        replace=replace,
        dry_run=dry_run,
        drafts=drafts,
        skip_refused=skip_refused,
    )
    return import_file(Path(source), file_options, by=IMPORTER)


@knowledge.command()
@click.option("--format", "written", type=WRITTEN, default="jsonl", show_default=True, help="site: web pages in a ZIP.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Of Markdown or site: the files in it."
)
@click.option("--separator", type=click.Choice([",", ";"]), default=",", help="Of a CSV; Excel in German wants ;")
def export(written: str, folder: Path | None, separator: str) -> None:
    """Write the published articles to standard output. Importing them again changes nothing, but for site."""
    form = ExportFormat(written)
    if folder and form not in FOLDERS:
        raise click.UsageError("--folder is for --format markdown and --format site.")
    if not folder and form in {ExportFormat.XLSX, ExportFormat.SITE}:
        refuse_terminal()

    async def work(db: Database) -> None:
        articles = await transfer.export_articles(db)
        await enter_command(db, "articles.export", after={"format": written})
        if folder:
            FOLDERS[form](folder, articles)
        elif form == ExportFormat.MARKDOWN:  # one document; a folder of them is for --folder
            sys.stdout.buffer.writelines(piece.encode() for piece in transfer.write_articles(articles, _MARKDOWN))
        else:
            sys.stdout.buffer.write(write_file(articles, form, _style(separator)))
        sys.stdout.buffer.flush()

    on_database(work)


def _style(separator: str = ",") -> ExportStyle:
    settings = installation.settings()
    return ExportStyle(separator=separator, language=settings.language, is_informal=settings.formality == "du")


def _write_site(folder: Path, articles: Sequence[tuple[str, Content]]) -> None:
    with zipfile.ZipFile(io.BytesIO(write_file(articles, ExportFormat.SITE, _style()))) as site:
        site.extractall(folder)


FOLDERS = {ExportFormat.MARKDOWN: write_folder, ExportFormat.SITE: _write_site}
"""What can be written as a folder, and how."""


@knowledge.command()
def ask() -> None:
    """Answer questions from standard input, one JSON object a line, on standard output, in the same order.

    \b
    in   {"id": "q1", "text": "wo bleibt mein paket", "language": "de"}        language may be missing
    out  {"id": "q1", "language": "de", "outcome": "answer", "article": "delivery", "confidence": 0.93, …,
          "short": "Meist dauert es zwei bis drei Werktage."}

    Other fields of a line are passed over, and so are empty lines. A line that isn't such an object gets
    {"id": …, "error": …} in its place and a message on standard error; the others are answered, and the exit code is 2
    in the end.
    """
    failed: list[str] = []

    async def work(db: Database) -> None:
        home = installation.settings().home
        library = Library(db, CachedEmbedder(ThreeModels(home), most=256), keep_in=home)
        source = sys.stdin.buffer
        with progress_bar("questions") as progress:
            await _prepare(library, progress)
            total = question_batch.count_questions(source) if source.seekable() else None
            task = progress.add_task("Asking", total=total)
            async for line in question_batch.answer_batch(library, source):
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

    chosen = ArticleState(state) if state else None
    in_review = chosen == ArticleState.REVIEW  # a draft is, whether or not customers see an older text
    wanted = ArticleFilter(
        text=search,
        category=category,
        state=None if in_review else chosen,
        stage=chosen if in_review else None,
        language=language,
    )

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
    alone = view.stage in {view.state, ArticleState.ARCHIVED}
    state = str(view.state) if alone else f"{view.state} + {view.stage}"
    question = " ".join(wording.question.split())
    return view.key, content.category or "", state, " ".join(sorted(content.variants)), question


if __name__ == "__main__":
    installation.prepare_environment()
    knowledge(prog_name="staffel knowledge")
