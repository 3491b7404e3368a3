"""All articles as one file, in each form that can be taken along. The command line and the admin page share it."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment

from helpdesk.web.help.static_site import StaticSite
from helpdesk.web.shared.pages import make_environment
from knowledge.articles.content import Content
from knowledge.formats import csv, jsonl, markdown
from knowledge.formats.workbook import write_articles_workbook
from store.models import now

type Articles = Sequence[tuple[str, Content]]


class ExportFormat(StrEnum):
    """How articles are taken along. `site`: the help centre as files."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    SITE = "site"


#: Ending and media type of each form; Markdown on the page and the site are ZIP archives.
KINDS: Mapping[ExportFormat, tuple[str, str]] = {
    ExportFormat.XLSX: ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ExportFormat.CSV: ("csv", "text/csv; charset=utf-8"),
    ExportFormat.JSONL: ("jsonl", "application/jsonl"),
    ExportFormat.MARKDOWN: ("zip", "application/zip"),
    ExportFormat.SITE: ("zip", "application/zip"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStyle:
    """How a file is written: separator of a CSV; language that a site opens in, and how it addresses German readers."""

    separator: str = ","
    language: str = "de"
    is_informal: bool = False
    environment: Environment | None = None


def separator_for(language: str) -> str:
    """What Excel expects in a CSV where its language is that one: a decimal comma leaves the semicolon."""
    return "," if language == "en" else ";"


def write_file(articles: Articles, written: ExportFormat, style: ExportStyle) -> bytes:
    """The whole file. Takes a second for a thousand articles as a workbook or site: not for the event loop."""
    return _WRITERS[written](articles, style)


def _site(articles: Articles, style: ExportStyle) -> bytes:
    return StaticSite(
        articles=dict(articles),
        environment=style.environment or make_environment(),
        fallback=style.language,
        at=now(),
        is_informal=style.is_informal,
    ).as_zip()


def _folder(articles: Articles, _: ExportStyle) -> bytes:
    """A Markdown file an article."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, content in articles:
            archive.writestr(f"{key}.md", "".join(markdown.write([(key, content)])))
    return packed.getvalue()


_WRITERS: Mapping[ExportFormat, Callable[[Articles, ExportStyle], bytes]] = {
    ExportFormat.XLSX: lambda articles, _: write_articles_workbook(articles),
    ExportFormat.CSV: lambda articles, style: "".join(csv.write(articles, style.separator)).encode(),
    ExportFormat.JSONL: lambda articles, _: "".join(jsonl.write(articles)).encode(),
    ExportFormat.MARKDOWN: _folder,
    ExportFormat.SITE: _site,
}
