"""Articles in and out. A file is checked to its last line before anything of it is stored."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import BinaryIO

from sqlalchemy import select

from knowledge.articles.content import Content
from knowledge.articles.html_conversion import to_markdown_content
from knowledge.articles.publishing import archive_all, publish_all, read_contents
from knowledge.bulk_work import ROWS_AT_ONCE, bulk_write
from knowledge.formats.file_formats import OURS, WRITERS, FileFormat, format_of
from knowledge.formats.problems import FileProblems
from knowledge.search.embedder import Embedder
from knowledge.search.vector_store import embed_missing
from store.db import Database
from store.errors import Invalid
from store.models import Article, ArticleState

__all__ = ["FileFormat", "export_articles", "format_of", "import_articles", "read_articles", "write_articles"]

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What an import did."""

    read: int = 0
    new: int = 0
    changed: int = 0
    archived: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """How far an import is, in phrasings: embedding them is what takes time."""

    done: int
    total: int


type Report = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """What a file that is in order holds."""

    keys: frozenset[str]
    phrasings: int


def read_articles(
    file: BinaryIO, written: FileFormat = FileFormat.JSONL, problems: FileProblems | None = None
) -> Iterator[tuple[str, Content]]:
    """The articles of a file, answers in Markdown.

    What is wrong is noted in `problems`; without them `Invalid` is raised at the end, and lists it by line.
    """
    found = FileProblems() if problems is None else problems
    for key, content in OURS[written](file, found):
        yield key, to_markdown_content(content)
    if problems is None:
        found.raise_if_any()


def check_file(
    file: BinaryIO,
    written: FileFormat = FileFormat.JSONL,
    *,
    most_bytes: int | None = None,
    problems: FileProblems | None = None,
) -> FileSummary:
    """What a file holds, which stands at its beginning again afterwards. What is wrong: as in `read_articles`."""
    if most_bytes is not None:
        size = file.seek(0, 2)
        file.seek(0)
        if size > most_bytes:
            raise Invalid(f"The file has {size / 2**20:.1f} MB; {most_bytes / 2**20:.0f} MB are allowed.")
    sizes = {key: len(content.asked) for key, content in read_articles(file, written, problems)}
    file.seek(0)
    return FileSummary(keys=frozenset(sizes), phrasings=sum(sizes.values()))


async def import_articles(
    db: Database,
    embedder: Embedder,
    file: BinaryIO,
    *,
    by: str,
    written: FileFormat = FileFormat.JSONL,
    replace: bool = False,
    most_bytes: int | None = None,
    problems: FileProblems | None = None,
    report: Report = lambda progress: None,
) -> ImportCounts:
    """Publish the articles of a file that can be read twice; with `replace`, archive those that it doesn't hold.

    What is wrong is passed over and noted in `problems`; without them it keeps everything from being stored.

    Phrasings are embedded first and kept, then published in short transactions with rests between them, so that an
    import which was interrupted goes on where it stopped when it is run again. Raises `Invalid` before anything is
    stored.
    """
    checked = check_file(file, written, most_bytes=most_bytes, problems=problems)
    if replace and not checked.keys:
        raise Invalid(
            "The file holds no articles; replacing with it would take every article away. Nothing was stored."
        )
    count = _ProgressCount(checked.phrasings, report)
    read = new = changed = 0
    seen = None if problems is None else FileProblems()  # noted once already
    for batch in batched(read_articles(file, written, seen), _AT_ONCE):
        contents = dict(batch)
        await embed_missing(db, embedder, [text for content in contents.values() for text in content.asked], count.add)
        for some in batched(contents.items(), ROWS_AT_ONCE):
            async with bulk_write(db) as session:
                added, altered = await publish_all(session, dict(some), by)
            new, changed = new + added, changed + altered
        read += len(batch)
    archived = await _archive_others(db, checked.keys, by) if replace else 0
    count.finish()
    return ImportCounts(read=read, new=new, changed=changed, archived=archived)


async def export_articles(db: Database) -> list[tuple[str, Content]]:
    """What is published, by key."""
    async with db.read() as session:
        shown = select(Article.key).where(Article.state == ArticleState.PUBLISHED).order_by(Article.key)
        keys = (await session.scalars(shown)).all()
        found: dict[str, Content] = {}
        for some in batched(keys, _AT_ONCE):
            found |= await read_contents(session, some)
    return sorted(found.items())


def write_articles(articles: Iterable[tuple[str, Content]], written: FileFormat = FileFormat.JSONL) -> Iterator[str]:
    """The text of a file, piece by piece. Reading it gives the same articles."""
    return WRITERS[written](articles)


class _ProgressCount:
    """Phrasings done so far; the same words in two articles are embedded once, hence `finish`."""

    def __init__(self, total: int, report: Report) -> None:
        self.done, self.total, self.report = 0, total, report

    def add(self, count: int) -> None:
        self.done += count
        self.report(ImportProgress(done=self.done, total=self.total))

    def finish(self) -> None:
        self.add(self.total - self.done)


async def _archive_others(db: Database, keys: frozenset[str], by: str) -> int:
    async with db.read() as session:
        visible = (await session.scalars(select(Article.key).where(Article.state == ArticleState.PUBLISHED))).all()
    return await archive_in_steps(db, [key for key in visible if key not in keys], by)


async def archive_in_steps(db: Database, keys: Sequence[str], by: str) -> int:
    """Take these articles away from customers, some at a time; how many were there."""
    archived = 0
    for some in batched(keys, ROWS_AT_ONCE):
        async with bulk_write(db) as session:
            archived += await archive_all(session, some, by)
    return archived
