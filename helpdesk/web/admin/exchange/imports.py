"""The import page: a file is looked at first, its columns are said, and only then is it brought in as shown."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial
from gettext import NullTranslations
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.refusals import translate_reason
from helpdesk.web.admin.articles.view_data import EDITED_LANGUAGES, name_of, shown_differences
from helpdesk.web.admin.articles.words import WORDS as ARTICLE_WORDS
from helpdesk.web.admin.exchange.import_report import ImportReport, report_import
from helpdesk.web.admin.exchange.import_run import ImportRuns, ImportStage
from helpdesk.web.admin.exchange.upload import MAX_BODY, Upload, read_upload
from helpdesk.web.admin.exchange.words import COUNTS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Json
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import available_languages, catalog, translate
from knowledge.formats.import_plan import (
    MAX_BYTES,
    ImportContents,
    ImportEffect,
    ImportPlan,
    ImportResult,
    make_plan,
    read_source,
)
from knowledge.formats.problem_words import describe_hold, describe_problem
from knowledge.formats.problems import FileProblem, FileRefusal, ProblemKind
from knowledge.formats.tables.column_mapping import SPOKEN_ROLES, ColumnRole
from knowledge.search.library import Library
from store.db import Database
from store.errors import Conflict, HelpdeskError, Invalid

log = structlog.get_logger()

_MAX_SHOWN = 200  # articles of one fate; their number is always said
_MAX_PROBLEMS = 100
_MAX_HEADER_ROWS = 10
_FOUND_NOTHING = frozenset({ProblemKind.WITHOUT_QUESTIONS, ProblemKind.WITHOUT_COLUMNS})


class UnusableFile(Invalid):
    """The file can't be read, or isn't read for what it might do."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class ImportRoutes:
    """The page and its steps."""

    db: Database
    library: Library
    pages: Pages
    runs: ImportRuns

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        api = "/admin/api/import"
        return [
            route("/admin/articles/import", self.show, access=Capability.ARTICLES),
            route(f"{api}/preview", self.preview, access=Capability.ARTICLES, methods=["POST"], max_body=MAX_BODY),
            route(api, self.bring_in, access=Capability.ARTICLES, methods=["POST"], max_body=MAX_BODY),
        ]

    async def show(self, request: Request) -> Response:
        """The page."""
        return self.pages.render(
            request,
            "admin/exchange/import.html",
            languages=EDITED_LANGUAGES,
            megabytes=MAX_BYTES // 2**20,
            texts=self.pages.texts(request, ARTICLE_WORDS, WORDS, COUNTS),
        )

    async def preview(self, request: Request) -> Response:
        """What the file would change, and how its columns were understood; nothing is stored."""
        upload = await read_upload(request)
        plan = await self._plan(request, upload, await self._read(request, upload))
        counts = {str(fate): len(plan.of(fate)) for fate in ImportEffect}
        counts |= {"archived": len(plan.archived), "refused": plan.refused_count}
        return Json(
            {
                "html": self._shown_plan(request, plan),
                "tables": self._shown_tables(request, plan),
                "revision": plan.revision,
                "counts": counts,
                "held": sum(one.hold is not None and one.fate != ImportEffect.UNCHANGED for one in plan.articles),
            }
        )

    async def bring_in(self, request: Request) -> Response:
        """Bring the file in as the preview of that revision said; lines of JSON with `stream`."""
        upload = await read_upload(request)
        plan = await self._plan(request, upload, await self._read(request, upload))
        if str(plan.revision) != upload.revision:
            raise Conflict("The knowledge base has changed since the preview.", code="plan_old")
        if upload.is_streamed:
            return StreamingResponse(self._lines(request, upload, plan), media_type="application/x-ndjson")
        result = [step async for step in self._run(request, upload, plan) if isinstance(step, ImportResult)]
        return Json(result[-1])

    def _run(self, request: Request, upload: Upload, plan: ImportPlan) -> AsyncIterator[ImportStage | ImportResult]:
        return self.runs.run(plan, by=name_of(request), as_drafts=upload.as_drafts)

    async def _lines(self, request: Request, upload: Upload, plan: ImportPlan) -> AsyncIterator[bytes]:
        """Stages, then the result with a report, or an error."""
        try:
            async for step in self._run(request, upload, plan):
                shown = step if isinstance(step, ImportStage) else await self._result(request, upload, plan, step)
                yield bytes(Json(shown).body) + b"\n"
        except HelpdeskError as error:
            yield _error_line(message_of(self.pages, request, error))
        except Exception:
            log.exception("import.broke", articles=len(plan.articles))
            messages = catalog("staff", self.pages.language(request))
            yield _error_line(messages.gettext("That didn't work. Please try again."))

    async def _result(
        self, request: Request, upload: Upload, plan: ImportPlan, result: ImportResult
    ) -> Mapping[str, Any]:
        language = self.pages.language(request)
        report = await report_import(plan, result, self.library.snapshot, EDITED_LANGUAGES, language)
        return {
            "html": self._shown_report(request, upload, plan, result, report),
            "live": not upload.as_drafts and bool(report.total),
            "new": result.new,
            "changed": result.changed,
        }

    def _shown_plan(self, request: Request, plan: ImportPlan) -> str:
        messages = self.pages.messages(request)
        changed = [one for one in plan.of(ImportEffect.CHANGED) if not one.hold]
        return self.pages.render_part(
            request,
            "admin/exchange/import_plan.html",
            plan=plan,
            new=[one for one in plan.of(ImportEffect.NEW) if not one.hold],
            changed=[
                (one, shown_differences(one.before, one.after) if one.before else []) for one in changed[:_MAX_SHOWN]
            ],
            changed_count=len(changed),
            held=[one for one in plan.articles if one.hold and one.fate != ImportEffect.UNCHANGED],
            exposed=[one for one in plan.articles if one.hold and one.before == one.after],
            most=_MAX_SHOWN,
            most_problems=_MAX_PROBLEMS,
            told=partial(_say, messages),
            why=partial(describe_hold, messages=messages),
            texts=self.pages.texts(request, ARTICLE_WORDS, WORDS),
        )

    def _shown_tables(self, request: Request, plan: ImportPlan) -> str:
        if not plan.tables:
            return ""
        return self.pages.render_part(
            request,
            "admin/exchange/import_tables.html",
            tables=plan.tables,
            spoken=[role for role in ColumnRole if role in SPOKEN_ROLES],
            others=[role for role in ColumnRole if role not in SPOKEN_ROLES and role != ColumnRole.IGNORE],
            languages=_column_languages(plan),
            header_rows=_MAX_HEADER_ROWS,
            texts=self.pages.texts(request, WORDS),
        )

    def _shown_report(
        self, request: Request, upload: Upload, plan: ImportPlan, result: ImportResult, report: ImportReport
    ) -> str:
        named = {one.key: one for one in plan.articles}
        return self.pages.render_part(
            request,
            "admin/exchange/import_report.html",
            result=result,
            report=report,
            as_drafts=upload.as_drafts,
            held=[named[key] for key in result.held],
            left=[named[key] for key in result.left],
            first_draft=next((key for key in named if key not in result.left and upload.as_drafts), ""),
            most=_MAX_SHOWN,
            why=partial(describe_hold, messages=self.pages.messages(request)),
        )

    async def _plan(self, request: Request, upload: Upload, contents: ImportContents) -> ImportPlan:
        if upload.replacing and not contents.articles:
            reason = "it holds no articles; replacing with it would take every article away"
            told = translate_reason(self.pages.messages(request), reason)
            raise UnusableFile(f"The file was refused: {reason}.", reason=told)
        return await make_plan(self.db, contents, replacing=upload.replacing)

    async def _read(self, request: Request, upload: Upload) -> ImportContents:
        messages = self.pages.messages(request)
        if not upload.source.raw.strip():
            raise UnusableFile("The file is empty.", reason=messages.gettext("The file is empty."))
        try:
            return await asyncio.to_thread(read_source, upload.source)
        except Invalid as error:
            told = _refusal(messages, error)
            raise UnusableFile(f"The file was refused: {error}", reason=told) from None


def _column_languages(plan: ImportPlan) -> list[str]:
    """What a column may be said to speak: the languages of customers, and those that were recognised."""
    found = {column.use.language for table in plan.tables for column in table.columns if column.use.language}
    offered = available_languages("customer")
    return [*offered, *sorted(found - set(offered))]


def _say(messages: NullTranslations, problem: FileProblem) -> str:
    """Where and what, in the reader's language; what the check of articles says comes in English."""
    return translate_reason(messages, describe_problem(problem, messages))


def _refusal(messages: NullTranslations, error: Invalid) -> str:
    """Why a file isn't read at all, and what a file needs where nothing was found in it."""
    if not isinstance(error, FileRefusal):
        return translate_reason(messages, error)
    needs = translate(messages, WORDS["import_what_is_needed"]) if error.problem.kind in _FOUND_NOTHING else ""
    return f"{_say(messages, error.problem)} {needs}".strip()


def _error_line(sentence: str) -> bytes:
    return json.dumps({"error": sentence}, ensure_ascii=False).encode() + b"\n"
