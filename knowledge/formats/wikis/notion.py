"""Notion's export: the table of a database comes beside its pages, and once more with all of them."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from knowledge.formats.archives import ArchiveFile
from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from knowledge.formats.wikis.markdown_notes import has_notion_id, page_name

_ALL = "_all"
_PAGES = (".md", ".html")


def without_indexes(files: Sequence[ArchiveFile], problems: FileProblems) -> Iterator[ArchiveFile]:
    """The files without the tables that only list pages which are there themselves; those are named."""
    folders = {_folder(file.name) for file in files if file.name.lower().endswith(_PAGES)}
    names = {file.name for file in files}
    for file in files:
        is_twice = _is_table(file.name) and _twice(file.name, names)
        if is_twice or (file.name.lower().endswith(".csv") and _without_id(file.name) in folders):
            problems.note(ProblemKind.INDEX, FilePlace(file=file.name[-100:]))
        else:
            yield file


def _is_table(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".csv" and has_notion_id(path.stem.removesuffix(_ALL) + path.suffix)


def _twice(name: str, names: set[str]) -> bool:
    path = PurePosixPath(name)
    return not path.stem.endswith(_ALL) and str(path.with_name(f"{path.stem}{_ALL}.csv")) in names


def _without_id(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(page_name(path.stem.removesuffix(_ALL) + path.suffix) or path.stem))


def _folder(name: str) -> str:
    """The folder of a page, its own id left off."""
    folder = PurePosixPath(name).parent
    return str(folder.with_name(page_name(f"{folder.name}.x"))) if folder.name else ""
