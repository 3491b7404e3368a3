"""Taking things along: articles in several forms, conversations, ratings and figures of a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.insights.dialogue_export import write_dialogues
from helpdesk.insights.record_files import write_csv, write_xlsx
from helpdesk.insights.records import RecordKind, load_records
from helpdesk.web.admin.articles.view_data import agent_of
from helpdesk.web.admin.exchange.article_files import (
    KINDS,
    ExportFormat,
    ExportStyle,
    separator_for,
    write_file,
)
from helpdesk.web.admin.exchange.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import describe_change
from helpdesk.web.shared.pages import Pages
from knowledge.formats.transfer import export_articles
from store.db import Database
from store.errors import Invalid, NotFound
from store.models import now

log = structlog.get_logger()

#: Times that can be chosen, in days; 0 is everything that is kept.
PERIODS: Mapping[str, int] = {"30": 30, "90": 90, "365": 365, "all": 0}

_DIALOGUES = "dialogues"
_RECORD_FORMATS = ("xlsx", "csv")
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DownloadRoutes:
    """The page and what it leads to."""

    db: Database
    pages: Pages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            route("/admin/export", self.show, access=Capability.EXPORTS),
            route("/admin/articles/export", self.download_articles, access=Capability.ARTICLES),
            route("/admin/export/dialogues", self.download_dialogues, access=Capability.EXPORTS),
            route("/admin/export/{kind}", self.download_records, access=Capability.EXPORTS),
        ]

    async def show(self, request: Request) -> Response:
        """What there is to take along."""
        return self.pages.render(
            request,
            "admin/exchange/export.html",
            forms=list(ExportFormat),
            kinds=list(RecordKind),
            record_formats=_RECORD_FORMATS,
            periods=PERIODS,
            texts=self.pages.texts(request, WORDS),
        )

    async def download_articles(self, request: Request) -> Response:
        """Everything that is published, as a file to keep."""
        asked = request.query_params.get("format", "jsonl")
        if asked not in set(ExportFormat):
            raise Invalid(f"Written are: {', '.join(ExportFormat)}.")
        written = ExportFormat(asked)
        articles = await export_articles(self.db)
        body = await asyncio.to_thread(write_file, articles, written, self._style(request))
        self._log(request, "articles", written)
        ending, media_type = KINDS[written]
        name = "help-centre" if written is ExportFormat.SITE else "articles"
        return Response(body, media_type=media_type, headers=_attached(name, ending))

    async def download_records(self, request: Request) -> Response:
        """Conversations without their words, ratings, or figures by day."""
        asked, written = request.path_params["kind"], request.query_params.get("format", "csv")
        if asked not in set(RecordKind):
            raise NotFound(f"Written are: {', '.join(RecordKind)}.")
        if written not in _RECORD_FORMATS:
            raise Invalid(f'"format": expected {" or ".join(_RECORD_FORMATS)}.')
        kind = RecordKind(asked)
        table = load_records(self.db, kind, _since(request))
        self._log(request, kind, written)
        if written == "xlsx":
            title = self.pages.texts(request, WORDS)[f"export_{kind}"]
            return Response(
                await write_xlsx(table, str(title)), media_type=KINDS[ExportFormat.XLSX][1], headers=_attached(kind)
            )
        pieces = write_csv(table, separator_for(self.pages.language(request)))
        return StreamingResponse(pieces, media_type=KINDS[ExportFormat.CSV][1], headers=_attached(kind, "csv"))

    async def download_dialogues(self, request: Request) -> Response:
        """Conversations with their words, one a line."""
        masked = "unmasked" not in request.query_params
        self._log(request, _DIALOGUES, "jsonl" if masked else "jsonl, unmasked")
        lines = _encoded(write_dialogues(self.db, _since(request), masked=masked))
        return StreamingResponse(lines, media_type="application/jsonl", headers=_attached(_DIALOGUES, "jsonl"))

    def _style(self, request: Request) -> ExportStyle:
        return ExportStyle(
            separator=separator_for(self.pages.language(request)),
            language=self.pages.default_language,
            is_informal=self.pages.addresses_informally,
            environment=self.pages.environment,
        )

    def _log(self, request: Request, what: str, written: str) -> None:
        """Who took what along, in the program's log and in the audit log."""
        describe_change(request, after={"format": written, "days": request.query_params.get("days", "all")})
        log.info("export.downloaded", what=str(what), format=str(written), agent=agent_of(request).id)


async def _encoded(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield line.encode()


def _attached(name: str, ending: str = "xlsx") -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}-{now():%Y-%m-%d}.{ending}"'}


def _since(request: Request) -> datetime:
    days = PERIODS.get(request.query_params.get("days", "all"))
    if days is None:
        raise Invalid(f'"days": expected one of {", ".join(PERIODS)}.')
    return now() - timedelta(days=days) if days else _BEGINNING
